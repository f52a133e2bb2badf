/**
 * Latches: how one branch waits for a part of another. A latch is an item of the Run table.
 *
 * Who signals writes the results into the item, and gets back the tokens that wait on it; who awaits leaves a token on the condition that
 * no results are there yet, and reads them if they are (see `chain.ts`). Both are one conditional write of one item, so that whichever comes second
 * sees the other: no wake-up is lost between them. A wait registers again after 15 minutes, or a quarter of the time that the run
 * has taken, if that is longer: a wake-up that is lost later costs no more than that.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITEM_KEY, RUN_KEY, TTL_ATTRIBUTE } from '../../contract/table';
import { ANY_ERROR, Asl, jsonata, PATIENT_RETRY, States, TRANSIENT_RETRY } from '../asl';
import { delaysFor, growth, SHARE } from '../history';
import { RunContext } from './context';
import { Addition } from './set';

const REGISTER_AGAIN_SECONDS = 900;
const REGISTER_AGAIN_SHARE = 0.25;
const EVENTS_PER_WAIT = 6;
export const CONDITION_FAILED = 'DynamoDb.ConditionalCheckFailedException';
/** Tokens that were given up: whoever left one has left another. */
const GIVEN_UP = ['Sfn.TaskTimedOutException', 'Sfn.TaskDoesNotExistException', 'Sfn.InvalidTokenException'];
/** Of the task that leaves it. */
export const TOKEN = jsonata('$states.context.Task.Token');

/** Reads an item as it is now. */
export function readItem(context: RunContext, item: string): Asl {
  context.allow(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [context.pipeline.runTable.tableArn] }));
  return {
    Type: 'Task', Resource: context.resource('aws-sdk:dynamodb:getItem'), Arguments: { ...key(context, item), ConsistentRead: true }, Retry: [PATIENT_RETRY],
  };
}

/** Changes an item that others look at, and returns all of it. */
export function update(context: RunContext, item: string, change: string, values: Asl, more: Asl = {}): Asl {
  context.allowUpdate();
  return { Type: 'Task', Resource: context.resource('aws-sdk:dynamodb:updateItem'), Arguments: { ...changing(context, item, change, values), ...more, ReturnValues: 'ALL_NEW' } };
}

/** By `waits` waits, one after the other: JSONata of the seconds after which a wait registers again: the longer the run has taken, the longer, so that its history lasts. */
export function registerAgain(context: RunContext, waits = 1): string {
  const longest = context.pipeline._defaults.runTimeout.toSeconds();
  const delays = SHARE.waits / EVENTS_PER_WAIT / context.asking.waits;
  const share = growth(REGISTER_AGAIN_SECONDS, longest, delays, REGISTER_AGAIN_SHARE);
  context.askingEvents.push(waits * EVENTS_PER_WAIT * (1 / share + delaysFor(REGISTER_AGAIN_SECONDS, longest, share)));
  return `$max([${REGISTER_AGAIN_SECONDS}, $floor(($millis() - $toMillis($states.context.Execution.StartTime)) / ${Math.floor(1000 / share)})])`;
}

/** How a registration may end other than by an answer: it is made `again` when it has waited for long, `otherwise` nothing waits. */
export interface Unanswered {
  readonly again: string;
  readonly otherwise: string;
}

/** Leaves the token in an item, on a condition: the task ends when the token is answered. It does so for so many `waits`. */
export function register(
  context: RunContext, item: string, { assignment, values }: Addition, more: Asl, { again, otherwise }: Unanswered, waits = 1,
): Asl {
  context.allowUpdate();
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:dynamodb:updateItem.waitForTaskToken'),
    Arguments: { ...changing(context, item, `SET ${assignment}`, values), ...more },
    TimeoutSeconds: jsonata(registerAgain(context, waits)),
    Retry: [{ ErrorEquals: [CONDITION_FAILED, 'States.Timeout'], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: again }, { ErrorEquals: ANY_ERROR, Next: otherwise }],
  };
}

/** What makes calls. */
export type Caller = Pick<RunContext, 'resource' | 'allow'>;

/** Answers a token, if whoever left it still waits. `token` and `output` are JSONata. */
export function answer(context: Caller, token: string, output: string): Asl {
  context.allow(new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: ['*'] })); // has no resource types
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:sfn:sendTaskSuccess'),
    Arguments: { TaskToken: jsonata(token), Output: jsonata(output) },
    Retry: [{ ErrorEquals: GIVEN_UP, MaxAttempts: 0 }, TRANSIENT_RETRY],
  };
}

/** Answers all tokens in a variable. */
export function wake(context: Caller, name: (step: string) => string, tokens: string, output: string, leave: Asl): States {
  return {
    [name('wake')]: {
      Type: 'Map',
      Items: jsonata(`$${tokens}`),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: name('wake one'),
        States: {
          [name('wake one')]: { ...answer(context, '$states.input', output), Catch: [{ ErrorEquals: ANY_ERROR, Next: name('gone') }], Output: {}, End: true },
          [name('gone')]: { Type: 'Pass', Output: {}, End: true },
        },
      },
      Output: {},
      ...leave,
    },
  };
}

function changing(context: RunContext, item: string, change: string, values: Asl): Asl {
  const expires = `${TTL_ATTRIBUTE} = :expiresAt`;
  return {
    ...key(context, item),
    UpdateExpression: change.includes('SET ') ? `${change}, ${expires}` : `${change} SET ${expires}`,
    ExpressionAttributeValues: { ...values, ':expiresAt': { N: jsonata('$expiresAt') } },
  };
}

function key(context: RunContext, item: string): Asl {
  return { TableName: context.pipeline.runTable.tableName, Key: { [RUN_KEY]: { S: jsonata('$run') }, [ITEM_KEY]: { S: item } } };
}
