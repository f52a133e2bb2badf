import { Duration } from 'aws-cdk-lib';
import { ClusterRun, MINUTE } from './cluster-run';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../../simulator/task';
import { ActionOnResourceFailure, Activity, EmrActivity, EmrCluster, EmrStep, Pipeline } from '../../src';

/** A launch that succeeds, but whose first answer is an error. */
function unanswered(emr: Record<string, TaskHandler>): Record<string, TaskHandler> {
  let calls = 0;
  const createCluster: TaskHandler = async (request) => {
    calls += 1;
    if (calls > 1) return emr['elasticmapreduce:createCluster'](request);
    await emr['elasticmapreduce:createCluster']({ ...request, pattern: undefined });
    throw new TaskFailure('EMR.AmazonElasticMapReduceException', 'Service Unavailable; Status Code: 503');
  };
  return { ...emr, 'elasticmapreduce:createCluster': createCluster };
}

test('a cluster whose launch was not answered is adopted when it is ready', async () => {
  const run = new ClusterRun({ around: unanswered });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 1 }, Cluster: { status: 'FINISHED', attempts: 1 } });
  expect(run.clusters).toEqual(['p/run/Cluster/1 TERMINATED']);
});

test('a cluster to adopt is found among more than a page of others, however often it is looked for', async () => {
  const fill = async (emr: Record<string, TaskHandler>, request: Parameters<TaskHandler>[0], count: number) => {
    const other = { Name: 'other', Instances: { KeepJobFlowAliveWhenNoSteps: true } };
    for (let index = 0; index < count; index += 1) await emr['elasticmapreduce:createCluster']({ ...request, pattern: undefined, arguments: other });
  };
  for (const [before, after] of [[120, 0], [0, 120]]) {
    const run = new ClusterRun({
      around: (emr) => {
        const launching = unanswered(emr);
        return {
          ...launching,
          'elasticmapreduce:createCluster': async (request) => {
            await fill(emr, request, before);
            return launching['elasticmapreduce:createCluster'](request).finally(() => fill(emr, request, after));
          },
        };
      },
    });
    expect(await run.objects()).toMatchObject({ Cluster: { status: 'FINISHED', attempts: 1 } });
    expect(run.clusters.filter((name) => name.startsWith('p/'))).toEqual(['p/run/Cluster/1 TERMINATED']);
  }
});

test('a cluster that does not start within initTimeout is given up, and launched again', async () => {
  const run = new ClusterRun({ cluster: { initTimeout: Duration.minutes(2) }, launch: ({ name }) => name.endsWith('/1') ? { startup: 10 * MINUTE } : {} });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 1 }, Cluster: { status: 'FINISHED', attempts: 2 } });
  expect(run.clusters).toEqual(['p/run/Cluster/1 TERMINATED', 'p/run/Cluster/2 TERMINATED']);
});

/** A step that is added, but whose first answer is an error; `added` is what becomes of it before the error. */
function unansweredStep(added: (emr: Record<string, TaskHandler>, request: TaskRequest) => Promise<unknown>) {
  let calls = 0;
  return (emr: Record<string, TaskHandler>): Record<string, TaskHandler> => ({
    ...emr,
    'elasticmapreduce:addStep': async (request) => {
      calls += 1;
      if (calls > 1) return emr['elasticmapreduce:addStep'](request);
      await added(emr, request);
      throw new TaskFailure('EMR.AmazonElasticMapReduceException', 'Service Unavailable; Status Code: 503');
    },
  });
}

const lost = () => unansweredStep((emr, request) => emr['elasticmapreduce:addStep']({ ...request, pattern: undefined }));

