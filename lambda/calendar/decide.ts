/**
 * What begins, decided on what the Starter remembers.
 *
 * A decision is remembered before anything of it is done, on the condition that nothing else was remembered meanwhile; so it may
 * depend on what it is given alone. Runs are at work from the decision that starts them until they say that they have ended. A later
 * decision starts them once more, which changes nothing unless whoever was to start them has died before it could: then they begin,
 * or unless they have ended without saying so: then that is found out. Whatever happens, no interval is lost and none runs twice.
 */
import { Activated, AtWork, Memory, notBefore, Queue, recall, Span, take, Taken, withSpan } from './memory';
import { changeBy, endedWith } from './recorded-run';
import { Asked, Backfill, InvalidInput, Marking, readStarterInput, Rerun } from './starter-input';
import { Interval, Intervals, intervalsOf } from '../../src/calendar/intervals';
import { DecideAnswer, DecideRequest, Told, TableWrite } from '../../src/contract/calendar';
import { ParameterValues } from '../../src/contract/parameters';
import { isoTime, RunInput, runName, runPrefixOf, scheduleOf, StarterOutput } from '../../src/contract/run';

/** The queue of ticks and activations. */
const OWN = 'schedule';
/** How many runs that have been at work for a while are looked at in one decision. */
const LOOKED_AT = 4;
/** How many activations are remembered when they no longer wait. */
const ACTIVATIONS = 100;
/** Characters of what a decision remembers: a state's output holds 256 KiB, and the answer has more than the memory. */
const MEMORY = 120_000;

/** @throws InvalidInput */
export function decide(request: DecideRequest): DecideAnswer {
  const { queue, schedule } = request;
  const asked = readStarterInput(request.input, { ...request, onDemand: schedule.kind === 'onDemand', now: Date.parse(request.now) });
  const before = recall(queue.memory);
  const ended = asked.kind === 'ended' ? [...queue.ended, asked.run] : queue.ended;
  const atWork = before.atWork.filter(({ run }) => !ended.includes(run));
  if (!queue.active) return answer({ ...before, atWork }, [], { reason: 'the pipeline is not active' });
  const intervals = intervalsOf(schedule);
  const wanted = new Wanted(request, { ...before, atWork }, intervals);
  const outcome = wanted.ask(asked);
  const begun = begin(request, wanted.queues, [...atWork, ...wanted.reruns], intervals);
  const fresh = [...wanted.reruns, ...begun.fresh];
  const looked = lookedAt(atWork);
  const { until, activated } = wanted;
  const memory = { until, queues: begun.queues, atWork: [...looked.later, ...looked.now, ...fresh], ...activated.length > 0 ? { activated } : {} };
  return { ...answer(memory, fresh, outcome, looked.now, wanted.writes), tells: wanted.tells };
}

type Outcome = Pick<StarterOutput, 'run' | 'reason' | 'skipped'>;

function answer(
  memory: Memory, fresh: readonly AtWork[], outcome: Outcome, again: readonly AtWork[] = [], writes: readonly TableWrite[] = [],
): DecideAnswer {
  const text = JSON.stringify(memory);
  if (text.length > MEMORY) throw new InvalidInput('More waits already than can be remembered: wait for runs to end, or ask for less');
  const waits = Object.keys(memory.queues).length > 0;
  const starts = [...again, ...fresh].map(({ run, input }) => ({ run, input }));
  return { memory: text, starts, writes, tells: [], output: { ...outcome, started: fresh.map(({ run }) => run), waits } };
}

/** What waits, with what is asked for. */
class Wanted {
  until?: number;
  queues: Readonly<Record<string, Queue>>;
  /** They wait for no place. */
  readonly reruns: AtWork[] = [];
  readonly writes: TableWrite[] = [];
  tells: readonly Told[] = [];
  activated: readonly Activated[];
  /** The schedule's intervals before it are skipped. */
  private readonly floor: number;

  constructor(private readonly request: DecideRequest, private readonly memory: Memory, private readonly intervals: Intervals | undefined) {
    this.until = memory.until;
    this.queues = memory.queues;
    this.activated = memory.activated ?? [];
    this.floor = request.queue.startTimestamp === '' ? -Infinity : Date.parse(request.queue.startTimestamp);
    this.setOwn((spans) => spans);
  }

  ask(asked: Asked): Outcome {
    switch (asked.kind) {
      case 'tick': return this.tick(this.scheduled.ofTick(asked.time));
      case 'activation': return this.activation(asked.parameters);
      case 'backfill': return this.backfill(asked);
      case 'rerun':
      case 'markFinished': return this.changed(asked);
      case 'ended': return this.told();
      case 'dispatch': return this.skipped();
    }
  }

  private tick(due: Interval | string): Outcome {
    if (typeof due === 'string') return { reason: due };
    const run = nameOf(due, this.request);
    if (due.start < this.floor) return { reason: `${run} is skipped: it begins before the start of the activation` };
    if (this.memory.atWork.some((each) => each.run === run)) return { run };
    const since = this.until ?? this.scheduled.first ?? due.start;
    const missed = since < due.start ? [{ from: this.caughtUp(since, due.start), to: due.start, missed: true as const }] : [];
    this.setOwn((spans) => [...missed, { from: due.start, to: due.end }].filter(({ from, to }) => from < to).reduce(withSpan, [...spans]));
    this.until = Math.max(this.until ?? due.end, due.end);
    return { run };
  }

