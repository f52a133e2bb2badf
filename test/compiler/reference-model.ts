/**
 * What a run comes to, from the graph alone: no states, no machine. Each activity starts when its last dependency has settled and
 * its preconditions hold; calls that are not work take no time.
 */
import {
  ATTEMPT_TIMEOUT, CheckSpec, CLUSTER_RETRIES, CLUSTER_STARTUP, gateOf, HEARTBEAT, PipelineSpec, RETRY_DELAY, WorkSpec,
} from './random-pipeline';
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
  readonly at: number;
  readonly cascade: boolean;
}

export class ReferenceModel {
  private readonly settled = new Map<string, Settled>();
  private readonly objects: Record<string, Expected> = {};
  private readonly starts: Record<string, number> = {};
  private readonly launched = new Map<string, number>();

  constructor(private readonly spec: PipelineSpec, private readonly clusters: ReadonlyMap<number, string>) {}

  run(): ExpectedRun {
    this.spec.works.forEach((work, index) => {
      this.activity(work, index);
      this.dataNode(work, index);
    });
    for (const id of new Set(this.clusters.values())) this.idleCluster(id);
    return {
      objects: this.objects,
      starts: this.starts,
      alarms: Object.keys(this.objects).filter((id) => FAILURES.includes(this.objects[id].status) && this.hasActions(id)),
      seconds: Math.max(...[...this.settled.values()].map(({ at }) => at)),
    };
  }

  private activity(work: WorkSpec, index: number): void {
    const id = `A${index}`;
    const before = this.spec.order.pairs.filter(([, second]) => second === index).map(([first]) => gateOf(this.spec, first) ? `D${first}` : `A${first}`);
    this.unit(id, before, work.checks.map((check, position) => [`${id}C${position}`, check]), work.cascade, work.finished,
      (ready) => work.kind === 'emr' ? this.onCluster(work, index, ready) : this.attempts(id, work, ready));
  }

  /** A guarded data node is a unit of its own; another is as the activity that writes it. */
  private dataNode(work: WorkSpec, index: number): void {
    const id = `D${index}`;
    const gate = gateOf(this.spec, index);
    if (work.kind === 'redshift') this.objects[`In${index}`] = { status: 'FINISHED', attempts: 1 };
    if (gate) return this.unit(id, [`A${index}`], [[`${id}C`, gate]], false, false, (ready) => ({ status: 'FINISHED', attempts: 1, at: ready }));
    const { status } = this.objects[`A${index}`];
    if (status === 'FINISHED') this.objects[id] = { status, attempts: 1 };
    else this.objects[id] = work.cascade && status !== 'WAITING_ON_DEPENDENCIES' ? { status: 'CASCADE_FAILED', attempts: 0 } : WAITING;
  }

  private unit(
    id: string, before: string[], checks: Array<[string, CheckSpec]>, cascade: boolean, finished: boolean,
    work: (ready: number) => Expected & { at: number },
  ): void {
    const needed = before.map((each) => this.settled.get(each)!);
    const ready = Math.max(0, ...needed.map(({ at }) => at));
    const settle = (result: Expected, at = ready) => {
      this.objects[id] = { status: result.status, attempts: result.attempts };
      this.settled.set(id, { ...this.objects[id], at, cascade });
    };
    const untried = (status: ObjectStatus, preconditions: ObjectStatus, left = checks, at = ready) => {
      for (const [check] of left) this.objects[check] = { status: preconditions, attempts: 0 };
      settle({ status, attempts: 0 }, at);
    };
    if (finished) return untried('FINISHED', 'FINISHED');
    if (needed.some((each) => each.cascade && !['FINISHED', 'WAITING_ON_DEPENDENCIES'].includes(each.status))) return untried('CASCADE_FAILED', 'CANCELED');
    if (needed.some(({ status }) => status !== 'FINISHED')) return untried('WAITING_ON_DEPENDENCIES', 'WAITING_ON_DEPENDENCIES');
    let now = ready;
    const ordered = [...checks.filter(([, { onHost }]) => !onHost), ...checks.filter(([, { onHost }]) => onHost)];
    for (const [position, [check, spec]] of ordered.entries()) {
      now = this.check(check, spec, ready, now);
      if (this.objects[check].status === 'FINISHED') continue;
      const rest = ordered.slice(position + 1);
      return spec.cascade ? untried('CASCADE_FAILED', 'CANCELED', rest, now) : untried('WAITING_ON_DEPENDENCIES', 'WAITING_ON_DEPENDENCIES', rest, now);
    }
    const result = work(now);
    settle(result, result.at);
  }

