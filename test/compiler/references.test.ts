import { Duration, TimeZone } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { folder, pipeline, shell } from './fixture';
import { Definition, runMachine } from './machines';
import { TimedRun } from './timed-run';
import { Json } from '../../simulator/task';
import {
  EmrActivity, EmrCluster, EmrStep, Pipeline, RedshiftDatabase, RedshiftDataNode, S3DataNode, S3KeyExistsPrecondition, S3PrefixNotEmptyPrecondition,
  Schedule, SnsAlarm,
} from '../../src';

function berlin(): Pipeline {
  return pipeline({ schedule: Schedule.rate(Duration.hours(3), { startDateTime: new Date('2026-12-01T00:00:00Z') }), pipelineName: 'lake', maximumRetries: 7 });
}

/** What Task Runner is told of an object. */
function shellOf(machine: Definition, id: string): { readonly command: string; readonly scriptArguments: string[] } {
  return (machine.States[id].Arguments as Record<string, Json>) as unknown as { command: string; scriptArguments: string[] };
}

/** A command with one expression in it, as the run is told it. */
function told(expression: string, scope = berlin(), more: Partial<Parameters<typeof shell>[2]> = {}): unknown {
  shell(scope, 'Work', { command: expression, ...more });
  return shellOf(runMachine(scope), 'Work').command;
}

test.each([
  ['#{id} #{name} #{@id} #{parent.@id}', 'Work Work Work Work'],
  ['#{@pipelineId}', 'lake'],
  ['#{retryDelay} #{maximumRetries}', '1 minutes 7'],
  ['#{schedule.period} from #{schedule.startDateTime}', '3 hours from 2026-12-01T00:00:00Z'],
  ['#{maximumRetries + 1} #{year(schedule.startDateTime)}', '8 2026'],
  ['#{runsOn} #{runsOn.id}', 'Hosts Hosts'],
  ["#{format(inTimeZone(makeDate(2026, 7, 1), schedule.timeZone), 'ZZZ')}", 'UTC'],
])('%s is folded to "%s"', (expression, text) => {
  expect(told(expression)).toBe(text);
});

test("the schedule's own zone is a field of it", () => {
  const scope = pipeline({ schedule: Schedule.cron({ minute: '0', timeZone: TimeZone.ASIA_TOKYO }) });
  expect(told("#{format(inTimeZone(makeDate(2026, 7, 1), schedule.timeZone), 'HH z')}", scope)).toBe('09 JST');
});

test('the fields of other objects are read through references, however many', () => {
  const scope = berlin();
  const database = new RedshiftDatabase(scope, 'Warehouse', { clusterId: 'dwh', databaseName: 'dev', username: 'loader' });
  const table = new RedshiftDataNode(scope, 'Table', { database, tableName: 'facts' });
  expect(told('#{output.tableName} #{output.database.databaseName} #{output.database}', scope, { output: [table] })).toBe('facts dev Warehouse');
});

test('a text is evaluated for the object that it belongs to', () => {
  const scope = berlin();
  const input = new S3DataNode(scope, 'Raw', { directoryPath: "s3://data/#{id}/#{format(@scheduledStartTime, 'YYYY')}" });
  expect(told('ls #{input.directoryPath}', scope, { input: [input] })).toBe(
    '{% "ls " & ("s3://data/Raw/" & $fromMillis($toMillis($scheduledStartTime), "[Y0001]") & "/") %}',
  );
});

test('a path has its bucket in front', () => {
  const scope = berlin();
  const input = new S3DataNode(scope, 'Raw', { bucket: Bucket.fromBucketName(scope, 'Lake', 'lake'), directoryPath: 'raw' });
  expect(told('ls #{input.directoryPath}', scope, { input: [input] })).toBe('ls s3://lake/raw/');
});

test('fields with several values make several texts of one, in a list', () => {
  const scope = berlin();
  const input = [folder(scope, 'A'), folder(scope, 'B')];
  const output = [folder(scope, 'C'), folder(scope, 'D')];
  shell(scope, 'Work', { input, output, scriptUri: 's3://scripts/a.sh', scriptArgument: ["#{'--' + input.id}", 'x', '#{input.id}-#{output.id}-#{@scheduledStartTime}'] });
  expect(shellOf(runMachine(scope), 'Work').scriptArguments).toEqual([
    '--A', '--B', 'x', ...['A-C', 'A-D', 'B-C', 'B-D'].map((pair) => `{% "${pair}-" & $scheduledStartTime %}`),
  ]);
});