describe('a step that was not answered', () => {
  test('is waited for if it is at work: its end is the end of the attempt', async () => {
    const run = new ClusterRun({ around: lost(), steps: [EmrStep.command(['one']), EmrStep.command(['two'])] });
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 1 } });
    expect(run.steps).toEqual(['1 A: step 1 (attempt 1)', '1 A: step 2 (attempt 1)']);
  });

  test('is repeated if it is not there', async () => {
    const run = new ClusterRun({ around: unansweredStep(async () => undefined) });
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 2 } });
    expect(run.steps).toEqual(['1 A (attempt 2)']);
  });

  test('fails the attempt as it failed', async () => {
    const run = new ClusterRun({
      around: lost(),
      runner: async () => {
        throw new Error('exit code 1');
      },
    });
    expect(await run.objects()).toMatchObject({ A: { status: 'FAILED', attempts: 2, reason: expect.stringContaining('exit code 1') } });
    expect(run.steps).toEqual(['1 A (attempt 1)', '1 A (attempt 2)']);
  });

  test('is cancelled when attemptTimeout has passed, before the next attempt', async () => {
    const ends: string[] = [];
    const run: ClusterRun = new ClusterRun({
      around: lost(),
      attemptTimeout: Duration.minutes(5),
      runner: async (_, { stepName, clock, signal }) => clock.sleep(stepName.includes('attempt 1') ? 60 * MINUTE : MINUTE, signal).finally(() => ends.push(`${stepName} ${run.minutes}`)),
    });
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 2 } });
    expect(ends).toEqual(['A (attempt 1) 6', 'A (attempt 2) 8.5']);
  });

  test('is found among more than a page of others', async () => {
    const run = new ClusterRun({
      around: unansweredStep(async (emr, request) => {
        const add = (Name: string) => emr['elasticmapreduce:addStep']({
          ...request, pattern: undefined, arguments: { ...request.arguments as object, Step: { Name, HadoopJarStep: { Jar: 'x' } } } as Json,
        });
        await emr['elasticmapreduce:addStep']({ ...request, pattern: undefined });
        for (let index = 0; index < 60; index += 1) await add('other');
      }),
      runner: async () => undefined,
    });
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 1 } });
  });
});

test('a repeated attempt runs all steps again, on the same cluster', async () => {
  let failures = 1;
  const run = new ClusterRun({
    steps: [EmrStep.command(['one']), EmrStep.command(['two'])],
    runner: async (step) => {
      if (step.Args?.[0] === 'two' && failures-- > 0) throw new Error('exit code 1');
    },
  });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 2 }, Cluster: { attempts: 1 } });
  expect(run.steps).toEqual(['1 A: step 1 (attempt 1)', '1 A: step 2 (attempt 1)', '1 A: step 1 (attempt 2)', '1 A: step 2 (attempt 2)']);
});

test('an attempt whose cluster died is repeated on a new one', async () => {
  const run: ClusterRun = new ClusterRun({
    runner: async (_, { clusterId }) => {
      if (clusterId.endsWith('1')) run.emr.clusters[0].terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node failed' });
    },
  });
  expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED', attempts: 2 }, Cluster: { status: 'FINISHED', attempts: 2 } });
  expect(run.clusters).toEqual(['p/run/Cluster/1 TERMINATED_WITH_ERRORS', 'p/run/Cluster/2 TERMINATED']);
});

