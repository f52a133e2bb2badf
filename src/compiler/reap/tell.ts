/** What a run cannot tell those that wait for it in other schedules, any more or at all, is told for it. */
import { ITEM_KEY, elsewhereItems, RUN_KEY } from '../../contract/table';
import type { Pipeline } from '../../pipeline';
import { Asl, jsonata, States, TRANSIENT_RETRY } from '../asl';
import { settling } from '../render/elsewhere';
import { Caller, CONDITION_FAILED, wake } from '../render/latch';
import { members } from '../render/set';

export interface Telling {
  /** JSONata of activities with what comes of them: `{"id", "status"}`. */
  readonly told: string;
  /** JSONata of the interval's start. */
  readonly start: string;
  readonly next: string;
  readonly catcher: Asl;
}

/** What has FINISHED before, in another run of the interval, stays so. */
export function tellOthers(caller: Caller, { runTable }: Pipeline, { told, start, next, catcher }: Telling): States {
  const step = (name: string) => `Tell others: ${name}`;
  const { ExpressionAttributeValues, ...change } = settling(jsonata('$states.input.status'));
  return {
    'Tell others': {
      Type: 'Map',
      Items: jsonata(told),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: step('settle'),
        States: {
          [step('settle')]: {
            Type: 'Task',
            Resource: caller.resource('aws-sdk:dynamodb:updateItem'),
            Arguments: {
              TableName: runTable.tableName,
              Key: { [RUN_KEY]: { S: jsonata(`"${elsewhereItems('')}" & $states.input.id`) }, [ITEM_KEY]: { S: jsonata(start) } },
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
