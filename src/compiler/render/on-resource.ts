/**
 * Work on a transient resource: `acquire` launches it, `release` ends it after its last activity. What fails is tried again on the same
 * resource, or, if that has died, on a new one.
 */
import type { PipelineObject } from '../../pipeline-object';
import { ANY_ERROR, jsonata, jsonataStrings, merged, States, TRANSIENT_RETRY } from '../asl';
import { Unit } from '../link';
import { stateName, variableName } from '../names';
import { resourceOfWork } from '../sharing';
import { Check, TransientResource, Work } from '../work';
import { renderSent } from './ec2-task';
import { renderSteps } from './emr';
import { Hold, inlineHold } from './hold';
import { callsOf } from './resource-calls';
import { sharedHold } from './shared';
import { Attempts, JobSite, WorkFragment, WorkSite } from './work';

/** How the activity comes by its resource: through the Run table, or after these, the others of its sequence. */
export type Use = 'shared' | readonly Unit[];

export function renderOnResource(site: WorkSite, resource: TransientResource, use: Use, attemptTimeout?: number): WorkFragment {
  const attempts = new Attempts(site);
  const hold = use === 'shared' ? sharedHold(site, resource, attempts, site.activity.objectId) : inlineHold(site, resource, attempts, use);
  const states = merged(hold.states, renderAttempts(site, site.activity, site.activity._work(), attempts, hold, attemptTimeout));
  return { start: hold.start, states, loops: true, assign: { ...attempts.assign, ...hold.assign } };
}

/** The work of an object on a resource that is there, and what follows when it has failed. */
export function renderAttempts(
  site: JobSite, object: PipelineObject, work: Work | Check, attempts: Attempts, hold: Hold, attemptTimeout?: number,
): States {
  switch (work.kind) {
    case 'emrSteps': return merged(renderSteps(site, work, attempts, hold, attemptTimeout), checkResource(site, work.cluster, hold));
    case 'taskRunner': {
      const resource = resourceOfWork(work);
      if (!resource) break;
      return merged(renderSent(site, object, { ...work, host: resource }, attempts, hold, attemptTimeout), checkResource(site, resource, hold));
    }
  }
  throw new Error(`${object.node.path} runs on no transient resource`);
}

/** Does it still live? */
export function checkResource({ context, activity }: JobSite, resource: TransientResource, { id, replace }: Hold): States {
  const step = (name: string) => stateName(activity.objectId, name);
  const work = stateName(activity.objectId);
  const state = variableName('s', activity.objectId);
  const { look, mayLook } = callsOf(resource);
  context.allow(...mayLook(context));
  return {
    [step('check resource')]: {
      Type: 'Task',
      Resource: context.resource(look.integration),
      Arguments: look.arguments(id),
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: work }],
      Assign: { [state]: jsonata(look.state) },
      Output: {},
      Next: step('alive?'),
    },
    [step('alive?')]: {
      Type: 'Choice',
      ...replace,
      Choices: [{ Condition: jsonata(`$${state} in ${jsonataStrings(look.alive)}`), Next: work }, ...replace.Choices ?? []],
    },
  };
}
