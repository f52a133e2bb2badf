/**
 * What a run comes to, from the graph alone: no states, no machine. Each activity starts when its last dependency has settled and
 * its preconditions hold; a cluster or an instance is launched for the first that is ready to run on it, and steps wait for each other in a cluster's queue;
 * calls that are not work take no time.
 */
import {
  ATTEMPT_TIMEOUT, checkedOn, CheckSpec, CLUSTER_STARTUP, concurrencyOf, fatalSeconds, gateOf, HEARTBEAT, INSTANCE_INIT, INSTANCE_STARTUP, Kept,
  keptOf, ownerOf, PipelineSpec, RESOURCE_RETRIES, RETRY_DELAY, WorkSpec,
} from './random-pipeline';
import { VirtualClock } from '../../simulator/clock';
import { ActionOnResourceFailure } from '../../src';
import { ObjectStatus } from '../../src/contract/run';

export interface Expected {
  readonly status: ObjectStatus;
  readonly attempts: number;
}

export interface ExpectedRun {
  readonly objects: Readonly<Record<string, Expected>>;
  /** When each object was first tried, in seconds since the start of the run. */
  readonly starts: Readonly<Record<string, number>>;
  /** Objects whose onFail actions fire. */
  readonly alarms: readonly string[];
  readonly seconds: number;
}

const HOST_CHECK = 1;
/** How often who is at work says so. */
const BEAT = HEARTBEAT / 2;
const FAILURES: readonly ObjectStatus[] = ['FAILED', 'TIMEDOUT', 'CANCELED', 'CASCADE_FAILED'];
const WAITING: Expected = { status: 'WAITING_ON_DEPENDENCIES', attempts: 0 };

interface Settled extends Expected {
  readonly cascade: boolean;
  /** If it is CANCELED. */
  readonly cascadesWhenCanceled: boolean;
}

function cascades({ status, cascade, cascadesWhenCanceled }: Settled): boolean {
  return FAILURES.includes(status) && cascade || status === 'CANCELED' && cascadesWhenCanceled;
}

/** Seconds since the start of the run. */
class ModelTime {
  readonly clock = new VirtualClock(0);

  get now(): number {
    return Math.floor(this.clock.now()) / 1000;
  }

  async pass(seconds: number, signal?: AbortSignal): Promise<void> {
    await this.clock.sleep(Math.round((this.now + seconds) * 1000) - this.clock.now(), signal);
  }

  /** Until all that happens now has happened. */
  instant(): Promise<void> {
    return this.clock.sleep(0.25);
  }
}

interface QueuedStep {
  readonly name: string;
  readonly at: number;
  readonly start: () => void;
}

/** What was launched: a cluster with its queue of steps, or an instance, on which tasks do not wait for each other. */
class Launched {
  private readonly life = new AbortController();
  private readonly queue: QueuedStep[] = [];
  private running = 0;

  constructor(private readonly time: ModelTime, private readonly concurrency: number, private readonly rank: (step: string) => number) {}

  get dead(): boolean {
    return this.life.signal.aborted;
  }

  die(): void {
    this.life.abort(new Error('dead'));
    this.queue.forEach(({ start }) => start());
  }

  /** Whether the step came to its end. */
  async step(name: string, seconds: number, begins: () => void): Promise<boolean> {
    await new Promise<void>((start) => {
      this.queue.push({ name, at: this.time.now, start });
      void this.dispatch();
    });
    if (this.dead) return false;
    begins();
    await this.time.pass(seconds, this.life.signal).catch(() => undefined);
    this.running -= 1;
    void this.dispatch();
    return !this.dead;
  }

  /** Whether it lives for so long. */
  async lives(seconds: number): Promise<boolean> {
    await this.time.pass(seconds, this.life.signal).catch(() => undefined);
    return !this.dead;
  }

  /** First come, first served; who comes at the same time is served in the order that the run had. */
  private async dispatch(): Promise<void> {
    await this.time.instant();
    while (!this.dead && this.running < this.concurrency && this.queue.length > 0) {
      this.queue.sort((a, b) => a.at - b.at || this.rank(a.name) - this.rank(b.name));
      this.running += 1;
      this.queue.shift()!.start();
    }
  }
}

