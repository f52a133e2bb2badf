/**
 * How many events a run may leave in the history of its execution, which Step Functions ends at 25,000.
 *
 * What is asked again and again until it holds has a share of them, and asks less often the longer it takes, so that no wait
 * exhausts the history; every other state is counted with all its attempts. What is left above MOST_EVENTS is for calls that a
 * service refused for a moment.
 */
import { Asl, PATIENT_RETRY, States, TRANSIENT_RETRY } from './asl';

export const MOST_EVENTS = 20_000;

/** Events that all preconditions, all statements and all waits of a run may have. */
export const SHARE = { checks: 8_000, statements: 4_000, waits: 3_000 };

/** By how much each delay is longer than the one before, so that so many of them last as long as that; `least` if fewer are enough. */
export function growth(first: number, longest: number, delays: number, least: number): number {
  return Math.max(least, Math.pow(Math.max(1, longest / first), 1 / Math.max(1, delays)) - 1);
}

/** How many delays, each longer than the one before by a share of it, last as long as that. */
export function delaysFor(first: number, longest: number, factor: number): number {
  return Math.ceil(Math.log(Math.max(1, longest / first)) / Math.log(1 + factor)) + 1;
}

/** Events of all states if all attempts are made. `entered` is how often those in a loop are. */
export function worstEvents(states: States, entered: ReadonlyMap<string, number>): number {
  return Object.entries(states).reduce((sum, [name, state]) => sum + (entered.get(name) ?? 1) * eventsOf(state, entered), 0);
}

const ENTERED_AND_LEFT = 2;
const OF_ATTEMPT = 3;
const SUBMITTED = 1;
/** A branch or an iteration began and ended. */
const OF_BRANCHING = 2;
const MANY = 1_000;

function eventsOf(state: Asl, entered: ReadonlyMap<string, number>): number {
  const inner = [...(state.Branches as Inner[] | undefined ?? []), ...(state.ItemProcessor ? [state.ItemProcessor as Inner] : [])];
  const branches = inner.reduce((sum, branch) => sum + OF_BRANCHING + worstEvents(branch.States, entered), 0);
  return ENTERED_AND_LEFT + branches + (state.Type === 'Task' ? attempts(state) * ofAttempt(state) : 0);
}

interface Inner {
  readonly States: States;
}

function ofAttempt({ Resource }: Asl): number {
  return OF_ATTEMPT + (/\.(sync|sync:2|waitForTaskToken)$/.test(String(Resource)) ? SUBMITTED : 0);
}

/** Those that are asked again without limit have a share of their own. */
function attempts({ Retry }: Asl): number {
  const all = Retry as Array<{ MaxAttempts: number }> | undefined ?? [];
  const retries = all.filter((retry) => retry !== TRANSIENT_RETRY && retry !== PATIENT_RETRY && retry.MaxAttempts < MANY);
  return 1 + retries.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
}
