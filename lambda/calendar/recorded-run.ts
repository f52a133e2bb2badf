/** A run that has ended is repeated, or objects of it are marked: what begins, and what the Run table is to say then. */
import { AtWork } from './memory';
import { keptBy, markable, nameable, repeated } from './rerun';
import { InvalidInput, Marking, Rerun } from './starter-input';
import { Told, RunRecord, TableValue, TableWrite } from '../../src/contract/calendar';
import { ParameterValues } from '../../src/contract/parameters';
import { rerunName, RunInput, StarterOutput } from '../../src/contract/run';
import { ITEM_KEY, objectItem, RUN_ITEM, RUN_KEY, TTL_ATTRIBUTE } from '../../src/contract/table';

/** Objects that are marked at once: a transaction of DynamoDB has 100 writes. */
const MARKS = 90;
const MARKED = 'marked by datapipeline mark-finished';
/** Reruns count for no queue. */
const RERUNS = 'reruns';

/** Who asks: the Starter's execution, and when. */
export interface Asking {
  readonly id: string;
  readonly now: number;
  readonly atWork: readonly AtWork[];
}

export interface Change {
  readonly outcome: Pick<StarterOutput, 'run' | 'reason'>;
  readonly begins?: AtWork;
  readonly writes: readonly TableWrite[];
  /** Told to those in other schedules that wait. */
  readonly tells?: readonly Told[];
}

/** @throws InvalidInput for a run or an object that is not there */
export function changeBy(record: RunRecord, asked: Rerun | Marking, asking: Asking): Change {
  const last = rerunName(record.run, record.reruns);
  if (record.scheduledStartTime === '') throw new InvalidInput(`The Run table knows no run ${record.run}: it has not begun, or too long ago`);
  // Remembered, though the Starter did not hear of it.
  if (record.askedBy === asking.id) return { outcome: { run: last }, writes: [], tells: asked.kind === 'markFinished' ? marks(record, asked) : [] };
  const isOf = (run: string) => run === record.run || run.startsWith(rerunName(record.run, ''));
  const working = asking.atWork.find(({ run }) => isOf(run) && !(run === last && record.unsettled !== ''));
  if (working) return refused(`${working.run} is at work; cancel it, or wait for its end`);
  if (record.status === 'RUNNING' && record.unsettled === '') return refused(`${last} has not ended; cancel it, or ask again in a few minutes`);
  if (record.startTime !== '' && Date.parse(record.startTime) + record.retention * 1000 < asking.now) {
    throw new InvalidInput(`${last} began at ${record.startTime}: what became of its objects is forgotten`);
  }
  const settled = record.unsettled === '' ? record : withEnd(record);
  return asked.kind === 'rerun' ? rerun(settled, asked, asking) : marked(settled, asked, asking);
}

/** As the reaper settles it. */
function withEnd(record: RunRecord): RunRecord {
  const { units, dataNodes } = record.graph;
  const ids = [...units.flatMap(({ id, preconditions = [] }) => [id, ...preconditions]), ...Object.keys(dataNodes)];
  return { ...record, objects: { ...Object.fromEntries(ids.map((id) => [id, record.unsettled])), ...record.objects } };
}

function refused(reason: string): Change {
  return { outcome: { reason }, writes: [] };
}

function rerun(record: RunRecord, asked: Rerun, { id }: Asking): Change {
  requireThere(asked.objects ?? [], nameable(record.graph), record);
  const again = repeated(record.graph, record.objects, asked);
  if (again.size === 0) return refused(`all objects of ${record.run} have finished; name those to repeat`);
  const { scheduledStartTime, scheduledEndTime, parameters } = record;
  const run = rerunName(record.run, record.reruns + 1);
  const input: RunInput = { scheduledStartTime, scheduledEndTime, parameters: parametersIn(parameters) };
  const kept = Object.entries(keptBy(record.graph, record.objects, again)).map(([object, status]) => [object, { S: status }]);
  return {
    outcome: { run },
    begins: { run, queue: RERUNS, input: JSON.stringify(input) },
    writes: [
      setting(record.run, RUN_ITEM, { reruns: { N: String(record.reruns + 1) }, askedBy: { S: id } }),
      setting(run, RUN_ITEM, {
        status: { S: 'PENDING' },
        scheduledStartTime: { S: scheduledStartTime },
        scheduledEndTime: { S: scheduledEndTime },
        settledWith: { M: Object.fromEntries(kept) },
      }),
    ],
  };
}

function marked(record: RunRecord, { objects }: Marking, { id, now }: Asking): Change {
  const run = rerunName(record.run, record.reruns);
  requireThere(objects, markable(record.graph), record);
  if (objects.length > MARKS) throw new InvalidInput(`At most ${MARKS} objects are marked at once; got: ${objects.length}`);
  const open = objects.filter((each) => (record.objects[each] ?? 'FINISHED') === 'FINISHED');
  if (open.length > 0) {
    throw new InvalidInput(`Only what has ended without finishing can be marked; of ${run}, ${open.map((each) => `${each} is ${record.objects[each] ?? 'not known'}`).join(', ')}`);
  }
  const expires = { [TTL_ATTRIBUTE]: { N: String(Math.floor(now / 1000) + record.retention) } };
  const writes = [...new Set(objects)].map((each) => setting(run, objectItem(each), {
    status: { S: 'FINISHED' }, reason: { S: `${MARKED}; it was ${record.objects[each]}` }, endTime: { S: new Date(now).toISOString() },
  }, { attempts: { N: '0' }, startTime: { S: '' }, ...expires }));
  return { outcome: { run }, writes: [setting(record.run, RUN_ITEM, { askedBy: { S: id } }), ...writes], tells: marks(record, { objects }) };
}

function marks({ graph }: RunRecord, { objects }: Pick<Marking, 'objects'>): Told[] {
  return graph.units.filter(({ id, told }) => told && objects.includes(id)).map(({ id }) => ({ id, status: 'FINISHED' }));
}

/** What came of activities that other schedules wait for, as far as is known. */
export function endedWith({ graph, objects }: RunRecord): Told[] {
  return graph.units.filter(({ id, told }) => told && id in objects).map(({ id }) => ({ id, status: objects[id] }));
}

function requireThere(objects: readonly string[], there: readonly string[], { run }: RunRecord): void {
  const unknown = objects.filter((each) => !there.includes(each));
  if (unknown.length > 0) throw new InvalidInput(`Objects that ${run} does not have: ${unknown.join(', ')}; there are: ${there.join(', ')}`);
}

/** What an execution was started with beside the Starter may be anything. */
function parametersIn(text: string): ParameterValues {
  const given: unknown = text === '' ? {} : JSON.parse(text);
  return typeof given === 'object' && given !== null ? given as ParameterValues : {};
}

type Values = Readonly<Record<string, TableValue>>;

/** Attributes that are set, and those that are unless they are there. */
function setting(run: string, item: string, values: Values, defaults: Values = {}): TableWrite {
  const all = { ...values, ...defaults };
  const names = Object.keys(all);
  const assigned = names.map((name) => `#${name} = ${name in defaults ? `if_not_exists(#${name}, :${name})` : `:${name}`}`);
  return {
    Key: { [RUN_KEY]: { S: run }, [ITEM_KEY]: { S: item } },
    UpdateExpression: `SET ${assigned.join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, all[name]])),
  };
}
