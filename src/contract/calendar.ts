/**
 * Requests to the calendar function, which decides for the Starter what begins. Times are ISO-8601 in UTC.
 */
import { StarterOutput } from './run';

export interface DecideRequest {
  readonly kind: 'decide';
  /** Name of the Starter's execution. */
  readonly id: string;
  /** The Starter's own; what it is not is refused with INVALID_INPUT. */
  readonly input: unknown;
  /** When the Starter was started. */
  readonly now: string;
  readonly schedule: CalendarSchedule;
  /** Names of the pipeline's parameters. */
  readonly parameters: readonly string[];
  readonly maxActiveInstances: number;
  /** How many missed intervals run when a tick finds them. */
  readonly catchUp: number | 'all';
  readonly queue: QueueState;
}

/** The queue's item, as far as the decision depends on it. */
export interface QueueState {
  readonly active: boolean;
  /** Intervals that begin before it are skipped; empty where there is none. */
  readonly startTimestamp: string;
  /** What the last decision left; empty before the first. */
  readonly memory: string;
  /** Names of runs that have ended since. */
  readonly ended: readonly string[];
}

export type CalendarSchedule = RateCalendar | CronCalendar | OnDemandCalendar;

export interface RateCalendar extends CalendarRange {
  readonly kind: 'rate';
  readonly startDateTime: string;
  /** Milliseconds. */
  readonly period: number;
  /** Milliseconds between ticks. */
  readonly spacing: number;
}

export interface CronCalendar extends CalendarRange {
  readonly kind: 'cron';
  /** The six fields of an EventBridge Scheduler cron expression, without `cron()`. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Intervals after this many since startDateTime do not run. */
  readonly occurrences?: number;
}

export interface CalendarRange {
  /** `cron`: the run of an interval starts at its start; `timeseries`: at its end. */
  readonly scheduleType: 'cron' | 'timeseries';
  /** No interval starts before it. */
  readonly startDateTime?: string;
  /** Every interval starts before it. */
  readonly endDateTime?: string;
}

export interface OnDemandCalendar {
  readonly kind: 'onDemand';
}

export interface DecideAnswer {
  /** To be remembered, before anything starts. */
  readonly memory: string;
  /** To be started in this order, under these names with these inputs; some may have been. */
  readonly starts: readonly RunStart[];
  readonly output: StarterOutput;
}

export interface RunStart {
  readonly run: string;
  /** The Run machine's input, JSON. */
  readonly input: string;
}
