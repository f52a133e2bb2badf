/** The variables that a run keeps of a transient cluster, and the call that ends it. */
import { EmrCluster } from '../../resources/emr-cluster';
import { ANY_ERROR, Asl, jsonata, TRANSIENT_RETRY } from '../asl';
import { variableName } from '../names';
import { RunContext } from './context';
import { deadlineFor, isTerminated } from './deadline';
import { clusterStatements } from './emr-permissions';
import { untried } from './result';

export const ACTIVE_STATES = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING'];
export const READY_STATES = ['RUNNING', 'WAITING'];

/** The variables of a cluster, in the scope that encloses all its activities. */
export class ClusterVariables {
  readonly cluster: string;
  readonly launch: string;
  readonly launched: string;
  readonly marker: string;
  readonly error: string;
  readonly state: string;

  constructor(cluster: EmrCluster) {
    const name = (prefix: string) => variableName(prefix, cluster.objectId);
    this.cluster = name('v');
    this.launch = name('l');
    this.launched = name('lt');
    this.marker = name('m');
    this.error = name('le');
    this.state = name('cs');
  }

  /** Before the first activity. */
  initial(result: string): Asl {
    return { [this.cluster]: '', [this.launch]: 1, [this.launched]: '', [this.marker]: '', [this.error]: '', [this.state]: '', [result]: untried('WAITING_ON_DEPENDENCIES') };
  }
}

export function expired(variables: ClusterVariables, terminateAfter: number): string {
  return `$millis() - $toMillis($${variables.launched}) >= ${terminateAfter}`;
}

/** JSONata of when the cluster is ended whatever runs on it, in milliseconds; nothing where it is not. */
export function endOf(cluster: EmrCluster, variables: ClusterVariables): string | undefined {
  const { terminateAfter } = cluster._launch;
  const times: Array<string | undefined> = [
    ...terminateAfter ? [`$toMillis($${variables.launched}) + ${terminateAfter.toMilliseconds()}`] : [],
    ...isTerminated(cluster) ? [`$toMillis(${deadlineFor(cluster).time})`] : [],
  ];
  return times.length > 1 ? `$min([${times.join(', ')}])` : times[0];
}

export function terminate(context: RunContext, variables: ClusterVariables, next: string, assign: Asl): Asl {
  context.allow(...clusterStatements(context, 'TerminateJobFlows'));
  return {
    Type: 'Task',
    Resource: context.resource('elasticmapreduce:terminateCluster'),
    Arguments: { ClusterId: jsonata(`$${variables.cluster}`) },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: assign, Next: next }],
    Assign: assign,
    Output: {},
    Next: next,
  };
}