/** There is none: what becomes of an activity that was at work on it, and of the resource itself. */
interface Refusal {
  readonly activity: ObjectStatus;
  readonly resource: ObjectStatus;
}

type Attempt = (on: Launched, number: number) => Promise<ObjectStatus>;

/** How an activity is tried on a resource. */
interface Trial {
  readonly retries: number;
  readonly attempt: Attempt;
}

interface ResourceOptions {
  readonly owner: WorkSpec;
  /** Seconds that a launch takes which fails, or does not. */
  readonly launching: (fails: boolean) => number;
  readonly make: (launch: number) => Launched;
}

/** A cluster or an instance, launched again when it is asked for and has died. */
class ResourceModel {
  launches = 0;
  current?: Promise<Launched | Refusal>;
  /** What has finished on it, by its place in the definition. */
  readonly finished = new Map<number, Trial>();

  constructor(private readonly time: ModelTime, private readonly options: ResourceOptions) {}

  async ready(): Promise<Launched | Refusal> {
    const before = this.current;
    const there = await before;
    if (there && !(there instanceof Launched && there.dead)) return there;
    // Who else has found it dead may have asked already.
    const current = this.current === before || !this.current ? this.launched() : this.current;
    this.current = current;
    return current;
  }

  private async launched(): Promise<Launched | Refusal> {
    const { owner: { whenItDies, failingLaunches }, launching, make } = this.options;
    const most = whenItDies === undefined ? Infinity : whenItDies === ActionOnResourceFailure.RETRY_ALL ? RESOURCE_RETRIES : 0;
    if (this.launches > most) return { activity: 'FAILED', resource: 'FAILED' };
    for (this.launches += 1; ; this.launches += 1) {
      const fails = failingLaunches.includes(this.launches);
      await this.time.pass(launching(fails));
      if (!fails) return this.doneAgain(make(this.launches));
      if (this.launches > RESOURCE_RETRIES) return { activity: 'CANCELED', resource: 'FAILED' };
      await this.time.pass(RETRY_DELAY);
    }
  }

  /** One after the other; if one fails for good now, nobody can go on. */
  private async doneAgain(on: Launched): Promise<Launched | Refusal> {
    if (this.options.owner.whenItDies !== ActionOnResourceFailure.RETRY_ALL) return on;
    for (const [, { retries, attempt }] of [...this.finished].sort(([a], [b]) => a - b)) {
      for (let number = 1; await attempt(on, number) !== 'FINISHED'; number += 1) {
        if (number > retries) return { activity: 'FAILED', resource: 'FINISHED' };
        await this.time.pass(RETRY_DELAY);
        if (on.dead) return this.launched();
      }
    }
    return on;
  }
}

export class ReferenceModel {
  private readonly time = new ModelTime();
  private readonly settled = new Map<string, Promise<Settled>>();
  private readonly objects: Record<string, Expected> = {};
  private readonly starts: Record<string, number> = {};
  private readonly resources = new Map<string, ResourceModel>();
  /** Preconditions that were asked, or whose resource was. */
  private readonly asked = new Set<string>();
  /** Activities that have ended their resource. */
  private readonly fatal = new Set<number>();

  /** `rank` says who of those that come at the same time came first: a graph does not say it. */
  constructor(
    private readonly spec: PipelineSpec, private readonly resourceIds: ReadonlyMap<number, string>, rank: (step: string) => number = () => 0,
    private readonly kept: Kept = keptOf(spec),
  ) {
    for (const id of new Set([...resourceIds.values(), ...checkedOn(spec)])) {
      const owner = ownerOf(spec, resourceIds, id);
      const launched = () => new Launched(this.time, concurrencyOf(spec, resourceIds, id), rank);
      const make = (launch: number) => this.lost(launched(), spec.lives?.[id]?.[launch - 1]);
      const launching = (fails: boolean) => !/^H|Host$/.test(id) ? CLUSTER_STARTUP : fails ? INSTANCE_INIT : INSTANCE_STARTUP;
      this.resources.set(id, new ResourceModel(this.time, { owner, launching, make }));
    }
  }

  /** One that is lost after so many seconds. */
  private lost(launched: Launched, life?: number): Launched {
    if (life !== undefined) void this.time.pass(life).then(() => launched.die());
    return launched;
  }

