import { TickAnswer, TickRequest } from './contract/calendar';
import { DAY, HOUR, MINUTE, WEEK } from './expression/calendar';
import { isoTime, renderIsoTime } from './expression/iso-time';

/** What a schedule is to the machines. Times are milliseconds since 1970. */
export type Timing = RateTiming | CronTiming | OnDemandTiming;

export interface RateTiming {
  readonly kind: 'rate';
  /** Whole minutes, in milliseconds. */
  readonly period: number;
  readonly start: number;
  /** Every interval starts before it. */
  readonly end?: number;
  readonly scheduleType: 'cron' | 'timeseries';
}

/** The calendar function computes the intervals: JSONata knows no time zones. */
export interface CronTiming {
  readonly kind: 'cron';
  readonly request: Omit<TickRequest, 'scheduledTime'>;
}

export interface OnDemandTiming {
  readonly kind: 'onDemand';
}

/** An expression of EventBridge Scheduler, for a schedule without a StartDate. */
export interface TickExpression {
  readonly expression: string;
  readonly timeZone: string;
}

/**
 * Ticks come on whole minutes in UTC and know nothing of a schedule's start: a cron expression that has a tick at (or within
 * the minute after) every boundary between intervals, and others between them only where cron cannot express the period.
 */
export function tickExpression(timing: RateTiming | CronTiming): TickExpression {
  if (timing.kind === 'cron') return { expression: `cron(${timing.request.cron})`, timeZone: timing.request.timeZone };
  return { expression: `cron(${grid(timing).cron})`, timeZone: 'Etc/UTC' };
}

/**
 * The interval whose run a tick starts. A tick within an interval, or outside of the schedule's range, starts none; the first
 * at or after a boundary starts the interval that begins there, or, for timeseries, ends there.
 */
export function intervalOfTick(timing: RateTiming, time: number): TickAnswer {
  const { period, start, end, scheduleType } = timing;
  const boundary = start + Math.floor((time - start) / period) * period;
  const begin = scheduleType === 'cron' ? boundary : boundary - period;
  if (begin < start) return { due: false, reason: EARLY };
  if (end !== undefined && begin >= end) return { due: false, reason: ENDED };
  if (time - boundary >= grid(timing).spacing) return { due: false, reason: BETWEEN };
  return { due: true, scheduledStartTime: isoTime(begin), scheduledEndTime: isoTime(begin + period) };
}

/** `intervalOfTick` as JSONata, of a JSONata text for the tick's time in ISO-8601. It fails on no time. */
export function renderInterval(timing: RateTiming, scheduledTime: string): string {
  const { period, start, end, scheduleType } = timing;
  const begin = scheduleType === 'cron' ? '$boundary' : `$boundary - ${period}`;
  const notDue = (condition: string, reason: string) => `${condition} ? {'due': false, 'reason': '${reason}'} : `;
  return `function($t){($boundary := ${start} + $floor(($t - ${start}) / ${period}) * ${period}; $begin := ${begin}; `
    + notDue(`$begin < ${start}`, EARLY)
    + (end === undefined ? '' : notDue(`$begin >= ${end}`, ENDED))
    + notDue(`$t - $boundary >= ${grid(timing).spacing}`, BETWEEN)
    + `{'due': true, 'scheduledStartTime': ${renderIsoTime('$begin')}, 'scheduledEndTime': ${renderIsoTime(`$begin + ${period}`)}}`
    + `)}($toMillis(${scheduledTime}))`;
}

/** The name of the run of an interval, from its start as `isoTime` writes it: execution names have no colons. */
export function runName(scheduledStartTime: string): string {
  return scheduledStartTime.replaceAll(':', '-');
}

/** `runName` as JSONata, of a JSONata text for the start. */
export function renderRunName(scheduledStartTime: string): string {
  return `$replace(${scheduledStartTime}, ':', '-')`;
}

const EARLY = 'the first interval is not due yet';
const ENDED = 'the schedule has ended';
const BETWEEN = 'the tick is within an interval';
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Grid {
  /** The six fields. */
  readonly cron: string;
  /** Between ticks, in milliseconds. */
  readonly spacing: number;
}

function grid({ period, start }: RateTiming): Grid {
  const first = new Date(Math.ceil(start / MINUTE) * MINUTE);
  const [minute, hour] = [first.getUTCMinutes(), first.getUTCHours()];
  if (period % WEEK === 0) return { cron: `${minute} ${hour} ? * ${WEEKDAYS[first.getUTCDay()]} *`, spacing: WEEK };
  if (period % HOUR !== 0) {
    const spacing = greatestCommonDivisor(period, HOUR);
    return { cron: `${every(minute, spacing / MINUTE)} * * * ? *`, spacing };
  }
  const spacing = greatestCommonDivisor(period, DAY);
  return { cron: `${minute} ${spacing === DAY ? hour : every(hour, spacing / HOUR)} * * ? *`, spacing };
}

/** A cron field for every `step`th value, `value` among them. */
function every(value: number, step: number): string {
  return step === 1 ? '*' : `${value % step}/${step}`;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
