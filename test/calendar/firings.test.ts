import { Cron } from 'croner';
import * as fc from 'fast-check';
import { Firings } from '../../src/calendar/firings';
import { Zone } from '../../src/calendar/zone';
import { CronTerm, parseCron } from '../../src/contract/cron';

const firings = (cron: string, zone = 'UTC') => new Firings(parseCron(cron), new Zone(zone));
const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', 'Z'));

function following(cron: string, zone: string, after: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (let at: number | undefined = Date.parse(after); found.length < count && at !== undefined;) {
    at = firings(cron, zone).next(at);
    found.push(iso(at));
  }
  return found;
}

test.each([
  ['month ends', '0 0 L * ? *', ['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30']],
  ['days that only some months have', '0 0 31 * ? *', ['2027-12-31', '2028-01-31', '2028-03-31', '2028-05-31']],
  ['leap days', '0 0 29 2 ? *', ['2028-02-29', '2032-02-29']],
  ['the weekday nearest to the first, within the month', '0 0 1W * ? *', ['2027-12-01', '2028-01-03', '2028-02-01', '2028-03-01']],
  ['the weekday nearest to the 30th, within the month', '0 0 30W 4-5 ? 2028', ['2028-04-28', '2028-05-30']],
  ['the last Friday', '0 0 ? * 6L *', ['2027-12-31', '2028-01-28', '2028-02-25']],
  ['the second Tuesday', '0 0 ? * 3#2 *', ['2027-12-14', '2028-01-11', '2028-02-08']],
  ['a fifth Wednesday', '0 0 ? * WED#5 *', ['2027-12-29', '2028-03-29', '2028-05-31']],
  ['Saturday, by L', '0 0 ? * L *', ['2027-12-04', '2027-12-11']],
  ['years', '0 0 1 1 ? 2029/10', ['2029-01-01', '2039-01-01', '2049-01-01']],
])('fires on %s', (_, cron, days) => {
  expect(following(cron, 'UTC', '2027-11-30T12:00:00Z', days.length)).toEqual(days.map((day) => `${day}T00:00Z`));
});

test('ends with its years, in both directions', () => {
  const christmas = firings('0 18 24 12 ? 2026-2027');
  expect(iso(christmas.next(Date.parse('2027-12-24T17:59:00Z')))).toBe('2027-12-24T18:00Z');
  expect(christmas.next(Date.parse('2027-12-24T18:00:00Z'))).toBeUndefined();
  expect(iso(christmas.previous(Date.parse('2100-01-01T00:00:00Z')))).toBe('2027-12-24T18:00Z');
  expect(christmas.previous(Date.parse('2026-12-24T18:00:00Z'))).toBeUndefined();
});

test('never fires on a day that does not exist', () => {
  expect(firings('0 0 30 2 ? *').next(Date.parse('2026-01-01T00:00:00Z'))).toBeUndefined();
});

test.each([
  ['Europe/Berlin skips 02:30 in spring', '30 2 * * ? *', 'Europe/Berlin', '2026-03-28T00:00:00Z', ['2026-03-28T01:30Z', '2026-03-30T00:30Z']],
  ['Europe/Berlin fires 02:30 once in autumn', '30 2 * * ? *', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
  ['Europe/Berlin, hourly in spring', '0 * * * ? *', 'Europe/Berlin', '2026-03-28T23:30:00Z', ['2026-03-29T00:00Z', '2026-03-29T01:00Z']],
  ['Europe/Berlin, hourly in autumn', '0 * * * ? *', 'Europe/Berlin', '2026-10-24T23:30:00Z', ['2026-10-25T00:00Z', '2026-10-25T02:00Z']],
  ['America/New_York skips 02:30 in spring', '30 2 * * ? *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-09T06:30Z']],
  ['America/New_York fires 01:15 once in autumn', '15 1 * * ? *', 'America/New_York', '2026-11-01T00:00:00Z', ['2026-11-01T05:15Z', '2026-11-02T06:15Z']],
  ['Australia/Lord_Howe moves by half an hour', '45 1 * * ? *', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
  ['Pacific/Apia had no 30 December 2011', '0 12 * * ? *', 'Pacific/Apia', '2011-12-29T00:00:00Z', ['2011-12-29T22:00Z', '2011-12-30T22:00Z']],
])('%s', (_, cron, zone, after, expected) => {
  expect(following(cron, zone, after, expected.length)).toEqual(expected);
});

test('an instant of the second pass through a repeated hour is no firing, and sees those of the first behind it', () => {
  const quarters = firings('0/15 * * * ? *', 'Europe/Berlin');
  const second = Date.parse('2026-10-25T01:15:00Z');
  expect(quarters.at(second)).toBe(false);
  expect(iso(quarters.previous(second))).toBe('2026-10-25T00:45Z');
  expect(iso(quarters.next(second))).toBe('2026-10-25T02:00Z');
});

const values = (min: number, max: number): fc.Arbitrary<string> => fc.oneof(
  fc.constant('*'),
  fc.integer({ min, max }).map(String),
  fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: 20 })).map(([from, step]) => `${from}/${step}`),
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(',')),
);
const dates = fc.oneof(values(1, 31), fc.constant('L'), fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`));
const weekdays = fc.oneof(
  values(1, 7),
  fc.integer({ min: 1, max: 7 }).map((day) => `${day}L`),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([day, nth]) => `${day}#${nth}`),
);
const days = fc.oneof(dates.map((date) => [date, '?']), weekdays.map((weekday) => ['?', weekday]));
const crons = fc.tuple(values(0, 59), values(0, 23), days, values(1, 12))
  .map(([minutes, hours, [date, weekday], month]) => `${minutes} ${hours} ${date} ${month} ${weekday} *`);
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');

