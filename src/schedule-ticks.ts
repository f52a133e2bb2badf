import { createHash } from 'crypto';
import { CalendarSchedule, CronCalendar, RateCalendar } from './contract/calendar';
import { DAY, HOUR, MINUTE, WEEK } from './expression/calendar';

/** What a schedule is to the calendar function. */
export type Timing = CalendarSchedule;

/** An expression of EventBridge Scheduler, for a schedule without a StartDate. */
export interface TickExpression {
  readonly expression: string;
  readonly timeZone: string;
}

/**
 * Ticks come on whole minutes in UTC and know nothing of a schedule's start: a cron expression that has a tick at (or within
 * the minute after) every boundary between intervals, and others between them only where cron cannot express the period.
 */
export function tickExpression(timing: RateCalendar | CronCalendar): TickExpression {
  if (timing.kind === 'cron') return { expression: `cron(${timing.cron})`, timeZone: timing.timeZone };
  return { expression: `cron(${grid(timing.period, timing.startDateTime).cron})`, timeZone: 'Etc/UTC' };
}

/** When objects are due: the variable of a run that holds the time. */
export type DueTime = 'scheduledStartTime' | 'scheduledEndTime';

/** None on demand. */
export function dueTime(timing: Timing): DueTime | undefined {
  if (timing.kind === 'onDemand') return undefined;
  return timing.scheduleType === 'cron' ? 'scheduledStartTime' : 'scheduledEndTime';
}

/** What a schedule is called that has no name: `every-90m`, `every-6h`, `every-1d`, or `cron-` and a hash. */
export function timingName(timing: Timing): string {
  switch (timing.kind) {
    case 'onDemand': return 'on-demand';
    case 'cron': return `cron-${createHash('sha256').update(`${timing.cron} ${timing.timeZone}`).digest('hex').slice(0, 8)}`;
    case 'rate': {
      const [unit, length] = timing.period % DAY === 0 ? ['d', DAY] : timing.period % HOUR === 0 ? ['h', HOUR] : ['m', MINUTE];
      return `every-${timing.period / Number(length)}${unit}`;
    }
  }
}

/** Between the ticks of a rate, in milliseconds. */
export function tickSpacing(period: number, startDateTime: string): number {
  return grid(period, startDateTime).spacing;
}

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Grid {
  /** The six fields. */
  readonly cron: string;
  /** Between ticks, in milliseconds. */
  readonly spacing: number;
}

function grid(period: number, startDateTime: string): Grid {
  const first = new Date(Math.ceil(Date.parse(startDateTime) / MINUTE) * MINUTE);
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
