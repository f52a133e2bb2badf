import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { folder, hosts, pipeline, shell } from './fixture';
import { runMachine } from './machines';
import { TimedRun } from './timed-run';
import { StateError } from '../../simulator/errors';
import { Json } from '../../simulator/task';
import {
  FailureAndRerunMode, Pipeline, PipelineProps, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3DataNode,
  S3KeyExistsPrecondition, Schedule, ScheduleType, ShellCommandActivityProps, ShellCommandPrecondition, SnsAlarm, Terminate,
} from '../../src';

const hourly = (props: Partial<PipelineProps> = {}) => pipeline({
  schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }), ...props,
});
const until = (seconds: number): Partial<ShellCommandActivityProps> => ({
  lateAfterTimeout: Duration.seconds(seconds), onLateAction: [new Terminate()],
});
const alarm = (scope: Pipeline) => new SnsAlarm({
  topic: scope.node.tryFindChild('Topic') as Topic ?? new Topic(scope, 'Topic'), subject: '#{node.name} #{node.@status}', message: '#{node.errorMessage}',
});
const REASON = 'A has not finished 1 minute after 2026-12-01T01:00:00Z';
const at = (seconds: number) => new Date(Date.parse('2026-12-01T01:00:00Z') + seconds * 1000).toISOString();

test('who is at work by then is CANCELED, and the host that works is told', async () => {
  const scope = hourly();
  shell(scope, 'After', { dependsOn: [shell(scope, 'A', { ...until(60), onFail: [alarm(scope)] })] });
  const run = new TimedRun(scope, { A: 90 });
  const { objects, seconds } = await run.run();
  expect(objects).toMatchObject({
    A: { status: 'CANCELED', attempts: 1, reason: REASON, startTime: '2026-12-01T01:00:00Z', endTime: at(60) },
    After: { status: 'WAITING_ON_DEPENDENCIES', reason: 'A is CANCELED' },
  });
  expect([seconds, run.alarms, run.starts]).toEqual([60, [`60: A CANCELED: ${REASON}`], { A: 0 }]);
  await run.clock.run(run.clock.sleep(20_000));
  expect(run.refused).toEqual({ A: 60 });
});

test('who has finished by then goes on', async () => {
  const scope = hourly();
  shell(scope, 'After', { dependsOn: [shell(scope, 'A', until(60))] });
  const { objects, seconds } = await new TimedRun(scope, { A: 50, After: 30 }).run();
  expect(objects).toMatchObject({ A: { status: 'FINISHED', attempts: 1, endTime: at(50) }, After: { status: 'FINISHED' } });
  expect(seconds).toBe(80);
});

test('a run that was asked for long after its time has all of it again', async () => {
  const scope = hourly();
  shell(scope, 'A', until(60));
  const run = new TimedRun(scope, { A: 90 }, { start: '2026-12-24T00:00:00Z' });
  expect(await run.run({ overdue: true })).toMatchObject({ objects: { A: { status: 'CANCELED' } }, seconds: 60 });
});

test('why it failed before is kept', async () => {
  const scope = hourly();
  shell(scope, 'A', { ...until(60), maximumRetries: 1, retryDelay: Duration.seconds(10), attemptTimeout: Duration.seconds(20) });
  const { objects, seconds } = await new TimedRun(scope, { A: 90 }).run();
  expect(objects.A).toMatchObject({ status: 'TIMEDOUT', attempts: 2, startTime: at(0).replace('.000', ''), endTime: at(50) });
  expect(seconds).toBe(50);
});

test('who waits for a Task Runner, or for the next attempt, is ended as well', async () => {
  const scope = hourly();
  shell(scope, 'A', { ...until(60), attemptTimeout: Duration.seconds(20), retryDelay: Duration.hours(1) });
  expect(await new TimedRun(scope, { A: 90 }).run()).toMatchObject({ objects: { A: { status: 'CANCELED', reason: REASON } }, seconds: 60 });
  const idle = new TimedRun(scope, {}, { pollers: 0 });
  expect(await idle.run()).toMatchObject({ objects: { A: { status: 'CANCELED', reason: REASON } }, seconds: 60 });
});

test('who still waits for others then is CANCELED when they have settled, its consumers cascade', async () => {
  const scope = hourly({ failureAndRerunMode: FailureAndRerunMode.CASCADE });
  const check = new S3KeyExistsPrecondition(scope, 'There', { s3Key: 's3://data/key' });
  const second = shell(scope, 'A', { ...until(60), dependsOn: [shell(scope, 'First')], preconditions: [check], output: [folder(scope, 'Out')] });
  shell(scope, 'After', { dependsOn: [second] });
  const run = new TimedRun(scope, { First: 100 }, { handlers: { 'lambda:invoke': async () => ({ Payload: { held: true } }) } });
  const { objects, seconds } = await run.run();
  expect(objects).toMatchObject({
    First: { status: 'FINISHED' },
    There: { status: 'CANCELED', attempts: 0 },
    A: { status: 'CANCELED', attempts: 0, reason: REASON },
    Out: { status: 'CASCADE_FAILED' },
    After: { status: 'CASCADE_FAILED' },
  });
  expect([seconds, run.starts]).toEqual([100, { First: 0 }]);
});

