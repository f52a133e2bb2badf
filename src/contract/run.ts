/**
 * What goes into and comes out of the Run and Starter state machines.
 */
import { ParameterValues } from './parameters';
import { DEFAULT_SCHEDULE } from './plan';

/** Statuses of an object in a run; the names are AWS Data Pipeline's. */
export type ObjectStatus =
  | 'WAITING_ON_DEPENDENCIES'
  | 'RUNNING'
  | 'FINISHED'
  | 'FAILED'
  | 'TIMEDOUT'
  | 'CANCELED'
  | 'CASCADE_FAILED';

/** What became of one object in a run. */
export interface ObjectResult {
  readonly status: ObjectStatus;
  /** Tries made in this execution: 0 where the object never began, or kept the status of an earlier execution; 1 where it was terminated, however often it had been tried. */
  readonly attempts: number;
  /** Why it did not finish: `<error>: <cause>`, or the objects that it waits for. */
  readonly reason?: string;
  /** Error of an action of the object that failed; the last, where several did. */
  readonly actionError?: string;
  /** ISO-8601, UTC. */
  readonly startTime?: string;
  /** ISO-8601, UTC. */
  readonly endTime?: string;
}

/** Input of the Run machine. */
export interface RunInput {
  /** Start of the interval, ISO-8601 in UTC, inclusive. */
  readonly scheduledStartTime: string;
  /** End of the interval, ISO-8601 in UTC, exclusive. */
  readonly scheduledEndTime: string;
  /** Values for the pipeline's parameters, over their defaults. */
  readonly parameters?: ParameterValues;
  /** Whether it was asked for when it had long been due: by a backfill, or as a missed interval. Its objects are due at its begin then. */
  readonly overdue?: boolean;
}

/**
 * Output of the Run machine when all objects finished, the JSON in its failure's cause when not, and the document at
 * `<pipelineLogUri>/<pipeline>/runs/<run>.json`.
 */
export interface RunResult {
  readonly pipeline: string;
  readonly run: string;
  /** CANCELED and TIMEDOUT where the run was stopped from outside; its document is written after its end then. */
  readonly status: 'FINISHED' | 'FAILED' | 'CANCELED' | 'TIMEDOUT';
  readonly scheduledStartTime: string;
  readonly scheduledEndTime: string;
  readonly objects: Readonly<Record<string, ObjectResult>>;
  /** Where the whole result is written. */
  readonly resultUri: string;
  /** In a failure's cause only: how many objects did not fit; the document at `resultUri` has all. */
  readonly omitted?: number;
}

/** Name of the state that only a run with a failed action enters: an alarm looks for it in the log. */
export const ACTIONS_FAILED = 'Run: actions failed';

/** The error name of a Late execution one of whose actions failed. */
export const NOT_TOLD = 'DataPipeline.NotTold';

/** The error name of a Run execution in which an object did not finish. */
export const RUN_FAILED = 'DataPipeline.RunFailed';

/** The error name of a Run execution whose name another has had before. */
export const RAN_BEFORE = 'DataPipeline.RanBefore';

/** Input of the machine that ends what a run has left behind. */
export interface ReaperInput {
  readonly run: string;
  /** How the run's execution ended, as Step Functions says it, where the run may not have settled itself. */
  readonly status?: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** How often it looks for what a launch leaves that surfaces late; without it as often as may be needed. */
  readonly looks?: number;
}

/** The error name of an execution that could not end what a run has left behind. */
export const NOT_REAPED = 'DataPipeline.NotReaped';

/** The error name of a Run or Starter execution whose input is not what it takes. */
export const INVALID_INPUT = 'DataPipeline.InvalidInput';

/** Input of the Starter machine for a tick of a schedule. */
export interface TickInput {
  /** The time the tick was due, ISO-8601. */
  readonly scheduledTime: string;
}

/** Input of the Starter machine for an activation of an on-demand pipeline. */
export interface ActivationInput {
  readonly parameters?: ParameterValues;
}

/** Input of the Starter machine to run the intervals of the schedule that begin in a past range and have not run yet. */
export interface BackfillInput {
  readonly backfill: {
    /** ISO-8601, inclusive. */
    readonly from: string;
    /** ISO-8601, exclusive, and not in the future. */
    readonly to: string;
    /** How many of its runs are at work at a time, beside those of the schedule: 1 to 100. @default 1 */
    readonly concurrency?: number;
    /** The oldest or the newest interval first. @default forward */
    readonly order?: 'forward' | 'backward';
    readonly parameters?: ParameterValues;
  };
}

/** Input of the Starter machine to repeat what a run has not finished, or what is named of it. */
export interface RerunInput {
  readonly rerun: {
    /** Name of the run, with or without that of a rerun. */
    readonly run: string;
    /** Ids of activities, data nodes with preconditions, preconditions (for what they guard) or resources (for all that runs on them). @default - all that is not FINISHED */
    readonly objects?: readonly string[];
    /** Whether all that comes after these objects runs again too. @default - of objects that cascade, what is CASCADE_FAILED with them */
    readonly withConsumers?: boolean;
  };
}

/** Input of the Starter machine to have reruns take objects of a run that has ended as FINISHED. */
export interface MarkFinishedInput {
  readonly markFinished: {
    /** Name of the run, with or without that of a rerun. */
    readonly run: string;
    /** Ids of activities and data nodes with preconditions that have ended otherwise: 1 to 90. */
    readonly objects: readonly string[];
  };
}

/** Input of the Starter machine to start what waits, as far as there is room. */
export interface DispatchInput {
  readonly dispatch: true;
}

/** Input of the Starter machine when a run has ended, in whatever way. */
export interface EndedInput {
  /** Name of the run. */
  readonly ended: string;
}

export type StarterInput = TickInput | ActivationInput | BackfillInput | RerunInput | MarkFinishedInput | DispatchInput | EndedInput;

/** Output of the Starter machine. */
export interface StarterOutput {
  /** The run of the tick or the activation, which may have to wait; the rerun; the run of which objects are marked. */
  readonly run?: string;
  /** Names of the runs that have begun with this, in order. */
  readonly started: readonly string[];
  /** Whether runs wait for others to end. */
  readonly waits: boolean;
  /** Why it asked for no run. */
  readonly reason?: string;
  /** Of a dispatch: the intervals that the start of the activation leaves out, of those that have not run, begin from the first to the last of these. */
  readonly skipped?: { readonly from: string; readonly to: string };
}

/** Name of a rerun: `number` is 0 for the run itself, and may be left out for how the names of all reruns begin. */
export function rerunName(run: string, number: number | ''): string {
  return number === 0 ? run : `${run}.r${number}`;
}

/** Name of the run that a rerun repeats. */
export function originalRun(run: string): string {
  return run.replace(/\.r\d+$/, '');
}

/** Name of the run of an interval, from its start as `RunInput` has it: execution names have no colons. */
export function runName(scheduledStartTime: string, prefix = ''): string {
  return prefix + scheduledStartTime.replaceAll(':', '-');
}

/** What the names of runs of a schedule begin with. */
export function runPrefixOf(schedule: string): string {
  return schedule === DEFAULT_SCHEDULE ? '' : `${schedule}-`;
}

/** Name of the schedule that a run is of, from its own. */
export function scheduleOf(run: string): string {
  return /^(.+?)-\d{4,6}-\d\d-\d\dT/.exec(run)?.[1] ?? DEFAULT_SCHEDULE;
}

/** A time in milliseconds as `RunInput` has it. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
