/** A run that was stopped, timed out or crashed can no longer tell those that wait for it in other schedules: it is told for it. */
import { ITEM_KEY, elsewhereItems, RUN_KEY } from '../../contract/table';
import type { Pipeline } from '../../pipeline';
import { Asl, jsonata, jsonataStrings, States, TRANSIENT_RETRY } from '../asl';
import { settling } from '../render/elsewhere';
import { Caller, CONDITION_FAILED, wake } from '../render/latch';
import { members } from '../render/set';

export interface Telling {
  /** Ids of the activities. */
  readonly told: readonly string[];
  /** JSONata of what comes of `$id`. */
  readonly status: string;
  readonly next: string;
  readonly catcher: Asl;
}

/** What has FINISHED before, in another run of the interval, stays so. A run that never began has no interval. */
export function tellOthers(caller: Caller, { runTable }: Pipeline, { told, status, next, catcher }: Telling): States {
  if (told.length === 0) return {};
  const step = (name: string) => `Tell others: ${name}`;
  const { ExpressionAttributeValues, ...change } = settling(jsonata('$states.input.status'));
  return {
    'Tell others': {
      Type: 'Map',
      Items: jsonata(`$exists($item.scheduledStartTime) ? [$map(${jsonataStrings(told)}, function($id) { {"id": $id, "status": ${status}} })] : []`),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: step('settle'),
        States: {
          [step('settle')]: {
            Type: 'Task',
            Resource: caller.resource('aws-sdk:dynamodb:updateItem'),
            Arguments: {
              TableName: runTable.tableName,
              Key: { [RUN_KEY]: { S: jsonata(`"${elsewhereItems('')}" & $states.input.id`) }, [ITEM_KEY]: { S: jsonata('$item.scheduledStartTime.S') } },
              ...change,
              ConditionExpression: 'attribute_not_exists(#status) OR #status <> :finished',
              ExpressionAttributeValues: { ...ExpressionAttributeValues as Asl, ':finished': { S: 'FINISHED' } },
            },
            Retry: [{ ErrorEquals: [CONDITION_FAILED], MaxAttempts: 0 }, TRANSIENT_RETRY],
            Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: step('known') }],
            Assign: { waiting: jsonata(members('$states.result.Attributes', 'waiters')) },
            Output: {},
            Next: step('wake'),
          },
          ...wake(caller, step, 'waiting', '"{}"', { End: true }),
          [step('known')]: { Type: 'Succeed', Output: {} },
        },
      },
      Catch: [catcher],
      Output: {},
      Next: next,
    },
  };
}
