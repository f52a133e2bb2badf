import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import fc from 'fast-check';
import { folder, hosts, pipeline } from './fixture';
import { crossings, Order, orders, seriesParallelOrders } from './series-parallel';
import {
  ActionOnResourceFailure, Activity, DataNode, Ec2Resource, EmrActivity, EmrCluster, EmrStep, FailureAndRerunMode, Pipeline, Precondition,
  RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3DataNode, S3KeyExistsPrecondition, ShellCommandActivity,
  ShellCommandPrecondition, SnsAlarm,
} from '../../src';
import { ObjectStatus } from '../../src/contract/run';

export const RETRY_DELAY = 10;
export const ATTEMPT_TIMEOUT = 20;
/** Longer than any queue. */
const QUEUE_TIMEOUT = 10_000;
export const HEARTBEAT = 10;
export const RESOURCE_RETRIES = 1;
export const CLUSTER_STARTUP = 60;
/** Until Systems Manager knows an instance. */
export const INSTANCE_STARTUP = 60;
/** initTimeout of an instance. */
export const INSTANCE_INIT = 120;

/** A precondition: how often it does not hold, and what ends the asking. */
export interface CheckSpec {
  readonly onHost: boolean;
  /** The cluster or instance that it is checked on. */
  readonly on?: 'Shared' | 'SharedHost';
  readonly failing: number;
  readonly retries: number;
  readonly timeout?: number;
  readonly cascade: boolean;
}

/** An activity `A<n>`, which writes a data node `D<n>`: how its attempts go. */
export interface WorkSpec {
  /** `ec2` is a shell command on an instance. */
  readonly kind: 'shell' | 'emr' | 'ec2' | 'redshift';
  readonly seconds: number;
  readonly failing: number;
  /** A failing attempt ends with an error, goes on for ever, or is not heard of again. */
  readonly ending: 'fails' | 'hangs' | 'lost';
  readonly retries: number;
  readonly cascade: boolean;
  readonly checks: readonly CheckSpec[];
  /** What its data node is guarded by. */
  readonly gate?: CheckSpec;
  /** On a cluster. */
  readonly steps: number;
  /** Of the resource whose first user it is: numbers of those that fail. */
  readonly failingLaunches: readonly number[];
  /** Of the same: what becomes of who runs on it when it dies. */
  readonly whenItDies?: ActionOnResourceFailure;
  /** Of the same: its failureAndRerunMode. */
  readonly resourceCascades?: boolean;
  /** Its resource dies under its first attempt, once. */
  readonly fatal: boolean;
  /** The cluster or instance that it runs on, with any others; else one of its own. */
  readonly shares?: 'Shared' | 'Common';
  /** The status that it keeps from an earlier execution. */
  readonly kept?: ObjectStatus;
}

export interface PipelineSpec {
  readonly order: Order;
  readonly works: readonly WorkSpec[];
  /** How many steps run at a time on a cluster that is shared. */
  readonly concurrency: number;
  /** By cluster or instance: how many seconds each of its launches lives after it can do work, where it is lost. */
  readonly lives?: Readonly<Record<string, ReadonlyArray<number | undefined>>>;
}

const KEPT: readonly ObjectStatus[] = ['FINISHED', 'FINISHED', 'FAILED', 'TIMEDOUT', 'CANCELED', 'CASCADE_FAILED', 'WAITING_ON_DEPENDENCIES'];
const { RETRY_ALL, RETRY_NONE } = ActionOnResourceFailure;
const failing = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) });

const check: fc.Arbitrary<CheckSpec> = fc.record({
  onHost: fc.boolean(),
  failing,
  retries: fc.integer({ min: 0, max: 3 }),
  timeout: fc.option(fc.integer({ min: 5, max: 25 }), { nil: undefined }),
  cascade: fc.boolean(),
});

const work: fc.Arbitrary<WorkSpec> = fc.record({
  kind: fc.constantFrom('shell', 'shell', 'emr', 'emr', 'ec2', 'ec2', 'redshift'),
  seconds: fc.integer({ min: 1, max: 8 }),
  failing,
  ending: fc.constantFrom('fails', 'hangs', 'lost'),
  retries: fc.integer({ min: 0, max: 2 }),
  cascade: fc.boolean(),
  checks: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(check, { maxLength: 2 }) }),
  gate: fc.option(check, { nil: undefined }),
  steps: fc.integer({ min: 1, max: 2 }),
  failingLaunches: fc.constantFrom([], [], [], [1], [2], [1, 2]),
  whenItDies: fc.constantFrom(undefined, undefined, RETRY_ALL, RETRY_ALL, RETRY_NONE),
  resourceCascades: fc.boolean(),
  fatal: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  shares: fc.option(fc.constantFrom('Shared' as const, 'Shared' as const, 'Common' as const), { nil: undefined }),
  kept: fc.option(fc.constantFrom(...KEPT), { nil: undefined, freq: 9 }),
});

