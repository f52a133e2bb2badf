import { attempted } from '../attempts';
import { isDistributed, MapState } from '../definition';
import { Member, runTogether } from '../group';
import { ScopeRunner } from '../interpreter';
import { JsonObject } from '../json';
import { Json } from '../task';
import { Departure, Visit } from '../visit';
import { distribute } from './distributed-map';

/** An inline Map runs about this many iterations at once, whatever MaxConcurrency allows. */
const INLINE_CONCURRENCY = 40;

export function runMap(visit: Visit<MapState>, runScope: ScopeRunner): Promise<Departure> {
  return attempted(visit, async () => {
    const result = isDistributed(visit.state) ? await distribute(visit, runScope) : await iterate(visit, runScope);
    return visit.exit(visit.state, result, { result });
  });
}

async function iterate(visit: Visit<MapState>, runScope: ScopeRunner): Promise<Json[]> {
  const { thread: { trail }, state } = visit;
  const items = await itemsOf(visit);
  const concurrency = await visit.evaluateInteger('MaxConcurrency', state.MaxConcurrency, 0) || INLINE_CONCURRENCY;
  await tolerance(visit, items.length);
  trail.add('MapStateStarted', { length: items.length });
  const members = items.map((item, index) => member(visit, item, index, runScope));
  const outputs = await runTogether(visit.thread, members, Math.min(concurrency, INLINE_CONCURRENCY));
  trail.note('MapStateSucceeded');
  return outputs;
}

function member(visit: Visit<MapState>, item: Json, index: number, runScope: ScopeRunner): Member {
  const map: JsonObject = { Item: { Index: index, Value: item } };
  const details = { name: visit.name, index };
  return {
    map,
    run: async thread => {
      thread.trail.add('MapIterationStarted', details);
      try {
        const input = await visit.evaluate('ItemSelector', visit.state.ItemSelector, item, { map });
        visit.checkSize('ItemSelector', input);
        const output = await runScope(visit.state.ItemProcessor, input, thread);
        return { output, ended: thread.trail.note('MapIterationSucceeded', details) };
      } catch (error) {
        thread.trail.add(thread.signal.aborted ? 'MapIterationAborted' : 'MapIterationFailed', details);
        throw error;
      }
    },
  };
}

export async function itemsOf(visit: Visit<MapState>): Promise<Json[]> {
  const items = visit.state.Items;
  if (items !== undefined) return await visit.evaluateAs('array', 'Items', items) as Json[];
  if (Array.isArray(visit.input)) return visit.input;
  throw visit.evaluationFailed(`Map state input must be an array but was: ${JSON.stringify(visit.input)}`);
}

/** How many iterations may fail. Only a distributed Map tolerates any, but both evaluate the fields. */
export async function tolerance(visit: Visit<MapState>, count: number): Promise<number> {
  const { ToleratedFailureCount: number, ToleratedFailurePercentage: percentage } = visit.state;
  const allowed = await visit.evaluateInteger('ToleratedFailureCount', number, 0) ?? 0;
  const share = await visit.evaluateInteger('ToleratedFailurePercentage', percentage, 0, 100) ?? 0;
  return Math.max(allowed, Math.floor(count * share / 100));
}
