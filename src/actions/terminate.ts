import { Action } from './action';
import type { ActionCall, ActionEvent } from '../compiler/work';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';

/**
 * Ends an activity, a data node or a resource that has not finished by its `lateAfterTimeout`: its status is CANCELED, its work is stopped
 * wherever it is, and its consumers are held back as after a failure. An object that waits for others then is CANCELED as soon as they have
 * settled. A step on a cluster is cancelled, and the cluster stays for other activities; on a cluster it ends that, and its activities are
 * CANCELED. On a data node without preconditions it ends the activities that write it. For `onLateAction` only.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-terminate.html
 */
export class Terminate extends Action {
  /** @internal */
  public _bind(object: PipelineObject, event: ActionEvent): ActionCall {
    throw invalid(object, event, 'makes no call: the run itself terminates');
  }
}
