import { Caller } from './tasks';
import { Emr, EmrOptions } from '../../simulator/services/emr';
import { ModelledStep, modelledSteps } from '../../simulator/services/modelled-steps';
import { Json } from '../../simulator/task';

const minute = 60_000;
type Answer = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** EMR whose steps do as `model` says for their first argument. */
function started(model: Record<string, ModelledStep> = {}, options: Partial<EmrOptions> = {}) {
  const emr = new Emr({ runner: modelledSteps(({ Args }) => model[Args?.[0] ?? ''] ?? { duration: minute }), ...options });
  const caller = new Caller(emr.handlers());
  const start = caller.clock.now();
  return { emr, caller, minutes: () => (caller.clock.now() - start) / minute, call: caller.call.bind(caller)<Answer> };
}

const CLUSTER = { Name: 'etl/run-1/Cluster', ReleaseLabel: 'emr-7.14.0', Instances: { KeepJobFlowAliveWhenNoSteps: true }, Tags: [{ Key: 'run', Value: '1' }] };
const cluster = (rest: Record<string, Json> = {}): Record<string, Json> => ({ ...CLUSTER, ...rest });
const step = (ClusterId: string, name: string, rest: Record<string, Json> = {}): Json =>
  ({ ClusterId, Step: { Name: name, ActionOnFailure: 'CONTINUE', HadoopJarStep: { Jar: 'command-runner.jar', Args: [name] }, ...rest } });
const stateOf = ({ Cluster, Step }: Answer) => (Cluster ?? Step).Status.State;

describe('a cluster', () => {
  test('starts, waits, and ends on request', async () => {
    const { caller, call, minutes } = started();
    const { ClusterId, ClusterArn } = await call('elasticmapreduce:createCluster', cluster());
    const state = async () => stateOf(await call('aws-sdk:emr:describeCluster', { ClusterId }));
    const states = [await state()];
    for (let n = 0; n < 3; n++) {
      await caller.run(caller.clock.sleep(2 * minute));
      states.push(await state());
    }
    await call('elasticmapreduce:terminateCluster', { ClusterId });
    states.push(await state());
    await caller.run(caller.clock.sleep(minute));
    expect([...states, await state()]).toEqual(['STARTING', 'STARTING', 'BOOTSTRAPPING', 'WAITING', 'TERMINATING', 'TERMINATED']);
    expect([ClusterArn, minutes()]).toEqual([expect.stringContaining(`cluster/${ClusterId}`), 7]);
  });

  test('createCluster.sync waits until it is ready, terminateCluster.sync until it is gone', async () => {
    const { call, minutes } = started();
    const { Cluster, ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    expect(Cluster).toMatchObject({ Id: ClusterId, Name: CLUSTER.Name, Status: { State: 'WAITING' }, Tags: CLUSTER.Tags, ReleaseLabel: 'emr-7.14.0' });
    expect(minutes()).toBe(5);
    expect(stateOf(await call('elasticmapreduce:terminateCluster.sync', { ClusterId }))).toBe('TERMINATED');
    expect(minutes()).toBe(6);
  });

  test('that cannot start fails createCluster.sync', async () => {
    const { call } = started({}, { launch: () => ({ startup: minute, failure: 'no capacity' }) });
    const failure = await call('elasticmapreduce:createCluster.sync', cluster()).catch(error => error);
    expect(failure.error).toBe('States.TaskFailed');
    expect(JSON.parse(failure.cause).Cluster.Status).toMatchObject({
      State: 'TERMINATED_WITH_ERRORS', StateChangeReason: { Code: 'BOOTSTRAP_FAILURE', Message: 'no capacity' },
    });
  });

  test('goes on starting when the task that waits for it is stopped', async () => {
    const { emr, caller } = started();
    const abort = new AbortController();
    const waiting = caller.begin('elasticmapreduce:createCluster.sync', cluster(), abort.signal);
    abort.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await caller.run(caller.clock.sleep(6 * minute));
    expect(emr.clusters.map(({ state }) => state)).toEqual(['WAITING']);
  });

  test('ends after idleness, which begins again after every step', async () => {
    const { emr, caller, call, minutes } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster({ AutoTerminationPolicy: { IdleTimeout: 600 } }));
    await caller.run(caller.clock.sleep(9 * minute));
    await call('elasticmapreduce:addStep.sync', step(ClusterId, 'a'));
    const [launched] = emr.clusters;
    await caller.run(launched.until(() => launched.ended, new AbortController().signal));
    expect([launched.state, minutes()]).toEqual(['TERMINATED', 5 + 9 + 1 + 10 + 1]);
  });

  test('that dies takes its steps with it', async () => {
    const { emr, caller, call } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    const steps = ['a', 'b'].map(name => caller.begin('elasticmapreduce:addStep.sync', step(ClusterId, name)));
    emr.cluster(ClusterId)!.terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node is gone' });
    const failures = await caller.run(Promise.all(steps.map(result => result.catch(error => error))));
    expect(failures.map(({ error, cause }) => [error, stateOf(JSON.parse(cause))])).toEqual([
      ['States.TaskFailed', 'INTERRUPTED'], ['States.TaskFailed', 'CANCELLED'],
    ]);
    await caller.run(caller.clock.sleep(minute));
    expect(emr.clusters[0].state).toBe('TERMINATED_WITH_ERRORS');
  });

  test('may be protected', async () => {
    const { call } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster', cluster({ Instances: { KeepJobFlowAliveWhenNoSteps: true, TerminationProtected: true } }));
    await expect(call('elasticmapreduce:terminateCluster', { ClusterId })).rejects.toThrow('termination protected');
    await expect(call('aws-sdk:emr:terminateJobFlows', { JobFlowIds: [ClusterId] })).rejects.toThrow('termination protected');
  });
});

