/** Several schedules in one pipeline, with dependencies across them. */
import { Duration } from 'aws-cdk-lib';
import { pipeline, shell } from './fixture';
import { ScheduledPipeline } from './scheduled-pipeline';
import { FailureAndRerunMode, Schedule, ScheduleType } from '../../src';
import { Pipeline } from '../../src/pipeline';

const START = new Date('2026-12-01T00:00:00Z');
const hourly = Schedule.rate(Duration.hours(1), { startDateTime: START });
const daily = Schedule.rate(Duration.days(1), { startDateTime: START, scheduleName: 'daily' });
const nightly = Schedule.rate(Duration.days(1), { startDateTime: START, scheduleName: 'nightly', scheduleType: ScheduleType.TIMESERIES });

/** `Extract` each hour, and a report of each day, which waits for all of them. */
function reporting(report: Schedule, failureAndRerunMode = FailureAndRerunMode.NONE): Pipeline {
  const scope = pipeline({ schedule: hourly, maximumRetries: 0, failureAndRerunMode });
  const extract = shell(scope, 'Extract');
  const prepare = shell(scope, 'Prepare', { schedule: report });
  shell(scope, 'Report', { schedule: report, dependsOn: [extract, prepare] });
  return scope;
}

const minute = () => ({ seconds: 60 });
const [FROM, TO] = ['2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'];
const PERIODS = { default: 60, daily: 1440 };

test('a day waits for its 24 hours, and begins with the first', async () => {
  const simulated = new ScheduledPipeline(reporting(daily), FROM, minute);
  await simulated.tick(FROM, '2026-12-01T23:59:00Z', PERIODS);
  await simulated.settle();
  expect(simulated.starts).toMatchObject({
    'daily-2026-12-01T00-00-00Z/Prepare': '2026-12-01T00:00:00.000Z',
    '2026-12-01T23-00-00Z/Extract': '2026-12-01T23:00:00.000Z',
    'daily-2026-12-01T00-00-00Z/Report': '2026-12-01T23:01:00.000Z',
  });
  expect(simulated.outcomes('daily')).toEqual({ 'daily-2026-12-01T00-00-00Z': { Extract: 'FINISHED', Prepare: 'FINISHED', Report: 'FINISHED' } });
}, 60_000);

test('a night that begins when all its hours have settled waits for none, and looks once', async () => {
  const simulated = new ScheduledPipeline(reporting(nightly), FROM, minute);
  await simulated.tick(FROM, TO, { default: 60, nightly: 1440 });
  await simulated.settle();
  const [run] = simulated.runs('nightly');
  expect([run.name, run.outcome?.status]).toEqual(['nightly-2026-12-01T00-00-00Z', 'SUCCEEDED']);
  expect(simulated.starts['nightly-2026-12-01T00-00-00Z/Report']).toBe('2026-12-02T00:01:00.000Z');
  expect(run.history.filter(({ type, details }) => type === 'TaskStateEntered' && details.name === 'Extract: look')).toHaveLength(1);
  expect(run.history.filter(({ details }) => details.name === 'Extract: await')).toEqual([]);
}, 60_000);

test('hours wait for the day that they lie in, and those of days without one do not wait', async () => {
  const scope = pipeline({ schedule: hourly, maxActiveInstances: 100, maximumRetries: 0 });
  const late = Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-12-01T02:00:00Z'), scheduleName: 'daily' });
  shell(scope, 'Work', { dependsOn: [shell(scope, 'Prepare', { schedule: late })] });
  const simulated = new ScheduledPipeline(scope, FROM, (object) => ({ seconds: object === 'Prepare' ? 5400 : 60 }));
  await simulated.tick(FROM, '2026-12-01T04:00:00Z', { default: 60, daily: 120 });
  await simulated.settle();
  expect(simulated.starts).toEqual({
    '2026-12-01T00-00-00Z/Work': '2026-12-01T00:00:00.000Z',
    '2026-12-01T01-00-00Z/Work': '2026-12-01T01:00:00.000Z',
    'daily-2026-12-01T02-00-00Z/Prepare': '2026-12-01T02:00:00.000Z',
    '2026-12-01T02-00-00Z/Work': '2026-12-01T03:30:00.000Z',
    '2026-12-01T03-00-00Z/Work': '2026-12-01T03:30:00.000Z',
    '2026-12-01T04-00-00Z/Work': '2026-12-01T04:00:00.000Z',
  });
}, 60_000);