test('and in the arguments of a step', () => {
  const scope = berlin();
  const cluster = new EmrCluster(scope, 'Cluster', {});
  const steps = [EmrStep.command(['count', '#{input.directoryPath}'])];
  new EmrActivity(scope, 'Count', { runsOn: cluster, input: [folder(scope, 'A'), folder(scope, 'B')], steps });
  expect(JSON.stringify(runMachine(scope))).toContain('"Args":["count","s3://data/A/","s3://data/B/"]');
});

test('an alarm reads the object that it belongs to as node', async () => {
  const scope = berlin();
  const topic = new Topic(scope, 'Topic');
  const alarm = new SnsAlarm({
    topic,
    subject: "S3 bucket '#{node.output.directoryPath}' succeeded",
    message: "#{node.output} after #{node.dependsOn} at #{format(node.@actualEndTime, 'HH:mm:ss')}",
  });
  shell(scope, 'Work', { output: [folder(scope, 'Clean')], dependsOn: [shell(scope, 'Before')], onSuccess: [alarm] });
  const run = new TimedRun(scope, { Before: 5, Work: 7 });
  await run.run();
  expect(run.alarms).toEqual(["12: S3 bucket 's3://data/Clean/' succeeded: Clean after Before at 01:00:12"]);
});

test('of what has not begun, dates are empty, whatever is made of them', async () => {
  const scope = berlin();
  const topic = new Topic(scope, 'Topic');
  const message = "[#{format(node.@actualStartTime, 'HH')}][#{node.@actualEndTime}][#{plusMonths(node.@actualEndTime, 1)}][#{day(node.@finishedTime) + 1}]";
  shell(scope, 'Work', { lateAfterTimeout: Duration.minutes(1), onLateAction: [new SnsAlarm({ topic, subject: 'late', message })] });
  const run = new TimedRun(scope, { Work: 90 }, { start: '2026-12-01T00:00:00Z' });
  await run.run();
  expect(run.alarms).toEqual(['60: late: [][][][]']);
});

test('a precondition reads what it guards as node', () => {
  const scope = berlin();
  const there = new S3KeyExistsPrecondition(scope, 'There', { s3Key: 's3://flags/#{node.id}/#{node.directoryPath}/#{node.@scheduledStartTime}' });
  shell(scope, 'Work', { input: [new S3DataNode(scope, 'Raw', { directoryPath: 's3://data/raw/', preconditions: [there] })] });
  expect(runMachine(scope).States.There).toMatchObject({
    Arguments: { Payload: { uri: '{% "s3://flags/Raw/s3://data/raw//" & $scheduledStartTime %}' } },
  });
});

describe('refused', () => {
  const refused: ReadonlyArray<readonly [string, string, (scope: Pipeline) => unknown]> = [
    ['a name that nothing has', "Stack/P/Work: command: there is no name 'input.directoryPth'", (scope) => shell(scope, 'Work', { input: [folder(scope, 'A')], command: '#{input.directoryPth}' })],
    ['a field that is nearly there', "there is no name 'comand'; did you mean command?", (scope) => shell(scope, 'Work', { command: '#{comand}' })],
    ['a field that leads back', 'Stack/P/Work: command: Work.command refers to itself, in "x#{command}" (column 4) in "x#{command}"', (scope) => shell(scope, 'Work', { command: 'x#{command}' })],
    ['a secret', "there is no name 'output.database.password'", (scope) => {
      const database = new RedshiftDatabase(scope, 'Warehouse', { clusterId: 'dwh', databaseName: 'dev', username: 'loader' });
      return shell(scope, 'Work', { output: [new RedshiftDataNode(scope, 'T', { database, tableName: 't' })], command: '#{output.database.password}' });
    }],
    ['runtime fields of others', "there is no name 'input.@scheduledStartTime'", (scope) => shell(scope, 'Work', { input: [folder(scope, 'A')], command: '#{input.@scheduledStartTime}' })],
    ['node where there is none', "there is no name 'node.id'", (scope) => shell(scope, 'Work', { command: '#{node.id}' })],
    ['several values where there is room for one', 'Stack/P/Work: command: is one text; got: 2 texts, because a field in "ls #{input.id}" has as many values',
      (scope) => shell(scope, 'Work', { input: [folder(scope, 'A'), folder(scope, 'B')], command: 'ls #{input.id}' })],
    ['what a precondition looks for in vain', "Stack/P/There: s3Prefix: there is no name 'node.filePath'", (scope) => {
      const there = new S3PrefixNotEmptyPrecondition(scope, 'There', { s3Prefix: 's3://flags/#{node.filePath}' });
      shell(scope, 'Work', { preconditions: [there] });
      return runMachine(scope);
    }],
  ];

  test.each(refused)('%s', (_, message, make) => {
    expect(() => make(berlin())).toThrow(message);
  });
});
