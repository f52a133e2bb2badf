import { App, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ACCOUNT, folder, pipeline, REGION, shell } from './fixture';
import { granted } from './grants';
import { lateMachine, runMachine } from './machines';
import { TimedRun } from './timed-run';
import { TaskFailure, TaskHandler } from '../../simulator/task';
import {
  LateProps, Pipeline, PipelineProps, RateScheduleOptions, S3DataNode, S3KeyExistsPrecondition, Schedule, ScheduleType, SnsAlarm,
} from '../../src';

const hourly = (options: Partial<RateScheduleOptions> = {}) => Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), ...options });
const timeseries = (props: Partial<PipelineProps> = {}, stack?: Stack): Pipeline => pipeline({
  schedule: hourly({ scheduleType: ScheduleType.TIMESERIES }), ...props,
}, stack);
const alarm = (scope: Construct) => new SnsAlarm({
  topic: scope.node.tryFindChild('Topic') as Topic ?? new Topic(scope, 'Topic'),
  subject: '#{node.name} #{node.@status}',
  message: '#{node.errorMessage}',
});
const late = (scope: Pipeline, seconds: number): LateProps => ({
  lateAfterTimeout: Duration.seconds(seconds), onLateAction: [alarm(scope)],
});

const refuse = async (): Promise<never> => {
  throw new TaskFailure('Service.Unavailable', 'try again');
};

test('who has not finished by then is reported, once, and goes on', async () => {
  const scope = timeseries();
  shell(scope, 'Slow', late(scope, 60));
  shell(scope, 'Fast', late(scope, 60));
  const run = new TimedRun(scope, { Slow: 90, Fast: 30 });
  const { objects, seconds } = await run.run();
  expect([objects.Slow.status, objects.Fast.status, seconds]).toEqual(['FINISHED', 'FINISHED', 90]);
  expect(run.alarms).toEqual(['60: Slow late: It has not finished 1 minute after 2026-12-01T01:00:00Z']);
  expect(run.watches.map(({ name, status }) => [name, status])).toEqual([['run', 'SUCCEEDED']]);
});

test('who waits is late too', async () => {
  const scope = timeseries();
  shell(scope, 'Second', { ...late(scope, 60), dependsOn: [shell(scope, 'First')] });
  const run = new TimedRun(scope, { First: 100, Second: 1 });
  await run.run();
  expect(run.alarms).toEqual([expect.stringMatching(/^60: Second late/)]);
});

test('a run that begins after the late time has its late objects reported at once', async () => {
  const scope = pipeline({ schedule: hourly() });
  shell(scope, 'Work', late(scope, 600));
  const run = new TimedRun(scope, { Work: 5 }, { start: '2026-12-01T00:30:00Z' });
  await run.run();
  expect(run.alarms).toEqual(['0: Work late: It has not finished 10 minutes after 2026-12-01T00:00:00Z']);
});

test.each([['run', { overdue: true }], ['run.r1', {}]])('in a run that was asked for long after its time, objects are due when it begins: %s', async (name, input) => {
  const scope = pipeline({ schedule: hourly() });
  shell(scope, 'Work', late(scope, 600));
  shell(scope, 'Fast', late(scope, 600));
  const run = new TimedRun(scope, { Work: 700, Fast: 500 }, { start: '2027-03-01T00:00:00Z', name });
  await run.run(input);
  expect(run.alarms).toEqual(['600: Work late: It has not finished 10 minutes after 2027-03-01T00:00:00Z']);
});

test('a data node is late with those that write it, one with preconditions until they hold', async () => {
  const scope = timeseries();
  const plain = new S3DataNode(scope, 'Plain', { directoryPath: 's3://data/plain/', ...late(scope, 60) });
  const early = new S3DataNode(scope, 'Early', { directoryPath: 's3://data/early/', ...late(scope, 60) });
  const guarded = new S3DataNode(scope, 'Guarded', {
    directoryPath: 's3://data/guarded/',
    ...late(scope, 60),
    preconditions: [new S3KeyExistsPrecondition(scope, 'There', { s3Key: 's3://data/there' })],
  });
  shell(scope, 'Short', { output: [early, plain, guarded] });
  shell(scope, 'Long', { output: [plain] });
  const handlers = { 'lambda:invoke': async () => run.clock.sleep(120_000).then(() => ({ Payload: { held: true } })) };
  const run: TimedRun = new TimedRun(scope, { Short: 10, Long: 80 }, { handlers });
  await run.run();
  expect(run.alarms.map((text) => text.replace(/:.*$/, '')).sort()).toEqual(['60', '60']);
  expect(run.alarms.map((text) => text.split(': ')[1]).sort()).toEqual(['Guarded late', 'Plain late']);
});

