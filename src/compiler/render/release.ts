import { Fragment, jsonata, merged } from '../asl';
import { stateName } from '../names';
import { TransientResource } from '../work';
import { Exit, RunContext } from './context';
import { deadlineFor, isPast, isTerminated } from './deadline';
import { unguard } from './guard';
import { ResourceVariables, endOf, expired, terminate } from './resource-variables';
import { Settlement } from './settle';

/** Ends the resource after its last activity, whatever became of them. `waiting` is JSONata of whether one of them still waits. */
export function release(context: RunContext, resource: TransientResource, exit: Exit, waiting: string): Fragment {
  const variables = new ResourceVariables(resource);
  const settings = context.settings(resource._props);
  const settled = new Settlement(context, resource, settings, { success: exit, failure: exit });
  const step = (name: string) => stateName(resource.objectId, name);
  const result = context.result(resource);
  const guarded = endOf(resource, variables) !== undefined;
  const { success, failure } = settled;
  const outcome = guarded && success !== failure ? step('finished?') : success;
  const ended = jsonata(`$merge([$${result}, ${ending(resource, variables)}, {"endTime": $now()}])`);
  return {
    start: step('release?'),
    states: merged({
      [step('release?')]: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata(`$${variables.id} != ""`), Next: step('release') },
          { Condition: jsonata(`$${result}.status in ["FAILED", "CANCELED"]`), Next: failure },
        ],
        Assign: { [result]: jsonata(`{"status": ${waiting} ? "WAITING_ON_DEPENDENCIES" : "FINISHED", "attempts": 0}`) },
        Default: settled.held,
      },
      [step('release')]: terminate(context, resource, variables, guarded ? step('unguard') : success, { [result]: ended }),
      ...(guarded ? {
        [step('unguard')]: unguard(context, variables, outcome),
      } : {}),
      ...(outcome !== success ? {
        [step('finished?')]: {
          Type: 'Choice', Choices: [{ Condition: jsonata(`$${result}.status = "FINISHED"`), Next: success }], Default: failure,
        },
      } : {}),
    }, settled.states),
  };
}

/** JSONata of what has become of a resource that is ended: by its activities' end, or by its own. */
function ending(resource: TransientResource, variables: ResourceVariables): string {
  const { terminateAfter } = resource._launch;
  const finished = terminateAfter ? `{"status": ${expired(variables, terminateAfter.toMilliseconds())} ? "TIMEDOUT" : "FINISHED"}` : '{"status": "FINISHED"}';
  if (!isTerminated(resource)) return finished;
  const deadline = deadlineFor(resource);
  return `${isPast(deadline)} ? {"status": "CANCELED", "reason": ${deadline.reason}} : ${finished}`;
}
