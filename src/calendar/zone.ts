import { ZoneNames } from './zone-names';
import { FIRST_YEAR, LAST_YEAR, ZoneOffset, ZoneTable } from '../contract/calendar';
import { DAY } from '../contract/grid';

/** Clocks stay as they are for longer than this between two changes. */
const LOOK = 10 * DAY;

/** A time zone: what its clocks show at an instant, and when they show it. A wall time is the milliseconds it would be in UTC. */
export class Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly names: ZoneNames;
  private readonly days = new Map<number, number>();

  /** @throws RangeError if there is no such zone */
  constructor(readonly name: string) {
    this.names = new ZoneNames(name);
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  wall(instant: number): number {
    return instant + this.offset(instant);
  }

  /** The first instant at which clocks show `wall`; none where they were put forward over it. */
  instant(wall: number): number | undefined {
    // The offsets of the day before and of the day after are the only two that it can have been.
    const candidates = [wall - DAY, wall + DAY].map((near) => wall - this.offset(near));
    return candidates.filter((candidate) => this.wall(candidate) === wall).sort((a, b) => a - b)[0];
  }

  /** The same, but where clocks were put forward over `wall`: as much later as they were put forward. */
  instantOrLater(wall: number): number {
    return this.instant(wall) ?? wall - this.offset(wall - DAY);
  }

  /** For years that runs reckon with; in others, clocks are taken to stay as they are at the end of these. */
  table(): ZoneTable {
    const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => FIRST_YEAR + index);
    return Object.fromEntries(years.map((year) => [year, this.offsets(Date.UTC(year), Date.UTC(year + 1))]));
  }

  private offsets(from: number, to: number): ZoneOffset[] {
    const found = [this.offsetSince(Number.MIN_SAFE_INTEGER, from)];
    for (let time = from; time < to; time += LOOK) {
      const end = Math.min(time + LOOK, to);
      if (this.exactOffset(end) === this.exactOffset(time)) continue;
      const change = this.change(time, end);
      found.push(this.offsetSince(change, change));
    }
    return found;
  }

  /** Formatting is slow and no zone changes its clocks twice in a day: a day that begins and ends with one offset has no other. */
  offset(instant: number): number {
    const day = Math.floor(instant / DAY) * DAY;
    const first = this.dayOffset(day);
    return first === this.dayOffset(day + DAY) ? first : this.exactOffset(instant);
  }

  /** `EST` and `Eastern Standard Time`. */
  shortName(instant: number): string {
    return this.names.short(instant);
  }

  longName(instant: number): string {
    return this.names.long(instant);
  }

  private offsetSince(from: number, instant: number): ZoneOffset {
    return { from, offset: this.exactOffset(instant), short: this.shortName(instant), long: this.longName(instant) };
  }

  /** Of the one change between two instants: the first instant after it. */
  private change(before: number, after: number): number {
    const offset = this.exactOffset(before);
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (this.exactOffset(middle) === offset) before = middle;
      else after = middle;
    }
    return after;
  }

  private dayOffset(day: number): number {
    const known = this.days.get(day) ?? this.exactOffset(day);
    this.days.set(day, known);
    return known;
  }

  private exactOffset(instant: number): number {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.format.formatToParts(instant)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) + modulo(instant, 1000) - instant;
  }
}

function modulo(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}
