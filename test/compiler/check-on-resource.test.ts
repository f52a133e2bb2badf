/** ShellCommandPreconditions on instances and clusters. */
import { Duration } from 'aws-cdk-lib';
import { ClusterRun, MINUTE } from './cluster-run';
import { InstanceRun } from './instance-run';
import { TaskFailure } from '../../simulator/task';
import {
  ActionOnResourceFailure, ActionOnTaskFailure, EmrActivity, EmrStep, FailureAndRerunMode, S3DataNode, S3KeyExistsPrecondition, Schedule,
  ShellCommandPrecondition, ShellCommandPreconditionProps, Terminate,
} from '../../src';
import { PRECONDITION_NOT_HELD } from '../../src/contract/errors';
import { ShellTask } from '../../src/contract/task';

const FINISHED = { status: 'FINISHED', attempts: 1 };
type CheckProps = Partial<ShellCommandPreconditionProps>;

/** Checks of `Ready` that do not hold. */
const unready = (times: number) => ({ object, attempt }: ShellTask) => object === 'Ready' && attempt <= times ? 'exit code 1' : undefined;

/** `A`, guarded on `Host`. */
function guarded(props: CheckProps = {}, options: ConstructorParameters<typeof InstanceRun>[0] = {}): InstanceRun {
  return new InstanceRun({
    activities: (all) => {
      const check = new ShellCommandPrecondition(all.scope, 'Ready', { runsOn: all.instance, command: 'test -f x', retryDelay: Duration.minutes(2), ...props });
      all.add('A', { preconditions: [check] });
    },
    ...options,
  });
}

test('one that holds is checked on the instance that its activity works on', async () => {
  const run = guarded();
  expect(await run.objects()).toMatchObject({ Ready: FINISHED, A: FINISHED, Host: FINISHED });
  expect(run.tasks).toEqual(['Ready 1', 'A 1']);
  expect(run.instances).toEqual(['1 terminated']);
  expect(run.ssm.sent[1].task).toMatchObject({ purpose: 'precondition', command: 'test -f x', attempt: 1, logUri: 's3://logs/p/Ready/run/1/' });
});

test('it is checked again and again on the same instance until it holds', async () => {
  const run = guarded({}, { failure: unready(3) });
  expect(await run.objects()).toMatchObject({ Ready: { status: 'FINISHED', attempts: 4 }, A: FINISHED, Host: FINISHED });
  expect(run.tasks).toEqual(['Ready 1', 'Ready 1', 'Ready 1', 'Ready 1', 'A 1']);
  // A minute until the instance is known, four checks of a minute, three delays of two, and the work.
  expect(run.minutes).toBe(12);
});

test('delays grow where none is given', async () => {
  const run = guarded({ retryDelay: undefined }, { failure: unready(9) });
  await run.objects();
  const delays = [30, 45, 67, 101, 151, 227, 341, 512, 768];
  expect(run.minutes).toBeCloseTo(12 + delays.reduce((sum, each) => sum + each, 0) / 60);
});

test.each([
  ['maximumRetries', { maximumRetries: 1 }, 2],
  ['preconditionTimeout', { preconditionTimeout: Duration.minutes(6) }, 3],
] as const)('%s ends the asking, and holds back what it guards', async (_, props, attempts) => {
  const run = guarded(props, { failure: unready(99) });
  expect(await run.objects()).toMatchObject({
    Ready: { status: 'FAILED', attempts, reason: expect.stringContaining('exit code 1') },
    A: { status: 'WAITING_ON_DEPENDENCIES', attempts: 0, reason: 'Ready is FAILED' },
    Host: FINISHED,
  });
  expect(run.instances).toEqual(['1 terminated']);
});

test('Task Runner is told by when it must hold', async () => {
  const run = guarded({ preconditionTimeout: Duration.minutes(6) });
  await run.objects();
  expect(run.ssm.sent[1].task).toMatchObject({ deadline: '2026-12-01T00:06:00.000Z' });
});

test('an instance that dies under a check is replaced, and the checks go on', async () => {
  const run = guarded({}, { failure: unready(1), launch: (_, number) => number === 1 ? { life: 210_000 } : {} });
  expect(await run.objects()).toMatchObject({ Ready: { status: 'FINISHED', attempts: 2 }, A: FINISHED, Host: { status: 'FINISHED', attempts: 2 } });
  expect(run.tasks).toEqual(['Ready 1', 'Ready 2', 'A 2']);
});

test('what has held is not checked again for a new instance', async () => {
  const run = guarded({}, {
    instance: { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL }, launch: (_, number) => number === 1 ? { life: 150_000 } : {},
  });
  expect(await run.objects()).toMatchObject({ Ready: FINISHED, A: { status: 'FINISHED', attempts: 2 }, Host: { attempts: 2 } });
  expect(run.tasks).toEqual(['Ready 1', 'A 1', 'A 2']);
});