  run(): Promise<ExpectedRun> {
    return this.time.clock.run(this.outcome());
  }

  private async outcome(): Promise<ExpectedRun> {
    this.spec.works.forEach((work, index) => {
      this.activity(work, index);
      this.gate(index);
    });
    await Promise.all(this.settled.values());
    const seconds = this.time.now;
    this.spec.works.forEach((work, index) => this.dataNode(work, index));
    for (const [id, resource] of this.resources) await this.resource(id, resource);
    const alarms = Object.keys(this.objects).filter((id) => FAILURES.includes(this.objects[id].status) && this.hasActions(id));
    return { objects: this.objects, starts: this.starts, alarms, seconds };
  }

  private activity(work: WorkSpec, index: number): void {
    const id = `A${index}`;
    const before = this.spec.order.pairs.filter(([, second]) => second === index).map(([first]) => gateOf(this.spec, first) ? `D${first}` : `A${first}`);
    this.unit(id, before, work.checks.map((check, position) => [`${id}C${position}`, check]), work.cascade,
      () => this.resourceIds.has(index) ? this.onResource(work, index) : this.attempts(work, this.alone(id, work)), this.canceledCascades(index));
  }

  /** A guarded data node is a unit of its own. */
  private gate(index: number): void {
    const gate = gateOf(this.spec, index);
    const id = `D${index}`;
    if (gate) this.unit(id, [`A${index}`], [[`${id}C`, gate]], false, async () => ({ status: 'FINISHED', attempts: 1 }));
  }

  /** One that is not guarded is as the activity that writes it. */
  private dataNode(work: WorkSpec, index: number): void {
    if (work.kind === 'redshift') this.objects[`In${index}`] = { status: 'FINISHED', attempts: 1 };
    if (gateOf(this.spec, index)) return;
    const { status } = this.objects[`A${index}`];
    const broken = cascades({ status, attempts: 0, cascade: work.cascade, cascadesWhenCanceled: this.canceledCascades(index) });
    this.objects[`D${index}`] = status === 'FINISHED' ? { status, attempts: 1 } : broken ? { status: 'CASCADE_FAILED', attempts: 0 } : WAITING;
  }

  private canceledCascades(index: number): boolean {
    const id = this.resourceIds.get(index);
    return id !== undefined && (ownerOf(this.spec, this.resourceIds, id).resourceCascades ?? false);
  }

  private unit(
    id: string, before: string[], checks: Array<[string, CheckSpec]>, cascade: boolean, work: () => Promise<Expected>, cascadesWhenCanceled = false,
  ): void {
    const needed = before.map((each) => this.settled.get(each)!);
    const settling = Promise.all(needed).then(async (dependencies): Promise<Settled> => {
      const { status, attempts } = await this.outcomeOf(id, dependencies, checks, work);
      this.objects[id] = { status, attempts };
      return { status, attempts, cascade, cascadesWhenCanceled };
    });
    this.settled.set(id, settling);
  }

  private async outcomeOf(
    id: string, needed: readonly Settled[], checks: Array<[string, CheckSpec]>, work: () => Promise<Expected>,
  ): Promise<Expected> {
    const ready = this.time.now;
    const untried = (status: ObjectStatus, preconditions: ObjectStatus, left = checks): Expected => {
      for (const [check] of left) this.objects[check] = { status: preconditions, attempts: 0 };
      return { status, attempts: 0 };
    };
    if (id in this.kept) {
      for (const [check] of checks) this.objects[check] = { status: this.kept[check], attempts: 0 };
      return { status: this.kept[id], attempts: 0 };
    }
    if (needed.some(cascades)) return untried('CASCADE_FAILED', 'CANCELED');
    if (needed.some(({ status }) => status !== 'FINISHED')) return untried('WAITING_ON_DEPENDENCIES', 'WAITING_ON_DEPENDENCIES');
    const ordered = [...checks.filter(([, { onHost }]) => !onHost), ...checks.filter(([, { onHost }]) => onHost)];
    for (const [position, [check, spec]] of ordered.entries()) {
      this.asked.add(check);
      await (spec.on ? this.checkOn(check, spec.on, spec, ready) : this.check(check, spec, ready));
      const { status: its } = this.objects[check];
      if (its === 'FINISHED') continue;
      const rest = ordered.slice(position + 1);
      const canceled = its === 'CANCELED' && spec.on && ownerOf(this.spec, this.resourceIds, spec.on).resourceCascades;
      return spec.cascade || canceled ? untried('CASCADE_FAILED', 'CANCELED', rest) : untried('WAITING_ON_DEPENDENCIES', 'WAITING_ON_DEPENDENCIES', rest);
    }
    return work();
  }

