import { Duration, TimeZone } from 'aws-cdk-lib';
import { pipeline, shell } from './fixture';
import { Starting, StartingOptions } from './starting';
import { Json, TaskFailure } from '../../simulator/task';
import { CatchUp, Schedule, ScheduleType } from '../../src';

function starting(schedule: Schedule, { parameters, ...options }: StartingOptions & { parameters?: Record<string, string> } = {}): Starting {
  const scope = pipeline({ schedule, parameters });
  shell(scope, 'A');
  return new Starting(scope, schedule, options);
}

const hourly = (options: object = {}) => Schedule.rate(Duration.hours(1), {
  startDateTime: new Date('2026-12-01T00:00:00Z'), endDateTime: new Date('2026-12-02T00:00:00Z'), ...options,
});
const hour = (from: string, to: string) => ({ scheduledStartTime: from, scheduledEndTime: to, parameters: {} });
const noon = { run: '2026-12-01T12-00-00Z', started: ['2026-12-01T12-00-00Z'], waits: false };
/** `2026-12-01T<hour>-00-00Z` */
const runOf = (at: number) => `2026-12-01T${String(at).padStart(2, '0')}-00-00Z`;
const tickOf = (at: number) => `2026-12-01T${String(at).padStart(2, '0')}:00:00Z`;

describe('a tick', () => {
  test('starts the run of its interval', async () => {
    const it = starting(hourly());
    expect(await it.tick('2026-12-01T12:00:00Z')).toEqual({ status: 'SUCCEEDED', output: noon });
    expect(it.started).toEqual({ '2026-12-01T12-00-00Z': hour('2026-12-01T12:00:00Z', '2026-12-01T13:00:00Z') });
    expect(it.transitions()).toEqual([6]);
  });

  test('starts the interval that ends with it in timeseries style', async () => {
    const it = starting(hourly({ scheduleType: ScheduleType.TIMESERIES }));
    await it.tick('2026-12-01T12:00:00Z');
    expect(it.started).toEqual({ '2026-12-01T11-00-00Z': hour('2026-12-01T11:00:00Z', '2026-12-01T12:00:00Z') });
  });

  test.each<[string, number]>([['while the run is at work', 0], ['after the run has ended', 120]])('that comes again %s starts nothing more', async (_, seconds) => {
    const it = starting(hourly());
    await it.tick('2026-12-01T12:00:00Z');
    await it.pass(seconds);
    expect((await it.tick('2026-12-01T12:00:00Z')).status).toBe('SUCCEEDED');
    await it.settle();
    expect(it.names).toEqual(['2026-12-01T12-00-00Z']);
    expect(it.work).toHaveLength(1);
  });

  test('written with another offset is the same tick', async () => {
    const it = starting(hourly());
    await it.tick('2026-12-01T12:00:00Z');
    await it.tick('2026-12-01T13:00:00.000+01:00');
    expect(it.names).toEqual(['2026-12-01T12-00-00Z']);
  });

  test.each([
    ['before the start', hourly(), '2026-11-30T23:00:00Z', 'the first interval is not due yet'],
    ['at the end', hourly(), '2026-12-02T00:00:00Z', 'the schedule has ended'],
    ['within an interval', Schedule.rate(Duration.hours(7), { startDateTime: new Date('2026-12-01T00:00:00Z') }), '2026-12-01T12:00:00Z', 'the tick is within an interval'],
    ['that no cron expression has', Schedule.cron({ minute: '0', hour: '6', timeZone: TimeZone.EUROPE_BERLIN }), '2026-12-01T12:00:00Z', 'the tick is within an interval'],
  ])('%s starts nothing, and says why', async (_, schedule, time, reason) => {
    const it = starting(schedule);
    expect(await it.tick(time)).toEqual({ status: 'SUCCEEDED', output: { started: [], waits: false, reason } });
    expect(it.started).toEqual({});
  });

  test('of a cron schedule goes by its calendar: a day in autumn has 25 hours', async () => {
    const it = starting(Schedule.cron({ minute: '0', hour: '0', timeZone: TimeZone.EUROPE_BERLIN }));
    await it.tick('2026-10-24T22:00:00Z');
    expect(it.started).toEqual({ '2026-10-24T22-00-00Z': hour('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z') });
  });

  test.each<[string, Json, string[]]>([
    ['is off', { BOOL: false }, []],
    ['is on', { BOOL: true }, ['2026-12-01T12-00-00Z']],
  ])('while the active flag %s', async (_, active, runs) => {
    const it = starting(hourly());
    await it.write({ active });
    const { output } = await it.tick('2026-12-01T12:00:00Z');
    expect(it.names).toEqual(runs);
    if (runs.length === 0) expect(output).toEqual({ started: [], waits: false, reason: 'the pipeline is not active' });
  });
});

