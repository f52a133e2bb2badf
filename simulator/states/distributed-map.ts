import { ItemBatcher, ItemReader, MapState } from '../definition';
import { StateError } from '../errors';
import { runTogether } from '../group';
import { History, Trail } from '../history';
import { ScopeRunner } from '../interpreter';
import { isObject, JsonObject, sizeOf } from '../json';
import { Json } from '../task';
import { Thread } from '../thread';
import { Variables } from '../variables';
import { Visit } from '../visit';
import { itemsOf, tolerance } from './map';

const DISTRIBUTED_CONCURRENCY = 10_000;

/**
 * Runs each item, or batch of items, in a child execution: with a history of its own, and without the outer variables. Children
 * that fail within the tolerated number leave no output.
 */
export async function distribute(visit: Visit<MapState>, runScope: ScopeRunner): Promise<Json[]> {
  const { thread, state } = visit;
  const inputs = await batched(visit, state.ItemBatcher, await selected(visit, await read(visit, state.ItemReader)));
  const concurrency = await visit.evaluateInteger('MaxConcurrency', state.MaxConcurrency, 0) || DISTRIBUTED_CONCURRENCY;
  const tolerated = await tolerance(visit, inputs.length);
  // The service reads the items only when the run has begun.
  thread.trail.add('MapStateStarted', { length: state.ItemReader ? 0 : inputs.length });
  const mapRunArn = arnOfRun(visit);
  const started = thread.trail.add('MapRunStarted', { mapRunArn });
  const outputs: (Json | undefined)[] = inputs.map(() => undefined);
  let failures = 0;
  const children = inputs.map((input, index) => ({
    run: async (member: Thread) => {
      try {
        outputs[index] = await runScope(state.ItemProcessor, input, child(member, `${mapRunArn.split('/')[1]}-${index}`));
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        if (++failures > tolerated) throw new StateError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
      }
      return { output: null, ended: started };
    },
  }));
  await runTogether(thread, children, concurrency).catch(error => {
    if (!thread.signal.aborted) thread.trail.add('MapRunFailed');
    throw error;
  });
  thread.trail.note('MapStateSucceeded', {}, thread.trail.note('MapRunSucceeded'));
  return outputs.filter(output => output !== undefined);
}

async function read(visit: Visit<MapState>, reader?: ItemReader): Promise<Json[]> {
  if (!reader) return itemsOf(visit);
  const { world, owner, signal } = visit.thread;
  const handler = world.handlers.get('s3:getObject');
  if (!handler) throw new Error(`state '${visit.name}' reads items with ${reader.Resource}, for which no handler 's3:getObject' is registered`);
  const answer = await handler({
    resource: reader.Resource,
    service: 's3',
    action: 'getObject',
    arguments: await visit.evaluate('ItemReader/Arguments', reader.Arguments, {}),
    executionArn: owner.arn,
    stateName: visit.name,
    clock: world.clock,
    signal,
  });
  const most = await visit.evaluateInteger('ItemReader/ReaderConfig/MaxItems', reader.ReaderConfig?.MaxItems, 0);
  const items: unknown = JSON.parse(isObject(answer) && typeof answer.Body === 'string' ? answer.Body : 'null');
  if (!Array.isArray(items)) throw new StateError('States.ItemReaderFailed', 'Attempting to map over non-iterable node.');
  return items.slice(0, most || undefined);
}

function selected(visit: Visit<MapState>, items: readonly Json[]): Promise<Json[]> {
  return Promise.all(items.map((item, index) => {
    const map: JsonObject = { Item: { Index: index, Value: item } };
    return visit.evaluate('ItemSelector', visit.state.ItemSelector, item, { map });
  }));
}

async function batched(visit: Visit<MapState>, batcher: ItemBatcher | undefined, items: Json[]): Promise<Json[]> {
  if (!batcher) return items;
  const mostItems = await visit.evaluateInteger('ItemBatcher/MaxItemsPerBatch', batcher.MaxItemsPerBatch, 1) ?? Infinity;
  const mostBytes = await visit.evaluateInteger('ItemBatcher/MaxInputBytesPerBatch', batcher.MaxInputBytesPerBatch, 1) ?? Infinity;
  const shared: JsonObject = batcher.BatchInput === undefined ? {} : { BatchInput: await visit.evaluate('ItemBatcher/BatchInput', batcher.BatchInput, null) };
  const batches: Json[][] = [];
  for (const item of items) {
    const batch = batches.at(-1);
    if (batch && batch.length < mostItems && sizeOf({ ...shared, Items: [...batch, item] }) <= mostBytes) batch.push(item);
    else batches.push([item]);
  }
  return batches.map(batch => ({ ...shared, Items: batch }));
}

function child(member: Thread, name: string): Thread {
  const { world, owner } = member;
  const execution = isObject(owner.context.Execution) ? owner.context.Execution : {};
  const arn = `${owner.arn}/${name}`;
  const context = { ...owner.context, Execution: { ...execution, Id: arn, Name: name } };
  return {
    ...member,
    owner: { arn, context, countTransition: state => owner.countTransition(state) },
    trail: new Trail(new History(() => world.clock.now())),
    variables: new Variables(),
  };
}

function arnOfRun({ thread, name }: Visit<MapState>): string {
  const [prefix, execution] = thread.owner.arn.split(':execution:');
  const [machine, executionName] = execution.split(':');
  return `${prefix}:mapRun:${machine}/${name}:${executionName}`;
}