test.each([
  [FailureAndRerunMode.NONE, 'WAITING_ON_DEPENDENCIES'],
  [FailureAndRerunMode.CASCADE, 'CASCADE_FAILED'],
])('an hour that fails holds back its day, in mode %s: %s', async (mode, status) => {
  const simulated = new ScheduledPipeline(reporting(daily, mode), FROM, (_, run) => ({ seconds: 60, fails: run === '2026-12-01T03-00-00Z' }));
  await simulated.tick(FROM, '2026-12-01T23:00:00Z', PERIODS);
  await simulated.settle();
  expect(simulated.outcomes('daily')).toEqual({ 'daily-2026-12-01T00-00-00Z': { Extract: 'FAILED', Prepare: 'FINISHED', Report: status } });
  const { objects } = JSON.parse(simulated.runs('daily')[0].outcome!.cause!) as { objects: Record<string, { reason: string }> };
  expect([objects.Extract.reason, objects.Report.reason]).toEqual(['2026-12-01T03:00:00Z is FAILED', 'Extract is FAILED']);
}, 60_000);

test('hours that are skipped hold back their day until a backfill runs them', async () => {
  const simulated = new ScheduledPipeline(reporting(daily), FROM, minute);
  await simulated.start('daily', { scheduledTime: FROM });
  await simulated.tick('2026-12-01T05:00:00Z', '2026-12-02T09:00:00Z', { default: 60 });
  expect(simulated.runs('daily')[0].status).toBe('RUNNING');
  await simulated.start('default', { backfill: { from: FROM, to: '2026-12-01T05:00:00Z', order: 'backward' } });
  await simulated.settle();
  expect(simulated.starts['daily-2026-12-01T00-00-00Z/Report']).toBe('2026-12-02T09:05:00.000Z');
}, 60_000);

test('a run that is stopped is told for: its day is held back at once', async () => {
  const simulated = new ScheduledPipeline(reporting(daily), FROM, (object) => ({ seconds: object === 'Extract' ? 1800 : 60 }));
  await simulated.tick(FROM, '2026-12-01T23:10:00Z', PERIODS);
  simulated.runs('default').at(-1)!.stop();
  await simulated.settle();
  expect(simulated.clock.now()).toBeLessThan(Date.parse('2026-12-01T23:20:00Z'));
  expect(simulated.outcomes('daily')).toMatchObject({ 'daily-2026-12-01T00-00-00Z': { Extract: 'CANCELED', Report: 'WAITING_ON_DEPENDENCIES' } });
}, 60_000);

test('an hour that failed and is marked as finished is there for its day', async () => {
  const simulated = new ScheduledPipeline(reporting(daily), FROM, (_, run) => ({ seconds: 60, fails: run === '2026-12-01T03-00-00Z' }));
  await simulated.tick(FROM, '2026-12-01T10:00:00Z', PERIODS);
  await simulated.start('default', { markFinished: { run: '2026-12-01T03-00-00Z', objects: ['Extract'] } });
  await simulated.tick('2026-12-01T11:00:00Z', '2026-12-01T23:00:00Z', { default: 60 });
  await simulated.settle();
  expect(simulated.starts['daily-2026-12-01T00-00-00Z/Report']).toBe('2026-12-01T23:01:00.000Z');
}, 60_000);

