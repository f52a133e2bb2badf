import { DocumentReader } from '../../src/contract/document';
import { AnswerRequest, StackAnswer, StackReplyTo, StackRequest, TeardownInput } from '../../src/contract/lifecycle';
import { ITEM_KEY, PIPELINE_PARTITION, RUN_KEY } from '../../src/contract/table';

/** What a deployment's requests take to answer. */
export interface LifecycleServices {
  update(update: TableUpdate): Promise<void>;
  /** The same name and input again start nothing. */
  start(stateMachineArn: string, name: string, input: TeardownInput): Promise<void>;
  answer(url: string, body: StackAnswer): Promise<void>;
}

/** An update of an item, as DynamoDB takes it. */
export type TableUpdate = ReturnType<typeof deactivation>;

/**
 * A deployment creates, updates or deletes a pipeline. The end of a pipeline takes longer than a function may: the Teardown machine sees
 * to it, and asks for the answer here when it is done. A request that fails is answered too, as a deployment waits for an hour else.
 *
 * @throws InvalidDocument for an event that is no request, which nobody waits for
 */
export async function lifecycle(event: unknown, services: LifecycleServices): Promise<void> {
  const reader = new DocumentReader(event, 'lifecycle request');
  if (reader.has('kind')) {
    const { replyTo, problem } = event as AnswerRequest;
    return reply(services, replyTo, problem);
  }
  const request = event as StackRequest;
  reader.text('ResponseURL');
  if (reader.oneOf('RequestType', ['Create', 'Update', 'Delete']) !== 'Delete') return reply(services, request);
  try {
    await services.update(deactivation(request.ResourceProperties));
    await services.start(request.ResourceProperties.TeardownArn, request.RequestId, { replyTo: replyToOf(request) });
  } catch (error) {
    await reply(services, request, `The teardown could not be started: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** From now on the Starter starts nothing. */
function deactivation({ TableName, QueueItem }: StackRequest['ResourceProperties']) {
  return {
    TableName,
    Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: QueueItem } },
    UpdateExpression: 'SET active = :no ADD version :one',
    ExpressionAttributeValues: { ':no': { BOOL: false }, ':one': { N: '1' } },
  };
}

function reply(services: LifecycleServices, to: StackReplyTo, problem = ''): Promise<void> {
  const { ResponseURL, ...ids } = replyToOf(to);
  return services.answer(ResponseURL, problem === '' ? { Status: 'SUCCESS', ...ids } : { Status: 'FAILED', Reason: problem, ...ids });
}

/** The id never changes, so that no update makes CloudFormation delete what it takes for an older resource. */
function replyToOf({ ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId = LogicalResourceId }: StackReplyTo): StackReplyTo {
  return { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId };
}
