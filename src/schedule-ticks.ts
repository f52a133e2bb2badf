import { createHash } from 'crypto';
import { CronCalendar, RateCalendar, Timing } from './contract/calendar';
import { DAY, grid, HOUR, MINUTE } from './contract/grid';

/** An expression of EventBridge Scheduler, for a schedule without a StartDate. */
export interface TickExpression {
  readonly expression: string;
  readonly timeZone: string;
}

/** Ticks come on whole minutes in UTC and know nothing of a schedule's start. `cron` is given where the start is known at deployment. */
export function tickExpression(timing: RateCalendar | CronCalendar, cron?: string): TickExpression {
  if (timing.kind === 'cron') return { expression: `cron(${timing.cron})`, timeZone: timing.timeZone };
  return { expression: `cron(${cron ?? grid(timing.period, timing.startDateTime).cron})`, timeZone: 'Etc/UTC' };
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