test('a precondition that is asked for then is CANCELED with what it guards, one that has held is left', async () => {
  const scope = hourly();
  const held = new S3KeyExistsPrecondition(scope, 'Held', { s3Key: 's3://data/key' });
  const [asked, unasked] = ['Asked', 'Unasked'].map((id) => new ShellCommandPrecondition(scope, id, { runsOn: hosts(scope), command: 'true' }));
  shell(scope, 'A', { ...until(60), preconditions: [held, asked, unasked] });
  const run = new TimedRun(scope, { Asked: 70 }, { handlers: { 'lambda:invoke': async () => ({ Payload: { held: true } }) } });
  const { objects, seconds } = await run.run();
  expect(objects).toMatchObject({
    Held: { status: 'FINISHED', attempts: 1 },
    Asked: { status: 'CANCELED', attempts: 1, reason: REASON },
    Unasked: { status: 'CANCELED', attempts: 0 },
    A: { status: 'CANCELED', attempts: 0, reason: REASON },
  });
  expect(seconds).toBe(60);
});

test('a precondition that fails in time does what it does without a deadline', async () => {
  const scope = hourly();
  const check = new S3KeyExistsPrecondition(scope, 'Never', { s3Key: 's3://data/key', maximumRetries: 0, onFail: [alarm(scope)] });
  shell(scope, 'A', { ...until(60), preconditions: [check] });
  const handlers = { 'lambda:invoke': async () => { throw new StateError('DataPipeline.PreconditionNotHeld', 'no'); } };
  const run = new TimedRun(scope, {}, { handlers });
  const { objects } = await run.run();
  expect(objects).toMatchObject({ Never: { status: 'FAILED' }, A: { status: 'WAITING_ON_DEPENDENCIES', reason: 'Never is FAILED' } });
  expect(run.alarms).toEqual([expect.stringMatching(/^0: Never FAILED/)]);
});

test('a data node ends those that write it, one with preconditions the waiting for them', async () => {
  const scope = hourly();
  const late = { lateAfterTimeout: Duration.seconds(60), onLateAction: [new Terminate()] };
  const plain = new S3DataNode(scope, 'Plain', { directoryPath: 's3://data/plain/', ...late });
  const guard = new ShellCommandPrecondition(scope, 'Guard', { runsOn: hosts(scope), command: 'true' });
  const guarded = new S3DataNode(scope, 'Guarded', { directoryPath: 's3://data/guarded/', ...late, preconditions: [guard] });
  shell(scope, 'Long', { output: [plain] });
  shell(scope, 'Short', { output: [plain, guarded] });
  const { objects, seconds } = await new TimedRun(scope, { Long: 80, Short: 10, Guard: 100 }).run();
  expect(objects).toMatchObject({
    Long: { status: 'CANCELED', reason: 'Plain has not finished 1 minute after 2026-12-01T01:00:00Z' },
    Short: { status: 'FINISHED' },
    Plain: { status: 'WAITING_ON_DEPENDENCIES' },
    Guard: { status: 'CANCELED' },
    Guarded: { status: 'CANCELED', attempts: 0 },
  });
  expect(seconds).toBe(60);
});

test('the alarms of who is terminated are published, at work or waiting, however fast it is ended', async () => {
  const scope = hourly();
  const both = () => ({ lateAfterTimeout: Duration.seconds(60), onLateAction: [new Terminate(), alarm(scope)] });
  shell(scope, 'B', { ...both(), dependsOn: [shell(scope, 'A', both())] });
  const run = new TimedRun(scope, { A: 90 });
  await run.run();
  expect(run.alarms.sort()).toEqual(['A', 'B'].map((id) => `60: ${id} late: It has not finished 1 minute after 2026-12-01T01:00:00Z`));
});

test('a statement in Redshift is cancelled, on whichever page of the list, and no other', async () => {
  const scope = hourly();
  const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
  const output = new RedshiftDataNode(scope, 'Table', { database, tableName: 't' });
  new RedshiftCopyActivity(scope, 'A', { ...until(60), input: folder(scope, 'In'), output, insertMode: RedshiftInsertMode.APPEND, commandOptions: ['CSV'] });
  const calls: Json[] = [];
  const listed = { NextToken: 'more', Statements: [{ Id: 'old', Status: 'FAILED' }] };
  const answers: Record<string, Json> = {
    batchExecuteStatement: { Id: 'new' }, describeStatement: { Status: 'STARTED' }, listStatements: listed, cancelStatement: { Status: true },
  };
  const handlers = Object.fromEntries(Object.entries(answers).map(([name, answer]) => [`aws-sdk:redshiftdata:${name}`, async (request: { arguments: Json }) => {
    if (/list|cancel/.test(name)) calls.push([name, request.arguments]);
    return (request.arguments as { NextToken?: string }).NextToken === undefined ? answer : { Statements: [{ Id: 'new', Status: 'STARTED' }] };
  }]));
  expect(await new TimedRun(scope, {}, { handlers }).run()).toMatchObject({ objects: { A: { status: 'CANCELED' } }, seconds: 60 });
  expect(calls).toEqual([
    ['listStatements', { StatementName: 'run/A/', Status: 'ALL', MaxResults: 20 }],
    ['listStatements', { StatementName: 'run/A/', Status: 'ALL', MaxResults: 20, NextToken: 'more' }],
    ['cancelStatement', { Id: 'new' }],
  ]);
});

test('who has no deadline is rendered as ever', () => {
  const scope = hourly();
  shell(scope, 'A', until(60));
  shell(scope, 'B');
  const branches = runMachine(scope).States['Run: parallel 1'].Branches as unknown as Array<{ States: object }>;
  expect(branches.map(({ States }) => Object.keys(States).filter((name) => !name.startsWith('Run')))).toEqual([
    ['A: ready?', 'A: until late', 'A: settle'], ['B: ready?', 'B', 'B: settle'],
  ]);
});
