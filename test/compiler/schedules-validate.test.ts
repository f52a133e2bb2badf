/** What is refused of several schedules in one pipeline. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { folder, pipeline, shell } from './fixture';
import { PipelineProps, S3DataNode, S3KeyExistsPrecondition, Schedule, ScheduleType, StartAt } from '../../src';
import { graphOf, problems, review } from '../../src/compiler/compile';
import { Pipeline } from '../../src/pipeline';

const startDateTime = new Date('2026-12-01T00:00:00Z');
const hourly = Schedule.rate(Duration.hours(1), { startDateTime });
const daily = Schedule.rate(Duration.days(1), { startDateTime });

/** By schedule, each unit with those that it waits for. */
function order(scope: Pipeline): Record<string, Record<string, string[]>> {
  return Object.fromEntries(scope._allRuns.map((runs) => [
    runs.scheduleName, Object.fromEntries(graphOf(runs).units.map(({ id, after }) => [id, after.map((unit) => unit.id)])),
  ]));
}

test('each schedule has what its activities name, and what they wait for', () => {
  const scope = pipeline({ schedule: hourly });
  const [raw, out] = [folder(scope, 'Raw'), folder(scope, 'Out')];
  shell(scope, 'Extract', { output: [raw] });
  shell(scope, 'Report', { schedule: daily, input: [raw], output: [out] });
  shell(scope, 'Publish', { schedule: Schedule.rate(Duration.days(1), { startDateTime }), input: [out] });
  expect(order(scope)).toEqual({ 'default': { Extract: [] }, 'every-1d': { Report: ['Extract'], Publish: ['Report'], Extract: [] } });
  expect(scope._allRuns.map((runs) => [...graphOf(runs).producers.keys()].map(({ objectId }) => objectId))).toEqual([['Raw'], ['Out']]);
  expect(problems(scope)).toEqual([]);
});

test('a data node with preconditions is checked in the runs of those that read it, too', () => {
  const scope = pipeline({ schedule: hourly });
  const preconditions = [new S3KeyExistsPrecondition(scope, 'Ready', { s3Key: 's3://data/ready' })];
  const raw = new S3DataNode(scope, 'Raw', { directoryPath: 's3://data/raw/', preconditions });
  shell(scope, 'Extract', { output: [raw] });
  shell(scope, 'Report', { schedule: daily, input: [raw] });
  expect(order(scope)).toEqual({ 'default': { Extract: [], Raw: ['Extract'] }, 'every-1d': { Report: ['Raw'], Raw: ['Extract'], Extract: [] } });
});

test('a place that is another in each interval', () => {
  const scope = pipeline({ schedule: hourly });
  const raw = new S3DataNode(scope, 'Raw', { directoryPath: "s3://data/#{format(@scheduledStartTime, 'HH')}/" });
  shell(scope, 'Extract', { output: [raw] });
  shell(scope, 'Report', { schedule: daily, input: [raw] });
  expect(problems(scope)).toEqual(["Stack/P/Report: input: Stack/P/Raw is at s3://data/#{format(@scheduledStartTime, 'HH')}/, which is one place in the interval of "
    + "Extract, of schedule default, and another in this activity's; give this activity a data node with a path of its own, and Extract in dependsOn"]);
});

test('schedules that wait for each other, and how they need not', () => {
  const build = (last: Schedule) => {
    const scope = pipeline({ schedule: hourly });
    const report = shell(scope, 'Report', { schedule: daily, dependsOn: [shell(scope, 'Extract')] });
    shell(scope, 'Clean', { schedule: last, dependsOn: [report] });
    return problems(scope);
  };
  expect(build(hourly)).toEqual(['Stack/P/Report: schedule: the runs of schedules wait for each other: Clean of default waits for Report of every-1d, and '
    + 'Report of every-1d waits for Extract of default; remove one of these dependencies, or give some of these activities a schedule with another scheduleName']);
  expect(build(Schedule.rate(Duration.hours(1), { startDateTime, scheduleName: 'cleaning' }))).toEqual([]);
});

test('a cycle of activities in different schedules', () => {
  const scope = pipeline({ schedule: hourly });
  const extract = shell(scope, 'Extract');
  extract.dependsOn.push(shell(scope, 'Report', { schedule: daily, dependsOn: [extract] }));
  expect(problems(scope)).toEqual([expect.stringContaining('Extract of default waits for Report of every-1d, and Report of every-1d waits for Extract of default')]);
});

test('a schedule of the pipeline that none of its activities has', () => {
  const scope = pipeline({ schedule: hourly });
  shell(scope, 'Report', { schedule: daily });
  expect(problems(scope)).toEqual(["Stack/P: schedule: all activities have schedules of their own; make one of these the pipeline's"]);
});