  /** When the precondition has settled. */
  private check(id: string, { onHost, failing, retries, timeout = Infinity }: CheckSpec, ready: number, start: number): number {
    this.starts[id] = start;
    let now = start;
    for (let attempt = 1; ; attempt += 1) {
      now += onHost ? HOST_CHECK : 0;
      const holds = attempt > failing;
      if (holds || now >= ready + timeout || attempt > retries) {
        this.objects[id] = { status: holds ? 'FINISHED' : 'FAILED', attempts: attempt };
        return now;
      }
      now += RETRY_DELAY;
    }
  }

  private attempts(id: string, work: WorkSpec, start: number): Expected & { at: number } {
    this.starts[id] = start;
    const { failing, retries } = work;
    const failures = Math.min(failing, retries + 1);
    const delays = Math.min(failing, retries) * RETRY_DELAY;
    if (failing > retries) return { status: work.ending === 'fails' ? 'FAILED' : 'TIMEDOUT', attempts: failures, at: start + failures * failed(work) + delays };
    return { status: 'FINISHED', attempts: failing + 1, at: start + failures * failed(work) + delays + succeeded(work) };
  }

  /** A cluster is launched for the first that is ready to run on it; in a sequence nobody comes after one that failed to launch it. */
  private onCluster(work: WorkSpec, index: number, ready: number): Expected & { at: number } {
    const cluster = this.clusters.get(index)!;
    if (this.launched.has(cluster)) return this.attempts(`A${index}`, work, ready);
    const owner = [...this.clusters].find(([, id]) => id === cluster)![0];
    const failures = Math.min(this.spec.works[owner].failingLaunches, CLUSTER_RETRIES + 1);
    const delays = Math.min(failures, CLUSTER_RETRIES) * RETRY_DELAY;
    if (failures > CLUSTER_RETRIES) {
      this.objects[cluster] = { status: 'FAILED', attempts: failures };
      return { status: 'CANCELED', attempts: 0, at: ready + failures * CLUSTER_STARTUP + delays };
    }
    this.launched.set(cluster, failures + 1);
    this.objects[cluster] = { status: 'FINISHED', attempts: failures + 1 };
    return this.attempts(`A${index}`, work, ready + (failures + 1) * CLUSTER_STARTUP + delays);
  }

  private idleCluster(id: string): void {
    if (this.objects[id]) return;
    const users = [...this.clusters].filter(([, cluster]) => cluster === id).map(([index]) => this.objects[`A${index}`]);
    this.objects[id] = users.some(({ status }) => status === 'WAITING_ON_DEPENDENCIES') ? WAITING : { status: 'FINISHED', attempts: 0 };
  }

  /** Data nodes have none, and those of a precondition that was not asked do not fire. */
  private hasActions(id: string): boolean {
    if (/C\d?$/.test(id)) return id in this.starts;
    return !/^(D|In)\d+$/.test(id);
  }
}

function succeeded({ kind, seconds, steps }: WorkSpec): number {
  if (kind === 'emr') return seconds * steps;
  return kind === 'redshift' ? toPoll(seconds) : seconds;
}

function failed({ kind, seconds, steps, ending }: WorkSpec): number {
  switch (kind) {
    case 'shell': return { fails: seconds, hangs: ATTEMPT_TIMEOUT, lost: HEARTBEAT }[ending];
    case 'emr': return ending === 'fails' ? seconds * steps : ATTEMPT_TIMEOUT;
    case 'redshift': return toPoll(ending === 'fails' ? seconds : ATTEMPT_TIMEOUT);
  }
}

/** A short statement is asked for every two seconds. */
function toPoll(seconds: number): number {
  return Math.ceil(seconds / 2) * 2;
}