/** Mostly few: what goes wrong does so among few, and takes less time there. */
const size: fc.Arbitrary<Order> = fc.oneof(
  { weight: 20, arbitrary: fc.oneof(seriesParallelOrders(7), orders(8), crossings(8)) },
  { weight: 1, arbitrary: fc.oneof(seriesParallelOrders(30), orders(30), crossings(30)) },
);

export const pipelineSpecs: fc.Arbitrary<PipelineSpec> = size
  .chain((order) => fc.record({
    order: fc.constant(order), works: fc.array(work, { minLength: order.size, maxLength: order.size }), concurrency: fc.integer({ min: 1, max: 3 }),
  }));

const calm: fc.Arbitrary<WorkSpec> = work.map(({ kind, seconds, ending, cascade, steps }) => (
  { kind, seconds, ending, cascade, steps, failing: 0, retries: 0, checks: [], failingLaunches: [], fatal: false }));

/** Nothing goes wrong, so that all that branches tell each other counts. */
export const calmCrossings: fc.Arbitrary<PipelineSpec> = crossings(12)
  .chain((order) => fc.array(calm, { minLength: order.size, maxLength: order.size }).map((works) => ({ order, works, concurrency: 3 })));

/** By object: the statuses that are kept from an earlier execution. */
export type Kept = Readonly<Record<string, ObjectStatus>>;

export function keptOf({ works }: PipelineSpec): Kept {
  return Object.fromEntries(works.flatMap(({ kept, checks }, index) => (
    kept ? [`A${index}`, ...checks.map((_, position) => `A${index}C${position}`)].map((id) => [id, kept]) : []
  )));
}

/** A load reads one S3 data node of its own, so who comes before it can be named in dependsOn only. */
export function gateOf({ order, works }: PipelineSpec, index: number): CheckSpec | undefined {
  return order.pairs.some(([first, second]) => first === index && works[second].kind === 'redshift') ? undefined : works[index].gate;
}

/** Who says how the launches of a cluster or an instance go, and what becomes of its users: the first of them. */
export function ownerOf(spec: PipelineSpec, resources: ReadonlyMap<number, string>, id: string): WorkSpec {
  const { works } = spec;
  const [first] = [...resources].find(([, its]) => its === id) ?? [works.findIndex((_, index) => checksOf(spec, index).some(({ on }) => on === id))];
  return works[first];
}

/** Those of an activity, and that of its data node. */
function checksOf(spec: PipelineSpec, index: number): CheckSpec[] {
  const gate = gateOf(spec, index);
  return [...spec.works[index].checks, ...gate ? [gate] : []];
}

/** Ids of the clusters and instances that preconditions are checked on. */
export function checkedOn(spec: PipelineSpec): string[] {
  return spec.works.flatMap((_, index) => checksOf(spec, index).flatMap(({ on }) => on ?? []));
}

/** The same, with commands on a cluster and an instance that activities share, too. */
export function onResources(spec: PipelineSpec): PipelineSpec {
  const moved = (each: CheckSpec): CheckSpec => each.onHost ? { ...each, on: each.retries % 2 ? 'Shared' : 'SharedHost' } : each;
  return { ...spec, works: spec.works.map((each) => ({ ...each, checks: each.checks.map(moved), gate: each.gate && moved(each.gate) })) };
}

/** Seconds until an attempt ends its resource: at a time at which nothing else happens. */
export function fatalSeconds({ works }: PipelineSpec, index: number): number {
  return works[index].seconds + 0.4 + index / 100;
}

/** A step that hangs may not keep others waiting: they would time out in the queue. */
export function concurrencyOf(spec: PipelineSpec, resources: ReadonlyMap<number, string>, id: string): number {
  const users = spec.works.filter((_, index) => resources.get(index) === id);
  return users.some(hangs) ? users.length + checkedOn(spec).length : spec.concurrency;
}

function hangs({ failing: failures, ending }: WorkSpec): boolean {
  return failures > 0 && ending !== 'fails';
}

export interface BuiltPipeline {
  readonly pipeline: Pipeline;
  /** By activity: the id of the cluster or the instance that it runs on. */
  readonly resources: ReadonlyMap<number, string>;
}

/** The pipeline of a spec. */
export function build(spec: PipelineSpec): BuiltPipeline {
  return new Builder(spec).build();
}

/** By activity: the id of the cluster or the instance that it runs on. */
export function resourcesOf({ works }: PipelineSpec): ReadonlyMap<number, string> {
  const idOf = ({ kind, shares }: WorkSpec, index: number): Array<[number, string]> => {
    if (kind === 'emr') return [[index, shares ?? `K${index}`]];
    return kind === 'ec2' ? [[index, shares ? `${shares}Host` : `H${index}`]] : [];
  };
  return new Map(works.flatMap(idOf));
}

class Builder {
  private readonly pipeline = pipeline({ retryDelay: Duration.seconds(RETRY_DELAY), attemptTimeout: Duration.seconds(ATTEMPT_TIMEOUT) });
  private readonly topic = new Topic(this.pipeline, 'Alarms');
  private readonly resources: ReadonlyMap<number, string>;
  private readonly activities: Activity[] = [];
  private readonly nodes: DataNode[] = [];

