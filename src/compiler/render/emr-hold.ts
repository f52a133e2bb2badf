/** How an activity comes by its cluster where all users of it are in one sequence: the first that is ready launches it. */
import { jsonataString } from '../../expression/value';
import { EmrCluster } from '../../resources/emr-cluster';
import { Asl, jsonata, States } from '../asl';
import { Unit } from '../link';
import { stateName, variableName } from '../names';
import { retriesAll } from '../sharing';
import { RunContext } from './context';
import { ClusterVariables, expired } from './emr-cluster';
import { acquire, launchFailure } from './emr-launch';
import { kept, untried } from './result';
import { Attempts, WorkSite } from './work';

export interface Hold {
  readonly start: string;
  readonly states: States;
  /** Assigned when the activity is ready. */
  readonly assign: Asl;
  /** JSONata of the cluster's id. */
  readonly cluster: string;
  /** What comes next when the last step has completed; left out: it has finished. */
  readonly finished?: string;
  /** What is assigned and comes next when the last attempt has failed; left out: it has failed. */
  readonly exhausted?: { readonly assign: Asl; readonly next: string };
  /** Of the choice that has found the cluster dead. */
  readonly replace: { readonly Choices?: readonly Asl[]; readonly Assign: Asl; readonly Default: string };
}

/** `earlier`: those of the sequence that run on the cluster before. */
export function inlineHold(site: WorkSite, cluster: EmrCluster, attempts: Attempts, earlier: readonly Unit[]): Hold {
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
    start: earlier.length ? step('resource?') : step('acquire'),
    states: { ...launch, ...earlier.length ? { [step('resource?')]: resource } : {} },
    assign: {},
    cluster: `$${variables.cluster}`,
    replace: {
      Choices: [...expiry(site, cluster, variables, attempts), ...afterDeath(site, cluster, variables, attempts, earlier)],
      Assign: relaunch(variables),
      Default: step('acquire'),
    },
  };
}

function relaunch(variables: ClusterVariables): Asl {
  return { [variables.cluster]: '', [variables.launch]: jsonata(`$${variables.launch} + 1`) };
}

/** A cluster whose time is over is not replaced. */
function expiry({ context, activity, settled }: WorkSite, cluster: EmrCluster, variables: ClusterVariables, attempts: Attempts): Asl[] {
  const { terminateAfter } = cluster._launch;
  if (!terminateAfter) return [];
  const reason = jsonataString(`${cluster.objectId}: terminateAfter of ${terminateAfter.toHumanString()} passed`);
  return [{
    Condition: jsonata(expired(variables, terminateAfter.toMilliseconds())),
    Assign: { [context.result(activity)]: jsonata(attempts.lost(reason)) },
    Next: settled.failure,
  }];
}

/** By actionOnResourceFailure: it is not replaced, or replaced as often as it may be and the earlier run again first. */
function afterDeath(site: WorkSite, cluster: EmrCluster, variables: ClusterVariables, attempts: Attempts, earlier: readonly Unit[]): Asl[] {
  const { context, activity, settled } = site;
  if (cluster._launch.actionOnResourceFailure === undefined) return [];
  const reason = jsonataString(died(cluster));
  return [
    {
      Condition: jsonata(`$${variables.launch} > ${mostLaunches(context, cluster)}`),
      Assign: {
        [context.result(activity)]: jsonata(attempts.lost(reason)),
        [context.result(cluster)]: jsonata(`$merge([$${context.result(cluster)}, {"status": "FAILED", "reason": ${reason}, "endTime": $now()}])`),
        [variables.cluster]: '',
      },
      Next: settled.failure,
    },
    ...earlier.map(({ id }) => ({
      Condition: jsonata(`$not($exists(${kept(id)}))`),
      Assign: { ...relaunch(variables), [variableName('a', id)]: 1 },
      Next: stateName(id, 'acquire'),
    })),
  ];
}

/** After so many it is not replaced, where actionOnResourceFailure is given. */
export function mostLaunches(context: RunContext, cluster: EmrCluster): number {
  return retriesAll(cluster) ? context.settings(cluster._props).maximumRetries : 0;
}

export function died(cluster: EmrCluster): string {
  return `${cluster.objectId} has died, and actionOnResourceFailure is ${cluster._launch.actionOnResourceFailure}`;
}
