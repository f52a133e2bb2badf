import { EmrCluster } from '../../resources/emr-cluster';
import { Fragment, jsonata } from '../asl';
import { stateName } from '../names';
import { Exit, RunContext } from './context';
import { ClusterVariables, expired, terminate } from './emr-cluster';
import { unguard } from './emr-guard';
import { Settlement } from './settle';

/** Ends the cluster after its last activity, whatever became of them. `waiting` is JSONata of whether one of them still waits. */
export function release(context: RunContext, cluster: EmrCluster, exit: Exit, waiting: string): Fragment {
  const variables = new ClusterVariables(cluster);
  const settings = context.settings(cluster._props);
  const settled = new Settlement(context, cluster, settings, { success: exit, failure: exit });
  const step = (name: string) => stateName(cluster.objectId, name);
  const result = context.result(cluster);
  const { terminateAfter } = cluster._launch;
  const after = terminateAfter ? step('unguard') : settled.success;
  const late = terminateAfter ? `${expired(variables, terminateAfter.toMilliseconds())} ? "TIMEDOUT" : "FINISHED"` : '"FINISHED"';
  const ended = jsonata(`$merge([$${result}, {"status": ${late}, "endTime": $now()}])`);
  return {
    start: step('release?'),
    states: {
      [step('release?')]: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata(`$${variables.cluster} != ""`), Next: step('release') },
          { Condition: jsonata(`$${result}.status = "FAILED"`), Next: settled.failure },
        ],
        Assign: { [result]: jsonata(`{"status": ${waiting} ? "WAITING_ON_DEPENDENCIES" : "FINISHED", "attempts": 0}`) },
        Default: settled.held,
      },
      [step('release')]: terminate(context, variables, after, { [result]: ended }),
      ...(terminateAfter ? { [step('unguard')]: unguard(context, variables, settled.success) } : {}),
      ...settled.states,
    },
  };
}
