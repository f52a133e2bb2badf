import type { ActionCall } from '../compiler/work';
import type { PipelineObject } from '../pipeline-object';

/**
 * What a run does when an object has succeeded or failed. A value: one action can serve many objects.
 */
export abstract class Action {
  /** @internal */
  public abstract _bind(object: PipelineObject, event: 'onSuccess' | 'onFail'): ActionCall;
}
