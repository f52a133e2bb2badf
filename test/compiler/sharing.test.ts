import { pipeline } from './fixture';
import { allStates, Definition, runMachine } from './machines';
import { Activity, EmrActivity, EmrCluster, EmrStep, Pipeline } from '../../src';

const REGISTER = 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken';
const UPDATE = 'arn:aws:states:::aws-sdk:dynamodb:updateItem';

function on(scope: Pipeline, cluster: EmrCluster, id: string, ...dependsOn: Activity[]): EmrActivity {
  return new EmrActivity(scope, id, { runsOn: cluster, dependsOn, steps: [EmrStep.command(['work'])] });
}

function statesOf(scope: Pipeline): Record<string, Readonly<Record<string, unknown>>> {
  return Object.fromEntries(allStates(runMachine(scope)));
}

/** A and B side by side. */
function twoBranches(): Pipeline {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  ['A', 'B'].forEach((id) => on(scope, cluster, id));
  return scope;
}

test('users in one sequence hand the cluster on from state to state', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  on(scope, cluster, 'B', on(scope, cluster, 'A'));
  expect(Object.values(statesOf(scope)).filter(({ Resource, Type }) => Resource === REGISTER || Type === 'Parallel')).toEqual([]);
});

test('users in several branches have a branch beside theirs that launches the cluster, once, and ends it', () => {
  const { 'Run: parallel 0': outer } = runMachine(twoBranches()).States;
  const [plan, manager] = outer.Branches as unknown as Definition[];
  expect(Object.keys(plan.States)).toEqual(['Run: parallel 1', 'Run: branch 0.1']);
  const called = Object.entries(manager.States).map(([name, { Resource }]) => [name, String(Resource).split(':').at(-1)]);
  expect(called.filter(([, action]) => action === 'createCluster.sync' || action === 'terminateCluster')).toEqual([
    ['Cluster: acquire', 'createCluster.sync'], ['Cluster: abandon', 'terminateCluster'], ['Cluster: release', 'terminateCluster'],
  ]);
  expect(allStates(plan).filter(([, { Resource }]) => String(Resource).includes('createCluster'))).toEqual([]);
  expect(manager.States['Cluster: settle']).toMatchObject({ End: true, Output: '{% {"Cluster": $r_Cluster} %}' });
});

test('a user asks for a launch, and leaves a token unless there is one already', () => {
  const states = statesOf(twoBranches());
  const key = { TableName: 'PRunTable', Key: { run: { S: '{% $run %}' }, item: { S: 'resource#Cluster' } } };
  expect(states['A: acquire']).toMatchObject({
    Resource: UPDATE, Arguments: { ...key, UpdateExpression: 'SET #wanted = :me, expiresAt = :expiresAt', ReturnValues: 'ALL_NEW' },
  });
  expect(states['A: await']).toMatchObject({
    Resource: REGISTER,
    Arguments: {
      ...key,
      UpdateExpression: 'SET #waiters = list_append(if_not_exists(#waiters, :none), :waiters), expiresAt = :expiresAt',
      ConditionExpression: 'attribute_not_exists(generation) OR generation < :wanted',
    },
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'A: await' }, { ErrorEquals: ['States.ALL'], Next: 'A: acquire' }],
  });
});

test('the manager waits on the condition that nothing is asked of it', () => {
  expect(statesOf(twoBranches())['Cluster: await']).toMatchObject({
    Resource: REGISTER,
    Arguments: {
      UpdateExpression: 'SET manager = :manager, #users = :users, expiresAt = :expiresAt',
      ConditionExpression: 'attribute_not_exists(#next) AND (attribute_not_exists(settled) OR settled < :users)',
    },
    Next: 'Cluster: read',
  });
});

test('whatever becomes of a user it leaves, but for one that an earlier execution has finished', () => {
  const states = statesOf(twoBranches());
  expect((states['A: ready?'].Choices as object[])[0]).toMatchObject({ Next: 'Run: branch 1.1' });
  expect(states['A: settle']).toMatchObject({ Next: 'A: leave', Catch: [{ Next: 'A: leave' }] });
  expect(states['A: leave']).toMatchObject({
    Arguments: {
      UpdateExpression: 'ADD settled :one, #status :one SET #me = :one, expiresAt = :expiresAt',
      ConditionExpression: 'attribute_not_exists(#me)',
      ExpressionAttributeNames: { '#me': 'left#A', '#status': '{% $r_A.status %}' },
    },
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Run: branch 1.1' }],
  });
  expect(states['A: dismiss']).toMatchObject({ End: true, Output: '{% {"A": $r_A} %}' });
});

test('at most two steps run at a time, unless the cluster says otherwise; those of a sequence never do', () => {
  const level = (taskConcurrency?: number, sequence = false) => {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster', { taskConcurrency });
    const first = on(scope, cluster, 'A');
    on(scope, cluster, 'B', ...sequence ? [first] : []);
    const launch = Object.values(statesOf(scope)).find(({ Resource }) => String(Resource).endsWith(':createCluster.sync'));
    return (launch?.Arguments as { StepConcurrencyLevel: number }).StepConcurrencyLevel;
  };
  expect([level(), level(5), level(5, true)]).toEqual([2, 5, 1]);
});
