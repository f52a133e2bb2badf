/**
 * A precondition that is checked on a transient resource: acquires it, and checks there until it holds. A check that ends in any other way is
 * made again, on the same resource, or on another if that has died.
 */
import { Fragment, merged } from '../asl';
import { stateName } from '../names';
import { TransientResource } from '../work';
import { renderAttempts } from './on-resource';
import { sharedHold } from './shared';
import { attemptVariable, Attempts, JobSite } from './work';
import type { Precondition } from '../../preconditions/precondition';

/** What the states of one check put into the history: the check, the decision, the wait, and the look at the resource. */
export const EVENTS_PER_LOOP = 17;
/** A power of a larger number of checks is no delay. */
const MOST_GROWTHS = 30;

/** `site` is the precondition's. */
export function checkOnResource(site: JobSite, precondition: Precondition, resource: TransientResource): Fragment {
  const { context } = site;
  const attempts = new Attempts(site);
  const hold = sharedHold(site, resource, attempts, precondition.objectId, 'check');
  const begin = stateName(precondition.objectId, 'begin');
  context.repeated(hold.states, context.settings(resource._props).maximumRetries + 1);
  return {
    start: begin,
    states: merged(
      { [begin]: { Type: 'Pass', Assign: { ...attempts.assign, ...hold.assign }, Output: {}, Next: hold.start } },
      hold.states,
      renderAttempts(site, precondition, precondition._check(), attempts, hold, precondition._props.attemptTimeout?.toSeconds()),
    ),
  };
}

/** JSONata of the time to the next check, which is longer each time; seconds. */
export function growingDelay({ objectId }: { readonly objectId: string }, first: number, factor: number, ceiling: number): string {
  return `$min([${ceiling}, $floor(${first} * $power(${factor}, $min([$${attemptVariable(objectId)} - 1, ${MOST_GROWTHS}])))])`;
}
