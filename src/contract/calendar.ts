/**
 * Requests to the calendar function, which decides for the Starter what begins, and tells a run which intervals of another schedule it waits for. Times are ISO-8601 in UTC.
 */
import { ParameterRules } from './parameters';
import { StarterOutput } from './run';

export interface DecideRequest extends ParameterRules {
  readonly kind: 'decide';
  /** What the names of runs begin with. */
  readonly runPrefix: string;
  /** Name of the Starter's execution. */
  readonly id: string;
  /** The Starter's own; what it is not is refused with INVALID_INPUT. */
  readonly input: unknown;
  /** When the Starter was started. */
  readonly now: string;
  readonly schedule: CalendarSchedule;
  readonly maxActiveInstances: number;
  /** How many missed intervals run when a tick finds them. */
  readonly catchUp: number | 'all';
  readonly queue: QueueState;
  /** Where the input is about a run. */
  readonly about?: RunRecord;
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

/** A schedule as it is known at synth: without a start where the first activation is to be it. */
export type Timing = RateTiming | CronCalendar | OnDemandCalendar;

export interface RateTiming extends Omit<RateCalendar, 'startDateTime'> {
  readonly startDateTime?: string;
}

/** `start` is the first activation. */
export function knownTiming(timing: Timing, start: string): CalendarSchedule {
  return timing.kind === 'rate' ? { ...timing, startDateTime: timing.startDateTime ?? start } : timing;
}

export interface RateCalendar extends CalendarRange {
  readonly kind: 'rate';
  readonly startDateTime: string;
  /** Milliseconds. */
  readonly period: number;
  /** Intervals after this many do not run. */
  readonly occurrences?: number;
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

/** Which intervals of a schedule have a part in `[from, to)`. */
export interface CoveringRequest {
  readonly kind: 'covering';
  readonly schedule: CalendarSchedule;
  readonly from: string;
  readonly to: string;
}

export interface CoveringAnswer {
  /** The starts of the intervals, in order. */
  readonly starts: readonly string[];
}

/** When the clocks of time zones change: for expressions, since JSONata knows UTC only. */
export interface ZonesRequest {
  readonly kind: 'zones';
  /** IANA names. */
  readonly zones: readonly string[];
}

/** By zone. */
export type ZonesAnswer = Readonly<Record<string, ZoneTable>>;

/** By year, in UTC: the offset at its start, and each that it changes to, in order. */
export type ZoneTable = Readonly<Record<string, readonly ZoneOffset[]>>;

/** How far the clocks of a zone are ahead of UTC, in milliseconds, and what the zone is called then. */
export interface ZoneOffset {
  /** Milliseconds since 1970; of the first of a year, any time before it. */
  readonly from: number;
  readonly offset: number;
  readonly short: string;
  readonly long: string;
}

/** The years of a table. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2069;

/** Intervals that a run can wait for: more are refused. All of their statuses must fit one answer of DynamoDB. */
export const MOST_COVERING = 1_500;

export interface DecideAnswer {
  /** To be remembered, before anything starts. */
  readonly memory: string;
  /** To be started in this order, under these names with these inputs; some may have been. */
  readonly starts: readonly RunStart[];
  /** To be made together with the memory, or not at all. */
  readonly writes: readonly TableWrite[];
  /** What came of activities of the run that the input is about, for those in other schedules that wait for them. */
  readonly tells: readonly Told[];
  readonly output: StarterOutput;
}

/** What came of an activity. */
export interface Told {
  readonly id: string;
  readonly status: string;
}

/** An update of an item of the Run table, as DynamoDB takes it. */
export interface TableWrite {
  readonly Key: Readonly<Record<string, { readonly S: string }>>;
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues: Readonly<Record<string, TableValue>>;
}

export type TableValue = { readonly S: string } | { readonly N: string } | { readonly M: Readonly<Record<string, { readonly S: string }>> };

export interface RunStart {
  readonly run: string;
  /** The Run machine's input, JSON. */
  readonly input: string;
}

/** What the Run table knows of a run that is to be repeated, or marked, or has ended, and what its pipeline is like now. */
export interface RunRecord {
  readonly graph: RerunGraph;
  /** Its name, without that of a rerun. */
  readonly run: string;
  /** Empty where the table does not know the run, and so are the texts below. */
  readonly scheduledStartTime: string;
  readonly scheduledEndTime: string;
  /** Values of its parameters, JSON. */
  readonly parameters: string;
  /** How many reruns of it there have been. */
  readonly reruns: number;
  /** The Starter's execution that asked for the last rerun, or for marks. */
  readonly askedBy: string;
  /** Of its last rerun, or of itself where there is none, and so is what follows. */
  readonly status: string;
  /** Empty where it has not begun. */
  readonly startTime: string;
  /** Where its execution has ended and has not settled it: what becomes of objects without a status. Else empty. */
  readonly unsettled: string;
  /** By object: its last status. */
  readonly objects: Readonly<Record<string, string>>;
  /** How long the table remembers the objects of a run that has begun, in seconds. */
  readonly retention: number;
}

/** What waits for what in a pipeline, and what settles together. */
export interface RerunGraph {
  readonly units: readonly RerunUnit[];
  /** Data nodes without preconditions: the places in `units` of the activities that write them. */
  readonly dataNodes: Readonly<Record<string, readonly number[]>>;
}

/** An activity, or a data node with preconditions. */
export interface RerunUnit {
  readonly id: string;
  /** Places in `units` of those that must have finished before. */
  readonly after?: readonly number[];
  readonly preconditions?: readonly string[];
  /** The cluster or worker group that it runs on. */
  readonly runsOn?: string;
  /** Clusters and instances that its preconditions are checked on. */
  readonly checkedOn?: readonly string[];
  /** Whether it is a data node. */
  readonly gate?: boolean;
  /** Whether its failure cascades, or that of what it runs on. */
  readonly cascade?: boolean;
  /** Whether other schedules wait for it. */
  readonly told?: boolean;
}
