import { Duration } from 'aws-cdk-lib';
import { ClusterRun, MINUTE } from './cluster-run';
import { pipeline } from './fixture';
import { StepRunner } from '../../simulator/services/emr-step';
import { ActionOnResourceFailure, ActionOnTaskFailure, EmrActivity, EmrCluster, EmrClusterProps, EmrStep, Pipeline } from '../../src';
import { problems } from '../../src/compiler/compile';

const DIED = { code: 'INSTANCE_FAILURE', message: 'the primary node failed' } as const;

/** A and B side by side on one cluster, and C after an hour's work elsewhere. */
function shared(cluster: EmrClusterProps, runner: StepRunner, maximumRetries = 1): ClusterRun {
  const more = (scope: Pipeline, common: EmrCluster) => {
    const steps = [EmrStep.command(['work'])];
    new EmrActivity(scope, 'B', { runsOn: common, steps, maximumRetries });
    const hour = new EmrActivity(scope, 'Hour', { runsOn: new EmrCluster(scope, 'Other'), steps });
    new EmrActivity(scope, 'C', { runsOn: common, steps, maximumRetries, dependsOn: [hour] });
  };
  return new ClusterRun({ cluster, more, runner });
}

const minutes: Record<string, number> = { Hour: 60 };

/** Steps of a minute; at the end of the one named the cluster dies. */
const until = (fatal: string, run: () => ClusterRun): StepRunner => async (_, { clock, signal, stepName }) => {
  await clock.sleep((minutes[stepName.split(' ')[0]] ?? 1) * MINUTE, signal);
  if (stepName === fatal) run().emr.clusters.find(({ request }) => request.name.endsWith('/Cluster/1'))!.terminate(DIED);
};

test('a cluster that dies under several is replaced once, by one that all go on with', async () => {
  const run: ClusterRun = shared({}, until('A (attempt 1)', () => run));
  expect(await run.objects()).toMatchObject({
    A: { status: 'FINISHED', attempts: 2 }, B: { status: 'FINISHED' }, C: { status: 'FINISHED', attempts: 1 }, Cluster: { status: 'FINISHED', attempts: 2 },
  });
  expect(run.clusters.filter((name) => name.includes('/Cluster/'))).toEqual(['p/run/Cluster/1 TERMINATED_WITH_ERRORS', 'p/run/Cluster/2 TERMINATED']);
});

test('RETRY_NONE: who is at work has failed, who comes later is canceled, and no other cluster is launched', async () => {
  const run: ClusterRun = shared({ actionOnResourceFailure: ActionOnResourceFailure.RETRY_NONE }, until('A (attempt 1)', () => run));
  const reason = 'Cluster has died, and actionOnResourceFailure is retrynone';
  expect(await run.objects()).toMatchObject({
    A: { status: 'FAILED', attempts: 1, reason, endTime: '2026-12-01T00:03:00.000Z' }, C: { status: 'CANCELED', attempts: 0, reason }, Cluster: { status: 'FAILED', attempts: 1, reason },
  });
  expect(run.clusters.filter((name) => name.includes('/Cluster/'))).toEqual(['p/run/Cluster/1 TERMINATED_WITH_ERRORS']);
});

test.each([0, 1])('TERMINATE: the first failure ends the cluster; who is at work with %d retries, or comes later, is canceled', async (retries) => {
  const run = shared({ actionOnTaskFailure: ActionOnTaskFailure.TERMINATE }, async (_, { clock, signal, stepName }) => {
    await clock.sleep((stepName.startsWith('A') ? 1 : 60) * MINUTE, signal);
    if (stepName.startsWith('A')) throw new Error('exit code 1');
  }, retries);
  const reason = 'Cluster was ended: another activity on it has failed';
  expect(await run.objects()).toMatchObject({
    A: { status: 'FAILED', attempts: 2 },
    B: { status: 'CANCELED', attempts: 1, reason },
    C: { status: 'CANCELED', attempts: 0, reason },
    Cluster: { status: 'FINISHED', attempts: 1 },
    Hour: { status: 'FINISHED' },
  });
  // Launched in 1 minute; two attempts of 1 minute, and 1 between them.
  expect(run.emr.clusters[0].describe((time) => time)).toMatchObject({ Status: { State: 'TERMINATED' } });
  expect(run.steps.filter((step) => step.includes(' C '))).toEqual([]);
});

test('terminateAfter: who is at work has failed, who comes later is canceled, and the cluster is TIMEDOUT', async () => {
  const run: ClusterRun = shared({ terminateAfter: Duration.minutes(10) }, async (_, { clock, signal, stepName }) => {
    const cluster = run.emr.clusters.find(({ request }) => request.name.endsWith('/Cluster/1'));
    if (stepName.startsWith('A')) void clock.sleep(9 * MINUTE).then(() => cluster?.terminate({ code: 'USER_REQUEST', message: 'terminateAfter' }));
    await clock.sleep(60 * MINUTE, signal);
  });
  const reason = 'Cluster: terminateAfter of 10 minutes passed';
  expect(await run.objects()).toMatchObject({
    A: { status: 'FAILED', attempts: 1, reason, endTime: '2026-12-01T00:11:00.000Z' },
    B: { status: 'FAILED', attempts: 1, reason },
    C: { status: 'CANCELED', attempts: 0, reason },
    Cluster: { status: 'TIMEDOUT', attempts: 1 },
  });
});

test('a launch that fails for good cancels all', async () => {
  const run = new ClusterRun({
    cluster: { maximumRetries: 1 },
    more: (scope, cluster) => new EmrActivity(scope, 'B', { runsOn: cluster, steps: [EmrStep.command(['work'])] }),
    launch: () => ({ failure: 'no capacity' }),
  });
  const canceled = { status: 'CANCELED', attempts: 0, reason: expect.stringMatching(/^Cluster could not be launched: .*no capacity/) };
  expect(await run.objects()).toMatchObject({ A: canceled, B: canceled, Cluster: { status: 'FAILED', attempts: 2 } });
});

test('steps beyond the concurrency wait in the queue', async () => {
  const starts: Record<string, number> = {};
  const run: ClusterRun = new ClusterRun({
    more: (scope, cluster) => ['B', 'C', 'D'].forEach((id) => new EmrActivity(scope, id, { runsOn: cluster, steps: [EmrStep.command(['work'])] })),
    runner: async (_, { clock, stepName }) => {
      starts[stepName] = run.minutes;
      await clock.sleep(MINUTE);
    },
  });
  await run.objects();
  expect(Object.values(starts).sort()).toEqual([1, 1, 2, 2]);
});

test('RETRY_ALL is refused where a run cannot go back', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster', { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL });
  ['A', 'B'].forEach((id) => new EmrActivity(scope, id, { runsOn: cluster, steps: [EmrStep.command(['work'])] }));
  expect(problems(scope)).toEqual([
    'Stack/P/Cluster: actionOnResourceFailure: RETRY_ALL runs all activities on a cluster again when it dies, those that have finished too, and none can '
    + 'once others have gone on with what it made: so they must come one right after the other in one sequence, without a Terminate; got: A, B; order them with dependsOn, '
    + 'give each a cluster, or leave it out, and what has not finished runs on a new cluster',
  ]);
});