  constructor(private readonly spec: PipelineSpec) {
    this.resources = resourcesOf(spec);
  }

  build(): BuiltPipeline {
    this.spec.works.forEach((each, index) => {
      this.nodes.push(this.node(index));
      this.activities.push(this.activity(each, index));
    });
    return { pipeline: this.pipeline, resources: this.resources };
  }

  private node(index: number): DataNode {
    const gate = gateOf(this.spec, index);
    const id = `D${index}`;
    const preconditions = gate ? [this.check(`${id}C`, gate)] : [];
    if (this.spec.works[index].kind !== 'redshift') return new S3DataNode(this.pipeline, id, { directoryPath: `s3://data/${id}/`, preconditions });
    const database = new RedshiftDatabase(this.pipeline, `Db${index}`, { workgroupName: 'w', databaseName: 'dev' });
    return new RedshiftDataNode(this.pipeline, id, { database, tableName: id, preconditions });
  }

  private activity(each: WorkSpec, index: number): Activity {
    const id = `A${index}`;
    const before = this.spec.order.pairs.filter(([, second]) => second === index).map(([first]) => first);
    const read = each.kind === 'redshift' ? [] : before.filter((first) => gateOf(this.spec, first) || first % 2 === 0);
    const props = {
      dependsOn: before.filter((first) => !read.includes(first)).map((first) => this.activities[first]),
      preconditions: each.checks.map((spec, position) => this.check(`${id}C${position}`, spec)),
      maximumRetries: each.retries,
      ...this.outcome(each.cascade),
    };
    const nodes = { input: read.map((first) => this.nodes[first]), output: [this.nodes[index]] };
    switch (each.kind) {
      case 'shell': return new ShellCommandActivity(this.pipeline, id, {
        ...props, ...nodes, runsOn: hosts(this.pipeline), command: id, reportProgressTimeout: Duration.seconds(HEARTBEAT),
      });
      case 'ec2': return new ShellCommandActivity(this.pipeline, id, {
        ...props, ...nodes, runsOn: this.instance(this.resources.get(index)!), command: id, reportProgressTimeout: Duration.seconds(HEARTBEAT),
      });
      case 'emr': return new EmrActivity(this.pipeline, id, {
        ...props,
        ...nodes,
        runsOn: this.cluster(this.resources.get(index)!),
        steps: Array.from({ length: each.steps }, () => EmrStep.command([id])),
        attemptTimeout: Duration.seconds(hangs(each) ? ATTEMPT_TIMEOUT : QUEUE_TIMEOUT),
      });
      case 'redshift': return new RedshiftCopyActivity(this.pipeline, id, {
        ...props, input: folder(this.pipeline, `In${index}`), output: this.nodes[index] as RedshiftDataNode, insertMode: RedshiftInsertMode.APPEND,
      });
    }
  }

  private cluster(id: string): EmrCluster {
    return this.pipeline.node.tryFindChild(id) as EmrCluster ?? new EmrCluster(this.pipeline, id, {
      taskConcurrency: concurrencyOf(this.spec, this.resources, id), ...this.launching(id),
    });
  }

  private instance(id: string): Ec2Resource {
    return this.pipeline.node.tryFindChild(id) as Ec2Resource ?? new Ec2Resource(this.pipeline, id, {
      initTimeout: Duration.seconds(INSTANCE_INIT), ...this.launching(id),
    });
  }

  private launching(id: string) {
    const { whenItDies, resourceCascades = false } = ownerOf(this.spec, this.resources, id);
    return { maximumRetries: RESOURCE_RETRIES, actionOnResourceFailure: whenItDies, ...this.outcome(resourceCascades) };
  }

  private check(id: string, { onHost, on, retries, timeout, cascade }: CheckSpec): Precondition {
    const props = {
      maximumRetries: retries,
      retryDelay: Duration.seconds(RETRY_DELAY),
      preconditionTimeout: timeout === undefined ? undefined : Duration.seconds(timeout),
      ...this.outcome(cascade),
    };
    if (on) {
      const runsOn = on === 'Shared' ? this.cluster(on) : this.instance(on);
      return new ShellCommandPrecondition(this.pipeline, id, { ...props, runsOn, command: id, reportProgressTimeout: Duration.seconds(HEARTBEAT) });
    }
    return onHost
      ? new ShellCommandPrecondition(this.pipeline, id, { ...props, runsOn: hosts(this.pipeline), command: id })
      : new S3KeyExistsPrecondition(this.pipeline, id, { ...props, s3Key: `s3://checks/${id}` });
  }

  private outcome(cascade: boolean) {
    return {
      failureAndRerunMode: cascade ? FailureAndRerunMode.CASCADE : FailureAndRerunMode.NONE,
      onFail: [new SnsAlarm({ topic: this.topic, subject: '#{node.name}' })],
    };
  }
}
