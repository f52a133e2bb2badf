/**
 * What a run comes to, from the graph alone: no states, no machine. Each activity starts when its last dependency has settled and
 * its preconditions hold; a cluster is launched for the first that is ready to run on it, and steps wait for each other in its queue;
 * calls that are not work take no time.
 */
import {
  ATTEMPT_TIMEOUT, CheckSpec, CLUSTER_RETRIES, CLUSTER_STARTUP, concurrencyOf, fatalSeconds, gateOf, HEARTBEAT, Kept, keptOf, PipelineSpec,
  RETRY_DELAY, WorkSpec,
} from './random-pipeline';
import { VirtualClock } from '../../simulator/clock';
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
const FAILURES: readonly ObjectStatus[] = ['FAILED', 'TIMEDOUT', 'CANCELED', 'CASCADE_FAILED'];
const WAITING: Expected = { status: 'WAITING_ON_DEPENDENCIES', attempts: 0 };

interface Settled extends Expected {
  readonly cascade: boolean;
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

/** A cluster that was launched: its queue of steps. */
class LaunchedCluster {
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

/** A cluster, launched again when it is asked for and has died. */
class ClusterModel {
  launches = 0;
  /** None: it could not be launched. */
  current?: Promise<LaunchedCluster | undefined>;

  constructor(private readonly time: ModelTime, private readonly failing: number, private readonly make: (launch: number) => LaunchedCluster) {}

  async ready(): Promise<LaunchedCluster | undefined> {
    const before = this.current;
    const cluster = await before;
    if (before && !cluster?.dead) return cluster;
    // Who else has found it dead may have asked already.
    if (this.current === before) this.current = this.launched();
    return this.current;
  }

  private async launched(): Promise<LaunchedCluster | undefined> {
    for (this.launches += 1; ; this.launches += 1) {
      await this.time.pass(CLUSTER_STARTUP);
      if (this.launches > this.failing) return this.make(this.launches);
      if (this.launches > CLUSTER_RETRIES) return undefined;
      await this.time.pass(RETRY_DELAY);
    }
  }
}

export class ReferenceModel {
  private readonly time = new ModelTime();
  private readonly settled = new Map<string, Promise<Settled>>();
  private readonly objects: Record<string, Expected> = {};
  private readonly starts: Record<string, number> = {};
  private readonly clusters = new Map<string, ClusterModel>();

  /** `rank` says who of those that come at the same time came first: a graph does not say it. */
  constructor(
    private readonly spec: PipelineSpec, private readonly clusterIds: ReadonlyMap<number, string>, rank: (step: string) => number = () => 0,
    private readonly kept: Kept = keptOf(spec),
  ) {
    for (const [index, id] of clusterIds) {
      const { failingLaunches } = spec.works[index];
      const launched = () => new LaunchedCluster(this.time, concurrencyOf(spec, clusterIds, id), rank);
      const make = (launch: number) => this.lost(launched(), spec.lives?.[id]?.[launch - 1]);
      if (!this.clusters.has(id)) this.clusters.set(id, new ClusterModel(this.time, failingLaunches, make));
    }
  }

  /** A cluster that is lost after so many seconds. */
  private lost(cluster: LaunchedCluster, life?: number): LaunchedCluster {
    if (life !== undefined) void this.time.pass(life).then(() => cluster.die());
    return cluster;
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
    for (const [id, cluster] of this.clusters) await this.cluster(id, cluster);
    const alarms = Object.keys(this.objects).filter((id) => FAILURES.includes(this.objects[id].status) && this.hasActions(id));
    return { objects: this.objects, starts: this.starts, alarms, seconds };
  }

  private activity(work: WorkSpec, index: number): void {
    const id = `A${index}`;
    const before = this.spec.order.pairs.filter(([, second]) => second === index).map(([first]) => gateOf(this.spec, first) ? `D${first}` : `A${first}`);
    this.unit(id, before, work.checks.map((check, position) => [`${id}C${position}`, check]), work.cascade,
      () => work.kind === 'emr' ? this.onCluster(work, index) : this.attempts(work, this.alone(id, work)));
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
    const broken = FAILURES.includes(status);
    this.objects[`D${index}`] = status === 'FINISHED' ? { status, attempts: 1 } : work.cascade && broken ? { status: 'CASCADE_FAILED', attempts: 0 } : WAITING;
  }

