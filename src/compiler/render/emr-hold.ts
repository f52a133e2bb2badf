/** How an activity comes by its cluster where all users of it are in one sequence: the first that is ready launches it. */
import { jsonataString } from '../../expression/value';
import { EmrCluster } from '../../resources/emr-cluster';
import { Asl, jsonata, States } from '../asl';
import { stateName } from '../names';
import { ClusterVariables, expired } from './emr-cluster';
import { acquire, launchFailure } from './emr-launch';
import { failedWith, untried } from './result';
import { Attempts, WorkSite } from './work';

export interface Hold {
  readonly start: string;
  readonly states: States;
  /** Assigned when the activity is ready. */
  readonly assign: Asl;
  /** JSONata of the cluster's id. */
  readonly cluster: string;
  /** Of the choice that has found the cluster dead. */
  readonly replace: { readonly Choices?: readonly Asl[]; readonly Assign: Asl; readonly Default: string };
}

/** `first`: no other has launched it. */
export function inlineHold(site: WorkSite, cluster: EmrCluster, attempts: Attempts, first: boolean): Hold {
  const { context, activity, settings, settled } = site;
  const variables = new ClusterVariables(cluster);
  const step = (name: string) => stateName(activity.objectId, name);
  const launch = acquire({
    context,
    cluster,
    step,
    pause: settings.retryDelay,
    concurrency: 1,
    launched: stateName(activity.objectId),
    failed: { assign: { [context.result(activity)]: untried('CANCELED', launchFailure(cluster)) }, next: settled.failure },
  });
  const resource: Asl = { Type: 'Choice', Choices: [{ Condition: jsonata(`$${variables.cluster} != ""`), Next: step('check resource') }], Default: step('acquire') };
  return {
    start: first ? step('acquire') : step('resource?'),
    states: { ...launch, ...first ? {} : { [step('resource?')]: resource } },
    assign: {},
    cluster: `$${variables.cluster}`,
    replace: {
      Choices: expiry(site, cluster, variables, attempts),
      Assign: { [variables.cluster]: '', [variables.launch]: jsonata(`$${variables.launch} + 1`) },
      Default: step('acquire'),
    },
  };
}

/** A cluster whose time is over is not replaced. */
function expiry({ context, activity, settled }: WorkSite, cluster: EmrCluster, variables: ClusterVariables, attempts: Attempts): Asl[] {
  const { terminateAfter } = cluster._launch;
  if (!terminateAfter) return [];
  const reason = jsonataString(`${cluster.objectId}: terminateAfter of ${terminateAfter.toHumanString()} passed`);
  return [{
    Condition: jsonata(expired(variables, terminateAfter.toMilliseconds())),
    Assign: { [context.result(activity)]: failedWith('"FAILED"', reason, `$${attempts.count} - 1`, attempts.began) },
    Next: settled.failure,
  }];
}
