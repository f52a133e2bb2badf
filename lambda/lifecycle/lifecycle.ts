import { Activations, ensureActivation, removeActivation } from './activation';
import { recording } from './first-activation';
import { ActivationProperties, RenewRequest } from '../../src/contract/activation';
import { DocumentReader } from '../../src/contract/document';
import {
  AnswerRequest, EndProperties, StackAnswer, StackReplyTo, StackRequest, StartAttributes, startAttributes, StartProperties, TeardownInput,
} from '../../src/contract/lifecycle';
import { TickInput } from '../../src/contract/run';
import { ITEM_KEY, PIPELINE_PARTITION, RUN_KEY } from '../../src/contract/table';

/** What a deployment's requests take to answer. */
export interface LifecycleServices {
  readonly now: () => number;
  readonly activations: Activations;
  /** Answers the item's text attributes, where the update asks for them. */
  update(update: TableUpdate): Promise<Readonly<Record<string, { readonly S?: string }>>>;
  sleep(milliseconds: number): Promise<void>;
  /** The same name and input again start nothing. */
  start(stateMachineArn: string, name: string, input: TeardownInput | TickInput): Promise<void>;
  answer(url: string, body: StackAnswer): Promise<void>;
}

/** An update of an item, as DynamoDB takes it. */
export type TableUpdate = ReturnType<typeof deactivation> | ReturnType<typeof recording>;

/**
 * A deployment creates, updates or deletes a pipeline. The end of a pipeline takes longer than a function may: the Teardown machine sees
 * to it, and asks for the answer here when it is done. A request that fails is answered too, as a deployment waits for an hour else.
 *
 * @throws InvalidDocument for an event that is no request, which nobody waits for
 */
export async function lifecycle(event: unknown, services: LifecycleServices): Promise<void> {
  const reader = new DocumentReader(event, 'lifecycle request');
  if (reader.has('kind')) {
    const isAnswer = reader.oneOf('kind', ['answer', 'renew']) === 'answer';
    return isAnswer ? answered(event as AnswerRequest, services) : renew(event as RenewRequest, services);
  }
  const request = event as StackRequest;
  reader.text('ResponseURL');
  const deleted = reader.oneOf('RequestType', ['Create', 'Update', 'Delete']) === 'Delete';
  const properties = request.ResourceProperties;
  try {
    if ('ParameterName' in properties) await (deleted ? unregister : register)(request, properties, services);
    else if ('StartItem' in properties) await (deleted ? reply(services, request) : begin(request, properties, services));
    else await (deleted ? end(request, properties, services) : ready(request, properties, services));
  } catch (error) {
    await reply(services, request, `${failureOf(properties, deleted)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failureOf(properties: StackRequest['ResourceProperties'], deleted: boolean): string {
  if ('ParameterName' in properties) return `The activation of worker group ${properties.DefaultInstanceName} could not be ${deleted ? 'deleted' : 'made'}`;
  return 'StartItem' in properties ? 'The first activation could not be recorded' : `The ${deleted ? 'teardown' : 'first run'} could not be started`;
}

function answered({ replyTo, problem }: AnswerRequest, services: LifecycleServices): Promise<void> {
  return reply(services, replyTo, problem);
}

function renew(request: RenewRequest, { activations, now }: LifecycleServices): Promise<void> {
  return ensureActivation(request, activations, now());
}

/** One of a role or a name that the worker group had before goes. */
async function register(request: StackRequest, properties: ActivationProperties, services: LifecycleServices): Promise<void> {
  const { activations, now } = services;
  const { OldResourceProperties: old } = request;
  const isAnother = old && 'ParameterName' in old && (old.IamRole !== properties.IamRole || old.ParameterName !== properties.ParameterName);
  if (isAnother) await removeActivation(old, activations);
  await patiently(services, () => ensureActivation(properties, activations, now()));
  await reply(services, request);
}

async function unregister(request: StackRequest, properties: ActivationProperties, services: LifecycleServices): Promise<void> {
  await removeActivation(properties, services.activations);
  await reply(services, request);
}

async function end(request: StackRequest, properties: EndProperties, services: LifecycleServices): Promise<void> {
  await services.update(deactivation(properties));
  await services.start(properties.TeardownArn, request.RequestId, { replyTo: replyToOf(request) });
}

/** All that runs need is there. The Starter knows whether the first interval has run. */
async function ready(request: StackRequest, { StarterArn, StartDateTime }: EndProperties, services: LifecycleServices): Promise<void> {
  if (StarterArn !== undefined && StartDateTime !== undefined) {
    await patiently(services, () => services.start(StarterArn, request.RequestId, { scheduledTime: StartDateTime }));
  }
  await reply(services, request);
}

/** The first deployment is recorded; each tells what is. */
async function begin(request: StackRequest, properties: StartProperties, services: LifecycleServices): Promise<void> {
  const { startDateTime } = await patiently(services, () => services.update(recording(properties, services.now())));
  await reply(services, request, '', startAttributes(properties, String(startDateTime.S)));
}

/** What a service says of a permission or a role that is too new to it. */
const TOO_NEW = ['AccessDeniedException', 'ValidationException'];

/** A permission or a role that the same deployment has made may take some seconds to count. */
async function patiently<T>(services: LifecycleServices, call: () => Promise<T>, left = 5): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (left === 0 || !(error instanceof Error && TOO_NEW.includes(error.name))) throw error;
  }
  await services.sleep(5000);
  return patiently(services, call, left - 1);
}

/** From now on the Starter starts nothing. */
function deactivation({ TableName, QueueItem }: EndProperties) {
  return {
    TableName,
    Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: QueueItem } },
    UpdateExpression: 'SET active = :no ADD version :one',
    ExpressionAttributeValues: { ':no': { BOOL: false }, ':one': { N: '1' } },
  };
}

function reply(services: LifecycleServices, to: StackReplyTo, problem = '', Data?: StartAttributes): Promise<void> {
  const { ResponseURL, ...ids } = replyToOf(to);
  const answer = { ...ids, ...Data ? { Data } : {} };
  return services.answer(ResponseURL, problem === '' ? { Status: 'SUCCESS', ...answer } : { Status: 'FAILED', Reason: problem, ...answer });
}

/** The id never changes, so that no update makes CloudFormation delete what it takes for an older resource. */
function replyToOf({ ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId }: StackReplyTo): StackReplyTo {
  return { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId };
}
