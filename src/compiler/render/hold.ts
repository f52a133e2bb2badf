/** How an activity comes by its resource where all users of it are in one sequence: the first that is ready launches it. */
import { jsonataString } from '../../expression/value';
import { Asl, jsonata, merged, States } from '../asl';
import { Unit } from '../link';
import { stateName } from '../names';
import { retriesAll } from '../sharing';
import { TransientResource } from '../work';
import { RunContext } from './context';
import { acquire, launchFailure } from './launch';
import { ResourceVariables, expired } from './resource-variables';
import { Attempts, WorkSite } from './work';

export interface Hold {
  readonly start: string;
  readonly states: States;
  /** Assigned when the activity is ready. */
  readonly assign: Asl;
  /** JSONata of the resource's id. */
  readonly id: string;
  /** What comes next when the last step has completed; left out: it has finished. */
  readonly finished?: string;
  /** What is assigned and comes next when the last attempt has failed; left out: it has failed. */
  readonly exhausted?: { readonly assign: Asl; readonly next: string };
  /** Of the choice that has found the resource dead. */
  readonly replace: { readonly Choices?: readonly Asl[]; readonly Assign: Asl; readonly Default: string };
}

/** `earlier`: those of the sequence that run on the resource before. */
export function inlineHold(site: WorkSite, resource: TransientResource, attempts: Attempts, earlier: readonly Unit[]): Hold {
  const { context, activity, settings, settled } = site;
  const variables = new ResourceVariables(resource);
  const step = (name: string) => stateName(activity.objectId, name);
  const launch = acquire({
    context,
    resource,
    step,
    pause: settings.retryDelay,
    concurrency: 1,
    launched: stateName(activity.objectId),
    failed: { assign: { [context.result(activity)]: jsonata(attempts.lost(launchFailure(resource), '"CANCELED"')) }, next: settled.failure },
  });
  const held: Asl = { Type: 'Choice', Choices: [{ Condition: jsonata(`$${variables.id} != ""`), Next: step('check resource') }], Default: step('acquire') };
  return {
    start: earlier.length ? step('resource?') : step('acquire'),
    states: merged(launch, earlier.length ? { [step('resource?')]: held } : {}),
    assign: {},
    id: `$${variables.id}`,
    replace: {
      Choices: [...expiry(site, resource, variables, attempts), ...afterDeath(site, resource, variables, attempts)],
      Assign: relaunch(variables),
      Default: step('acquire'),
    },
  };
}

function relaunch(variables: ResourceVariables): Asl {
  return { [variables.id]: '', [variables.launch]: jsonata(`$${variables.launch} + 1`) };
}

/** A resource whose time is over is not replaced. */
function expiry({ context, activity, settled }: WorkSite, resource: TransientResource, variables: ResourceVariables, attempts: Attempts): Asl[] {
  const { terminateAfter } = resource._launch;
  if (!terminateAfter) return [];
  const reason = jsonataString(`${resource.objectId}: terminateAfter of ${terminateAfter.toHumanString()} passed`);
  return [{
    Condition: jsonata(expired(variables, terminateAfter.toMilliseconds())),
    Assign: { [context.result(activity)]: jsonata(attempts.lost(reason)) },
    Next: settled.failure,
  }];
}

/** By actionOnResourceFailure: it is not replaced, or as often as it may be. */
function afterDeath(site: WorkSite, resource: TransientResource, variables: ResourceVariables, attempts: Attempts): Asl[] {
  const { context, activity, settled } = site;
  if (resource._launch.actionOnResourceFailure === undefined) return [];
  const reason = jsonataString(died(resource));
  return [{
    Condition: jsonata(`$${variables.launch} > ${mostLaunches(context, resource)}`),
    Assign: {
      [context.result(activity)]: jsonata(attempts.lost(reason)),
      [context.result(resource)]: jsonata(`$merge([$${context.result(resource)}, {"status": "FAILED", "reason": ${reason}, "endTime": $now()}])`),
      [variables.id]: '',
    },
    Next: settled.failure,
  }];
}

/** After so many it is not replaced, where actionOnResourceFailure is given. */
export function mostLaunches(context: RunContext, resource: TransientResource): number {
  return retriesAll(resource) ? context.settings(resource._props).maximumRetries : 0;
}

export function died(resource: TransientResource): string {
  return `${resource.objectId} has died, and actionOnResourceFailure is ${resource._launch.actionOnResourceFailure}`;
}