test('a precondition is late until it holds, or what it guards is held back', async () => {
  const scope = timeseries();
  const check = (id: string) => new S3KeyExistsPrecondition(scope, id, { s3Key: `s3://data/${id}`, ...late(scope, 60) });
  const failing = shell(scope, 'Failing', { maximumRetries: 0, attemptTimeout: Duration.seconds(20) });
  shell(scope, 'Held', { preconditions: [check('Unasked')], dependsOn: [failing] });
  shell(scope, 'Waiting', { preconditions: [check('Later')], dependsOn: [shell(scope, 'Long')] });
  shell(scope, 'Asking', { preconditions: [check('Soon'), check('Slow')] });
  const answer = async ({ arguments: { Payload } }: { arguments: { Payload: { uri: string } } }) => (
    run.clock.sleep(Payload.uri.endsWith('Slow') ? 90_000 : 10_000).then(() => ({ Payload: { held: true } }))
  );
  const handlers = { 'lambda:invoke': answer as unknown as TaskHandler };
  const run: TimedRun = new TimedRun(scope, { Failing: 100, Waiting: 1, Long: 70, Asking: 100 }, { handlers });
  await run.run();
  expect(run.alarms.map((text) => text.replace(/ late:.*$/, '')).sort()).toEqual(['60: Later', '60: Slow']);
});

test('the pipeline says when, and what is done, for objects that do not', async () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  const scope = timeseries({ lateAfterTimeout: Duration.seconds(60), onLateAction: [alarm(stack)] }, stack);
  const guard = new S3KeyExistsPrecondition(scope, 'Guard', { s3Key: 's3://data/key' });
  const own = new S3DataNode(scope, 'Own', { directoryPath: 's3://data/own/', lateAfterTimeout: Duration.seconds(50) });
  shell(scope, 'Work', { preconditions: [guard], output: [folder(scope, 'Out'), own] });
  shell(scope, 'Early', { lateAfterTimeout: Duration.seconds(30) });
  shell(scope, 'Never', { onLateAction: [] });
  const run: TimedRun = new TimedRun(scope, { Work: 90, Early: 90, Never: 90 }, { handlers: { 'lambda:invoke': async () => ({ Payload: { held: true } }) } });
  await run.run();
  expect(run.alarms.map((text) => text.replace(/ late:.*$/, ''))).toEqual(['30: Early', '50: Own', '60: Work']);
});

test('nothing is late that was held back, nor in a run that is over', async () => {
  const scope = timeseries();
  const first = shell(scope, 'First', { maximumRetries: 0, attemptTimeout: Duration.seconds(20) });
  shell(scope, 'Second', { ...late(scope, 60), dependsOn: [first] });
  shell(scope, 'Other');
  const run = new TimedRun(scope, { First: 100, Other: 100 });
  const { objects } = await run.run();
  expect(objects.Second.status).toBe('WAITING_ON_DEPENDENCIES');
  expect(run.alarms).toEqual([]);
});

test('what an earlier execution finished is not late', async () => {
  const scope = timeseries();
  const done = shell(scope, 'Done', { ...late(scope, 60), output: [folder(scope, 'Out')] });
  shell(scope, 'Next', { dependsOn: [done] });
  const run = new TimedRun(scope, { Next: 100 });
  await run.dynamoDb.call('putItem', { TableName: 'PRunTable', Item: { run: { S: 'run' }, item: { S: 'run' }, settledWith: { M: { Done: { S: 'FINISHED' } } } } });
  await run.run();
  expect(run.alarms).toEqual([]);
});

test('a run goes on where nothing watches it', async () => {
  const scope = timeseries();
  shell(scope, 'Work', late(scope, 60));
  const run = new TimedRun(scope, { Work: 90 }, { handlers: { 'aws-sdk:sfn:startExecution': refuse } });
  expect((await run.run()).objects.Work.status).toBe('FINISHED');
  expect(run.watches).toEqual([]);
});

test('what cannot be read counts as late', async () => {
  const scope = timeseries();
  shell(scope, 'Work', late(scope, 60));
  const run = new TimedRun(scope, { Work: 1 }, { handlers: { 'aws-sdk:dynamodb:transactGetItems': refuse } });
  await run.run();
  expect(run.alarms).toEqual([expect.stringMatching(/Work late/)]);
});

test('each object has its branch, and no other machine is made where no object is late', () => {
  const scope = timeseries();
  shell(scope, 'Work', late(scope, 60));
  const { States } = lateMachine(scope);
  expect(Object.keys(States)).toEqual(['Begin', 'Watch', 'Told?', 'Not told', 'Done']);
  expect(runMachine(scope).States['Run: watch']).toEqual({
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:sfn:startExecution',
    Arguments: {
      StateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:PRunLateStateMachine',
      Name: '{% $run %}',
      Input: '{% $string({"run": $run, "due": $due, "scheduledStartTime": $scheduledStartTime, "scheduledEndTime": $scheduledEndTime, "parameters": $parameters, "kept": $kept}) %}',
    },
    Retry: [
      { ErrorEquals: ['Sfn.ExecutionAlreadyExistsException'], MaxAttempts: 0 },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, JitterStrategy: 'FULL' },
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Work: ready?' }],
    Output: {},
    Next: 'Work: ready?',
  });
  const other = timeseries();
  shell(other, 'Work');
  expect([other._runs.lateWatchIfAny, runMachine(other).States['Run: watch']]).toEqual([undefined, undefined]);
});

test('the machine reads the table and publishes, and may do nothing else', () => {
  const scope = timeseries();
  shell(scope, 'Work', late(scope, 60));
  expect(granted(scope._runs.lateWatch().role).filter((line) => !/^(logs|xray):/.test(line))).toEqual(['dynamodb:GetItem PRunTable.Arn', 'sns:Publish PTopic']);
});
