import { Firings } from './firings';
import { Zone } from './zone';
import { CalendarRange, CalendarSchedule, CronCalendar, RateCalendar } from '../contract/calendar';
import { parseCron } from '../contract/cron';
import { InvalidDocument } from '../contract/document';
import { grid, MINUTE } from '../contract/grid';

/** `[start, end)`, in milliseconds since 1970. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The instants between which intervals lie, without gaps. */
interface Boundaries {
  next(after: number): number | undefined;
  previous(before: number): number | undefined;
}

const EARLY = 'the first interval is not due yet';
const ENDED = 'the schedule has ended';
const BETWEEN = 'the tick is within an interval';
/** The last that there is to JavaScript. */
const LATEST = 8.64e15;
const ALONE = 'no interval ends or begins with the tick: its cron expression fires once';

/** @throws InvalidDocument for an expression or zone that does not exist */
export function intervalsOf(schedule: CalendarSchedule): Intervals | undefined {
  switch (schedule.kind) {
    case 'rate': return new Intervals(new Periods(schedule), ranged(schedule), grid(schedule.period, schedule.startDateTime).spacing);
    case 'cron': return new Intervals(firingsOf(schedule), schedule, MINUTE, schedule.occurrences);
    case 'onDemand': return undefined;
  }
}

/** The intervals of a schedule: `cron` style runs one at its start, `timeseries` at its end. */
export class Intervals {
  /** None of the schedule starts before. */
  readonly first: number | undefined;
  private readonly last: number;

  constructor(
    private readonly boundaries: Boundaries, private readonly range: CalendarRange, private readonly spacing: number,
    private readonly occurrences?: number,
  ) {
    this.first = range.startDateTime === undefined ? undefined : Date.parse(range.startDateTime);
    this.last = range.endDateTime === undefined ? Infinity : Date.parse(range.endDateTime);
  }

  /** The interval that a tick makes due, or why there is none: the first tick at or after a boundary counts. */
  ofTick(time: number): Interval | string {
    const boundary = this.boundaries.previous(time + 1);
    const interval = boundary === undefined ? undefined : this.dueAt(boundary);
    if (interval !== undefined && this.first !== undefined && interval.start < this.first) return EARLY;
    if (boundary === undefined || time - boundary >= this.spacing) return BETWEEN;
    if (interval === undefined) return ALONE;
    return interval.start >= this.last || this.isBeyondOccurrences(interval.start) ? ENDED : interval;
  }

  /** The first that starts at or after. */
  from(time: number): Interval | undefined {
    return this.startingAt(this.boundaries.next(time - 1));
  }

  /** The last that starts before. */
  before(time: number): Interval | undefined {
    return this.startingAt(this.boundaries.previous(time));
  }

  /** The first and the last of the schedule that start in `[from, to)`. */
  between(from: number, to: number): { readonly first: Interval; readonly last: Interval } | undefined {
    const [first, last] = [this.from(Math.max(from, this.first ?? from)), this.before(Math.min(to, this.last))];
    return first && last && first.start <= last.start ? { first, last } : undefined;
  }

  /** Those of the schedule that have a part in another interval. */
  *meeting({ start, end }: Interval): Generator<Interval> {
    const covering = this.boundaries.previous(start + 1) ?? start;
    let interval = this.from(Math.max(covering, this.first ?? covering));
    while (interval !== undefined && interval.start < Math.min(end, this.last) && !this.isBeyondOccurrences(interval.start)) {
      yield interval;
      interval = this.from(interval.end);
    }
  }

  /** Intervals that start before this have come due by `now`. */
  dueUntil(now: number): number {
    return this.range.scheduleType === 'cron' ? now + 1 : this.boundaries.previous(now + 1) ?? -Infinity;
  }

  private dueAt(boundary: number): Interval | undefined {
    return this.range.scheduleType === 'cron' ? this.startingAt(boundary) : this.before(boundary);
  }

  private startingAt(start: number | undefined): Interval | undefined {
    const end = start === undefined ? undefined : this.boundaries.next(start);
    return start === undefined || end === undefined ? undefined : { start, end };
  }

  private isBeyondOccurrences(start: number): boolean {
    if (this.occurrences === undefined || this.first === undefined) return false;
    let last: number | undefined = this.first - 1;
    for (let count = 0; count < this.occurrences && last !== undefined && last < start; count += 1) last = this.boundaries.next(last);
    return last !== undefined && last < start;
  }
}

/** As many as there are end at a time that the start tells. */
function ranged({ startDateTime, period, occurrences, ...range }: RateCalendar): CalendarRange {
  if (occurrences === undefined) return { ...range, startDateTime };
  return { ...range, startDateTime, endDateTime: new Date(Math.min(Date.parse(startDateTime) + occurrences * period, LATEST)).toISOString() };
}

class Periods implements Boundaries {
  private readonly start: number;
  private readonly period: number;

  constructor({ startDateTime, period }: RateCalendar) {
    this.start = Date.parse(startDateTime);
    this.period = period;
  }

  next(after: number): number {
    return this.start + (Math.floor((after - this.start) / this.period) + 1) * this.period;
  }

  previous(before: number): number {
    return this.start + (Math.ceil((before - this.start) / this.period) - 1) * this.period;
  }
}

function firingsOf({ cron, timeZone }: CronCalendar): Firings {
  const fields = attempt(() => parseCron(cron), 'cron');
  const zone = attempt(() => new Zone(timeZone), 'timeZone');
  return new Firings(fields, zone);
}

function attempt<T>(read: () => T, field: string): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidDocument('calendar request', field, error instanceof Error ? error.message : String(error));
  }
}
