/** What an operator does with a deployed pipeline; each says in a line what it has done. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DeployedPipeline, OperationError } from './account';
import { RerunInput, scheduleOf, StarterInput, StarterOutput } from '../src/contract/run';
import { ITEM_KEY, PIPELINE_PARTITION, queueItemOf, RUN_KEY } from '../src/contract/table';

/** Hands a request to the Starter of each schedule that is meant. */
export async function ask(pipeline: DeployedPipeline, input: StarterInput): Promise<string> {
  const asked: string[] = [];
  for (const schedule of await pipeline.schedules()) asked.push(await start(pipeline, schedule, input));
  return `asked the Starter: ${asked.join(', ')}`;
}

/** Repeats what a run has not finished, or what is named of it. */
export async function rerun(pipeline: DeployedPipeline, asked: RerunInput['rerun']): Promise<string> {
  const { run, reason } = await decided(pipeline, scheduleOf(asked.run), { rerun: asked });
  if (run === undefined) throw new OperationError(`${asked.run} is not repeated: ${reason}`);
  return `started ${run}`;
}

/** A rerun takes these objects as finished. */
export async function markFinished(pipeline: DeployedPipeline, run: string, objects: readonly string[]): Promise<string> {
  const { run: marked, reason } = await decided(pipeline, scheduleOf(run), { markFinished: { run, objects } });
  if (marked === undefined) throw new OperationError(`nothing of ${run} is marked: ${reason}`);
  return `marked ${objects.join(', ')} of ${marked} as FINISHED`;
}

/** What the Starter of a schedule decides on a request, which takes it a few seconds. */
async function decided(pipeline: DeployedPipeline, schedule: string, input: StarterInput): Promise<StarterOutput> {
  const executionArn = await start(pipeline, schedule, input);
  for (;;) {
    const { status, output, cause } = await pipeline.clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return JSON.parse(output!) as StarterOutput;
    if (status !== 'RUNNING') throw new OperationError(cause ?? `the Starter's execution is ${status}: ${executionArn}`);
    await setTimeout(1000);
  }
}

/** Under a name of its own, so that a call that the SDK makes twice is one. */
async function start(pipeline: DeployedPipeline, schedule: string, input: StarterInput): Promise<string> {
  const stateMachineArn = await pipeline.arn('starter', schedule);
  const command = new StartExecutionCommand({ stateMachineArn, name: randomUUID(), input: JSON.stringify(input) });
  const { executionArn } = await pipeline.clients.stepFunctions.send(command);
  return executionArn!;
}

/** Stops a run; what it has launched is ended, and its objects become CANCELED. */
export async function cancel(pipeline: DeployedPipeline, run: string): Promise<string> {
  const executionArn = `${(await pipeline.arn('run', scheduleOf(run))).replace(':stateMachine:', ':execution:')}:${run}`;
  await pipeline.clients.stepFunctions.send(new StopExecutionCommand({ executionArn, error: 'Canceled', cause: 'datapipeline cancel' }));
  return `stopped ${run}`;
}

/** New runs start again: those that wait at once. Intervals before `startTimestamp` are SKIPPED, and it says which. */
export async function activate(pipeline: DeployedPipeline, startTimestamp?: string): Promise<string> {
  const schedules = await pipeline.schedules();
  for (const schedule of schedules) await setActive(pipeline, schedule, true, startTimestamp);
  if (startTimestamp === undefined) return `${pipeline.name} is active; ${await ask(pipeline, { dispatch: true })}`;
  const skipped: string[] = [];
  for (const schedule of schedules) skipped.push(skippedOf(schedule, await decided(pipeline, schedule, { dispatch: true })));
  return `${pipeline.name} is active; ${skipped.join('; ')}`;
}

function skippedOf(schedule: string, { skipped }: StarterOutput): string {
  return `schedule ${schedule} skips ${skipped ? `the intervals that begin from ${skipped.from} to ${skipped.to}` : 'no interval'}`;
}

export async function deactivate(pipeline: DeployedPipeline, cancelActive: boolean): Promise<string> {
  const stopped: string[] = [];
  const schedules = await pipeline.schedules();
  for (const schedule of schedules) await setActive(pipeline, schedule, false);
  if (cancelActive) for (const schedule of schedules) stopped.push(...await cancelAll(pipeline, schedule));
  return `${pipeline.name} is not active${stopped.length ? `; stopped ${stopped.join(', ')}` : ''}`;
}

async function cancelAll(pipeline: DeployedPipeline, schedule: string): Promise<string[]> {
  const stateMachineArn = await pipeline.arn('run', schedule);
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
async function setActive(pipeline: DeployedPipeline, schedule: string, active: boolean, startTimestamp?: string): Promise<void> {
  await pipeline.clients.dynamoDb.send(new UpdateItemCommand({
    TableName: await pipeline.tableName(),
    Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: queueItemOf(schedule) } },
    UpdateExpression: `SET active = :active${startTimestamp === undefined ? '' : ', startTimestamp = :start'} ADD version :one`,
    ExpressionAttributeValues: {
      ':active': { BOOL: active }, ':one': { N: '1' }, ...startTimestamp === undefined ? {} : { ':start': { S: startTimestamp } },
    },
  }));
}