describe('hours that ran before anything waited for them', () => {
  const EARLY = ['00', '01', '02', '03'].map((hour) => `2026-12-01T${hour}:00:00Z`);
  const name = (start: string) => start.replaceAll(':', '-');

  /** A day that waits for the rest of its hours, and for those. */
  async function waiting(fails = false): Promise<ScheduledPipeline> {
    const doing = (_: string, run: string) => ({ seconds: 60, fails: fails && EARLY.some((start) => name(start) === run) });
    const simulated = new ScheduledPipeline(reporting(daily), FROM, doing);
    await simulated.tick(FROM, EARLY[3], { default: 60 });
    await simulated.settle();
    for (const start of EARLY) await simulated.remove('#object#Extract', start);
    return rest(simulated);
  }

  async function rest(simulated: ScheduledPipeline): Promise<ScheduledPipeline> {
    await simulated.start('daily', { scheduledTime: FROM });
    await simulated.tick('2026-12-01T04:00:00Z', '2026-12-01T23:10:00Z', { default: 60 });
    expect(simulated.runs('daily')[0].status).toBe('RUNNING');
    return simulated;
  }

  test('are told of by a backfill, which repeats none', async () => {
    const simulated = await waiting();
    await simulated.start('default', { backfill: { from: FROM, to: '2026-12-01T04:00:00Z', concurrency: 4 } });
    await simulated.settle();
    expect(simulated.starts['daily-2026-12-01T00-00-00Z/Report']?.slice(0, 16)).toBe('2026-12-01T23:10');
    expect(simulated.runs('default')).toHaveLength(24);
  }, 60_000);

  test('are told of by a backfill when Step Functions has forgotten them', async () => {
    const simulated = new ScheduledPipeline(reporting(daily), FROM, minute);
    for (const start of EARLY) {
      await simulated.put(name(start), 'run', { status: 'FINISHED', scheduledStartTime: start, startTime: '2026-12-01T00:00:00Z', endTime: start });
      await simulated.put(name(start), 'object#Extract', { status: 'FINISHED' });
    }
    await rest(simulated);
    await simulated.start('default', { backfill: { from: FROM, to: '2026-12-01T04:00:00Z', concurrency: 4 } });
    await simulated.settle();
    expect(simulated.starts['daily-2026-12-01T00-00-00Z/Report']?.slice(0, 16)).toBe('2026-12-01T23:10');
    expect(simulated.runs('default').filter(({ outcome }) => outcome?.error === 'DataPipeline.RanBefore')).toHaveLength(4);
    expect(simulated.starts['2026-12-01T00-00-00Z/Extract']).toBeUndefined();
  }, 60_000);

  test('are told of by marks at once', async () => {
    const simulated = await waiting(true);
    for (const start of EARLY) await simulated.start('default', { markFinished: { run: name(start), objects: ['Extract'] } });
    await simulated.settle();
    expect(simulated.starts['daily-2026-12-01T00-00-00Z/Report']?.slice(0, 16)).toBe('2026-12-01T23:10');
  }, 60_000);
});

test('any number of intervals is waited for in few rounds, and in few events if they settle in the least likely order', async () => {
  const scope = pipeline({ schedule: Schedule.rate(Duration.minutes(1), { startDateTime: START }), maxActiveInstances: 100, maximumRetries: 0 });
  const report = Schedule.rate(Duration.hours(1), { startDateTime: START, scheduleName: 'report' });
  shell(scope, 'Report', { schedule: report, dependsOn: [shell(scope, 'Extract')] });
  const until = Date.parse('2026-12-01T01:00:00Z');
  // The later it begins, the sooner it ends: each round finds the one before still open.
  const backwards = (_: string, run: string) => {
    const start = Date.parse(run.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
    return { seconds: run.startsWith('report') ? 60 : (until - start) / 1000 * 2 };
  };
  const simulated = new ScheduledPipeline(scope, FROM, backwards);
  await simulated.tick(FROM, '2026-12-01T00:59:00Z', { default: 1, report: 60 });
  await simulated.settle();
  const [run] = simulated.runs('report');
  const entered = (state: string) => run.history.filter(({ type, details }) => type.endsWith('StateEntered') && details.name === state).length;
  expect(run.outcome?.status).toBe('SUCCEEDED');
  expect(entered('Extract: look') - entered('Extract: look later')).toBe(51);
  expect(entered('Extract: look later')).toBeGreaterThan(0);
  expect(run.history.length).toBeLessThan(1_000);
}, 120_000);

test('a rerun is the business of the Starter whose schedule the run is of', async () => {
  const simulated = new ScheduledPipeline(reporting(daily), FROM, minute);
  await simulated.start('default', { scheduledTime: FROM });
  await simulated.settle();
  const refused = simulated.begin('daily', { rerun: { run: '2026-12-01T00-00-00Z' } });
  await simulated.clock.run(refused.result);
  expect(refused.outcome).toMatchObject({ error: 'DataPipeline.InvalidInput', cause: '2026-12-01T00-00-00Z is a run of schedule default: ask the Starter of that schedule' });
  await simulated.start('default', { rerun: { run: '2026-12-01T00-00-00Z', objects: ['Extract'] } });
  await simulated.settle();
  expect(simulated.starts['2026-12-01T00-00-00Z.r1/Extract']).toBeDefined();
});