test('the next activity in a sequence runs on the same cluster, or on a new one where that has died', async () => {
  const more = (scope: Pipeline, cluster: EmrCluster, first: Activity) => {
    new EmrActivity(scope, 'B', { runsOn: cluster, dependsOn: [first], steps: [EmrStep.command(['more'])] });
  };
  const same = new ClusterRun({ more });
  expect(await same.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FINISHED', attempts: 1 }, Cluster: { attempts: 1 } });
  expect(same.steps).toEqual(['1 A (attempt 1)', '1 B (attempt 1)']);
  expect(same.minutes).toBe(3);

  const died: ClusterRun = new ClusterRun({
    more,
    around: (emr) => ({
      ...emr,
      'aws-sdk:emr:describeCluster': (request) => {
        died.emr.clusters[0].terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node failed' });
        return emr['aws-sdk:emr:describeCluster'](request);
      },
    }),
  });
  expect(await died.objects()).toMatchObject({ B: { status: 'FINISHED', attempts: 1 }, Cluster: { attempts: 2 } });
  expect(died.steps).toEqual(['1 A (attempt 1)', '2 B (attempt 1)']);
});

describe('terminateAfter', () => {
  const cluster = { terminateAfter: Duration.minutes(10) };

  test('leaves a schedule behind that ends the cluster, and takes it away with the cluster', async () => {
    const run = new ClusterRun({ cluster });
    await run.objects();
    expect(run.guards).toEqual([
      expect.objectContaining({
        Name: `run.${run.emr.clusters[0].id}`,
        ScheduleExpression: 'at(2026-12-01T00:10:00)',
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: 'arn:aws:scheduler:::aws-sdk:emr:terminateJobFlows', RoleArn: 'PRunGuardRole.Arn', Input: `{"JobFlowIds":["${run.emr.clusters[0].id}"]}` },
      }),
      { Name: `run.${run.emr.clusters[0].id}`, GroupName: 'PRunGuards' },
    ]);
  });

  test('ends the cluster as TIMEDOUT, and the activity as FAILED whatever its retries', async () => {
    const run: ClusterRun = new ClusterRun({
      cluster,
      runner: async (_, { clock, signal }) => {
        // The schedule that was left behind.
        void clock.sleep(9 * MINUTE).then(() => run.emr.clusters[0].terminate({ code: 'USER_REQUEST', message: 'terminateAfter' }));
        await clock.sleep(60 * MINUTE, signal);
      },
    });
    expect(await run.objects()).toMatchObject({
      A: { status: 'FAILED', attempts: 1, reason: 'Cluster: terminateAfter of 10 minutes passed' }, Cluster: { status: 'TIMEDOUT', attempts: 1 },
    });
    expect(run.clusters).toEqual(['p/run/Cluster/1 TERMINATED']);
  });
});

describe('actionOnResourceFailure', () => {
  const dying = (fatal: string): ConstructorParameters<typeof ClusterRun>[0]['runner'] => async (_, { clusterId, stepName, clock, signal }) => {
    await clock.sleep(MINUTE, signal);
    if (clusterId.endsWith('1') && stepName === fatal) runs.at(-1)!.emr.clusters[0].terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node failed' });
  };
  const runs: ClusterRun[] = [];
  const ran = (actionOnResourceFailure: ActionOnResourceFailure, fatal: string) => {
    const more = (scope: Pipeline, cluster: EmrCluster, first: Activity) => {
      new EmrActivity(scope, 'B', { runsOn: cluster, dependsOn: [first], steps: [EmrStep.command(['more'])] });
    };
    runs.push(new ClusterRun({ cluster: { actionOnResourceFailure }, more, runner: dying(fatal) }));
    return runs.at(-1)!;
  };

  test('RETRY_ALL runs those again that had finished on the cluster that died', async () => {
    const run = ran(ActionOnResourceFailure.RETRY_ALL, 'B (attempt 1)');
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FINISHED' }, Cluster: { status: 'FINISHED', attempts: 2 } });
    expect(run.steps).toEqual(['1 A (attempt 1)', '1 B (attempt 1)', '2 A (attempt 1)', '2 B (attempt 2)']);
  });

  test('RETRY_NONE does not replace it: the activity at work has failed', async () => {
    const run = ran(ActionOnResourceFailure.RETRY_NONE, 'B (attempt 1)');
    const reason = 'Cluster has died, and actionOnResourceFailure is retrynone';
    expect(await run.objects()).toMatchObject({ A: { status: 'FINISHED' }, B: { status: 'FAILED', attempts: 1, reason }, Cluster: { status: 'FAILED', attempts: 1, reason } });
    expect(run.clusters).toEqual(['p/run/Cluster/1 TERMINATED_WITH_ERRORS']);
  });
});
