/**
 * Requests to the calendar function: which interval of a cron schedule does a tick belong to? JSONata has no calendar.
 */
export interface TickRequest {
  readonly kind: 'interval';
  /** When the tick was due, ISO-8601. */
  readonly scheduledTime: string;
  /** The six fields of an EventBridge Scheduler cron expression, without `cron()`. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  /** `cron`: the run of an interval starts at its start; `timeseries`: at its end. */
  readonly scheduleType: 'cron' | 'timeseries';
  /** ISO-8601; no interval starts before it. */
  readonly startDateTime?: string;
  /** ISO-8601; every interval starts before it. */
  readonly endDateTime?: string;
  /** Intervals after this many since startDateTime do not run. */
  readonly occurrences?: number;
}

export type TickAnswer =
  | { readonly due: true; readonly scheduledStartTime: string; readonly scheduledEndTime: string }
  | { readonly due: false; readonly reason: string };