describe('input that the Starter does not take is refused by name:', () => {
  const known = { parameters: { myDay: 'monday' } };
  test.each<[string, Schedule, Json, string]>([
    ['no time', hourly(), {}, 'input: scheduledTime: is missing; it must be an ISO-8601 time with a zone'],
    ['a time that is none', hourly(), { scheduledTime: 'noon' }, 'input: scheduledTime: is "noon"; it must be'],
    ['a time that is no text, of cron', Schedule.cron({ minute: '0' }), { scheduledTime: 12 }, 'input: scheduledTime: is 12; it must be'],
    ['an unknown field', hourly(), { start: true }, 'input: start: is true; it must be absent: there is no such input. A tick is {scheduledTime}'],
    ['two kinds at once', hourly(), { dispatch: true, ended: 'x' }, 'input: ended: is "x"; it must be absent beside dispatch'],
    ['an activation of a schedule', hourly(), { parameters: {} }, 'absent: the pipeline has a schedule'],
    ['a tick on demand', Schedule.onDemand(), { scheduledTime: '2026-12-01T12:00:00Z' }, 'absent: the pipeline has no schedule. An activation is {parameters?}'],
    ['unknown parameters', Schedule.onDemand(), { parameters: { myDay: 'x', myDya: 'x', other: 'x' } }, 'Parameters that the pipeline does not have: myDya, other'],
    ['a parameter that is no text', Schedule.onDemand(), { parameters: { myDay: 1 } }, 'input: parameters: myDay: is 1; it must be a string'],
    ['a backfill on demand', Schedule.onDemand(), { backfill: {} }, 'absent: the pipeline has no schedule'],
    ['a backfill that runs backwards', hourly(), { backfill: { from: tickOf(3), to: tickOf(2) } }, 'input: backfill: to: is "2026-12-01T02:00:00Z"; it must be after from'],
    ['a backfill of what is to come', hourly(), { backfill: { from: tickOf(3), to: tickOf(13) } }, 'it must be in the past'],
    ['a backfill of all at once', hourly(), { backfill: { from: tickOf(3), to: tickOf(4), concurrency: 101 } }, 'input: backfill: concurrency: is 101; it must be 1 to 100'],
    ['a backfill in no order', hourly(), { backfill: { from: tickOf(3), to: tickOf(4), order: 'random' } }, 'it must be one of "forward", "backward"'],
  ])('%s', async (_, schedule, input, message) => {
    const it = starting(schedule, known);
    const { status, error, cause } = await it.start(input as { [name: string]: Json });
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'DataPipeline.InvalidInput' });
    expect(cause).toContain(message);
    expect(it.started).toEqual({});
  });
});

