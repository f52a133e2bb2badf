import fc from 'fast-check';
import { atRunTime, CaseScope, dates, folded, neverCalled } from './evaluation';
import { isoTime, parseIsoTime } from '../../src/expression/iso-time';
import { parseTemplate } from '../../src/expression/parser';
import { renderTemplate } from '../../src/expression/render';

/** In CI's tier there are more of them. */
const RUNS = process.env.CI_TIERS ? 1000 : 200;
const ANY_DATE = dates('1600-01-01T00:00:00Z', '9000-12-31T23:59:59.999Z');

/** Both evaluators, which must agree. */
async function evaluated(text: string, scope: CaseScope): Promise<string> {
  const value = folded(text, scope);
  expect(await atRunTime(text, scope)).toBe(value);
  return value;
}

describe('every date', () => {
  const letters = fc.tuple(fc.constantFrom(...'GCYxwyeEDMdaKhHkmsSzZ'), fc.integer({ min: 1, max: 6 })).map(([letter, count]) => letter.repeat(count));
  const pieces = fc.oneof(letters, fc.constantFrom('-', '/', ' ', "'T'", "''", "'[M]'", ':', '%}'));
  const patterns = fc.array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('.'));

  test('is formatted alike at synth and by the run', async () => {
    await fc.assert(fc.asyncProperty(ANY_DATE, patterns, async (time, pattern) => {
      await evaluated(`#{format(t, "${pattern}")}`, { t: { date: isoTime(time) } });
    }), { numRuns: RUNS });
  });

  test('is formatted as toISOString does', async () => {
    await fc.assert(fc.asyncProperty(ANY_DATE, async (time) => {
      const value = await evaluated('#{format(t, "yyyy-MM-dd\'T\'HH:mm:ss.SSS\'Z\'")}', { t: { date: isoTime(time) } });
      expect(value).toBe(new Date(time).toISOString());
    }));
  });

  test('is shifted by months to the same day, or the last that there is, at the same time', async () => {
    await fc.assert(fc.asyncProperty(ANY_DATE, fc.integer({ min: -4000, max: 4000 }), async (time, months) => {
      const value = new Date(await evaluated(`#{plusMonths(t, ${months})}`, { t: { date: isoTime(time) } }));
      const from = new Date(time);
      const distance = (value.getUTCFullYear() - from.getUTCFullYear()) * 12 + value.getUTCMonth() - from.getUTCMonth();
      expect(distance).toBe(months);
      expect(value.toISOString().slice(10)).toBe(from.toISOString().slice(10));
      const isLastOfMonth = new Date(value.getTime() + 86_400_000).getUTCDate() === 1;
      expect(value.getUTCDate() === from.getUTCDate() || (isLastOfMonth && value.getUTCDate() < from.getUTCDate())).toBe(true);
    }), { numRuns: RUNS / 2 });
  });

  test('is shifted and taken apart alike at synth and by the run', async () => {
    const parts = '#{firstOfMonth(t)} #{midnight(t)} #{sunday(t)} #{yesterday(t)} #{year(t)} #{month(t)} #{day(t)} #{dayOfYear(t)} #{hour(t)} #{minute(t)}';
    const shifts = ['Minutes', 'Hours', 'Days', 'Weeks', 'Years'].map((unit) => `#{plus${unit}(t, n)} #{minus${unit}(t, n)}`).join(' ');
    await fc.assert(fc.asyncProperty(ANY_DATE, fc.integer({ min: -500, max: 500 }), async (time, n) => {
      await evaluated(`${parts} ${shifts} #{makeDateTime(year(t), month(t), day(t), hour(t), minute(t))}`, { t: { date: isoTime(time) }, n });
    }), { numRuns: RUNS / 4 });
  });

  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])('of the calendar has a value at run time, %s too', async (date) => {
    for (const call of ['plusMonths(t, 120000)', 'minusYears(t, 10000)', 'plusMinutes(t, 5256000000)', 'sunday(t)', 'firstOfMonth(t)', 'makeDate(year(t), 13, 32)']) {
      expect(typeof await atRunTime(`#{${call}} #{format(${call}, 'YYYY-MM-dd EEE xxxx w D')}`, { t: { date } })).toBe('string');
    }
  });
});

test.each([
  ['2026-11-21T01:00:00Z', Date.UTC(2026, 10, 21, 1)],
  ['2026-11-21T01:00:00', Date.UTC(2026, 10, 21, 1)],
  ['2026-11-21T01:00', Date.UTC(2026, 10, 21, 1)],
  ['2026-11-21', Date.UTC(2026, 10, 21)],
  ['2026-11-21T01:00:00.123456789Z', Date.UTC(2026, 10, 21, 1, 0, 0, 123)],
  ['2026-11-21T01:00:00+0130', Date.UTC(2026, 10, 20, 23, 30)],
  ['2026-02-29', undefined],
  ['2026-11-21T25:00:00Z', undefined],
  ['2026-11-21 01:00:00', undefined],
  ['tomorrow', undefined],
])('%s as a time is %s', (text, time) => {
  expect(parseIsoTime(text)).toBe(time);
});