describe('steps', () => {
  test.each([[1, 7], [2, 4], [3, 3]])('run %s at a time, %s minutes in all', async (StepConcurrencyLevel, expected) => {
    const { caller, call, minutes } = started({ long: { duration: 3 * minute } });
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster({ StepConcurrencyLevel }));
    const steps = ['long', 'b', 'c', 'd', 'e'].map(name => caller.begin<Answer>('elasticmapreduce:addStep.sync', step(ClusterId, name)));
    expect((await caller.run(Promise.all(steps))).map(stateOf)).toEqual(Array(5).fill('COMPLETED'));
    expect(minutes() - 5).toBe(expected);
  });

  test('wait for their cluster', async () => {
    const { call, minutes } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster', cluster());
    await call('elasticmapreduce:addStep.sync', step(ClusterId, 'a'));
    expect(minutes()).toBe(6);
  });

  test('that fail fail the task, say why, and leave the cluster to the next', async () => {
    const { call } = started({ bad: { duration: minute, failure: 'exit code 1' } });
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    const failure = await call('elasticmapreduce:addStep.sync', step(ClusterId, 'bad')).catch(error => error);
    expect(failure.error).toBe('States.TaskFailed');
    expect(JSON.parse(failure.cause).Step).toMatchObject({ Name: 'bad', Status: { State: 'FAILED', FailureDetails: { Message: 'exit code 1' } } });
    expect(stateOf(await call('elasticmapreduce:addStep.sync', step(ClusterId, 'good')))).toBe('COMPLETED');
  });

  test.each([['CANCEL_AND_WAIT', 'WAITING'], ['TERMINATE_CLUSTER', 'TERMINATING']])('that fail with %s leave the cluster %s', async (ActionOnFailure, state) => {
    const { emr, caller, call } = started({ bad: { duration: minute, failure: 'exit code 1' } });
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    const steps = ['bad', 'next'].map(name => caller.begin('elasticmapreduce:addStep.sync', step(ClusterId, name, { ActionOnFailure })));
    await caller.run(Promise.allSettled(steps));
    expect([emr.clusters[0].state, emr.clusters[0].steps.map(({ state: each }) => each)]).toEqual([state, ['FAILED', 'CANCELLED']]);
  });

  test('are cancelled, pending or running', async () => {
    const { emr, caller, call, minutes } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    const { StepId: running } = await call('elasticmapreduce:addStep', step(ClusterId, 'a'));
    const { StepId: pending } = await call('elasticmapreduce:addStep', step(ClusterId, 'b'));
    for (const StepId of [pending, running]) {
      expect(await call('elasticmapreduce:cancelStep', { ClusterId, StepId })).toMatchObject({ CancelStepsInfo: { StepId, Status: 'SUBMITTED' } });
    }
    await caller.run(caller.clock.sleep(0));
    expect([emr.clusters[0].steps.map(({ state }) => state), minutes()]).toEqual([['CANCELLED', 'CANCELLED'], 5]);
    expect(await call('elasticmapreduce:cancelStep', { ClusterId, StepId: running })).toMatchObject({ CancelStepsInfo: { Status: 'FAILED' } });
  });

  test('are cancelled with the task that waits for them', async () => {
    const { emr, caller, call } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    const abort = new AbortController();
    const waiting = caller.begin('elasticmapreduce:addStep.sync', step(ClusterId, 'a'), abort.signal);
    await caller.run(caller.clock.sleep(1000));
    abort.abort(new Error('timed out'));
    await expect(waiting).rejects.toThrow('timed out');
    await caller.run(caller.clock.sleep(0));
    expect(emr.clusters[0].steps[0].state).toBe('CANCELLED');
  });

  test('are listed, the newest first, by state and id, and described', async () => {
    const { call } = started({ bad: { duration: minute, failure: 'x' } });
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster());
    await call('elasticmapreduce:addStep.sync', step(ClusterId, 'good'));
    await call('elasticmapreduce:addStep.sync', step(ClusterId, 'bad')).catch(() => undefined);
    const list = async (rest: Record<string, Json>) => (await call('aws-sdk:emr:listSteps', { ClusterId, ...rest })).Steps.map(({ Name }: Answer) => Name);
    expect([await list({}), await list({ StepStates: ['FAILED'] })]).toEqual([['bad', 'good'], ['bad']]);
    const [{ Id: StepId }] = (await call('aws-sdk:emr:listSteps', { ClusterId, StepStates: ['COMPLETED'] })).Steps;
    expect((await call('aws-sdk:emr:describeStep', { ClusterId, StepId })).Step).toMatchObject({ Name: 'good', Config: { Args: ['good'] } });
  });
});