test.each([
  ['WAITING_ON_DEPENDENCIES', FailureAndRerunMode.NONE, FailureAndRerunMode.NONE],
  ['CASCADE_FAILED', FailureAndRerunMode.CASCADE, FailureAndRerunMode.NONE],
  ['CASCADE_FAILED', FailureAndRerunMode.NONE, FailureAndRerunMode.CASCADE],
])('without its instance it is CANCELED, and what it guards %s where it is %s and its resource %s', async (status, own, its) => {
  const run = guarded({ failureAndRerunMode: own }, { instance: { maximumRetries: 0, failureAndRerunMode: its }, launch: () => ({ failure: 'no capacity' }) });
  expect(await run.objects()).toMatchObject({
    Ready: { status: 'CANCELED', attempts: 0, reason: expect.stringContaining('Host could not be launched') },
    A: { status, reason: 'Ready is CANCELED' },
    Host: { status: 'FAILED' },
  });
});

test('a check that fails for good is a failed task of its instance', async () => {
  const run = new InstanceRun({
    instance: { actionOnTaskFailure: ActionOnTaskFailure.TERMINATE },
    activities: (all) => {
      const ready = new ShellCommandPrecondition(all.scope, 'Ready', { runsOn: all.instance, command: 'false', maximumRetries: 0 });
      all.elsewhere('B', { preconditions: [ready] });
      all.add('C', { maximumRetries: 5 });
    },
    failure: ({ object }) => object === 'Ready' || object === 'C' ? 'exit code 1' : undefined,
  });
  expect(await run.objects()).toMatchObject({
    Ready: { status: 'FAILED', attempts: 1 }, B: { status: 'WAITING_ON_DEPENDENCIES' }, C: { status: 'CANCELED' }, Host: { status: 'FINISHED' },
  });
});

test('no instance is launched while a precondition does not hold that AWS answers', async () => {
  let asked = 0;
  const run = new InstanceRun({
    activities: (all) => {
      const ready = new ShellCommandPrecondition(all.scope, 'Ready', { command: 'true' });
      const key = new S3KeyExistsPrecondition(all.scope, 'Key', { s3Key: 's3://data/key', retryDelay: Duration.minutes(10) });
      const node = new S3DataNode(all.scope, 'In', { directoryPath: 's3://data/in/', preconditions: [ready, key], runsOn: all.instance });
      all.add('A', { input: [node] });
    },
    around: (all) => ({
      ...all,
      'lambda:invoke': async () => {
        asked += 1;
        if (asked === 1) throw new TaskFailure(PRECONDITION_NOT_HELD, 'not yet');
        return { Payload: { held: true } };
      },
    }),
  });
  await run.clock.run(run.clock.sleep(9 * MINUTE));
  expect(run.instances).toEqual([]);
  expect(await run.objects()).toMatchObject({ Key: { status: 'FINISHED', attempts: 2 }, Ready: FINISHED, A: FINISHED });
});

describe('on a cluster', () => {
  const tasks: unknown[] = [];
  const guardedStep = (props: CheckProps, fails: (name: string) => boolean, cluster = {}) => new ClusterRun({
    cluster,
    more: (scope, runsOn) => {
      const ready = new ShellCommandPrecondition(scope, 'Ready', { runsOn, command: 'true', retryDelay: Duration.minutes(2), ...props });
      new EmrActivity(scope, 'B', { runsOn, steps: [EmrStep.command(['work'])], preconditions: [ready] });
    },
    runner: async ({ Args = [] }, { clock, signal, stepName }) => {
      if (stepName.startsWith('Ready')) tasks.push(JSON.parse(decodeURIComponent(Args.at(-1)!)));
      await clock.sleep(MINUTE, signal);
      if (fails(stepName)) throw new Error('exit code 1');
    },
  });

  test('it is a step on the primary node, made again until it ends with exit code 0', async () => {
    const run = guardedStep({}, (name) => /Ready .attempt [12]/.test(name));
    expect(await run.objects()).toMatchObject({ Ready: { status: 'FINISHED', attempts: 3 }, B: FINISHED, Cluster: FINISHED });
    expect(run.steps.filter((step) => !step.includes(' A '))).toEqual(['1 Ready (attempt 1)', '1 Ready (attempt 2)', '1 Ready (attempt 3)', '1 B (attempt 1)']);
    expect(tasks[0]).toMatchObject({ task: { purpose: 'precondition', kind: 'shell', command: 'true', attempt: 1 } });
  });

  test('preconditionTimeout ends the asking', async () => {
    const run = guardedStep({ preconditionTimeout: Duration.minutes(6) }, (name) => name.startsWith('Ready'));
    expect(await run.objects()).toMatchObject({ Ready: { status: 'FAILED', attempts: 3 }, B: { status: 'WAITING_ON_DEPENDENCIES' }, A: FINISHED });
    expect(run.clusters).toEqual(['p/run/Cluster/1 TERMINATED']);
  });
});

test('at the deadline of what it guards it is CANCELED, and its instance is ended', async () => {
  const run = new InstanceRun({
    activities: (all) => {
      const ready = new ShellCommandPrecondition(all.scope, 'Ready', { runsOn: all.instance, command: 'false', retryDelay: Duration.minutes(2) });
      all.elsewhere('A', { preconditions: [ready], lateAfterTimeout: Duration.minutes(10), onLateAction: [new Terminate()] });
    },
    schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') }),
    failure: unready(99),
  });
  expect(await run.objects()).toMatchObject({ Ready: { status: 'CANCELED' }, A: { status: 'CANCELED', attempts: 0 }, Host: FINISHED });
  expect(run.minutes).toBe(10);
});