test('on demand beside others, and one name for two', () => {
  const refused = 'Stack/P/Work: schedule: a pipeline on demand has no other schedule, and other pipelines have none on demand; got: ';
  expect(() => shell(pipeline(), 'Work', { schedule: daily })).toThrow(`${refused}cron, in a pipeline of type ondemand`);
  expect(() => shell(pipeline({ schedule: hourly }), 'Work', { schedule: Schedule.onDemand() })).toThrow(`${refused}ondemand, in a pipeline of type cron`);
  const scope = pipeline({ schedule: hourly });
  shell(scope, 'Report', { schedule: daily });
  const later = Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-12-01T06:00:00Z') });
  expect(() => shell(scope, 'Later', { schedule: later })).toThrow('Stack/P/Later: schedule: another schedule of Stack/P, with other times, is called every-1d already; give this one another scheduleName');
});

test.each(['default', '1st', 'a name', 'much-too-long-a-name'])('the name %j', (scheduleName) => {
  expect(() => Schedule.rate(Duration.days(1), { startDateTime, scheduleName })).toThrow(
    `Schedule.rate: scheduleName: got '${scheduleName}': give 1 to 15 letters, digits and '-', the first a letter, and not 'default'`);
});

describe('is legal, and hardly meant', () => {
  const minutely = Schedule.rate(Duration.minutes(1), { startDateTime });
  const weekly = Schedule.rate(Duration.days(7), { startDateTime });
  const lastYear = Schedule.rate(Duration.hours(1), { startDateTime: new Date('2025-12-01T00:00:00Z'), endDateTime: new Date('2026-12-01T00:00:00Z') });
  const nightly = Schedule.rate(Duration.days(1), { startDateTime, scheduleType: ScheduleType.TIMESERIES, scheduleName: 'nightly' });
  const sinceEver = Schedule.cron({ minute: '0' });
  const runTimeout = Duration.hours(12);

  function warnings(own: Schedule, report: Schedule, props: Partial<PipelineProps> = {}): string[] {
    const scope = pipeline({ schedule: own, ...props });
    shell(scope, 'Report', { schedule: report, dependsOn: [shell(scope, 'Extract')] });
    expect(review(scope)).toEqual([]);
    const { metadata } = scope.node.findChild('Report').node;
    return metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
  }

  test.each<[string, string[], Schedule, Schedule, Partial<PipelineProps>]>([
    ['a wait that is longer than a run may take', ["schedule: the last run of Extract, of schedule default, that it waits for begins 23 hours after its own, which the pipeline's runTimeout of "
      + '12 hours ends before; give a longer runTimeout, or ScheduleType.TIMESERIES to the schedule of this activity [ack: cdk-data-pipeline:waitsTooLong]'], hourly, daily, { runTimeout }],
    ['the same at the end of the day', [], hourly, nightly, { runTimeout }],
    ['more intervals than a run can wait for', ['schedule: more than 1500 intervals of Extract, of schedule default, lie in one of every-7d, and a run cannot wait for so many: it will fail; '
      + 'have it wait for an activity with longer intervals, which waits for these [ack: cdk-data-pipeline:tooManyIntervals]'], minutely, weekly, {}],
    ['as many as it can', [], minutely, daily, {}],
    ['intervals that have ended before', ['schedule: no interval of Extract, of schedule default, from 2025-12-01T00:00:00.000Z to 2026-12-01T00:00:00.000Z, has a part in one of every-1d, from '
      + '2026-12-01T00:00:00.000Z: it waits for nothing; let the ranges of the two schedules overlap, or leave the dependency out [ack: cdk-data-pipeline:waitsForNothing]'], lastYear, daily, {}],
    ['a cron expression since ever', ['schedule: Extract, of schedule default, has no startDateTime, so that intervals before its first deployment are waited for, too, until a backfill runs them; '
      + 'give it one [ack: cdk-data-pipeline:waitsForThePast]'], sinceEver, daily, {}],
    ['a cron expression that says since when', [], Schedule.cron({ minute: '0', startDateTime }), daily, {}],
    ['two that start with their deployment', [], ...[1, 24].map((hours) => (
      Schedule.rate(Duration.hours(hours), { startAt: StartAt.FIRST_ACTIVATION_DATE_TIME }))) as [Schedule, Schedule], {}],
  ])('%s', (_, expected, own, report, props) => {
    expect(warnings(own, report, props)).toEqual(expected);
  });

  test('is shown at synth', () => {
    const scope = pipeline({ schedule: lastYear });
    shell(scope, 'Report', { schedule: daily, dependsOn: [shell(scope, 'Extract')] });
    Annotations.fromStack(Stack.of(scope)).hasWarning('/Stack/P/Report', Match.stringLikeRegexp('it waits for nothing'));
  });
});