  private unit(
    id: string, before: string[], checks: Array<[string, CheckSpec]>, cascade: boolean, work: () => Promise<Expected>,
  ): void {
    const needed = before.map((each) => this.settled.get(each)!);
    const settling = Promise.all(needed).then(async (dependencies): Promise<Settled> => {
      const { status, attempts } = await this.outcomeOf(id, dependencies, checks, work);
      this.objects[id] = { status, attempts };
      return { status, attempts, cascade };
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
    if (needed.some((each) => each.cascade && !['FINISHED', 'WAITING_ON_DEPENDENCIES'].includes(each.status))) return untried('CASCADE_FAILED', 'CANCELED');
    if (needed.some(({ status }) => status !== 'FINISHED')) return untried('WAITING_ON_DEPENDENCIES', 'WAITING_ON_DEPENDENCIES');
    const ordered = [...checks.filter(([, { onHost }]) => !onHost), ...checks.filter(([, { onHost }]) => onHost)];
    for (const [position, [check, spec]] of ordered.entries()) {
      await this.check(check, spec, ready);
      if (this.objects[check].status === 'FINISHED') continue;
      const rest = ordered.slice(position + 1);
      return spec.cascade ? untried('CASCADE_FAILED', 'CANCELED', rest) : untried('WAITING_ON_DEPENDENCIES', 'WAITING_ON_DEPENDENCIES', rest);
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

  private async onCluster(work: WorkSpec, index: number): Promise<Expected> {
    for (let attempt = 1; ; attempt += 1) {
      const cluster = await this.clusters.get(this.clusterIds.get(index)!)!.ready();
      if (!cluster) return { status: 'CANCELED', attempts: attempt - 1 };
      const ended = await this.attemptOn(cluster, work, index, attempt);
      if (ended && attempt > work.failing) return { status: 'FINISHED', attempts: attempt };
      if (attempt > work.retries) return { status: ended && work.ending !== 'fails' ? 'TIMEDOUT' : 'FAILED', attempts: attempt };
      await this.time.pass(RETRY_DELAY);
    }
  }

  /** Whether all steps came to their ends, good or bad: their cluster did not die. */
  private async attemptOn(cluster: LaunchedCluster, work: WorkSpec, index: number, attempt: number): Promise<boolean> {
    const id = `A${index}`;
    const began = this.time.now;
    for (let step = 1; step <= work.steps; step += 1) {
      const name = `${id}${work.steps === 1 ? '' : `: step ${step}`} (attempt ${attempt})`;
      const last = step === work.steps;
      const fatal = last && work.fatal && attempt === 1;
      const hangs = last && attempt <= work.failing && work.ending !== 'fails';
      const seconds = fatal ? fatalSeconds(this.spec, index) : hangs ? began + ATTEMPT_TIMEOUT - this.time.now : work.seconds;
      const ended = await cluster.step(name, seconds, () => { this.starts[id] ??= this.time.now; });
      if (ended && fatal) cluster.die();
      if (!ended || fatal) return false;
    }
    return true;
  }

  private async cluster(id: string, { current, launches }: ClusterModel): Promise<void> {
    const users = [...this.clusterIds].filter(([, cluster]) => cluster === id).map(([index]) => this.objects[`A${index}`]);
    const idle = users.some(({ status }) => status === 'WAITING_ON_DEPENDENCIES') ? WAITING : { status: 'FINISHED', attempts: 0 } as const;
    this.objects[id] = current ? { status: await current ? 'FINISHED' : 'FAILED', attempts: launches } : idle;
  }

  /** Data nodes have none, and those of a precondition that was not asked do not fire. */
  private hasActions(id: string): boolean {
    if (id in this.kept) return false;
    if (/C\d?$/.test(id)) return id in this.starts;
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
