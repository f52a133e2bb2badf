/** What runs and the Starter say to the queue in the Run table, each as the fields of a task. */
import { ITEM_KEY, PIPELINE_PARTITION, RUN_KEY } from '../../contract/table';
import type { ScheduledRuns } from '../../scheduled-runs';
import { Asl, integration, jsonata } from '../asl';
import { adding } from './set';

export function queueItem({ pipeline, queueItem: item }: ScheduledRuns): Asl {
  return { TableName: pipeline.runTable.tableName, Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: item } } };
}

/** Tells the queue that a run has ended; answers the queue's item. Twice is as once. `run` is JSONata. */
export function leaveQueue(runs: ScheduledRuns, partition: string, run: string): Asl {
  const ended = adding('ended', jsonata(run));
  return {
    Type: 'Task',
    Resource: integration(partition, 'aws-sdk:dynamodb:updateItem'),
    Arguments: {
      ...queueItem(runs),
      UpdateExpression: `SET ${ended.assignment} ADD version :one`,
      ExpressionAttributeValues: { ...ended.values, ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    },
  };
}

/** Has the Starter start what waits. `starter` is JSONata of its ARN. */
export function dispatch(partition: string, starter: string): Asl {
  return {
    Type: 'Task',
    Resource: integration(partition, 'aws-sdk:sfn:startExecution'),
    Arguments: { StateMachineArn: jsonata(starter), Input: '{"dispatch":true}' },
  };
}
