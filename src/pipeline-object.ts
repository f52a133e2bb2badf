import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Terminate } from './actions/terminate';
import { checkLate } from './checks';
import { DefinitionError, invalid } from './errors';
import type { Pipeline } from './pipeline';
import { OWN_ID, PIPELINE, pipelineOf } from './pipeline-of';
import type { LateProps } from './runnable';

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

  /** @internal */
  public _requireSamePipeline(prop: string, others: readonly PipelineObject[]): void {
    for (const other of others) {
      if (other.pipeline !== this.pipeline) {
        throw invalid(this, prop, `belongs to another pipeline; got: ${other.node.path}, not in ${this.pipeline.node.path}; create it in this pipeline`);
      }
    }
  }

  /** Has the pipeline look whether the object is late.
   * @internal */
  public _watch(late: LateProps): void {
    checkLate(this, late);
    this._late = late;
    if (late.onLateAction?.some((action) => !(action instanceof Terminate))) this.pipeline._lateWatch();
  }

  /** @internal */
  public _warn(id: string, message: string): void {
    Annotations.of(this).addWarningV2(`cdk-data-pipeline:${id}`, message);
  }
}

/** Before anything is made under it. */
function checkedId(scope: Construct, id: string): string {
  if (!(PIPELINE in scope && id === OWN_ID) && !id.includes(': ')) return id;
  throw new DefinitionError(`${scope.node.path}/${id}`, 'id', `state names are "<id>: <step>", and "${OWN_ID}: <step>" for the run itself; got: "${id}"; ` +
    `use an id other than "${OWN_ID}", without ": "`);
}
