import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkLate, isTerminate } from './checks';
import { DefinitionError, invalid, given } from './errors';
import { Fields } from './fields';
import type { Pipeline } from './pipeline';
import { OWN_ID, PIPELINE, pipelineOf } from './pipeline-of';
import type { LateProps } from './runnable';
import type { ScheduledRuns } from './scheduled-runs';

/** A class of objects. */
type Kind = abstract new (...args: never[]) => PipelineObject;

/**
 * What a pipeline is made of: a data node, an activity, a precondition, a resource, a database or a worker group.
 *
 * An object belongs to the pipeline that it is created in.
 */
export abstract class PipelineObject extends Construct {
  /** The pipeline that this object belongs to. */
  public readonly pipeline: Pipeline;

  /**
   * The object's id in its pipeline: its construct id, or the path below the pipeline where it is nested deeper.
   * State names, statuses and log folders carry it.
   */
  public readonly objectId: string;

  /** @internal */
  public _late: LateProps = {};

  constructor(scope: Construct, id: string) {
    super(scope, checkedId(scope, id));
    this.pipeline = pipelineOf(this);
    this.objectId = this.node.path.slice(this.pipeline.node.path.length + 1);
  }

  /** By AWS Data Pipeline's names; those that it leaves out are the pipeline's.
   * @internal */
  public get _fields(): Fields {
    return { ...this.pipeline._fields, ...withoutUndefined(this._own), id: this.objectId, name: this.objectId };
  }

  /** Its own fields. More is known of it when it has been made.
   * @internal */
  protected get _own(): Fields {
    return {};
  }

  /** What its expressions mean by `node`, if they may say so, and once it is known.
   * @internal */
  public get _node(): PipelineObject | 'later' | undefined {
    return undefined;
  }

  /** @internal */
  public _requireSamePipeline(prop: string, others: ReadonlyArray<Pick<PipelineObject, 'pipeline' | 'node'>>): void {
    for (const other of others) {
      if (other.pipeline !== this.pipeline) {
        throw invalid(this, prop, `belongs to another pipeline; got: ${other.node.path}, not in ${this.pipeline.node.path}; create it in this pipeline`);
      }
    }
  }

  /** The same, and of the kind that the prop takes: `what` says which, and what to give.
   * @internal */
  public _require(prop: string, kind: Kind, what: string, others: readonly unknown[]): void {
    for (const other of others) {
      if (!(other instanceof kind)) throw invalid(this, prop, `${what}; got: ${given(other)}; give one`);
    }
    this._requireSamePipeline(prop, others as PipelineObject[]);
  }

  /** Has the pipeline look whether the object is late: by its own props, and by these where it leaves one out; in these runs, or in any.
   * @internal */
  public _watch(own: LateProps, defaults: LateProps, runs?: ScheduledRuns): void {
    const lateAfterTimeout = own.lateAfterTimeout ?? defaults.lateAfterTimeout;
    const onLateAction = own.onLateAction ?? defaults.onLateAction ?? [];
    checkLate(this, own, { lateAfterTimeout, onLateAction });
    if (!lateAfterTimeout || onLateAction.length === 0) return;
    this._late = { lateAfterTimeout, onLateAction };
    if (!onLateAction.every(isTerminate)) this.pipeline._lateWatch(runs);
  }

  /** The pipeline's own lateness, for what cannot be ended when it is late.
   * @internal */
  public get _alarmsWhenLate(): LateProps {
    const { lateAfterTimeout, onLateAction } = this.pipeline._defaults.defaults;
    return { lateAfterTimeout, onLateAction: onLateAction.filter((action) => !isTerminate(action)) };
  }

  /** @internal */
  public _warn(id: string, message: string): void {
    Annotations.of(this).addWarningV2(`cdk-data-pipeline:${id}`, message);
  }
}

function withoutUndefined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Before anything is made under it. */
function checkedId(scope: Construct, id: string): string {
  if (!(PIPELINE in scope && id === OWN_ID) && !id.includes(': ')) return id;
  throw new DefinitionError(`${scope.node.path}/${id}`, 'id', `state names are "<id>: <step>", and "${OWN_ID}: <step>" for the run itself; got: "${id}"; ` +
    `use an id other than "${OWN_ID}", without ": "`);
}
