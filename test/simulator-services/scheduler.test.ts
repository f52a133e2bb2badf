import { ticks } from '../../simulator/services/scheduler';

/** The first few ticks after a date, as text. */
function fired(cron: string, from: string, count: number, timeZone = 'UTC'): string[] {
  const found: string[] = [];
  const start = Date.parse(from);
  for (const tick of ticks(cron, timeZone, start, start + 20 * 366 * 86_400_000)) {
    found.push(new Date(tick).toISOString().replace(':00.000Z', ''));
    if (found.length === count) break;
  }
  return found;
}

test.each<[string, string, string[]]>([
  ['every hour', '0 * * * ? *', ['2026-08-01T00:00', '2026-08-01T01:00', '2026-08-01T02:00']],
  ['steps from a start', '5/20 0-1 * * ? *', ['2026-08-01T00:05', '2026-08-01T00:25', '2026-08-01T00:45', '2026-08-01T01:05']],
  ['steps of hours in a list', '0 1,6/12 * * ? *', ['2026-08-01T01:00', '2026-08-01T06:00', '2026-08-01T18:00', '2026-08-02T01:00']],
  ['days of the week by number: Sunday is 1', '0 12 ? * 1 *', ['2026-08-02T12:00', '2026-08-09T12:00']],
  ['days of the week by name', '0 12 ? * MON-WED,SAT *', ['2026-08-01T12:00', '2026-08-03T12:00', '2026-08-04T12:00', '2026-08-05T12:00']],
  ['the last day of the month', '0 12 L * ? *', ['2026-08-31T12:00', '2026-09-30T12:00']],
  ['the weekday nearest the 15th', '0 12 15W * ? *', ['2026-08-14T12:00', '2026-09-15T12:00']],
  ['the last Friday', '0 12 ? * 6L *', ['2026-08-28T12:00', '2026-09-25T12:00']],
  ['L alone among the days of the week', '0 12 ? * L *', ['2026-08-01T12:00', '2026-08-08T12:00']],
  ['the second Tuesday', '0 12 ? * 3#2 *', ['2026-08-11T12:00', '2026-09-08T12:00']],
  ['months by name, and years', '0 0 1 JAN,JUL ? 2027-2030/2', ['2027-01-01T00:00', '2027-07-01T00:00', '2029-01-01T00:00']],
  ['29 February', '0 0 29 2 ? *', ['2028-02-29T00:00', '2032-02-29T00:00']],
])('%s: %s', (_, cron, expected) => {
  expect(fired(cron, '2026-08-01T00:00:00Z', expected.length)).toEqual(expected);
});

test('a past year never fires', () => {
  expect(fired('0 0 1 1 ? 2020', '2026-08-01T00:00:00Z', 1)).toEqual([]);
});

test('the range holds its start and not its end', () => {
  const [start, end] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 3)];
  expect([...ticks('0 * * * ? *', 'UTC', start, end)]).toEqual([0, 1, 2].map(hour => Date.UTC(2026, 0, 1, hour)));
  expect([...ticks('0 * * * ? *', 'Asia/Kolkata', start, end)]).toEqual([0, 1, 2].map(hour => Date.UTC(2026, 0, 1, hour, 30)));
});

describe('in New York', () => {
  test('the hour that clocks skip does not fire', () => {
    expect(fired('30 2 * * ? *', '2026-03-07T00:00:00Z', 2, 'America/New_York')).toEqual(['2026-03-07T07:30', '2026-03-09T06:30']);
  });

  test('the hour that they show twice fires once', () => {
    expect(fired('0/30 0-2 * * ? *', '2026-11-01T04:00:00Z', 7, 'America/New_York')).toEqual([
      '2026-11-01T04:00', '2026-11-01T04:30', '2026-11-01T05:00', '2026-11-01T05:30', '2026-11-01T07:00', '2026-11-01T07:30', '2026-11-02T05:00',
    ]);
  });
});

test.each([
  ['0 * * * ?', 'UTC', 'has 5 fields, not 6'],
  ['0 * * * * *', 'UTC', 'exactly one of day of month and day of week must be "?"'],
  ['0 * ? * ? *', 'UTC', 'exactly one of day of month and day of week must be "?"'],
  ['61 * * * ? *', 'UTC', '61'],
  ['0 * * * ? *', 'Mars/Olympus', 'Mars/Olympus'],
])('cron(%s) in %s is refused: %s', (cron, zone, message) => {
  expect(() => [...ticks(cron, zone, 0, 1)]).toThrow(message);
});
