import { Duration } from 'aws-cdk-lib';
import { ClusterRun, MINUTE } from './cluster-run';
import { StepRunner } from '../../simulator/services/emr-step';
import { TaskHandler } from '../../simulator/task';
import { ActionOnResourceFailure, ActionOnTaskFailure, EmrActivity, EmrCluster, EmrClusterProps, EmrStep, Pipeline } from '../../src';

const DIED = { code: 'INSTANCE_FAILURE', message: 'the primary node failed' } as const;

type Handlers = Record<string, TaskHandler>;

/** A and B side by side on one cluster, and C after an hour's work elsewhere. */
function shared(cluster: EmrClusterProps, runner: StepRunner, maximumRetries = 1, around?: (emr: Handlers) => Handlers): ClusterRun {
  const more = (scope: Pipeline, common: EmrCluster) => {
    const steps = [EmrStep.command(['work'])];
    new EmrActivity(scope, 'B', { runsOn: common, steps, maximumRetries });
    const hour = new EmrActivity(scope, 'Hour', { runsOn: new EmrCluster(scope, 'Other'), steps });
    new EmrActivity(scope, 'C', { runsOn: common, steps, maximumRetries, dependsOn: [hour] });
  };
  return new ClusterRun({ cluster, more, runner, around });
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

describe('RETRY_ALL, when the cluster dies:', () => {
  const RETRY_ALL = { actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL };
  const replaced = (run: ClusterRun) => run.steps.filter((step) => !step.includes('Hour'));
  const dies = (run: ClusterRun, launch: number) => run.emr.clusters.find(({ request }) => request.name.endsWith(`/Cluster/${launch}`))?.terminate(DIED);
  /** A is done after a minute, B after 10 of each attempt; the cluster dies with B's first. */
  const work: Record<string, number> = { Hour: 60, B: 10 };
  const takes = (stepName: string) => (work[stepName.split(' ')[0]] ?? 1) * MINUTE;

  test('what has finished runs again on the new one before the others, and keeps its result', async () => {
    const run: ClusterRun = shared(RETRY_ALL, async (_, { clock, signal, stepName }) => {
      await clock.sleep(takes(stepName), signal);
      if (stepName === 'B (attempt 1)') dies(run, 1);
    });
    expect(await run.objects()).toMatchObject({
      A: { status: 'FINISHED', attempts: 1, endTime: '2026-12-01T00:02:00.000Z' },
      B: { status: 'FINISHED', attempts: 2 },
      C: { status: 'FINISHED', attempts: 1 },
      Cluster: { status: 'FINISHED', attempts: 2 },
    });
    expect(replaced(run).map((step) => step.replace(/^\w+ /, ''))).toEqual(['A (attempt 1)', 'B (attempt 1)', 'A (attempt 1)', 'B (attempt 2)', 'C (attempt 1)']);
    expect(new Set(replaced(run).map((step) => step[0])).size).toBe(2);
  });

  test('and when the new one dies while it does, it does so again, until the launches are used up', async () => {
    const run: ClusterRun = shared({ ...RETRY_ALL, maximumRetries: 2 }, async (_, { clock, signal, stepName, clusterId }) => {
      await clock.sleep(takes(stepName), signal);
      const again = stepName.startsWith('A') && run.steps.filter((step) => step.includes(' A ')).length > 1;
      if (stepName === 'B (attempt 1)' || again) run.emr.clusters.find(({ id }) => id === clusterId)?.terminate(DIED);
    });
    const reason = 'Cluster has died, and actionOnResourceFailure is retryall';
    expect(await run.objects()).toMatchObject({
      A: { status: 'FINISHED' }, B: { status: 'FAILED', attempts: 1, reason }, C: { status: 'CANCELED', reason }, Cluster: { status: 'FAILED', attempts: 3, reason },
    });
    expect(run.clusters.filter((name) => name.includes('/Cluster/'))).toEqual([1, 2, 3].map((launch) => `p/run/Cluster/${launch} TERMINATED_WITH_ERRORS`));
  });

  test('and one of them fails now, there is nothing that others could go on with', async () => {
    const run: ClusterRun = shared(RETRY_ALL, async (_, { clock, signal, stepName }) => {
      await clock.sleep(takes(stepName), signal);
      if (stepName === 'B (attempt 1)') dies(run, 1);
      if (stepName.startsWith('A') && run.emr.clusters.length > 2) throw new Error('exit code 1');
    });
    const reason = expect.stringMatching(/^A, run again on a new Cluster, failed: States.TaskFailed: .*exit code 1/);
    expect(await run.objects()).toMatchObject({
      A: { status: 'FINISHED' }, B: { status: 'FAILED', attempts: 1, reason }, C: { status: 'CANCELED', reason }, Cluster: { status: 'FINISHED', attempts: 2 },
    });
    expect(replaced(run).filter((step) => step.includes(' A '))).toHaveLength(3);
  });

  test('one that had completed on it, and hears of that when another has been asked for, runs again as if it had been at work', async () => {
    const held: Record<string, TaskHandler> = {};
    const run: ClusterRun = shared(RETRY_ALL, async (_, { clock, signal, stepName }) => {
      await clock.sleep(takes(stepName), signal);
      if (stepName === 'B (attempt 1)') dies(run, 1);
    }, 1, (emr) => {
      held['elasticmapreduce:addStep'] = async (request) => {
        const answer = await emr['elasticmapreduce:addStep'](request);
        if (request.stateName === 'A' && run.minutes < 12) await run.clock.sleep(11 * MINUTE);
        return answer;
      };
      return { ...emr, ...held };
    });
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 1, endTime: '2026-12-01T00:14:00.000Z' }, B: { status: 'FINISHED' }, C: { status: 'FINISHED' } });
    expect(replaced(run).filter((step) => step.includes(' A '))).toHaveLength(2);
  });

  test('who needs no cluster any more needs no other', async () => {
    const run: ClusterRun = new ClusterRun({
      cluster: RETRY_ALL,
      more: (scope, cluster) => new EmrActivity(scope, 'B', { runsOn: cluster, steps: [EmrStep.command(['work'])] }),
      runner: async (_, { clock, stepName }) => {
        await clock.sleep(takes(stepName));
        if (stepName.startsWith('B')) void clock.sleep(1).then(() => dies(run, 1));
      },
    });
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FINISHED' }, Cluster: { attempts: 1 } });
  });
});
