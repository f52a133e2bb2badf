import * as fc from 'fast-check';
import { Firings } from '../../../lambda/calendar/firings';
import { handler } from '../../../lambda/calendar/handler';
import { intervalOf } from '../../../lambda/calendar/interval';
import { Zone } from '../../../lambda/calendar/zone';
import { TickRequest } from '../../../src/contract/calendar';
import { parseCron } from '../../../src/contract/cron';
import { INVALID_TASK } from '../../../src/contract/errors';

const daily: TickRequest = {
  kind: 'interval',
  scheduledTime: '2026-12-02T02:00:00Z',
  cron: '0 3 * * ? *',
  timeZone: 'Europe/Berlin',
  scheduleType: 'cron',
};

test('cron style starts an interval at its start, timeseries at its end', () => {
  expect(intervalOf(daily)).toEqual({ due: true, scheduledStartTime: '2026-12-02T02:00:00Z', scheduledEndTime: '2026-12-03T02:00:00Z' });
  expect(intervalOf({ ...daily, scheduleType: 'timeseries' }))
    .toEqual({ due: true, scheduledStartTime: '2026-12-01T02:00:00Z', scheduledEndTime: '2026-12-02T02:00:00Z' });
});

test('a day on which the clock changes has its own length', () => {
  expect(intervalOf({ ...daily, scheduledTime: '2026-03-28T02:00:00Z' }))
    .toEqual({ due: true, scheduledStartTime: '2026-03-28T02:00:00Z', scheduledEndTime: '2026-03-29T01:00:00Z' });
});

test.each<[string, Partial<TickRequest>, string]>([
  ['off the expression', { scheduledTime: '2026-12-02T03:00:00Z' }, '2026-12-02T03:00:00Z is no firing time of cron(0 3 * * ? *) in Europe/Berlin'],
  ['before the start', { startDateTime: '2026-12-02T02:00:01Z' }, '2026-12-02T02:00:00Z is before startDateTime 2026-12-02T02:00:01Z'],
  ['whose interval began before the start', { scheduleType: 'timeseries', startDateTime: '2026-12-01T03:00:00Z' }, '2026-12-01T02:00:00Z is before'],
  ['at the end', { endDateTime: '2026-12-02T02:00:00Z' }, '2026-12-02T02:00:00Z is not before endDateTime 2026-12-02T02:00:00Z'],
  ['beyond the occurrences', { startDateTime: '2026-11-30T00:00:00Z', occurrences: 2 }, '2026-12-02T02:00:00Z comes after the first 2 occurrences'],
  ['that begins nothing more', { cron: '0 3 2 12 ? 2026' }, 'does not fire after 2026-12-02T02:00:00Z'],
  ['that ends nothing yet', { cron: '0 3 2 12 ? 2026', scheduleType: 'timeseries' }, 'did not fire before 2026-12-02T02:00:00Z'],
])('a tick %s is not due', (_, change, reason) => {
  expect(intervalOf({ ...daily, ...change })).toEqual({ due: false, reason: expect.stringContaining(reason) });
});

test('the bounds themselves are in', () => {
  const bounds = { startDateTime: '2026-11-30T02:00:00Z', endDateTime: '2026-12-02T02:00:01Z', occurrences: 3 };
  expect(intervalOf({ ...daily, ...bounds }).due).toBe(true);
  expect(intervalOf({ ...daily, ...bounds, scheduleType: 'timeseries', endDateTime: '2026-12-02T02:00:00Z' }).due).toBe(true);
});

test('occurrences count intervals, whichever end runs them', () => {
  const last = { startDateTime: '2026-11-30T00:00:00Z', occurrences: 3 };
  const due = (scheduledTime: string, scheduleType: 'cron' | 'timeseries') => intervalOf({ ...daily, ...last, scheduledTime, scheduleType }).due;
  expect([due('2026-12-02T02:00:00Z', 'cron'), due('2026-12-03T02:00:00Z', 'cron')]).toEqual([true, false]);
  expect([due('2026-12-03T02:00:00Z', 'timeseries'), due('2026-12-04T02:00:00Z', 'timeseries')]).toEqual([true, false]);
});

test('ten years of hours are counted within seconds', () => {
  const hourly = { ...daily, cron: '0 * * * ? *', startDateTime: '2026-12-02T02:00:00Z', occurrences: 87_600 };
  const begin = performance.now();
  expect(intervalOf({ ...hourly, scheduledTime: '2036-11-01T00:00:00Z' }).due).toBe(true);
  expect(performance.now() - begin).toBeLessThan(3_000);
});

test('the ticks of random schedules make contiguous intervals, the same in both styles', () => {
  const crons = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom('* * ?', 'L * ?', '? * MON-FRI', '15W * ?', '? * 6#2'))
    .map(([minute, hours, days]) => `${minute} 0/${hours} ${days} *`);
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
  fc.assert(fc.property(crons, zones, fc.constantFrom('2026-03-06', '2026-03-27', '2026-10-23', '2026-10-30'), (cron, timeZone, day) => {
    let at = firstTick(cron, timeZone, Date.parse(`${day}T00:00:00Z`));
    for (let step = 0; step < 12; step += 1) {
      const interval = intervalOf({ ...daily, cron, timeZone, scheduledTime: at });
      if (!interval.due) throw new Error(interval.reason);
      expect(interval.scheduledStartTime).toBe(at);
      expect(Date.parse(interval.scheduledEndTime)).toBeGreaterThan(Date.parse(at));
      expect(intervalOf({ ...daily, cron, timeZone, scheduleType: 'timeseries', scheduledTime: interval.scheduledEndTime })).toEqual(interval);
      at = interval.scheduledEndTime;
    }
  }), { numRuns: 100 });
});

function firstTick(cron: string, timeZone: string, from: number): string {
  const first = new Firings(parseCron(cron), new Zone(timeZone)).next(from);
  if (first === undefined) throw new Error(`cron(${cron}) never fires`);
  return new Date(first).toISOString().replace('.000Z', 'Z');
}

test.each<[string, unknown, string]>([
  ['no object', 'tick', 'tick request: document: is "tick"; it must be an object'],
  ['an unknown kind', { ...daily, kind: 'backfill' }, 'tick request: kind: is "backfill"; it must be one of "interval"'],
  ['no time', { ...daily, scheduledTime: undefined }, 'tick request: scheduledTime: is missing; it must be an ISO-8601 time'],
  ['a time without a zone', { ...daily, scheduledTime: '2026-12-02T02:00:00' }, 'scheduledTime: is "2026-12-02T02:00:00"'],
  ['an unknown zone', { ...daily, timeZone: 'Europe/Atlantis' }, 'tick request: timeZone: Invalid time zone specified: Europe/Atlantis'],
  ['a broken expression', { ...daily, cron: '61 * * * ? *' }, "tick request: cron: cron expression '61 * * * ? *', minutes '61'"],
  ['occurrences from nowhere', { ...daily, occurrences: 3 }, 'tick request: startDateTime: is missing; it must be given beside occurrences'],
  ['no whole occurrence', { ...daily, startDateTime: '2026-12-02T02:00:00Z', occurrences: 0.5 }, 'occurrences: is 0.5; it must be a whole number from 1'],
])('the handler refuses %s', async (_, event, message) => {
  await expect(handler(event)).rejects.toMatchObject({ name: INVALID_TASK, message: expect.stringContaining(message) });
});

test('the handler answers', async () => {
  await expect(handler(JSON.parse(JSON.stringify(daily)))).resolves.toMatchObject({ due: true });
});
