import { InvalidCronError, parseCron } from '../../../src/contract/cron';

const values = (from: number, to = from, step = 1) => ({ kind: 'values', from, to, step });

test('reads every kind of term', () => {
  expect(parseCron('0/15 8-17 ? JAN,6-8 mon-FRI 2026-2027')).toEqual({
    minutes: [values(0, 59, 15)],
    hours: [values(8, 17)],
    dayOfMonth: [],
    month: [values(1), values(6, 8)],
    dayOfWeek: [values(2, 6)],
    year: [values(2026, 2027)],
  });
  expect(parseCron('*/5 * L,15W,3 * ? *').dayOfMonth).toEqual([{ kind: 'lastDay' }, { kind: 'nearestWeekday', day: 15 }, values(3)]);
  expect(parseCron('0 0 ? * 6L *').dayOfWeek).toEqual([{ kind: 'lastDayOfWeek', day: 6 }]);
  expect(parseCron('0 0 ? * FRIL *').dayOfWeek).toEqual([{ kind: 'lastDayOfWeek', day: 6 }]);
  expect(parseCron('0 0 ? * L *').dayOfWeek).toEqual([values(7)]);
  expect(parseCron('0 0 ? * TUE#2 *').dayOfWeek).toEqual([{ kind: 'nthDayOfWeek', day: 3, nth: 2 }]);
});

test.each([
  ['', 'six fields are needed (minutes hours day-of-month month day-of-week year), got 0'],
  ['0 0 * * *', 'six fields are needed (minutes hours day-of-month month day-of-week year), got 5'],
  ['60 * * * ? *', "minutes '60': '60' is not one of its values (allowed: 0-59 with , - * /)"],
  ['0 24 * * ? *', "hours '24'"],
  ['0 0 0 * ? *', "day of month '0'"],
  ['0 0 32W * ? *', "day of month '32W': '32' is not one of its values"],
  ['0 0 LW * ? *', "day of month 'LW'"],
  ['0 0 L-3 * ? *', "day of month 'L-3'"],
  ['0 0 1 13 ? *', "month '13'"],
  ['0 0 1 FOO ? *', "month 'FOO'"],
  ['0 0 ? * 0 *', "day of week '0'"],
  ['0 0 ? * 8L *', "day of week '8L'"],
  ['0 0 ? * 3#6 *', "'#' is followed by 1 to 5"],
  ['0 0 ? * 3#1,6#3 *', "'#' stands alone in its field"],
  ['0 0 ? * FRI-MON *', "runs backwards; write it as two ranges, 'FRI-7,1-MON'"],
  ['0 0 1 * ? 1969', "year '1969'"],
  ['0 0 * * * *', "exactly one of day of month and day of week must be '?', got '*' and '*'"],
  ['0 0 ? * ? *', "exactly one of day of month and day of week must be '?', got '?' and '?'"],
  ['? 0 * * ? *', "minutes '?'"],
  ['*/0 0 * * ? *', "'/' is followed by one whole number above 0"],
  ['0/5/5 0 * * ? *', "'/' is followed by one whole number above 0"],
  ['1-2-3 0 * * ? *', "more than one '-'"],
  ['1, 0 * * ? *', "minutes '1,': '' is not one of its values"],
  ['-1 0 * * ? *', "minutes '-1'"],
  ['1.5 0 * * ? *', "minutes '1.5'"],
])('refuses %s', (text, problem) => {
  expect(() => parseCron(text)).toThrow(InvalidCronError);
  expect(() => parseCron(text)).toThrow(problem);
});
