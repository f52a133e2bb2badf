/**
 * What the machines have in common that do the work of one activity, whichever they are told of: of one of so many that their states
 * would be too much for one machine, and their attempts too much for the history of one execution.
 *
 * Such a machine tries as often as a run's own states would, and ends with the activity's result, whatever that is.
 */
import { Asl, jsonata, Machine, States } from './asl';
import { stateName } from './names';
import { ActivityJob } from '../contract/activity-job';
import { RunContext } from './render/context';
import { JobSite } from './render/work';

/** Longer than any run, in seconds. */
const NO_TIMEOUT = 366 * 24 * 3600;
export const ACTIVITY = { objectId: 'Activity' };
/** JSONata of what the execution is told. */
export const JOB: { readonly [field in keyof Required<ActivityJob>]: string } = {
  object: '$job.object',
  run: '$job.run',
  maximumRetries: '$job.maximumRetries',
  retryDelay: '$job.retryDelay',
  attemptTimeout: '$job.attemptTimeout',
};

export const step = (name: string): string => stateName(ACTIVITY.objectId, name);

/** `done` is where the activity goes when it has a result. */
export function jobSite(context: RunContext, done: string): JobSite {
  const { maximumRetries, retryDelay } = JOB;
  return { context, activity: ACTIVITY, settings: { maximumRetries, retryDelay }, settled: { success: done, failure: done } };
}

export interface JobStates {
  readonly does: string;
  /** The first of them is the first to be entered. */
  readonly states: States;
}

export function jobMachine(context: RunContext, { does, states: own }: JobStates): Machine {
  const states: States = { ...own, Done: { Type: 'Succeed', Output: jsonata(`$${context.result(ACTIVITY)}`) } };
  const definition = {
    Comment: does,
    QueryLanguage: 'JSONata',
    StartAt: Object.keys(own)[0],
    TimeoutSeconds: context.pipeline._defaults.runTimeout.toSeconds(),
    States: states,
  };
  return { definition, statements: context.statements, events: context.worstEvents(states) };
}

/** Variables with what the execution is told; rendered when all else is, since the constants are known then. */
export function told(context: RunContext): Asl {
  const { maximumRetries, retryDelay, attemptTimeout } = context.pipeline._defaults.defaults;
  const usual = JSON.stringify({ maximumRetries, retryDelay: retryDelay.toSeconds(), attemptTimeout: attemptTimeout?.toSeconds() ?? NO_TIMEOUT });
  return { ...context.texts.constants, run: jsonata('$states.input.run'), job: jsonata(`$merge([${usual}, $states.input])`) };
}
