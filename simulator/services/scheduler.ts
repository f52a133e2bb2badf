import { Cron } from 'croner';
import { messageOf } from './integration';

const DAY = 86_400_000;

/** A schedule that EventBridge Scheduler would not accept, or that is beyond this stand-in. */
export class InvalidScheduleError extends Error {
  constructor(cron: string, timeZone: string, reason: string) {
    super(`cron(${cron}) in time zone "${timeZone}": ${reason}`);
    this.name = 'InvalidScheduleError';
  }
}

/**
 * The times at which EventBridge Scheduler fires, in milliseconds, from `from` (inclusive) to `to` (exclusive).
 *
 * croner finds the wall times as if they were UTC; each is then placed in the time zone: one that the clocks skip does not fire,
 * one that they show twice fires the first time.
 */
export function* ticks(cron: string, timeZone: string, from: number, to: number): Generator<number> {
  const expression = parsed(cron, timeZone);
  const wallTime = wallClock(cron, timeZone);
  let wall = expression.nextRun(new Date(from - 2 * DAY));
  for (; wall && wall.getTime() < to + 2 * DAY; wall = expression.nextRun(wall)) {
    const instant = instantOf(wall.getTime(), wallTime);
    if (instant !== undefined && instant >= to) return;
    if (instant !== undefined && instant >= from) yield instant;
  }
}

function parsed(cron: string, timeZone: string): Cron {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 6) {
    throw new InvalidScheduleError(cron, timeZone, `has ${fields.length} fields, not 6: minutes, hours, day of month, month, day of week, year`);
  }
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new InvalidScheduleError(cron, timeZone, 'exactly one of day of month and day of week must be "?"');
  }
  const pattern = [
    '0', stepped(minutes, 59), stepped(hours, 23), stepped(dayOfMonth.replace('?', '*'), 31), stepped(month, 12), daysOfWeek(dayOfWeek),
    stepped(year, 2199),
  ].join(' ');
  try {
    return new Cron(pattern, { utcOffset: 0, paused: true, mode: '7-part' });
  } catch (error) {
    throw new InvalidScheduleError(cron, timeZone, messageOf(error));
  }
}

/** croner steps through ranges only: `5/15` is `5-59/15`. */
function stepped(field: string, highest: number): string {
  return field.replace(/(^|,)(\d+)\//g, `$1$2-${highest}/`);
}

/** AWS counts the days of the week from 1, Sunday; croner from 0. Its last Friday is `FRI#L`. */
function daysOfWeek(field: string): string {
  return stepped(field, 7).split(',').map(term => {
    if (term === '?') return '*';
    if (term === 'L') return '6';
    const [, days, suffix = ''] = /^(.*?)([#/].*|L)?$/.exec(term)!;
    return days.replace(/\d+/g, day => String(Number(day) - 1)) + (suffix === 'L' ? '#L' : suffix);
  }).join(',');
}

type WallClock = (instant: number) => number;

const UTC = ['UTC', 'Etc/UTC'];

/** What the clocks of a time zone show, as if it were UTC. */
function wallClock(cron: string, timeZone: string): WallClock {
  if (UTC.includes(timeZone)) return instant => instant;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    return instant => {
      const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
      return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    };
  } catch (error) {
    throw new InvalidScheduleError(cron, timeZone, messageOf(error));
  }
}

/** Offsets change less than once in two days, so one of those around holds. */
function instantOf(wall: number, wallTime: WallClock): number | undefined {
  const offsets = [wall - DAY, wall + DAY].map(near => wallTime(near) - near);
  const instants = offsets.map(offset => wall - offset).filter(instant => wallTime(instant) === wall);
  return instants.length > 0 ? Math.min(...instants) : undefined;
}
