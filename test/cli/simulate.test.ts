import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { assemblyOf } from './assemblies';
import { simulate } from '../../cli/simulate';
import { simulationText } from '../../cli/simulation';
import { LogEtlStack } from '../../examples/hourly-log-etl/log-etl-stack';
import { NightlyOrdersStack } from '../../examples/nightly-orders/nightly-orders-stack';
import { OnDemandExportStack } from '../../examples/on-demand-export/on-demand-export-stack';
import { ShopReportsStack } from '../../examples/shop-reports/shop-reports-stack';
import { Pipeline, Schedule, ShellCommandActivity, StartAt, WorkerGroup } from '../../src';

const [logEtl, nightlyOrders, onDemandExport, shopReports] = [LogEtlStack, NightlyOrdersStack, OnDemandExportStack, ShopReportsStack]
  .map((Type) => assemblyOf(Type));
afterAll(() => [logEtl, nightlyOrders, onDemandExport, shopReports].forEach(({ remove }) => remove()));

class FromNow extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const schedule = Schedule.rate(Duration.hours(1), { startAt: StartAt.FIRST_ACTIVATION_DATE_TIME, occurrences: 3 });
    const pipeline = new Pipeline(this, 'P', { schedule });
    new ShellCommandActivity(pipeline, 'A', { runsOn: new WorkerGroup(pipeline, 'Hosts'), command: 'true' });
  }
}

const range = (from: string, to: string) => ({ from: new Date(from), to: new Date(to), seed: 1, faults: 0 });

test('each hour of a range is a run, and nothing is left behind', async () => {
  const { runs, left, clusters, pipeline } = await simulate(logEtl.folder, range('2026-12-01T01:00:00Z', '2026-12-01T07:00:00Z'));
  expect(pipeline).toBe('log-etl');
  expect(runs.map(({ run, status }) => [run, status])).toEqual(
    Array.from({ length: 6 }, (_, hour) => [`2026-12-01T${String(hour).padStart(2, '0')}-00-00Z`, 'FINISHED']));
  expect(runs[0].startTime).toBe('2026-12-01T01:00:00.000Z');
  expect(runs.every(({ seconds, transitions }) => seconds > 10 * 60 && transitions >= 30)).toBe(true);
  expect(clusters).toBe(6);
  expect(left).toEqual([]);
});

test('a week of hours, in which runs overlap, ends as it should', async () => {
  const { runs, left, clusters } = await simulate(logEtl.folder, range('2026-12-01T01:00:00Z', '2026-12-08T01:00:00Z'));
  expect(runs.map(({ startTime }) => startTime)).toEqual(
    Array.from({ length: 168 }, (_, hour) => new Date(Date.UTC(2026, 11, 1, hour + 1)).toISOString()));
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['FINISHED']));
  expect(runs.some(({ seconds }) => seconds > 3600)).toBe(true);
  expect({ clusters, left }).toEqual({ clusters: 168, left: [] });
}, 60_000);

test('a schedule that starts with its deployment starts with the simulation', async () => {
  const { folder, remove } = assemblyOf(FromNow);
  const { runs } = await simulate(folder, range('2026-12-01T01:10:20Z', '2026-12-01T05:00:00Z'));
  remove();
  expect(runs.map(({ run }) => run)).toEqual(['2026-12-01T01-10-00Z', '2026-12-01T02-10-00Z', '2026-12-01T03-10-00Z']);
  expect(runs[0].startTime).toBe('2026-12-01T01:10:20.000Z');
});

test('a seed is one course of things, faults and all', async () => {
  const options = { ...range('2026-12-01T01:00:00Z', '2026-12-01T13:00:00Z'), faults: 0.5 };
  const once = await simulate(logEtl.folder, options);
  expect(await simulate(logEtl.folder, options)).toEqual(once);
  expect(await simulate(logEtl.folder, { ...options, seed: 2 })).not.toEqual(once);
  expect(new Set(once.runs.map(({ status }) => status))).toEqual(new Set(['FINISHED', 'FAILED']));
  expect(once.left).toEqual([]);
});

test("nights are those of the schedule's time zone", async () => {
  const { runs } = await simulate(nightlyOrders.folder, range('2027-03-27T00:00:00Z', '2027-03-30T00:00:00Z'));
  // The clocks skip half past two on the 28th.
  expect(runs.map(({ run }) => run)).toEqual(['2027-03-27T01-30-00Z', '2027-03-29T00-30-00Z']);
});

test('the report of a day is made when its last hour is there', async () => {
  const simulation = await simulate(shopReports.folder, range('2026-12-01T01:00:00Z', '2026-12-02T00:00:01Z'));
  const { runs, left } = simulation;
  expect(runs).toHaveLength(25);
  expect(simulationText(simulation).split('\n').slice(25, 28)).toEqual([
    expect.stringMatching(/^schedule daily: 1 runs \(1 FINISHED\), 0:\d\d:\d\d to /),
    expect.stringMatching(/^schedule default: 24 runs \(24 FINISHED\), /),
    expect.stringMatching(/^shop-reports: 25 runs \(25 FINISHED\), /),
  ]);
  const [report, lastHour] = ['daily-2026-12-01T00-00-00Z', '2026-12-01T23-00-00Z'].map((name) => runs.find(({ run }) => run === name)!);
  expect(report.objects).toMatchObject({ Extract: { status: 'FINISHED' }, Report: { status: 'FINISHED' } });
  expect(report.startTime).toBe('2026-12-02T00:00:00.000Z');
  expect(report.objects.Report.startTime! >= lastHour.objects.Extract.endTime!).toBe(true);
  expect(left).toEqual([]);
});

test('a pipeline on demand is activated once', async () => {
  const simulation = await simulate(onDemandExport.folder, range('2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'));
  expect(simulation.runs.map(({ status }) => status)).toEqual(['FINISHED']);
  expect(simulationText(simulation).split('\n').at(-1)).toBe('nothing left behind');
});

test('runs are listed with what did not go at once', () => {
  const run = { run: 'r', status: 'FAILED', startTime: '2026-12-01T00:00:00.000Z', endTime: '2026-12-01T01:02:03.000Z', seconds: 3723, transitions: 30 };
  const objects = { A: { status: 'FAILED', attempts: 3, reason: 'exit code 1' }, B: { status: 'FINISHED', attempts: 1 } } as const;
  expect(simulationText({ pipeline: 'p', runs: [{ ...run, objects }], transitions: 40, clusters: 1, left: ['cluster c'] })).toBe([
    'r  FAILED    began 2026-12-01T00:00:00Z  took 1:02:03  30 transitions',
    '    A: FAILED after 3 attempts: exit code 1',
    'p: 1 runs (1 FAILED), 1:02:03 to 1:02:03, 1:02:03 at the median, 40 transitions (40.0 a run), 1 clusters',
    'left behind: cluster c',
  ].join('\n'));
});
