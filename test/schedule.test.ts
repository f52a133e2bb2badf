import { Duration, TimeZone } from 'aws-cdk-lib';
import { Cron } from 'croner';
import fc from 'fast-check';
import { dates } from './expression/evaluation';
import { Interval, Intervals, intervalsOf } from '../src/calendar/intervals';
import { RateCalendar } from '../src/contract/calendar';
import { runName } from '../src/contract/run';
import { IntervalOptions, Schedule, ScheduleType, StartAt } from '../src/schedule';
import { tickExpression } from '../src/schedule-ticks';

const START = new Date('2026-12-01T00:00:00Z');
const MINUTE = 60_000;

function rate(minutes: number, startDateTime = START, options: IntervalOptions = {}): RateCalendar {
  return Schedule.rate(Duration.minutes(minutes), { startDateTime, ...options })._timing as RateCalendar;
}

function due(calendar: RateCalendar, time: number): Interval | string {
  return (intervalsOf(calendar) as Intervals).ofTick(time);
}

/** The ticks from one time to another, both included, as croner computes them, in its own dialect. */
function* ticks(timing: RateCalendar, from: number, to: number): Generator<number> {
  const [minute, hour, ...days] = tickExpression(timing).expression.replace(/^cron\((.*) \*\)$/, '$1').split(' ');
  const cron = new Cron([minute.replace('/', '-59/'), hour.replace('/', '-23/'), ...days].join(' ').replace('?', '*'), { timezone: 'UTC' });
  for (let next = cron.nextRun(new Date(from - 1)); next !== null && next.getTime() <= to; next = cron.nextRun(next)) yield next.getTime();
}

describe('the tick expression of a rate', () => {
  test.each([
    [1, '2026-12-01T00:00:00Z', '* * * * ? *'],
    [15, '2026-12-01T00:05:00Z', '5/15 * * * ? *'],
    [60, '2026-12-01T00:00:00Z', '0 * * * ? *'],
    [60, '2026-12-01T09:30:00Z', '30 * * * ? *'],
    [180, '2026-12-01T13:30:00Z', '30 1/3 * * ? *'],
    [24 * 60, '2026-12-01T13:30:00Z', '30 13 * * ? *'],
    [3 * 24 * 60, '2026-12-01T13:30:00Z', '30 13 * * ? *'],
    [7 * 24 * 60, '2026-12-01T13:30:00Z', '30 13 ? * TUE *'],
    [45, '2026-12-01T00:10:00Z', '10/15 * * * ? *'],
    [7 * 60, '2026-12-01T00:10:00Z', '10 * * * ? *'],
    [10 * 60, '2026-12-01T01:00:00Z', '0 1/2 * * ? *'],
    [61, '2026-12-01T00:10:00Z', '* * * * ? *'],
    [60, '2026-12-01T00:59:00.001Z', '0 * * * ? *'],
  ])('every %i minutes from %s ticks at %s', (minutes, start, cron) => {
    expect(tickExpression(rate(minutes, new Date(start)))).toEqual({ expression: `cron(${cron})`, timeZone: 'Etc/UTC' });
  });
});

