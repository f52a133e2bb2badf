import { EmrCluster } from '../../resources/emr-cluster';
import { Fragment, jsonata } from '../asl';
import { stateName } from '../names';
import { Exit, RunContext } from './context';
import { deadlineFor, isPast, isTerminated } from './deadline';
import { ClusterVariables, endOf, expired, terminate } from './emr-cluster';
import { unguard } from './emr-guard';
import { Settlement } from './settle';

/** Ends the cluster after its last activity, whatever became of them. `waiting` is JSONata of whether one of them still waits. */
export function release(context: RunContext, cluster: EmrCluster, exit: Exit, waiting: string): Fragment {
  const variables = new ClusterVariables(cluster);
  const settings = context.settings(cluster._props);
  const settled = new Settlement(context, cluster, settings, { success: exit, failure: exit });
  const step = (name: string) => stateName(cluster.objectId, name);
  const result = context.result(cluster);
  const guarded = endOf(cluster, variables) !== undefined;
  const { success, failure } = settled;
  const outcome = guarded && success !== failure ? step('finished?') : success;
  const ended = jsonata(`$merge([$${result}, ${ending(cluster, variables)}, {"endTime": $now()}])`);
  return {
    start: step('release?'),
    states: {
      [step('release?')]: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata(`$${variables.cluster} != ""`), Next: step('release') },
          { Condition: jsonata(`$${result}.status in ["FAILED", "CANCELED"]`), Next: failure },
        ],
        Assign: { [result]: jsonata(`{"status": ${waiting} ? "WAITING_ON_DEPENDENCIES" : "FINISHED", "attempts": 0}`) },
        Default: settled.held,
      },
      [step('release')]: terminate(context, variables, guarded ? step('unguard') : success, { [result]: ended }),
      ...(guarded ? {
        [step('unguard')]: unguard(context, variables, outcome),
      } : {}),
      ...(outcome !== success ? {
        [step('finished?')]: {
          Type: 'Choice', Choices: [{ Condition: jsonata(`$${result}.status = "FINISHED"`), Next: success }], Default: failure,
        },
      } : {}),
      ...settled.states,
    },
  };
}

/** JSONata of what has become of a cluster that is ended: by its activities' end, or by its own. */
function ending(cluster: EmrCluster, variables: ClusterVariables): string {
  const { terminateAfter } = cluster._launch;
  const finished = terminateAfter ? `{"status": ${expired(variables, terminateAfter.toMilliseconds())} ? "TIMEDOUT" : "FINISHED"}` : '{"status": "FINISHED"}';
  if (!isTerminated(cluster)) return finished;
  const deadline = deadlineFor(cluster);
  return `${isPast(deadline)} ? {"status": "CANCELED", "reason": ${deadline.reason}} : ${finished}`;
}
