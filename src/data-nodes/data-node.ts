import { Construct } from 'constructs';
import { Fields } from '../fields';
import { PipelineObject } from '../pipeline-object';
import type { Precondition } from '../preconditions/precondition';
import { LateProps } from '../runnable';

/** Props that all data nodes have. A data node has finished when those that write it have, and its preconditions hold. */
export interface DataNodeProps extends LateProps {
  /**
   * What must hold before anything reads this data node; checked once a run, after its producers have finished.
   * Field `precondition`.
   *
   * @default - none
   */
  readonly preconditions?: Precondition[];
}

/** Where data is. Activities name data nodes as `input` and `output`; who reads what another writes waits for it. */
export abstract class DataNode extends PipelineObject {
  /** What must hold before anything reads this data node. */
  public readonly preconditions: Precondition[];

  private readonly given: DataNodeProps;

  constructor(scope: Construct, id: string, props: DataNodeProps = {}) {
    super(scope, id);
    this.given = props;
    this.preconditions = props.preconditions ?? [];
    this._requireSamePipeline('preconditions', this.preconditions);
    this.preconditions.forEach((precondition) => precondition._attachTo(this));
    // One that is there when its writers have finished is late with them: it has no second alarm beside theirs unless it asks for it.
    const own = this.preconditions.length > 0 || props.lateAfterTimeout || props.onLateAction;
    this._watch(props, own ? this.pipeline._defaults.defaults : {});
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this.given, precondition: this.preconditions };
  }
}
