/** What an operator does with a deployed pipeline; each says in a line what it has done. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DeployedPipeline } from './account';
import { StarterInput } from '../src/contract/run';
import { ITEM_KEY, PIPELINE_PARTITION, QUEUE_ITEM, RUN_KEY } from '../src/contract/table';

/** Hands a request to the Starter. */
export async function ask(pipeline: DeployedPipeline, input: StarterInput): Promise<string> {
  const stateMachineArn = await pipeline.arn('starter');
  const { executionArn } = await pipeline.clients.stepFunctions.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  return `asked the Starter: ${executionArn}`;
}

/** Stops a run; what it has launched is ended, and its objects become CANCELED. */
export async function cancel(pipeline: DeployedPipeline, run: string): Promise<string> {
  const executionArn = `${(await pipeline.arn('run')).replace(':stateMachine:', ':execution:')}:${run}`;
  await pipeline.clients.stepFunctions.send(new StopExecutionCommand({ executionArn, error: 'Canceled', cause: 'datapipeline cancel' }));
  return `stopped ${run}`;
}

/** New runs start again: those that wait at once. Intervals before `startTimestamp` are SKIPPED. */
export async function activate(pipeline: DeployedPipeline, startTimestamp?: string): Promise<string> {
  await setActive(pipeline, true, startTimestamp);
  return `${pipeline.name} is active; ${await ask(pipeline, { dispatch: true })}`;
}

export async function deactivate(pipeline: DeployedPipeline, cancelActive: boolean): Promise<string> {
  await setActive(pipeline, false);
  const stopped = cancelActive ? await cancelAll(pipeline) : [];
  return `${pipeline.name} is not active${stopped.length ? `; stopped ${stopped.join(', ')}` : ''}`;
}

async function cancelAll(pipeline: DeployedPipeline): Promise<string[]> {
  const stateMachineArn = await pipeline.arn('run');
  const stopped: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await pipeline.clients.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken }));
    for (const { name } of page.executions ?? []) {
      await cancel(pipeline, name!);
      stopped.push(name!);
    }
    ({ nextToken } = page);
  } while (nextToken);
  return stopped;
}

/** Each write of the queue counts, so that a decision of the Starter on what it was is refused. */
async function setActive(pipeline: DeployedPipeline, active: boolean, startTimestamp?: string): Promise<void> {
  await pipeline.clients.dynamoDb.send(new UpdateItemCommand({
    TableName: await pipeline.tableName(),
    Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: QUEUE_ITEM } },
    UpdateExpression: `SET active = :active${startTimestamp === undefined ? '' : ', startTimestamp = :start'} ADD version :one`,
    ExpressionAttributeValues: {
      ':active': { BOOL: active }, ':one': { N: '1' }, ...startTimestamp === undefined ? {} : { ':start': { S: startTimestamp } },
    },
  }));
}