describe('listClusters', () => {
  test('comes in pages of 50, the newest first', async () => {
    const { caller, call } = started();
    for (let n = 0; n < 120; n++) await call('elasticmapreduce:createCluster', cluster({ Name: `c${n}` }));
    const names: string[] = [];
    const sizes: number[] = [];
    for (let Marker: string | undefined, more = true; more; more = Marker !== undefined) {
      const answer = await caller.call<Answer>('aws-sdk:emr:listClusters', Marker === undefined ? {} : { Marker });
      names.push(...answer.Clusters.map(({ Name }: Answer) => Name));
      sizes.push(answer.Clusters.length);
      Marker = answer.Marker;
    }
    expect([sizes, names[0], names.at(-1)]).toEqual([[50, 50, 20], 'c119', 'c0']);
  });

  test('filters by state and by time of creation', async () => {
    const { caller, call } = started();
    const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster({ Name: 'old' }));
    await call('elasticmapreduce:terminateCluster.sync', { ClusterId });
    const between = new Date(caller.clock.now() - 1).toISOString();
    await call('elasticmapreduce:createCluster', cluster({ Name: 'new' }));
    const list = async (args: Json) => (await call('aws-sdk:emr:listClusters', args)).Clusters.map(({ Name }: Answer) => Name);
    expect(await list({ ClusterStates: ['TERMINATED'] })).toEqual(['old']);
    expect(await list({ ClusterStates: ['STARTING', 'RUNNING'] })).toEqual(['new']);
    expect(await list({ CreatedAfter: between })).toEqual(['new']);
    expect(await list({ CreatedBefore: between })).toEqual(['old']);
  });
});

test('terminateJobFlows ends clusters, also those that end already', async () => {
  const { emr, call } = started();
  const { ClusterId } = await call('elasticmapreduce:createCluster', cluster());
  for (let n = 0; n < 2; n++) expect(await call('aws-sdk:emr:terminateJobFlows', { JobFlowIds: [ClusterId] })).toEqual({});
  expect(emr.clusters[0].state).toBe('TERMINATING');
});

test.each<[string, string, string, Json]>([
  ['EMR.AmazonElasticMapReduceException', 'does not exist', 'elasticmapreduce:addStep', step('j-absent', 'a')],
  ['EMR.AmazonElasticMapReduceException', 'does not exist', 'elasticmapreduce:terminateCluster', { ClusterId: 'j-absent' }],
  ['Emr.InvalidRequestException', "Cluster id 'j-absent' is not valid", 'aws-sdk:emr:describeCluster', { ClusterId: 'j-absent' }],
  ['Emr.EmrException', 'does not exist', 'aws-sdk:emr:terminateJobFlows', { JobFlowIds: ['j-absent'] }],
  ['States.Runtime', "'KeepJobFlowAliveWhenNoSteps' is required", 'elasticmapreduce:createCluster', cluster({ Instances: {} })],
  ['States.Runtime', "'Steps' is not supported", 'elasticmapreduce:createCluster', cluster({ Steps: [] })],
  ['States.Runtime', "The field 'Name' is required", 'elasticmapreduce:createCluster', { Instances: CLUSTER.Instances }],
])('%s (%s) from %s', async (error, cause, resource, args) => {
  await expect(started().call(resource, args)).rejects.toMatchObject({ error, cause: expect.stringContaining(cause) });
});

test.each([
  ['may not be modified', {}, {}, true],
  ['StepConcurrencyLevel is greater than 1', { StepConcurrencyLevel: 2 }, { ActionOnFailure: 'TERMINATE_CLUSTER' }, false],
])('a step is refused: %s', async (cause, clusterRest, stepRest, terminated) => {
  const { call } = started();
  const { ClusterId } = await call('elasticmapreduce:createCluster.sync', cluster(clusterRest));
  if (terminated) await call('elasticmapreduce:terminateCluster', { ClusterId });
  await expect(call('elasticmapreduce:addStep', step(ClusterId, 'a', stepRest))).rejects.toMatchObject({
    error: 'EMR.AmazonElasticMapReduceException', cause: expect.stringContaining(cause),
  });
});