  /** From when on the intervals that were missed are run. */
  private caughtUp(since: number, to: number): number {
    const { catchUp } = this.request;
    if (catchUp === 'all') return since;
    let from = to;
    for (let count = 0; count < catchUp && from > since; count += 1) from = this.scheduled.before(from)?.start ?? since;
    return Math.max(from, since);
  }

  private activation(parameters: ParameterValues): Outcome {
    const { now, id } = this.request;
    const asked = this.activated.find(({ by }) => by === id);
    const at = asked?.at ?? this.free(Date.parse(now));
    if (!asked) {
      this.setOwn((spans) => withSpan(spans, { from: at, to: at, parameters, by: id }));
      this.activated = [...this.activated, { at, by: id }].slice(-ACTIVATIONS);
    }
    return { run: nameOf({ start: at }, this.request) };
  }

  /** Activations of one moment are a millisecond apart. */
  private free(time: number): number {
    const taken = this.activated.some(({ at }) => at === time) || this.queues[OWN]?.spans.some(({ from }) => from === time);
    return taken ? this.free(time + 1) : time;
  }

  private backfill({ from, to, concurrency, order, parameters }: Backfill): Outcome {
    const end = Math.min(to, this.scheduled.dueUntil(Date.parse(this.request.now)));
    const span: Span = { from, to: end, ...(Object.keys(parameters).length > 0 ? { parameters } : {}) };
    if (take({ spans: [span], order }, this.intervals) === undefined) return { reason: 'no interval that is due begins in this range' };
    this.queues = { ...this.queues, [`backfill ${isoTime(from)} ${isoTime(to)}`]: { limit: concurrency, order, spans: [span] } };
    return {};
  }

  private changed(asked: Rerun | Marking): Outcome {
    const { about, id, now, runPrefix } = this.request;
    if (about === undefined) throw new InvalidInput('The Starter has not looked for the run');
    const schedule = scheduleOf(about.run);
    if (runPrefix !== runPrefixOf(schedule)) throw new InvalidInput(`${about.run} is a run of schedule ${schedule}: ask the Starter of that schedule`);
    const { outcome, begins, writes, tells = [] } = changeBy(about, asked, { id, now: Date.parse(now), atWork: this.memory.atWork });
    if (begins) this.reruns.push(begins);
    this.writes.push(...writes);
    this.tells = tells;
    return outcome;
  }

  /** What the start of the activation leaves out: what waits for a place, and what no tick has asked for yet. */
  private skipped(): Outcome {
    if (this.floor === -Infinity) return {};
    const { queues, until } = this.memory;
    const waiting = queues[OWN]?.spans[0]?.from ?? Infinity;
    const asked = until ?? this.intervals?.first ?? Date.parse(this.request.now);
    const left = this.intervals?.between(Math.min(waiting, asked), this.floor);
    return left ? { skipped: { from: isoTime(left.first.start), to: isoTime(left.last.start) } } : {};
  }

  /** Whoever began to wait after it had ended. */
  private told(): Outcome {
    if (this.request.about) this.tells = endedWith(this.request.about);
    return {};
  }

  private get scheduled(): Intervals {
    if (this.intervals === undefined) throw new InvalidInput('The pipeline has no schedule');
    return this.intervals;
  }

  /** Both where runs may be at work at a time, and where intervals may begin, may have changed since. */
  private setOwn(change: (spans: readonly Span[]) => readonly Span[]): void {
    const spans = change(this.queues[OWN]?.spans ?? []);
    const kept = this.intervals === undefined ? spans : notBefore(spans, this.floor);
    this.queues = { ...this.queues, [OWN]: { limit: this.request.maxActiveInstances, order: 'forward', spans: kept } };
  }
}

interface Begun {
  /** Those that still wait. */
  readonly queues: Record<string, Queue>;
  readonly fresh: readonly AtWork[];
}

/** As many of each queue as it has room for, in its order. An interval that is at work already takes none. */
function begin(
  request: DecideRequest, queues: Readonly<Record<string, Queue>>, atWork: readonly AtWork[], intervals: Intervals | undefined,
): Begun {
  const left: Record<string, Queue> = {};
  const fresh: AtWork[] = [];
  for (const [name, queue] of Object.entries(queues)) {
    let { spans } = queue;
    const room = () => queue.limit - [...atWork, ...fresh].filter((each) => each.queue === name).length;
    for (let taken = room() > 0 && take(queue, intervals); taken; taken = room() > 0 && take({ ...queue, spans }, intervals)) {
      spans = taken.left;
      const run = nameOf(taken.interval, request);
      if (![...atWork, ...fresh].some((each) => each.run === run)) fresh.push({ run, queue: name, input: inputOf(taken, name !== OWN) });
    }
    if (spans.length > 0) left[name] = { ...queue, spans };
  }
  return { queues: left, fresh };
}

/** Those that no second decision has started yet, and a few others by turns. */
function lookedAt(atWork: readonly AtWork[]): { readonly now: readonly AtWork[]; readonly later: readonly AtWork[] } {
  const sure = atWork.filter((each) => each.sure);
  const later = sure.slice(LOOKED_AT);
  return { later, now: atWork.filter((each) => !later.includes(each)).map((each) => ({ ...each, sure: true as const })) };
}

function nameOf({ start }: Pick<Interval, 'start'>, { runPrefix }: DecideRequest): string {
  return runName(isoTime(start), runPrefix);
}

function inputOf({ interval: { start, end }, parameters, missed }: Taken, backfilled: boolean): string {
  const overdue = missed || backfilled ? { overdue: true } : {};
  const input: RunInput = { scheduledStartTime: isoTime(start), scheduledEndTime: isoTime(end), parameters, ...overdue };
  return JSON.stringify(input);
}