test('fires when croner does, for random expressions in UTC', () => {
  fc.assert(fc.property(crons, fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), (cron, date) => {
    const oracle = new Cron(cronerPattern(cron), { paused: true, mode: '7-part', utcOffset: 0 });
    const own = firings(cron);
    let at: Date | null = date;
    for (let step = 0; step < 5 && at; step += 1) {
      const next: Date | null = oracle.nextRun(at);
      if (!next || next.getUTCFullYear() > 2199) return;
      expect(iso(own.next(at.getTime()))).toBe(iso(next.getTime()));
      at = next;
    }
  }), { numRuns: 300 });
});

test('fires at each wall time on the first minute that shows it, for random times around changes of the clock', () => {
  const changes = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z', '2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'];
  const times = fc.tuple(values(0, 59), values(0, 23)).map(([minutes, hours]) => `${minutes} ${hours} * * ? *`);
  fc.assert(fc.property(times, zones, fc.constantFrom(...changes), (cron, zone, change) => {
    const around = Date.parse(change);
    const from = around - 4 * 3_600_000;
    const to = around + 4 * 3_600_000;
    const found: number[] = [];
    for (let at = firings(cron, zone).next(from - 1); at !== undefined && at < to; at = firings(cron, zone).next(at)) found.push(at);
    expect(found.map(iso)).toEqual(firstMinutes(cron, zone, from, to).map(iso));
  }), { numRuns: 60 });
});

test('going back retraces going forward', () => {
  fc.assert(fc.property(crons, zones, (cron, zone) => {
    const first = firings(cron, zone).next(Date.parse('2026-10-20T00:00:00Z'));
    const second = first && firings(cron, zone).next(first);
    if (second === undefined) return;
    expect(iso(firings(cron, zone).previous(second))).toBe(iso(first));
  }), { numRuns: 200 });
});

/** By looking at each minute's clock, with nothing of what Firings does. */
function firstMinutes(cron: string, zone: string, from: number, to: number): number[] {
  const { minutes, hours } = parseCron(cron);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const shown = new Set<string>();
  const found: number[] = [];
  for (let at = from - 2 * 3_600_000; at < to; at += 60_000) {
    const text = clock.format(at);
    const [hour, minute] = text.split(', ')[1].split(':').map(Number);
    if (at >= from && !shown.has(text) && has(hours, hour) && has(minutes, minute)) found.push(at);
    shown.add(text);
  }
  return found;
}

function has(terms: readonly CronTerm[], value: number): boolean {
  return terms.some((term) => term.kind === 'values' && value >= term.from && value <= term.to && (value - term.from) % term.step === 0);
}

/** The same expression in croner's terms: seconds first, days of the week from 0, steps of ranges only. */
function cronerPattern(cron: string): string {
  const { minutes, hours, dayOfMonth, month, dayOfWeek } = parseCron(cron);
  const field = (terms: readonly CronTerm[], shift = 0) => (terms.length === 0 ? '*' : terms.map((term) => cronerTerm(term, shift)).join(','));
  return ['0', field(minutes), field(hours), field(dayOfMonth), field(month), field(dayOfWeek, 1), '*'].join(' ');
}

function cronerTerm(term: CronTerm, shift: number): string {
  switch (term.kind) {
    case 'lastDay': return 'L';
    case 'nearestWeekday': return `${term.day}W`;
    case 'lastDayOfWeek': return `${term.day - shift}#L`;
    case 'nthDayOfWeek': return `${term.day - shift}#${term.nth}`;
    case 'values': {
      const list: number[] = [];
      for (let value = term.from; value <= term.to; value += term.step) list.push(value - shift);
      return list.join(',');
    }
  }
}
