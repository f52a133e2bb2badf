/**
 * Every task of every machine of every example asks for something that the service's API has.
 *
 * The models are botocore's data, in the directory that BOTOCORE_DATA names; `.ci/run` gets it. Without it these tests are
 * skipped, except where CI_TIERS says that nothing may be.
 */
import { ANSWERS } from './answers';
import { EXAMPLES } from './examples';
import { apiOf, callProblems, errorProblems, scheduledCall } from './integration';
import { Call, rehearse, worldOf } from './rehearsal';
import { ServiceModels, UnknownApiError } from './service-model';
import { SynthesizedTemplate } from './template';
import { JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

const directory = process.env.BOTOCORE_DATA ?? '';
const ready = directory !== '';
if (!ready) console.warn('BOTOCORE_DATA is not set, so no task is held to the service models; .ci/run does that');

test('the service models are there where nothing may be skipped', () => {
  expect(ready || process.env.CI_TIERS !== '1').toBe(true);
});

(ready ? describe : describe.skip)('service models', () => {
  const models = new ServiceModels(directory);
  const world = worldOf('2026-12-01T05', 'a');

  test.each(EXAMPLES)('$name: every argument is one that the API has', async ({ templates }) => {
    const calls = await callsOf(templates());
    expect(calls.length).toBeGreaterThan(5);
    expect(calls.flatMap((call) => callProblems(models, call))).toEqual([]);
  }, 120_000);

  test.each(EXAMPLES)('$name: every error that is retried or caught by name is one that the API has', ({ templates }) => {
    const tasks = templates().flatMap(({ stateMachines }) => stateMachines.flatMap(({ definition }) => tasksOf(definition)));
    const problems = tasks.map((task) => ({ integration: integrationOf(task), errors: serviceErrors(task) }))
      .filter(({ errors }) => errors.length > 0)
      .flatMap(({ integration, errors }) => errorProblems(models, integration, errors));
    expect([...new Set(problems)]).toEqual([]);
  });

  test.each(Object.entries(ANSWERS))('a rehearsed answer of %s is one that the API gives', (integration, answers) => {
    const { model, output, received = (same: JsonObject) => same } = apiOf(models, integration);
    expect(answers(world, {}).flatMap((answer) => model.problems(output, received(answer as JsonObject), 'Result'))).toEqual([]);
  });

  const call = (integration: string, args: Json): Call => ({ machine: 'Run', state: 'Task', integration, arguments: args });
  const cluster = { Name: 'c', Instances: { KeepJobFlowAliveWhenNoSteps: true } };

  test.each([
    ['a misspelt name', 'aws-sdk:dynamodb:updateItem', { TableName: 'RunTable', Keys: {} }, 'Arguments.Keys: is unknown'],
    ['a missing required member', 'aws-sdk:dynamodb:updateItem', { TableName: 'RunTable' }, 'Arguments.Key: is missing'],
    ['a wrong type', 'aws-sdk:dynamodb:getItem', { TableName: 'RunTable', Key: {}, ConsistentRead: 'yes' }, 'Arguments.ConsistentRead: is a string'],
    ['a wrong type deep inside', 'aws-sdk:dynamodb:getItem', { TableName: 'RunTable', Key: { run: { N: 1 } } }, 'Arguments.Key.run.N: is a number'],
    ['a value that is not in the enum', 'aws-sdk:emr:listClusters', { ClusterStates: ['ALIVE'] }, 'Arguments.ClusterStates[0]: is "ALIVE"'],
    ['a string that is too long', 'elasticmapreduce:createCluster.sync', { ...cluster, Name: 'c'.repeat(257) }, 'Arguments.Name: has 257 characters'],
    ['a string that does not match', 'aws-sdk:scheduler:deleteSchedule', { Name: 'a b' }, 'Arguments.Name: is "a b"; it must match'],
    ['steps for createCluster', 'elasticmapreduce:createCluster', { ...cluster, Steps: [] }, 'Arguments.Steps: is refused'],
    ['a cluster that ends by itself', 'elasticmapreduce:createCluster', { ...cluster, Instances: {} }, 'KeepJobFlowAliveWhenNoSteps: must be true'],
    ['steps for addStep', 'elasticmapreduce:addStep.sync', { ClusterId: 'j-1', Steps: [] }, 'Arguments.Step: is missing'],
  ])('bites: %s', (_, integration, args, problem) => {
    expect(callProblems(models, call(integration, args))).toContainEqual(expect.stringContaining(problem));
  });

  test.each(['aws-sdk:dynamodb:updateItems', 'aws-sdk:dynamo:updateItem'])('bites: %s is unknown', (integration) => {
    expect(() => callProblems(models, call(integration, {}))).toThrow(UnknownApiError);
  });

  test('bites: an error that the API does not have', () => {
    expect(errorProblems(models, 'aws-sdk:sfn:startExecution', ['Sfn.ExecutionAlreadyExistsException'])).toEqual([]);
    expect(errorProblems(models, 'aws-sdk:sfn:startExecution', ['StepFunctions.ExecutionAlreadyExists'])).toHaveLength(1);
  });

  async function callsOf(templates: readonly SynthesizedTemplate[]): Promise<Call[]> {
    const calls = (await Promise.all(templates.map(async ({ stateMachines }) => rehearse(stateMachines, world)))).flat();
    return [...calls, ...calls.flatMap((each) => scheduledCall(each) ?? [])].filter(({ integration }) => !integration.startsWith('arn:'));
  }
});

function tasksOf({ States }: JsonObject): JsonObject[] {
  return Object.values(States as Record<string, JsonObject>).flatMap((state) => [
    ...state.Type === 'Task' ? [state] : [],
    ...(state.Branches as JsonObject[] ?? []).flatMap(tasksOf),
  ]);
}

function integrationOf({ Resource }: JsonObject): string {
  return String(Resource).replace(/^arn:[^:]+:states:::/, '');
}

function serviceErrors({ Retry = [], Catch = [] }: JsonObject): string[] {
  const named = [...Retry as JsonObject[], ...Catch as JsonObject[]].flatMap(({ ErrorEquals }) => ErrorEquals as string[]);
  return named.filter((name) => !/^(States|DataPipeline)\./.test(name));
}
