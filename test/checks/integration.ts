/**
 * Step Functions' service integrations as what they call: the API, and how an optimized integration differs from it.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
 */
import { Call } from './rehearsal';
import { capital, ServiceModel, ServiceModels, Shape } from './service-model';
import { isObject, JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

/** Where AWS SDK for Java, whose names Step Functions uses, and botocore differ. */
const FOLDERS: Readonly<Record<string, string>> = { sfn: 'stepfunctions', redshiftdata: 'redshift-data' };

/** What optimized integrations put before the names of errors; SDK integrations put the service's name. */
const ERRORS: Readonly<Record<string, string>> = { states: 'StepFunctions' };

interface Api {
  readonly model: ServiceModel;
  readonly operation: string;
  readonly input: Shape;
  readonly output: Shape;
  /** What the integration makes of its arguments. */
  readonly sent?: (given: JsonObject) => JsonObject;
  /** What the API has answered where the integration answers that. */
  readonly received?: (answer: JsonObject) => JsonObject;
  /** What is wrong beyond the shape. */
  readonly rules: (given: JsonObject) => string[];
}

type Optimized = (models: ServiceModels) => Api;

const CLUSTER_ID = { ClusterId: { shape: 'XmlStringMaxLen256' } };

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html */
const OPTIMIZED: Readonly<Record<string, Optimized>> = {
  'elasticmapreduce:createCluster': (models) => {
    const api = plain(models.service('emr'), 'RunJobFlow');
    return { ...api, output: { type: 'structure', members: CLUSTER_ID }, rules: clusterRules };
  },
  'elasticmapreduce:addStep': (models) => {
    const api = plain(models.service('emr'), 'AddJobFlowSteps');
    const members = { ...CLUSTER_ID, Step: { shape: 'StepConfig' }, ExecutionRoleArn: { shape: 'ArnType' } };
    return { ...api, input: { type: 'structure', members, required: ['ClusterId', 'Step'] }, output: { type: 'structure', members: { StepId: { shape: 'StepId' } } } };
  },
  'elasticmapreduce:cancelStep': (models) => {
    const api = plain(models.service('emr'), 'CancelSteps');
    const members = { ...CLUSTER_ID, StepId: { shape: 'StepId' } };
    return { ...api, input: { type: 'structure', members, required: ['ClusterId', 'StepId'] }, output: { type: 'structure', members: { CancelStepsInfo: { shape: 'CancelStepsInfo' } } } };
  },
  'elasticmapreduce:terminateCluster': (models) => {
    const api = plain(models.service('emr'), 'TerminateJobFlows');
    return { ...api, input: { type: 'structure', members: CLUSTER_ID, required: ['ClusterId'] } };
  },
  'lambda:invoke': (models) => plain(models.service('lambda'), 'Invoke'),
  'states:startExecution': (models) => {
    const api = plain(models.service('stepfunctions'), 'StartExecution');
    return {
      ...api,
      output: api.model.output('DescribeExecution'),
      sent: (given) => ({ ...given, Input: JSON.stringify(given.Input) }),
      received: (answer) => ({ ...answer, Output: JSON.stringify(answer.Output) }),
    };
  },
  'sns:publish': (models) => plain(models.service('sns'), 'Publish'),
};

function clusterRules({ Steps, Instances }: JsonObject): string[] {
  const alive = isObject(Instances) && Instances.KeepJobFlowAliveWhenNoSteps === true;
  return [
    ...Steps === undefined ? [] : ['Arguments.Steps: is refused by createCluster; addStep adds steps'],
    ...alive ? [] : ['Arguments.Instances.KeepJobFlowAliveWhenNoSteps: must be true for createCluster'],
  ];
}

function plain(model: ServiceModel, operation: string): Api {
  return { model, operation, input: model.input(operation), output: model.output(operation), rules: () => [] };
}

/** @throws UnknownApiError if there is no such service or action */
export function apiOf(models: ServiceModels, integration: string): Api {
  const name = integration.replace(/\.(sync|sync:2|waitForTaskToken)$/, '');
  if (OPTIMIZED[name]) return OPTIMIZED[name](models);
  const [sdk, service, action] = name.split(':');
  if (/\.sync/.test(integration) && sdk === 'aws-sdk') throw new Error(`${integration}: SDK integrations have no .sync`);
  if (sdk !== 'aws-sdk') throw new Error(`${integration}: is an optimized integration that test/checks/integration.ts does not know; add it`);
  return plain(models.service(FOLDERS[service] ?? service), capital(action));
}

/** What the service would not accept, or not understand, of a call. */
export function callProblems(models: ServiceModels, { machine, state, integration, arguments: given }: Call): string[] {
  const { model, input, rules, sent = (same) => same } = apiOf(models, integration);
  const problems = [...model.problems(input, isObject(given) ? sent(given) : given, 'Arguments'), ...isObject(given) ? rules(given) : []];
  return problems.map((problem) => `${machine}: ${state}: ${integration}: ${problem}`);
}

/** Whether an error that a Retry or Catch names is one that the integration's task can end with: `Sfn.ExecutionAlreadyExistsException`. */
export function errorProblems(models: ServiceModels, integration: string, errors: readonly string[]): string[] {
  const { model, operation } = apiOf(models, integration);
  const [first, second] = integration.split(':');
  const service = ERRORS[first] ?? second;
  const known = model.errors(operation).map((name) => `${service}.${name.replace(/Exception$/, '')}Exception`);
  const isKnown = (error: string) => known.some((name) => name.toLowerCase() === error.toLowerCase());
  return errors.filter((error) => !isKnown(error)).map((error) => `${integration}: ends with no ${error}; known: ${known.join(', ')}`);
}

/** What EventBridge Scheduler will call for a schedule that a task makes, with the role that it will have. */
export function scheduledCall({ machine, state, integration, arguments: given }: Call): (Call & { readonly roleArn: string }) | undefined {
  if (integration !== 'aws-sdk:scheduler:createSchedule') return undefined;
  const { Arn, Input, RoleArn } = (given as { Target: Record<string, string> }).Target;
  const [, target] = /^arn:[^:]+:scheduler:::(aws-sdk:.+)$/.exec(Arn) ?? [];
  if (target === undefined) throw new Error(`${machine}: ${state}: ${Arn} is a target that test/checks/integration.ts does not know; add it`);
  return { machine, state: `${state} (scheduled)`, integration: target, arguments: JSON.parse(Input) as Json, roleArn: RoleArn };
}
