/**
 * What the machines have in common that do the work of one activity, whichever they are told of: of one of so many that their states
 * would be too much for one machine, and their attempts too much for the history of one execution.
 *
 * Such a machine tries as often as a run's own states would, writes the activity's result into the Run table, whatever that is, and ends with it.
 */
import { Asl, jsonata, Machine, merged, States } from './asl';
import { stateName } from './names';
import { ActivityJob } from '../contract/activity-job';
import { objectItem } from '../contract/table';
import { goTo, RunContext } from './render/context';
import { writeResult } from './render/settle';
import { JobSite } from './render/work';

/** Longer than any run, in seconds. */
const NO_TIMEOUT = 366 * 24 * 3600;
export const ACTIVITY = { objectId: 'Activity' };
/** JSONata of what the execution is told. */
export const JOB: { readonly [field in keyof Required<ActivityJob>]: string } = {
  object: '$job.object',
  run: '$job.run',
  expiresAt: '$states.input.expiresAt',
  held: '$states.input.held',
  preconditions: '$job.preconditions',
  output: '$job.output',
  cascadesWhenCanceled: '$job.cascadesWhenCanceled',
  maximumRetries: '$job.maximumRetries',
  retryDelay: '$job.retryDelay',
  attemptTimeout: '$job.attemptTimeout',
};

export const step = (name: string): string => stateName(ACTIVITY.objectId, name);

/** Where the activity goes when it has a result. */
const SETTLE = step('settle');

export function jobSite(context: RunContext, settled = SETTLE): JobSite {
  const { maximumRetries, retryDelay } = JOB;
  return { context, activity: ACTIVITY, settings: { maximumRetries, retryDelay }, settled: { success: settled, failure: settled } };
}

export interface JobStates {
  readonly does: string;
  readonly states: States;
  /** Assigned at the begin of work. */
  readonly assign: Asl;
  readonly start: string;
  /** Where one goes that is held back. */
  readonly held?: string;
}

export function jobMachine(context: RunContext, { does, states: own, assign, start, held = SETTLE }: JobStates): Machine {
  const result = context.result(ACTIVITY);
  const settle = writeResult(context, { item: `"${objectItem('')}" & ${JOB.object}`, result, others: settledWith(`$${result}.status`) }, goTo('Done'));
  const all = told(context);
  const states = merged({
    Begin: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$exists(${JOB.held}.status)`), Assign: { ...all, [result]: jsonata(JOB.held) }, Next: held }],
      Assign: { ...all, ...assign },
      Default: start,
    },
    [SETTLE]: settle,
    Done: { Type: 'Succeed', Output: jsonata(`$${result}`) },
  }, own);
  const definition = {
    Comment: does,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    TimeoutSeconds: context.pipeline._defaults.runTimeout.toSeconds(),
    States: states,
  };
  return { definition, statements: context.statements, events: context.worstEvents(states) };
}

/** JSONata of attribute values: its preconditions, and its data nodes, which are as it is unless it has failed. */
function settledWith(status: string): string {
  const all = (its: string) => `[$each(${JOB.output}, function($_, $id) { {$id: ${its}} })]`;
  const output = `${status} in ["FINISHED", "WAITING_ON_DEPENDENCIES"] ? ${all(status)} `
    + `: ${status} = "CANCELED" and ${JOB.cascadesWhenCanceled} ? ${all('"CASCADE_FAILED"')} : [${JOB.output}]`;
  return `$merge([$each($merge($append([${JOB.preconditions}], ${output})), function($status, $id) { {$id: {"S": $status}} })])`;
}

/** Variables with what the execution is told; rendered when all else is, since the constants are known then. */
function told(context: RunContext): Asl {
  const { maximumRetries, retryDelay, attemptTimeout } = context.pipeline._defaults.defaults;
  const usual = JSON.stringify({
    preconditions: {},
    output: {},
    cascadesWhenCanceled: false,
    maximumRetries,
    retryDelay: retryDelay.toSeconds(),
    attemptTimeout: attemptTimeout?.toSeconds() ?? NO_TIMEOUT,
  });
  return { ...context.texts.constants, run: jsonata('$states.input.run'), expiresAt: jsonata(JOB.expiresAt), job: jsonata(`$merge([${usual}, $states.input])`) };
}