describe('the interval of a tick', () => {
  const at = (time: string) => Date.parse(time);
  const interval = (start: string, end: string) => ({ start: at(start), end: at(end) });
  const hour = interval('2026-12-01T01:00:00Z', '2026-12-01T02:00:00Z');

  test('begins with the tick in cron style', () => {
    expect(due(rate(60), at('2026-12-01T01:00:00Z'))).toEqual(hour);
  });

  test('ends with the tick in timeseries style', () => {
    expect(due(rate(60, START, { scheduleType: ScheduleType.TIMESERIES }), at('2026-12-01T02:00:00Z'))).toEqual(hour);
  });

  test('is anchored at the start to the millisecond, and begins before its tick then', () => {
    expect(due(rate(60, new Date('2026-12-01T00:29:30.250Z')), at('2026-12-01T01:30:00Z'))).toEqual(interval('2026-12-01T01:29:30.250Z', '2026-12-01T02:29:30.250Z'));
  });

  test.each([
    ['before the start', rate(60), '2026-11-30T23:00:00Z', 'the first interval is not due yet'],
    ['at the start of timeseries', rate(60, START, { scheduleType: ScheduleType.TIMESERIES }), '2026-12-01T00:00:00Z', 'the first interval is not due yet'],
    ['at the end', rate(60, START, { endDateTime: new Date('2026-12-01T03:00:00Z') }), '2026-12-01T03:00:00Z', 'the schedule has ended'],
    ['after the last occurrence', rate(60, START, { occurrences: 3 }), '2026-12-01T03:00:00Z', 'the schedule has ended'],
    ['within an interval', rate(45), '2026-12-01T01:00:00Z', 'the tick is within an interval'],
  ])('is none %s', (_name, timing, time, reason) => {
    expect(due(timing, at(time))).toBe(reason);
  });

  test('is the last before the end, and the last occurrence, of timeseries too', () => {
    const last = interval('2026-12-01T02:00:00Z', '2026-12-01T03:00:00Z');
    const scheduleType = ScheduleType.TIMESERIES;
    expect(due(rate(60, START, { scheduleType, endDateTime: new Date('2026-12-01T03:00:00Z') }), at('2026-12-01T03:00:00Z'))).toEqual(last);
    expect(due(rate(60, START, { scheduleType, occurrences: 3 }), at('2026-12-01T03:00:00Z'))).toEqual(last);
    expect(due(rate(60, START, { scheduleType, occurrences: 3 }), at('2026-12-01T04:00:00Z'))).toBe('the schedule has ended');
  });
});

const timings = fc.record({
  minutes: fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 50 }).map((hours) => hours * 60),
    fc.integer({ min: 1, max: 40 }).map((days) => days * 24 * 60),
    fc.integer({ min: 1, max: 3 }).map((weeks) => weeks * 7 * 24 * 60),
  ),
  start: dates('2024-01-01T00:00:00Z', '2030-01-01T00:00:00Z'),
  wholeMinute: fc.boolean(),
  scheduleType: fc.constantFrom(ScheduleType.CRON, ScheduleType.TIMESERIES),
  occurrences: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
}).map(({ minutes, start, wholeMinute, scheduleType, occurrences }) =>
  rate(minutes, new Date(wholeMinute ? start - start % MINUTE : start), { scheduleType, occurrences }));

describe('every schedule', () => {
  test('runs every interval exactly once, in order, in the minute after it is due', () => {
    fc.assert(fc.property(timings, (timing) => {
      const { period, startDateTime, occurrences = Infinity, scheduleType } = timing;
      const start = Date.parse(startDateTime);
      const end = start + occurrences * period;
      const shift = scheduleType === ScheduleType.TIMESERIES ? period : 0;
      const periods = 6;
      const seen: number[] = [];
      for (const time of ticks(timing, start - 2 * period, start + periods * period)) {
        const interval = due(timing, time);
        if (typeof interval === 'string') continue;
        const late = time - interval.start - shift;
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThan(MINUTE);
        seen.push(interval.start);
      }
      const lastTick = start % MINUTE === 0 ? periods : periods - 1;
      const all = Array.from({ length: lastTick + 1 - shift / period }, (_, n) => start + n * period);
      expect(seen).toEqual(all.filter((begin) => begin < end));
    }), { numRuns: 25 });
  });
});

describe('the name of a run', () => {
  test.each([
    ['2026-11-21T01:00:00Z', '2026-11-21T01-00-00Z'],
    ['2026-11-21T01:00:00.250Z', '2026-11-21T01-00-00.250Z'],
  ])('of %s is %s', (start, name) => {
    expect(runName(start)).toBe(name);
  });
});

