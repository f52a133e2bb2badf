/**
 * Latches: how one branch waits for a part of another. A latch is an item of the Run table.
 *
 * `signal` writes the results into the item, and gets back the tokens that wait on it; `await` leaves a token on the condition that
 * no results are there yet, and reads them if they are. Both are one conditional write of one item, so that whichever comes second
 * sees the other: no wake-up is lost between them. A wait that takes long registers again, so that one lost later costs minutes.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITEM_KEY, latchItem, RUN_KEY, TTL_ATTRIBUTE } from '../../contract/table';
import { ANY_ERROR, Asl, Fragment, jsonata, TRANSIENT_RETRY } from '../asl';
import { Exit, RunContext } from './context';
import { adding, members } from './set';

const REGISTER_AGAIN_SECONDS = 900;
const NOT_YET_SECONDS = 60;
const SIGNALLED = 'DynamoDb.ConditionalCheckFailedException';

/** Variable with the results that a latch has let through: ids to objects with a status. */
export function latchVariable(latch: number): string {
  return `w_${latch}`;
}

/** `name` makes the names of the states; `results` is JSONata of the results to let through, of which the statuses go. */
export function signal(context: RunContext, latch: number, name: (step: string) => string, results: string, exit: Exit): Fragment {
  const waiting = `wk_${latch}`;
  const statuses = `$string($merge($map($keys(${results}), function($id) { {$id: {"status": $lookup(${results}, $id).status}} })))`;
  allowTable(context, 'dynamodb:UpdateItem');
  context.allow(new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: ['*'] })); // has no resource types
  return {
    start: name('signal'),
    states: {
      [name('signal')]: {
        Type: 'Task',
        Resource: context.resource('aws-sdk:dynamodb:updateItem'),
        Arguments: {
          ...item(context, latch),
          UpdateExpression: `SET results = :results, ${TTL_ATTRIBUTE} = :expiresAt`,
          ExpressionAttributeValues: { ':results': { S: jsonata(statuses) }, ':expiresAt': { N: jsonata('$expiresAt') } },
          ReturnValues: 'ALL_NEW',
        },
        Retry: [{ ...TRANSIENT_RETRY, MaxAttempts: 30, MaxDelaySeconds: 60 }],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: exit.next }],
        Assign: { [waiting]: jsonata(members('$states.result.Attributes', 'waiters')) },
        Output: {},
        Next: name('wake'),
      },
      [name('wake')]: {
        Type: 'Map',
        Items: jsonata(`$${waiting}`),
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: name('wake one'),
          States: {
            [name('wake one')]: {
              Type: 'Task',
              Resource: context.resource('aws-sdk:sfn:sendTaskSuccess'),
              Arguments: { TaskToken: jsonata('$states.input'), Output: jsonata(statuses) },
              Retry: [{ ErrorEquals: ['Sfn.TaskTimedOutException', 'Sfn.TaskDoesNotExistException', 'Sfn.InvalidTokenException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
              Catch: [{ ErrorEquals: ANY_ERROR, Next: name('gone') }],
              Output: {},
              End: true,
            },
            // A token that was given up: whoever left it has registered again.
            [name('gone')]: { Type: 'Pass', Output: {}, End: true },
          },
        },
        Output: {},
        ...exit.leave,
      },
    },
  };
}

/** Assigns the latch's variable. */
export function awaitLatch(context: RunContext, latch: number, name: (step: string) => string, next: string): Fragment {
  const variable = latchVariable(latch);
  const token = adding('waiters', jsonata('$states.context.Task.Token'));
  const [waitName, readName, letName] = [name(`await ${latch}`), name(`read ${latch}`), name(`signalled ${latch}?`)];
  allowTable(context, 'dynamodb:UpdateItem', 'dynamodb:GetItem');
  return {
    start: waitName,
    states: {
      [waitName]: {
        Type: 'Task',
        Resource: context.resource('aws-sdk:dynamodb:updateItem.waitForTaskToken'),
        Arguments: {
          ...item(context, latch),
          UpdateExpression: `SET ${token.assignment}, ${TTL_ATTRIBUTE} = :expiresAt`,
          ConditionExpression: 'attribute_not_exists(results)',
          ExpressionAttributeValues: { ...token.values, ':expiresAt': { N: jsonata('$expiresAt') } },
        },
        TimeoutSeconds: REGISTER_AGAIN_SECONDS,
        Retry: [
          { ErrorEquals: [SIGNALLED], MaxAttempts: 0 },
          { ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 1_000_000 },
          TRANSIENT_RETRY,
        ],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: readName }],
        Assign: { [variable]: jsonata('$states.result') },
        Output: {},
        Next: next,
      },
      [readName]: {
        Type: 'Task',
        Resource: context.resource('aws-sdk:dynamodb:getItem'),
        Arguments: { ...item(context, latch), ConsistentRead: true },
        Retry: [{ ...TRANSIENT_RETRY, MaxAttempts: 30, MaxDelaySeconds: 60 }],
        Assign: { [variable]: jsonata('$exists($states.result.Item.results.S) ? $parse($states.result.Item.results.S) : {}') },
        Output: {},
        Next: letName,
      },
      [letName]: {
        Type: 'Choice',
        Choices: [{ Condition: jsonata(`$${variable} != {}`), Next: next }],
        Default: name(`not yet ${latch}`),
      },
      [name(`not yet ${latch}`)]: { Type: 'Wait', Seconds: NOT_YET_SECONDS, Next: waitName },
    },
  };
}

function item(context: RunContext, latch: number): Asl {
  return { TableName: context.pipeline.runTable.tableName, Key: { [RUN_KEY]: { S: jsonata('$run') }, [ITEM_KEY]: { S: latchItem(latch) } } };
}

function allowTable(context: RunContext, ...actions: string[]): void {
  context.allow(new PolicyStatement({ actions, resources: [context.pipeline.runTable.tableArn] }));
}