describe('what cannot be evaluated is refused', () => {
  const scope: CaseScope = { t: { date: '2026-11-21T01:00:00Z' }, n: 3, s: 'text' };

  test.each([
    ['a/#{formt(t)}', 5, "there is no function 'formt'; did you mean format?"],
    ['#{nothing(t)}', 3, "there is no function 'nothing'; there are format, inTimeZone, year, "],
    ['#{toString(t)}', 3, "there is no function 'toString'; there are"],
    ['#{a + @nope}', 3, "there is no name 'a'"],
    ['#{n + node.@nope}', 7, "there is no name 'node.@nope'"],
    ['#{format(t)}', 3, 'format(date, string) takes 2 arguments, got 1'],
    ['#{day(t, 1)}', 3, 'day(date) takes 1 argument, got 2'],
    ['#{day(1 + n)}', 9, 'argument 1 of day(date) is '],
    ["#{plusDays(t, 'x')}", 15, 'argument 2 of plusDays(date, integer) is the string "x"'],
    ['#{plusDays(t, 1.5)}', 15, 'argument 2 of plusDays(date, integer) is the number 1.5'],
    ['#{plusDays(t, t)}', 15, 'argument 2 of plusDays(date, integer) is a date'],
    ["#{format('2026-02-29', 'dd')}", 10, 'argument 1 of format(date, string) is the string "2026-02-29"'],
    ['#{plusYears(t, 10001)}', 3, 'plusYears shifts by at most 10000 years, got 10001 years'],
    ["#{format(t, 'YYYY-MM-ddTHH')}", 3, "'T' in the date pattern YYYY-MM-ddTHH is no letter of Joda-Time's: there are G, C, Y, "],
    ['#{format(t, "HH\'h")}', 3, "the date pattern HH'h has a quote (') that is not closed: add ', or write '' for the quote itself"],
    ["#{format(t, '${Token[TOKEN.1]}')}", 3, 'a date pattern must be known at synth'],
    ["#{inTimeZone(t, 'Europe/Berlyn')}", 3, "there is no time zone 'Europe/Berlyn': it is a name of the IANA database, such as 'Europe/Berlin'"],
    ['#{makeDate(2026, 13, 1)}', 3, '13 is not a month: it is 1 to 12'],
    ['#{makeDate(2026, 2, 29)}', 3, '29 is not a day of that month: it is 1 to 28'],
    ['#{makeDateTime(2026, 2, 28, 24, 0)}', 3, '24 is not an hour: it is 0 to 23'],
    ['#{minusYears(makeDate(1, 1, 1), 1)}', 3, 'the date is outside the years 1 to 9999'],
    ['#{1 / 0}', 5, 'division by 0'],
    ['#{10.0 ^ 999}', 8, 'the result is not a finite number'],
    ["#{'a' * 2}", 7, "'*' needs numbers, got a string"],
    ['#{t + 1}', 5, "'+' needs numbers, got a date: shift dates with plusDays, minusHours and the like"],
  ])('%s at column %i', async (text, column, message) => {
    const at = `(column ${column})`;
    expect(() => folded(text, scope)).toThrow(message);
    expect(() => folded(text, scope)).toThrow(at);
    await expect(atRunTime(text, scope)).rejects.toThrow(message);
  });

  test.each([
    ['#{1 / n}', 'a divisor that only the run knows could be 0: divide by a number'],
    ['#{n ^ 2}', "'^' is supported between numbers known at synth only: its result could be too large"],
    ['#{format(t, s)}', 'the date pattern of format must be known at synth: write it as plain text'],
    ['#{inTimeZone(t, s)}', 'the time zone of inTimeZone must be known at synth: write it as plain text'],
    ['#{plusDays(t, s)}', 'argument 2 of plusDays(date, integer) is a string'],
  ])('%s at run time', async (text, message) => {
    await expect(atRunTime(text, scope)).rejects.toThrow(message);
  });

  test('and the names that there are are named', () => {
    const named = { names: ['@scheduledStartTime', '@scheduledEndTime'], resolve: () => undefined, zone: neverCalled };
    expect(() => renderTemplate(parseTemplate('#{@scheduleStartTime}'), named, neverCalled)).toThrow('did you mean @scheduledStartTime?');
    expect(() => renderTemplate(parseTemplate('#{x}'), named, neverCalled)).toThrow("there is no name 'x'; there are @scheduledStartTime, @scheduledEndTime (column 3)");
  });
});
