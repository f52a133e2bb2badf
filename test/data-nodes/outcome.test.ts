/** Data nodes that have an outcome of their own, and what they say of the checks of their preconditions. */
import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { TaskFailure } from '../../simulator/task';
import {
  EmrCluster, EmrActivity, EmrStep, FailureAndRerunMode, Pipeline, S3DataNode, S3DataNodeProps, S3KeyExistsPrecondition, ShellCommandPrecondition,
  SnsAlarm,
} from '../../src';
import { maxActiveInstances } from '../../src/compiler/compile';
import { PRECONDITION_NOT_HELD } from '../../src/contract/errors';
import { hosts, pipeline, shell } from '../compiler/fixture';
import { allStates, runMachine } from '../compiler/machines';
import { TimedRun } from '../compiler/timed-run';

const notHeld = () => new TaskFailure(PRECONDITION_NOT_HELD, 'not yet');
const data = (scope: Pipeline, id: string, props: Partial<S3DataNodeProps> = {}) =>
  new S3DataNode(scope, id, { directoryPath: `s3://data/${id}/`, ...props });
const alarm = (scope: Pipeline, event: string) => [new SnsAlarm({ topic: new Topic(scope, event), subject: `#{node.name} ${event}` })];
const told = (scope: Pipeline) => ({ onSuccess: alarm(scope, 'onSuccess'), onFail: alarm(scope, 'onFail') });

test.each([
  [FailureAndRerunMode.NONE, 'WAITING_ON_DEPENDENCIES', []],
  [FailureAndRerunMode.CASCADE, 'CASCADE_FAILED', ['In onFail']],
])('one whose precondition has failed holds back its readers by its own mode: %s', async (failureAndRerunMode, status, alarmed) => {
  const scope = pipeline();
  const flag = new S3KeyExistsPrecondition(scope, 'Flag', { s3Key: 's3://data/flag' });
  const node = data(scope, 'In', { preconditions: [flag], maximumRetries: 1, retryDelay: Duration.seconds(10), failureAndRerunMode, ...told(scope) });
  shell(scope, 'Reader', { input: [node], maximumRetries: 0 });
  const run = new TimedRun(scope, {}, { handlers: { 'lambda:invoke': async () => Promise.reject(notHeld()) } });
  const { objects } = await run.run();
  expect([objects.Flag.attempts, objects.Flag.status, objects.In.status, objects.Reader.status]).toEqual([2, 'FAILED', status, status]);
  expect(run.alarms.map((text) => text.split(': ')[1])).toEqual(alarmed);
});

test('one without preconditions tells of its end, and waits for what it depends on', async () => {
  const scope = pipeline();
  const first = shell(scope, 'First');
  const node = data(scope, 'Out', { dependsOn: [first], ...told(scope) });
  shell(scope, 'Writer', { output: [node] });
  shell(scope, 'Reader', { input: [node] });
  const run = new TimedRun(scope, { First: 50, Writer: 20 });
  const { objects } = await run.run();
  expect([run.starts.Writer, run.starts.Reader, objects.Out.status]).toEqual([0, 50, 'FINISHED']);
  expect(run.alarms.map((text) => text.split(': ')[1])).toEqual(['Out onSuccess']);
});

test('says how its preconditions are checked, unless they say so', () => {
  const scope = pipeline();
  const asked = new ShellCommandPrecondition(scope, 'Asked', { command: 'true' });
  const own = new S3KeyExistsPrecondition(scope, 'Own', { s3Key: 's3://data/key', attemptTimeout: Duration.seconds(30), maximumRetries: 2 });
  const [attemptTimeout, reportProgressTimeout, retryDelay] = [5, 1, 2].map((minutes) => Duration.minutes(minutes));
  const limits = { attemptTimeout, reportProgressTimeout, retryDelay, maximumRetries: 9 };
  shell(scope, 'Reader', { input: [data(scope, 'In', { preconditions: [asked, own], runsOn: hosts(scope), ...limits })] });
  const states = Object.fromEntries(allStates(runMachine(scope)));
  const every = { IntervalSeconds: 120, BackoffRate: 1 };
  const retries = (MaxAttempts: number) => expect.arrayContaining([expect.objectContaining({ ...every, MaxAttempts })]) as unknown;
  expect(states.Asked).toMatchObject({ TimeoutSeconds: 300, HeartbeatSeconds: 60, Retry: retries(9) });
  expect(states.Own).toMatchObject({ TimeoutSeconds: 30, Retry: retries(2) });
  expect(states.Own).not.toHaveProperty('HeartbeatSeconds');
});

test('the least of all objects says how many runs are at work', () => {
  const scope = pipeline({ maxActiveInstances: 9 });
  const runsOn = new EmrCluster(scope, 'Cluster', { maxActiveInstances: 4 });
  new EmrActivity(scope, 'Steps', { runsOn, steps: [EmrStep.command(['true'])] });
  expect(maxActiveInstances(scope._runs)).toBe(4);
  shell(scope, 'Reader', { input: [data(scope, 'In', { maxActiveInstances: 3 })] });
  expect(maxActiveInstances(scope._runs)).toBe(3);
});
