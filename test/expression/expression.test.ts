import { folded } from './evaluation';
import { Expression } from '../../src/expression/expression';

const START = Expression.SCHEDULED_START_TIME;

test.each<[Expression, string]>([
  [START, '#{@scheduledStartTime}'],
  [Expression.SCHEDULED_END_TIME, '#{@scheduledEndTime}'],
  [Expression.ACTUAL_START_TIME, '#{@actualStartTime}'],
  [Expression.format(START, 'YYYY/MM/dd/HH'), "#{format(@scheduledStartTime,'YYYY/MM/dd/HH')}"],
  [Expression.format(Expression.minusDays(START, 1), 'yyyy-MM-dd'), "#{format(minusDays(@scheduledStartTime,1),'yyyy-MM-dd')}"],
  [Expression.inTimeZone(START, 'Europe/Berlin'), "#{inTimeZone(@scheduledStartTime,'Europe/Berlin')}"],
  [Expression.parameter('myBucket'), '#{myBucket}'],
  [Expression.parameter('*mySecret'), '#{*mySecret}'],
  [Expression.of('node.@scheduledStartTime'), '#{node.@scheduledStartTime}'],
  [Expression.makeDate(2026, 1, 2), '#{makeDate(2026,1,2)}'],
  [Expression.makeDateTime(2026, 1, 2, 3, 4), '#{makeDateTime(2026,1,2,3,4)}'],
])('%s', (expression, text) => {
  expect(`${expression}`).toBe(text);
  expect(expression.text).toBe(text);
});

test('the example of a folder an hour', () => {
  expect(`raw/${Expression.format(START, 'YYYY/MM/dd/HH')}/`).toBe("raw/#{format(@scheduledStartTime,'YYYY/MM/dd/HH')}/");
});

test('every function builds what its name says', () => {
  const scope = { '@scheduledStartTime': { date: '2026-11-21T01:30:00Z' } };
  const values: Array<[Expression, string]> = [
    [Expression.plusMinutes(START, 1), '2026-11-21T01:31:00Z'], [Expression.minusMinutes(START, 1), '2026-11-21T01:29:00Z'],
    [Expression.plusHours(START, 1), '2026-11-21T02:30:00Z'], [Expression.minusHours(START, 1), '2026-11-21T00:30:00Z'],
    [Expression.plusDays(START, 1), '2026-11-22T01:30:00Z'], [Expression.minusDays(START, 1), '2026-11-20T01:30:00Z'],
    [Expression.plusWeeks(START, 1), '2026-11-28T01:30:00Z'], [Expression.minusWeeks(START, 1), '2026-11-14T01:30:00Z'],
    [Expression.plusMonths(START, 1), '2026-12-21T01:30:00Z'], [Expression.minusMonths(START, 1), '2026-10-21T01:30:00Z'],
    [Expression.plusYears(START, 1), '2027-11-21T01:30:00Z'], [Expression.minusYears(START, 1), '2025-11-21T01:30:00Z'],
    [Expression.yesterday(START), '2026-11-20T01:30:00Z'], [Expression.midnight(START), '2026-11-21T00:00:00Z'],
    [Expression.firstOfMonth(START), '2026-11-01T01:30:00Z'], [Expression.sunday(START), '2026-11-15T01:30:00Z'],
    [Expression.year(START), '2026'], [Expression.month(START), '11'], [Expression.day(START), '21'],
    [Expression.dayOfYear(START), '325'], [Expression.hour(START), '1'], [Expression.minute(START), '30'],
  ];
  expect(values.map(([expression]) => folded(expression.text, scope))).toEqual(values.map(([, value]) => value));
});

test('quotes and backslashes of a pattern survive', () => {
  const text = `${Expression.format(START, "'T''\\\"'HH")}`;
  expect(folded(text, { '@scheduledStartTime': { date: '2026-11-21T01:00:00Z' } })).toBe('T\'\\"01');
});

test.each([
  ["'T' in the date pattern YYYYTHH is no letter", () => Expression.format(START, 'YYYYTHH')],
  ["there is no time zone 'Europe/Berlyn'", () => Expression.inTimeZone(START, 'Europe/Berlyn')],
  ['Expression.plusDays: the amount is 0.5: it is a whole number', () => Expression.plusDays(START, 0.5)],
  ["Expression.parameter: name is 'bucket': it is 'my' (or '*my') followed by letters, digits or '_', such as 'myBucket'",
    () => Expression.parameter('bucket')],
  ["expected an operator or the end, got '}' (column 2)", () => Expression.of('a}')],
])('%s', (message, build) => {
  expect(build).toThrow(message);
});