describe('an activation', () => {
  const parameters = { myDay: 'monday', myTable: 'orders' };

  test('starts a run of now with the parameters that are given', async () => {
    const it = starting(Schedule.onDemand(), { parameters });
    expect((await it.start({ parameters: { myDay: 'tuesday' } })).output).toEqual(noon);
    expect(it.started).toEqual({
      '2026-12-01T12-00-00Z': { scheduledStartTime: '2026-12-01T12:00:00Z', scheduledEndTime: '2026-12-01T12:00:00Z', parameters: { myDay: 'tuesday' } },
    });
  });

  test('waits for the one before it', async () => {
    const it = starting(Schedule.onDemand(), { parameters, maxActiveInstances: 1 });
    await it.start({});
    await it.pass(1);
    expect((await it.start({ parameters: { myDay: 'friday' } })).output).toEqual({ run: '2026-12-01T12-00-01Z', started: [], waits: true });
    await it.settle();
    expect(it.work.map(({ run, began }) => [run, it.clock.now() - began])).toEqual([['2026-12-01T12-00-00Z', 120_000], ['2026-12-01T12-00-01Z', 60_000]]);
    expect(it.started['2026-12-01T12-00-01Z']).toMatchObject({ parameters: { myDay: 'friday' } });
  });

  test('of the same moment as another is a run of its own', async () => {
    const it = starting(Schedule.onDemand(), { parameters });
    await it.clock.run(Promise.all(['a', 'b', 'c'].map((myDay) => it.begin({ parameters: { myDay } }))));
    await it.settle();
    expect(it.names).toEqual(['2026-12-01T12-00-00Z', '2026-12-01T12-00-00.001Z', '2026-12-01T12-00-00.002Z']);
    expect(Object.values(it.started).map((input) => (input as { parameters: { myDay: string } }).parameters.myDay).sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('an activation whose Starter', () => {
  const named = (it: Starting) => it.work.map(({ run }) => (it.started[run] as { parameters: { myDay: string } }).parameters.myDay);

  test.each<[string, number]>([['is at work', 0], ['has ended', 300]])('does not hear that it was remembered is one run, which %s when it asks again', async (_, seconds) => {
    let calls = 0;
    const it: Starting = starting(Schedule.onDemand(), {
      maxActiveInstances: 2,
      around: async (state, call) => {
        const answer = await call();
        if (state !== 'Remember' || (calls += 1) > 1) return answer;
        void it.begin({ dispatch: true });
        await it.clock.sleep(seconds * 1000);
        throw new TaskFailure('DynamoDb.SdkClientException', 'the answer is lost');
      },
    });
    expect((await it.start({})).output).toMatchObject({ run: noon.run });
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual([noon.run]);
  });

  test('is held up until another of the same moment has run is not taken for that', async () => {
    let calls = 0;
    const it: Starting = starting(Schedule.onDemand(), {
      parameters: { myDay: '' },
      around: async (state, call) => {
        if (state === 'Read queue' && (calls += 1) === 1) await it.clock.sleep(300_000);
        return call();
      },
    });
    await it.clock.run(Promise.all(['slow', 'quick'].map((myDay) => it.begin({ parameters: { myDay } }))));
    await it.settle();
    expect(named(it)).toEqual(['quick', 'slow']);
  });
});

describe('runs at work', () => {
  test('are at most maxActiveInstances; the others wait in the order of their intervals', async () => {
    const it = starting(hourly(), { maxActiveInstances: 2, seconds: (run) => run === runOf(1) ? 30 : 100 });
    for (const at of [1, 2, 3, 4, 5]) await it.tick(tickOf(at));
    expect(it.names).toEqual([1, 2].map(runOf));
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual([1, 2, 3, 4, 5].map(runOf));
    expect(it.mostAtWork).toBe(2);
  });

  test('that is stopped leaves its place when that is heard of', async () => {
    const it = starting(hourly(), { maxActiveInstances: 1, seconds: () => 1e6 });
    await it.tick(tickOf(1));
    await it.tick(tickOf(2));
    it.stop(runOf(1));
    await it.start({ ended: runOf(1) });
    expect(it.names).toEqual([1, 2].map(runOf));
  });

  test('that is stopped unheard of is found out by the next tick', async () => {
    const it = starting(hourly(), { maxActiveInstances: 1, seconds: (run) => run === runOf(1) ? 1e6 : 60 });
    await it.tick(tickOf(1));
    await it.tick(tickOf(2));
    it.stop(runOf(1));
    await it.tick(tickOf(3));
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual([1, 2, 3].map(runOf));
  });

  test('are none more while the pipeline is not active; what waits goes on after', async () => {
    const it = starting(hourly(), { maxActiveInstances: 1 });
    await it.tick(tickOf(1));
    await it.tick(tickOf(2));
    await it.write({ active: { BOOL: false } });
    await it.settle();
    await it.tick(tickOf(3));
    expect(it.names).toEqual([runOf(1)]);
    await it.write({ active: { BOOL: true } });
    await it.start({ dispatch: true });
    await it.settle();
    expect(it.names).toEqual([1, 2].map(runOf));
  });
});

describe('intervals that were missed', () => {
  const daily = Schedule.cron({ minute: '0', hour: '0', timeZone: TimeZone.EUROPE_BERLIN, startDateTime: new Date('2026-10-23T22:00:00Z') });
  const days = ['2026-10-23T22-00-00Z', '2026-10-24T22-00-00Z', '2026-10-25T23-00-00Z', '2026-10-26T23-00-00Z'];

  test.each<[string, CatchUp, number[]]>([
    ['do not run', CatchUp.none(), [9]],
    ['run, the last of them', CatchUp.last(3), [6, 7, 8, 9]],
    ['run, all of them, since the start', CatchUp.all(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%s, of a rate', async (_, catchUp, hours) => {
    const it = starting(hourly(), { catchUp });
    await it.tick(tickOf(9));
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual(hours.map(runOf));
    expect(it.mostAtWork).toBeLessThanOrEqual(5);
  });

  test.each<[string, CatchUp, string[]]>([
    ['do not run', CatchUp.none(), days.slice(3)], ['run, the last of them', CatchUp.last(1), days.slice(2)], ['run, all of them', CatchUp.all(), days],
  ])('%s, of a cron expression', async (_, catchUp, expected) => {
    const it = starting(daily, { catchUp });
    await it.tick('2026-10-26T23:00:00Z');
    await it.settle();
    expect(it.names).toEqual(expected);
  });

  test('are told that they are overdue, as those of a backfill are', async () => {
    const it = starting(hourly(), { catchUp: CatchUp.last(2) });
    await it.tick(tickOf(9));
    await it.settle();
    await it.start({ backfill: { from: tickOf(1), to: tickOf(2) } });
    await it.settle();
    const overdue = Object.entries(it.started).map(([run, input]) => [run, (input as { overdue?: boolean }).overdue]);
    expect(overdue.sort()).toEqual([[runOf(1), true], [runOf(7), true], [runOf(8), true], [runOf(9), undefined]]);
  });

  test('between ticks are those after the last that came due', async () => {
    const it = starting(hourly(), { catchUp: CatchUp.all() });
    await it.write({ startTimestamp: { S: '2026-12-01T03:00:00Z' } });
    for (const at of [4, 7]) {
      await it.tick(tickOf(at));
      await it.settle();
    }
    expect(it.names).toEqual([3, 4, 5, 6, 7].map(runOf));
  });

  test('before the start of an activation are skipped, and what waits of them', async () => {
    const it = starting(hourly(), { catchUp: CatchUp.all(), maxActiveInstances: 1 });
    await it.tick(tickOf(3));
    await it.write({ startTimestamp: { S: '2026-12-01T02:30:00Z' } });
    expect((await it.start({ dispatch: true })).output).toMatchObject({ skipped: { from: tickOf(1), to: tickOf(2) } });
    await it.settle();
    expect(it.names).toEqual([0, 3].map(runOf));
    expect((await it.tick(tickOf(2))).output).toEqual({ started: [], waits: false, reason: '2026-12-01T02-00-00Z is skipped: it begins before the start of the activation' });
  });

  test.each([
    ['2026-12-01T03:00:00Z', { skipped: { from: tickOf(0), to: tickOf(2) } }],
    ['2026-12-01T00:00:00Z', {}],
  ])('before an activation from %s that is the first are said', async (startTimestamp, skipped) => {
    const it = starting(hourly());
    await it.write({ startTimestamp: { S: startTimestamp } });
    expect((await it.start({ dispatch: true })).output).toEqual({ started: [], waits: false, ...skipped });
  });

  test('are no ticks that come late: these run', async () => {
    const it = starting(hourly());
    for (const at of [5, 4, 5]) {
      await it.tick(tickOf(at));
      await it.settle();
    }
    expect(it.work.map(({ run }) => run)).toEqual([5, 4].map(runOf));
  });

  test('for ten years of minutes wait in a few bytes', async () => {
    const it = starting(Schedule.rate(Duration.minutes(1), { startDateTime: new Date('2016-12-01T00:00:00Z') }), { catchUp: CatchUp.all() });
    expect((await it.tick('2026-12-01T12:00:00Z')).output).toMatchObject({ started: [0, 1, 2, 3, 4].map((minute) => `2016-12-01T00-0${minute}-00Z`), waits: true });
  });
});

describe('a backfill', () => {
  const since = Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') });
  const range = { from: '2026-11-20T00:00:00Z', to: '2026-11-24T04:00:00Z' };
  const hundred = Array.from({ length: 100 }, (_, n) => new Date(Date.UTC(2026, 10, 20, n)).toISOString().replace('.000Z', 'Z').replaceAll(':', '-'));

  test.each<['forward' | 'backward', number]>([['forward', 1], ['forward', 3], ['backward', 1], ['backward', 3]])('runs %s, %i at a time', async (order, concurrency) => {
    const it = starting(since);
    await it.start({ backfill: { ...range, order, concurrency } });
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual(order === 'forward' ? hundred : [...hundred].reverse());
    expect(it.mostAtWork).toBe(concurrency);
  });

  test('runs what has not run yet', async () => {
    const it = starting(since);
    await it.start({ backfill: { from: '2026-11-20T05:00:00Z', to: '2026-11-20T08:00:00Z' } });
    await it.settle();
    await it.start({ backfill: { from: '2026-11-20T00:00:00Z', to: '2026-11-20T10:00:00Z', concurrency: 2 } });
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual([5, 6, 7, 0, 1, 2, 3, 4, 8, 9].map((n) => hundred[n]));
  });

  test('goes on beside the schedule, which waits for none of it', async () => {
    const it = starting(since, { maxActiveInstances: 1 });
    await it.start({ backfill: { ...range, parameters: {} } });
    expect((await it.tick(tickOf(12))).output).toEqual({ ...noon, waits: true });
    expect(it.names).toEqual([hundred[0], runOf(12)]);
  });

  test('asked for twice is one', async () => {
    const it = starting(since);
    await it.start({ backfill: range });
    await it.start({ backfill: range });
    await it.settle();
    expect(it.work.map(({ run }) => run)).toEqual(hundred);
  });

  test('of timeseries leaves out the interval that is not over', async () => {
    const it = starting(Schedule.rate(Duration.hours(5), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }));
    await it.start({ backfill: { from: '2026-12-01T00:00:00Z', to: '2026-12-01T12:00:00Z' } });
    await it.settle();
    expect(it.names).toEqual([0, 5].map(runOf));
    expect((await it.start({ backfill: { from: '2026-12-01T10:00:00Z', to: '2026-12-01T12:00:00Z' } })).output)
      .toEqual({ started: [], waits: false, reason: 'no interval that is due begins in this range' });
  });

  test('of a year of hours is one decision', async () => {
    const it = starting(since, { seconds: () => 1e6 });
    const { output } = await it.start({ backfill: { from: '2025-12-01T00:00:00Z', to: '2026-12-01T00:00:00Z', concurrency: 100 } });
    expect((output as { started: string[] }).started).toHaveLength(100);
    expect(it.transitions()).toEqual([105]);
  });
});
