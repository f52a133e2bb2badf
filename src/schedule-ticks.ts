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
