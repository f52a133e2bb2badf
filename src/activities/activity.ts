import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkActions, checkActiveInstances, checkDuration, checkRetries } from '../checks';
import { Work } from '../compiler/work';
import { DataNode } from '../data-nodes/data-node';
import { Fields } from '../fields';
import { PipelineObject } from '../pipeline-object';
import { Precondition } from '../preconditions/precondition';
import { LateProps, RunnableProps } from '../runnable';
import { Schedule } from '../schedule';
import type { ScheduledRuns } from '../scheduled-runs';

/** Props that all activities have. */
export interface ActivityProps extends RunnableProps, LateProps {
  /**
   * An activity of the same kind, whose props are taken where they are left out here, but for `preconditions`. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: Activity;

  /**
   * When this activity runs, where that is at other times than the pipeline: in runs of its own, with all activities of that schedule.
   * What it depends on in other schedules, by `dependsOn` or a data node, it waits for in all their intervals that have a part in its
   * own: those that are skipped, too, until a backfill runs them. Not in a pipeline on demand, and not `Schedule.onDemand()`.
   *
   * @default - the pipeline's
   */
  readonly schedule?: Schedule;

  /**
   * Activities that must have finished before this one starts, beside those that write its input.
   *
   * @default - none
   */
  readonly dependsOn?: Activity[];

  /**
   * What must hold before this activity starts. Field `precondition`.
   *
   * @default - none
   */
  readonly preconditions?: Precondition[];

  /**
   * How long one attempt may take, from the moment it is picked up. The attempt is TIMEDOUT after that, and may be repeated.
   *
   * Steps on a cluster are picked up when they are in its queue: where more activities than its `taskConcurrency` are ready at a time, the
   * time that they wait for each other counts. The launch of the cluster does not.
   *
   * @default - the pipeline's: until the run's own timeout
   */
  readonly attemptTimeout?: Duration;

  /**
   * How many instances of this activity may be at work at a time, each in a run of its own: 1 to 100. What is less than the pipeline's
   * counts for all of the pipeline, with a warning.
   *
   * @default - the pipeline's
   */
  readonly maxActiveInstances?: number;
}

/** Work that a pipeline does. */
export abstract class Activity extends PipelineObject {
  /** Data nodes that this activity reads. */
  public readonly input: DataNode[];

  /** Data nodes that this activity writes. */
  public readonly output: DataNode[];

  /** Activities that must have finished before this one starts. */
  public readonly dependsOn: Activity[];

  /** What must hold before this activity starts. */
  public readonly preconditions: Precondition[];

  /** @internal */
  public readonly _props: ActivityProps;
  /** The runs that it is in.
   * @internal */
  public readonly _runs: ScheduledRuns;

  constructor(scope: Construct, id: string, props: ActivityProps, input: DataNode[], output: DataNode[]) {
    super(scope, id);
    this._props = props;
    this._runs = this.pipeline._runsOf(this, props.schedule);
    this.input = input;
    this.output = output;
    this.dependsOn = props.dependsOn ?? [];
    this.preconditions = props.preconditions ?? [];
    this._require('input', DataNode, 'takes data nodes, such as an S3DataNode', input);
    this._require('output', DataNode, 'takes data nodes, such as an S3DataNode', output);
    this._require('dependsOn', Activity, 'takes activities, such as an EmrActivity', this.dependsOn);
    this._require('preconditions', Precondition, 'takes preconditions, such as an S3KeyExistsPrecondition', this.preconditions);
    this.preconditions.forEach((precondition) => precondition._attachTo(this));
    checkRetries(this, props);
    checkActions(this, props);
    checkDuration(this, 'attemptTimeout', props.attemptTimeout, 1);
    this.checkActiveInstances(props.maxActiveInstances);
    this._watch(props, this.pipeline._defaults.defaults, this._runs);
  }

  /** @internal */
  public abstract _work(): Work;

  /** @internal */
  protected get _own(): Fields {
    return { ...this._props, precondition: this.preconditions, schedule: this._runs.schedule };
  }

  private checkActiveInstances(own?: number): void {
    checkActiveInstances(this, own);
    const { maxActiveInstances } = this.pipeline._defaults;
    if (own === undefined || own >= maxActiveInstances) return;
    this._warn('maxActiveInstances', `maxActiveInstances of ${own} counts for all runs of ${this._runs.title}, which allows ${maxActiveInstances} itself: each run is one instance of every activity`);
  }
}

/** What is a data node: an activity of one input and one output has words of its own for what is none. */
export function dataNodes(node: unknown): DataNode[] {
  return node instanceof DataNode ? [node] : [];
}
