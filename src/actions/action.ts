import type { ActionCall, ActionEvent } from '../compiler/work';
import type { PipelineObject } from '../pipeline-object';

/**
 * What a run does when an object has succeeded, has failed or is late. A value: one action can serve many objects.
 */
export abstract class Action {
  /** @internal */
  public abstract _bind(object: PipelineObject, event: ActionEvent): ActionCall;
}
