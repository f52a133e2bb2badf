const DAY = 24 * 60 * 60_000;

/** A time zone: what its clocks show at an instant, and when they show it. A wall time is the milliseconds it would be in UTC. */
export class Zone {
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();

  /** @throws RangeError if there is no such zone */
  constructor(name: string) {
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

  /** Formatting is slow and no zone changes its clocks twice in a day: a day that begins and ends with one offset has no other. */
  private offset(instant: number): number {
    const day = Math.floor(instant / DAY) * DAY;
    const first = this.dayOffset(day);
    return first === this.dayOffset(day + DAY) ? first : this.exactOffset(instant);
  }

  private dayOffset(day: number): number {
    const known = this.offsets.get(day) ?? this.exactOffset(day);
    this.offsets.set(day, known);
    return known;
  }

  private exactOffset(instant: number): number {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.format.formatToParts(instant)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (instant % 1000) - instant;
  }
}
