import { firesOn, minutesOfDay } from './cron-day';
import { Zone } from './zone';
import { CronFields } from '../contract/cron';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * The instants at which EventBridge Scheduler fires a cron expression in a time zone.
 *
 * A time that clocks skip when they are put forward does not fire; one that they show twice fires the first time only. So later
 * wall times are later instants, and stepping can go by wall time.
 */
export class Firings {
  private readonly minutes: readonly number[];

  constructor(private readonly cron: CronFields, private readonly zone: Zone) {
    this.minutes = minutesOfDay(cron);
  }

  at(instant: number): boolean {
    return this.next(instant - 1) === instant;
  }

  next(after: number): number | undefined {
    const from = this.zone.wall(after);
    const end = Date.UTC(Math.max(...this.years()) + 1, 0);
    for (let day = midnight(from); day < end; day += DAY) {
      const found = this.first(day, this.minutes, (wall) => wall > from, (instant) => instant > after);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  previous(before: number): number | undefined {
    // A day ahead, for the times on the other side of a repeated hour.
    const from = this.zone.wall(before) + DAY;
    const end = Date.UTC(Math.min(...this.years()), 0);
    const backwards = [...this.minutes].reverse();
    for (let day = midnight(from); day >= end; day -= DAY) {
      const found = this.first(day, backwards, (wall) => wall <= from, (instant) => instant < before);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private first(
    day: number, minutes: readonly number[], wanted: (wall: number) => boolean, accepted: (instant: number) => boolean,
  ): number | undefined {
    if (!firesOn(this.cron, day)) return undefined;
    for (const minute of minutes) {
      const wall = day + minute * MINUTE;
      const instant = wanted(wall) ? this.zone.instant(wall) : undefined;
      if (instant !== undefined && accepted(instant)) return instant;
    }
    return undefined;
  }

  private years(): number[] {
    return this.cron.year.flatMap((term) => (term.kind === 'values' ? [term.from, term.to] : []));
  }
}

function midnight(wall: number): number {
  return Math.floor(wall / DAY) * DAY;
}