  private async check(id: string, { onHost, failing, retries, timeout = Infinity }: CheckSpec, ready: number): Promise<void> {
    this.starts[id] = this.time.now;
    for (let attempt = 1; ; attempt += 1) {
      await this.time.pass(onHost ? HOST_CHECK : 0);
      const holds = attempt > failing;
      if (holds || this.time.now >= ready + timeout || attempt > retries) {
        this.objects[id] = { status: holds ? 'FINISHED' : 'FAILED', attempts: attempt };
        return;
      }
      await this.time.pass(RETRY_DELAY);
    }
  }

  /** On a resource, which may die under it. */
  private async checkOn(id: string, where: string, { failing, retries, timeout = Infinity }: CheckSpec, ready: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const on = await this.resources.get(where)!.ready();
      if (!(on instanceof Launched)) {
        this.objects[id] = { status: attempt > 1 ? on.activity : 'CANCELED', attempts: attempt - 1 };
        return;
      }
      const status = await (where === 'Shared' ? this.checkStep(id, on, attempt > failing, attempt) : this.checkTask(id, on, attempt > failing));
      if (status === 'FINISHED' || this.time.now >= ready + timeout || attempt > retries) {
        this.objects[id] = { status, attempts: attempt };
        return;
      }
      await this.time.pass(RETRY_DELAY);
    }
  }

  private async checkStep(id: string, on: Launched, holds: boolean, attempt: number): Promise<ObjectStatus> {
    const ended = await on.step(`${id} (attempt ${attempt})`, HOST_CHECK, () => void (this.starts[id] ??= this.time.now));
    return ended && holds ? 'FINISHED' : 'FAILED';
  }

  private async checkTask(id: string, on: Launched, holds: boolean): Promise<ObjectStatus> {
    const began = this.time.now;
    this.starts[id] ??= began;
    if (await on.lives(HOST_CHECK)) return holds ? 'FINISHED' : 'FAILED';
    await this.time.pass(began + HEARTBEAT - this.time.now);
    return 'TIMEDOUT';
  }

  /** `attempt` takes the time of the attempt of that number. */
  private async attempts({ failing, retries, ending }: WorkSpec, attempt: (number: number, fails: boolean) => Promise<void>): Promise<Expected> {
    for (let attempts = 1; ; attempts += 1) {
      await attempt(attempts, attempts <= failing);
      if (attempts > failing) return { status: 'FINISHED', attempts };
      if (attempts > retries) return { status: ending === 'fails' ? 'FAILED' : 'TIMEDOUT', attempts };
      await this.time.pass(RETRY_DELAY);
    }
  }

  private alone(id: string, work: WorkSpec): (number: number, fails: boolean) => Promise<void> {
    return async (_, fails) => {
      const since = this.time.now - (this.starts[id] ??= this.time.now);
      await this.time.pass(fails ? failed(work, since) : succeeded(work, since));
    };
  }

  private async onResource(work: WorkSpec, index: number): Promise<Expected> {
    const resource = this.resources.get(this.resourceIds.get(index)!)!;
    const attempt: Attempt = (on, number) => work.kind === 'emr' ? this.steps(on, work, index, number) : this.task(on, work, index, number);
    for (let number = 1; ; number += 1) {
      const on = await resource.ready();
      if (!(on instanceof Launched)) return { status: number > 1 ? on.activity : 'CANCELED', attempts: number - 1 };
      const status = await attempt(on, number);
      if (status === 'FINISHED') resource.finished.set(index, { retries: work.retries, attempt });
      if (status === 'FINISHED' || number > work.retries) return { status, attempts: number };
      await this.time.pass(RETRY_DELAY);
    }
  }

  /** On a cluster, which ends its steps with it. */
  private async steps(cluster: Launched, work: WorkSpec, index: number, attempt: number): Promise<ObjectStatus> {
    const id = `A${index}`;
    const began = this.time.now;
    const fails = attempt <= work.failing;
    for (let step = 1; step <= work.steps; step += 1) {
      const name = `${id}${work.steps === 1 ? '' : `: step ${step}`} (attempt ${attempt})`;
      const last = step === work.steps;
      const fatal = last && this.isFatal(index, attempt);
      const hangs = last && fails && work.ending !== 'fails';
      const seconds = fatal ? fatalSeconds(this.spec, index) : hangs ? began + ATTEMPT_TIMEOUT - this.time.now : work.seconds;
      const ended = await cluster.step(name, seconds, () => {
        this.starts[id] ??= this.time.now;
        if (fatal) this.fatal.add(index);
      });
      if (ended && fatal) cluster.die();
      if (!ended || fatal) return 'FAILED';
    }
    return fails ? work.ending === 'fails' ? 'FAILED' : 'TIMEDOUT' : 'FINISHED';
  }

  /** On an instance: nothing is heard of it any more when that dies. */
  private async task(instance: Launched, work: WorkSpec, index: number, attempt: number): Promise<ObjectStatus> {
    const began = this.time.now;
    this.starts[`A${index}`] ??= began;
    const fails = attempt <= work.failing;
    const fatal = this.isFatal(index, attempt);
    if (fatal) {
      this.fatal.add(index);
      this.lost(instance, fatalSeconds(this.spec, index));
    }
    const silent = fails && work.ending === 'lost';
    const ends = !fatal && (!fails || work.ending === 'fails');
    const limit = silent ? HEARTBEAT : ATTEMPT_TIMEOUT;
    const lived = !instance.dead && await instance.lives(ends ? work.seconds : limit);
    if (lived && ends) return fails ? 'FAILED' : 'FINISHED';
    const beat = silent ? 0 : Math.floor((this.time.now - began) / BEAT) * BEAT;
    if (!lived) await this.time.pass(Math.max(0, Math.min(began + limit, began + beat + HEARTBEAT) - this.time.now));
    return 'TIMEDOUT';
  }

  private isFatal(index: number, attempt: number): boolean {
    return attempt === 1 && this.spec.works[index].fatal && !this.fatal.has(index);
  }

  private async resource(id: string, { current, launches }: ResourceModel): Promise<void> {
    const users = this.usersOf(id).map((user) => this.objects[user]);
    const idle = users.some(({ status }) => status === 'WAITING_ON_DEPENDENCIES') ? WAITING : { status: 'FINISHED', attempts: 0 } as const;
    const last = await current;
    this.objects[id] = last ? { status: last instanceof Launched ? 'FINISHED' : last.resource, attempts: launches } : idle;
  }

  /** An activity that works there, or else the first precondition of what is checked there. */
  private usersOf(id: string): string[] {
    return this.spec.works.flatMap(({ checks }, index) => {
      const first = checks.findIndex(({ on }) => on === id);
      const own = this.resourceIds.get(index) === id ? [`A${index}`] : first < 0 ? [] : [`A${index}C${first}`];
      return [...own, ...gateOf(this.spec, index)?.on === id ? [`D${index}C`] : []];
    });
  }

  /** Data nodes have none, and those of a precondition that was not asked do not fire. */
  private hasActions(id: string): boolean {
    if (id in this.kept) return false;
    if (/C\d?$/.test(id)) return this.asked.has(id);
    return !/^(D|In)\d+$/.test(id);
  }
}

function succeeded({ kind, seconds }: WorkSpec, since: number): number {
  return kind === 'redshift' ? toPoll(seconds, since) : seconds;
}

function failed({ kind, seconds, ending }: WorkSpec, since: number): number {
  if (kind === 'redshift') return toPoll(ending === 'fails' ? seconds : ATTEMPT_TIMEOUT, since);
  return { fails: seconds, hangs: ATTEMPT_TIMEOUT, lost: HEARTBEAT }[ending];
}

/** A statement is asked for every two seconds, then after a tenth of the time `since` the first attempt, and when attemptTimeout has passed. */
function toPoll(seconds: number, since: number): number {
  let asked = 0;
  while (asked < seconds) asked += Math.max(2, Math.min(Math.floor((since + asked) / 10), ATTEMPT_TIMEOUT - asked));
  return asked;
}
