jest.mock('../../src/compiler/many', () => ({ MANY: 0 }));

import { Role } from 'aws-cdk-lib/aws-iam';
import fc from 'fast-check';
import { folder, pipeline } from './fixture';
import { granted } from './grants';
import { activityMachines } from './machines';
import { expectModel, resultOf } from './modelled-run';
import { build, pipelineSpecs } from './random-pipeline';
import { ReferenceModel } from './reference-model';
import { StubbedRun, unreliable } from './stubbed-run';
import { seededRandom } from '../../simulator/jsonata';
import { TaskFailure } from '../../simulator/task';
import { EmrActivity, EmrCluster, EmrStep, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode } from '../../src';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 20);
const SEED = Number(process.env.PROOF_SEED ?? 1);

const CLUSTERS = 'arn:aws:elasticmapreduce:us-east-1:111111111111:cluster/*';
const RULES = 'arn:aws:events:us-east-1:111111111111:rule/StepFunctionsGetEventFor';

/** Those with a cluster, all of whose activities are handed over. */
const specs = pipelineSpecs.filter((spec) => activityMachines(build(spec).pipeline).size > 0);

test('runs whose steps other executions do come to what the graph says, and each start is when it is due', async () => {
  await fc.assert(fc.asyncProperty(specs, async (spec) => void await expectModel(spec)), { numRuns: RUNS, seed: SEED });
}, 3_600_000);

test('what an execution has come to whose end is never heard of is read from what it has written', async () => {
  await fc.assert(fc.asyncProperty(specs, async (spec) => {
    const built = build(spec);
    const expected = await new ReferenceModel(spec, built.resources).run();
    const run = new StubbedRun(spec, built, async ({ stateName, resource }, call) => {
      const answer = await call();
      if (resource.includes('startExecution.sync')) throw new TaskFailure('States.TaskFailed', `nothing is heard of ${stateName}`);
      return answer;
    });
    const { objects } = resultOf(await run.run());
    expect(Object.fromEntries(Object.entries(objects).map(([id, { status, attempts }]) => [id, { status, attempts }]))).toEqual(expected.objects);
  }), { numRuns: Math.ceil(RUNS / 2), seed: SEED });
}, 3_600_000);

test('whatever fails and however often, every object of such a run comes to a result', async () => {
  await fc.assert(fc.asyncProperty(specs, fc.integer(), async (spec, seed) => {
    const random = seededRandom(seed);
    const built = build(spec);
    const expected = await new ReferenceModel(spec, built.resources).run();
    const run = new StubbedRun(spec, built, unreliable((state) => state !== 'Run: begin' && random() < 0.3));
    const { objects } = resultOf(await run.run());
    expect(Object.keys(objects).sort()).toEqual(Object.keys(expected.objects).sort());
    expect(run.overlappingSteps).toEqual([]);
  }), { numRuns: Math.ceil(RUNS / 2), seed: SEED });
}, 3_600_000);

test('the machine may do what it does, and nothing else', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  new EmrActivity(scope, 'A', { runsOn: cluster, steps: [EmrStep.command(['work'])] });
  expect(granted(cluster._activityMachine!.role as Role).filter((line) => !/^(logs|xray):/.test(line))).toEqual([
    'dynamodb:UpdateItem PRunTable.Arn',
    ...['AddJobFlowSteps', 'CancelSteps', 'DescribeCluster', 'DescribeStep', 'ListSteps'].map((action) => `elasticmapreduce:${action} ${CLUSTERS} if`),
    ...['DescribeRule', 'PutRule', 'PutTargets'].map((action) => `events:${action} ${RULES}EMRAddJobFlowStepsRule`),
    'states:SendTaskSuccess *',
  ]);
  const [machine, execution] = ['stateMachine', 'execution'].map((kind) => `arn:aws:states:us-east-1:111111111111:${kind}:PRunClusterActivitiesStateMachine`);
  const runs = granted(scope.runStateMachine.role as Role);
  expect(runs.filter((line) => /^(states|events)/.test(line))).toEqual(expect.arrayContaining([
    `states:StartExecution ${machine}`, `states:DescribeExecution ${execution}.Name:*`, `states:StopExecution ${execution}.Name:*`, `states:ListExecutions ${machine}`,
    `events:PutRule ${RULES}StepFunctionsExecutionRule`.replace('EventFor', 'EventsFor'),
  ]));
  expect(runs.filter((line) => line.includes('Step '))).toEqual([]);
});

test('loads are submitted with the role of the runs, so that the reaper sees them', () => {
  const scope = pipeline();
  const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', workgroupId: '1', databaseName: 'dev' });
  const output = new RedshiftDataNode(scope, 'Table', { database, tableName: 't' });
  new RedshiftCopyActivity(scope, 'A', { input: folder(scope, 'In'), output, insertMode: RedshiftInsertMode.APPEND });
  const { role } = scope._runs.loadMachineIfAny!;
  expect(role).toBe(scope.runStateMachine.role);
  const lines = granted(role as Role).filter((line) => line.startsWith('redshift'));
  expect([...new Set(lines)]).toEqual([ // the reaper may cancel, too
    'redshift-data:BatchExecuteStatement arn:aws:redshift-serverless:us-east-1:111111111111:workgroup/1',
    ...['CancelStatement', 'DescribeStatement', 'ListStatements'].map((action) => `redshift-data:${action} *`),
    'redshift-serverless:GetCredentials arn:aws:redshift-serverless:us-east-1:111111111111:workgroup/1',
  ]);
});