describe('a cron schedule', () => {
  test('ticks in its time zone, and leaves its intervals to the calendar function', () => {
    const { _timing: timing } = Schedule.cron({
      minute: '30', hour: '6', weekDay: 'MON-FRI', timeZone: TimeZone.EUROPE_BERLIN, startDateTime: START, occurrences: 5, scheduleType: ScheduleType.TIMESERIES,
    });
    if (timing.kind !== 'cron') throw new Error(timing.kind);
    expect(tickExpression(timing)).toEqual({ expression: 'cron(30 6 ? * MON-FRI *)', timeZone: 'Europe/Berlin' });
    expect(timing).toEqual({
      kind: 'cron',
      cron: '30 6 ? * MON-FRI *',
      timeZone: 'Europe/Berlin',
      scheduleType: 'timeseries',
      startDateTime: '2026-12-01T00:00:00.000Z',
      endDateTime: undefined,
      occurrences: 5,
    });
  });

  test('is in UTC where it names no time zone', () => {
    const { _timing: timing } = Schedule.cron({ minute: '0', hour: '6', day: 'L' });
    if (timing.kind !== 'cron') throw new Error(timing.kind);
    expect(tickExpression(timing)).toEqual({ expression: 'cron(0 6 L * ? *)', timeZone: 'Etc/UTC' });
  });
});

test('an on-demand schedule has no ticks', () => {
  expect(Schedule.onDemand()).toMatchObject({ scheduleType: ScheduleType.ONDEMAND, _timing: { kind: 'onDemand' } });
});

describe('bad input is refused', () => {
  const never = new Date('tomorrow');
  test.each<[string, () => Schedule]>([
    ['Schedule.rate: period: got 30 seconds, but ticks come on whole minutes: give whole minutes from 1 minute to 3 years, such as Duration.minutes(15)',
      () => Schedule.rate(Duration.seconds(30), { startDateTime: START })],
    ['Schedule.rate: period: got 1 minute 30 seconds, but', () => Schedule.rate(Duration.seconds(90), { startDateTime: START })],
    ['Schedule.rate: period: got 1099 days, but', () => Schedule.rate(Duration.days(1099), { startDateTime: START })],
    ['Schedule.rate: startDateTime: got an invalid date: give a date that exists', () => Schedule.rate(Duration.hours(1), { startDateTime: never })],
    ['Schedule.rate: startDateTime: got neither it nor startAt: give one of them', () => Schedule.rate(Duration.hours(1), {})],
    ['Schedule.rate: startDateTime: got both it and startAt: give one of them',
      () => Schedule.rate(Duration.hours(1), { startDateTime: START, startAt: StartAt.FIRST_ACTIVATION_DATE_TIME })],
    ['Schedule.rate: endDateTime: got 2026-12-01T00:00:00.000Z, which is not after startDateTime 2026-12-01T00:00:00.000Z: give a later time',
      () => Schedule.rate(Duration.hours(1), { startDateTime: START, endDateTime: START })],
    ['Schedule.rate: occurrences: got 0: give a whole number from 1', () => Schedule.rate(Duration.hours(1), { startDateTime: START, occurrences: 0 })],
    ['Schedule.rate: occurrences: got 1.5: give', () => Schedule.rate(Duration.hours(1), { startDateTime: START, occurrences: 1.5 })],
    ['Schedule.rate: occurrences: got 2 together with endDateTime: give one of them',
      () => Schedule.rate(Duration.hours(1), { startDateTime: START, occurrences: 2, endDateTime: new Date('2027-01-01T00:00:00Z') })],
    ['Schedule.rate: scheduleType: got ondemand, which has no interval: give CRON or TIMESERIES, or use Schedule.onDemand()',
      () => Schedule.rate(Duration.hours(1), { startDateTime: START, scheduleType: ScheduleType.ONDEMAND })],
    ['Schedule.cron: occurrences: got 2 without startDateTime, from which they count: give it too', () => Schedule.cron({ minute: '0', occurrences: 2 })],
    ["Schedule.cron: options: cron expression '61 * * * ? *', minutes '61'", () => Schedule.cron({ minute: '61' })],
    ["exactly one of day of month and day of week must be '?'", () => Schedule.cron({ day: '1', weekDay: 'MON' })],
    ["Schedule.cron: timeZone: got 'Europe/Nowhere', which is no time zone: give one of IANA's, such as TimeZone.EUROPE_BERLIN",
      () => Schedule.cron({ minute: '0', timeZone: TimeZone.of('Europe/Nowhere') })],
  ])('%s', (message, create) => {
    expect(create).toThrow(message);
  });
});
