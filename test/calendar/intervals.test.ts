import * as fc from 'fast-check';
import { Firings } from '../../src/calendar/firings';
import { Interval, Intervals, intervalsOf } from '../../src/calendar/intervals';
import { Zone } from '../../src/calendar/zone';
import { CronCalendar } from '../../src/contract/calendar';
import { parseCron } from '../../src/contract/cron';

const daily: CronCalendar = { kind: 'cron', cron: '0 3 * * ? *', timeZone: 'Europe/Berlin', scheduleType: 'cron' };

function due(calendar: CronCalendar, tick: string): Interval | string {
  return (intervalsOf(calendar) as Intervals).ofTick(Date.parse(tick));
}

function interval(start: string, end: string): Interval {
  return { start: Date.parse(start), end: Date.parse(end) };
}

test('cron style starts an interval at its start, timeseries at its end', () => {
  expect(due(daily, '2026-12-02T02:00:00Z')).toEqual(interval('2026-12-02T02:00:00Z', '2026-12-03T02:00:00Z'));
  expect(due({ ...daily, scheduleType: 'timeseries' }, '2026-12-02T02:00:00Z')).toEqual(interval('2026-12-01T02:00:00Z', '2026-12-02T02:00:00Z'));
});

test('a day on which the clock changes has its own length', () => {
  expect(due(daily, '2026-03-28T02:00:00Z')).toEqual(interval('2026-03-28T02:00:00Z', '2026-03-29T01:00:00Z'));
});

test.each<[string, Partial<CronCalendar>, string, string]>([
  ['off the expression', {}, '2026-12-02T03:00:00Z', 'the tick is within an interval'],
  ['before the start', { startDateTime: '2026-12-02T02:00:01Z' }, '2026-12-02T02:00:00Z', 'the first interval is not due yet'],
  ['whose interval began before the start', { scheduleType: 'timeseries', startDateTime: '2026-12-01T03:00:00Z' }, '2026-12-02T02:00:00Z', 'the first interval is not due yet'],
  ['at the end', { endDateTime: '2026-12-02T02:00:00Z' }, '2026-12-02T02:00:00Z', 'the schedule has ended'],
  ['beyond the occurrences', { startDateTime: '2026-11-30T00:00:00Z', occurrences: 2 }, '2026-12-02T02:00:00Z', 'the schedule has ended'],
  ['that begins nothing more', { cron: '0 3 2 12 ? 2026' }, '2026-12-02T02:00:00Z', 'no interval ends or begins with the tick'],
  ['that ends nothing yet', { cron: '0 3 2 12 ? 2026', scheduleType: 'timeseries' }, '2026-12-02T02:00:00Z', 'no interval ends or begins with the tick'],
])('a tick %s is not due', (_, change, tick, reason) => {
  expect(due({ ...daily, ...change }, tick)).toContain(reason);
});

test('the bounds themselves are in', () => {
  const bounds = { startDateTime: '2026-11-30T02:00:00Z', endDateTime: '2026-12-02T02:00:01Z', occurrences: 3 };
  expect(due({ ...daily, ...bounds }, '2026-12-02T02:00:00Z')).toHaveProperty('start');
  expect(due({ ...daily, ...bounds, scheduleType: 'timeseries', endDateTime: '2026-12-02T02:00:00Z' }, '2026-12-02T02:00:00Z')).toHaveProperty('start');
});

test('occurrences count intervals, whichever end runs them', () => {
  const last = { ...daily, startDateTime: '2026-11-30T00:00:00Z', occurrences: 3 };
  const isDue = (tick: string, scheduleType: 'cron' | 'timeseries') => typeof due({ ...last, scheduleType }, tick) !== 'string';
  expect([isDue('2026-12-02T02:00:00Z', 'cron'), isDue('2026-12-03T02:00:00Z', 'cron')]).toEqual([true, false]);
  expect([isDue('2026-12-03T02:00:00Z', 'timeseries'), isDue('2026-12-04T02:00:00Z', 'timeseries')]).toEqual([true, false]);
});

test('ten years of hours are counted', () => {
  const hourly = { ...daily, cron: '0 * * * ? *', startDateTime: '2026-12-02T02:00:00Z', occurrences: 87_600 };
  expect(due(hourly, '2036-11-01T00:00:00Z')).toHaveProperty('start');
}, 60_000);

test('the ticks of random schedules make contiguous intervals, the same in both styles', () => {
  const crons = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom('* * ?', 'L * ?', '? * MON-FRI', '15W * ?', '? * 6#2'))
    .map(([minute, hours, days]) => `${minute} 0/${hours} ${days} *`);
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
  fc.assert(fc.property(crons, zones, fc.constantFrom('2026-03-06', '2026-03-27', '2026-10-23', '2026-10-30'), (cron, timeZone, day) => {
    const inStyle = (scheduleType: 'cron' | 'timeseries') => intervalsOf({ ...daily, cron, timeZone, scheduleType }) as Intervals;
    let at = new Firings(parseCron(cron), new Zone(timeZone)).next(Date.parse(`${day}T00:00:00Z`)) as number;
    for (let step = 0; step < 12; step += 1) {
      const found = inStyle('cron').ofTick(at) as Interval;
      expect(found.start).toBe(at);
      expect(found.end).toBeGreaterThan(at);
      expect(inStyle('timeseries').ofTick(found.end)).toEqual(found);
      expect(inStyle('cron').from(at)).toEqual(found);
      expect(inStyle('cron').before(found.end)).toEqual(found);
      at = found.end;
    }
  }), { numRuns: 100 });
});
