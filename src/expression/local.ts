/**
 * Dates on the clocks of a time zone. What clocks show is reckoned with as if it were in UTC, so that one calendar serves all zones; what
 * they leave out when they are put forward is as much later, and of what they show twice it is the first.
 *
 * JSONata reads a zone's offsets from a `ZoneTable` that the calendar function gives the run.
 */
import { isoTime } from './iso-time';
import { Zone } from '../calendar/zone';
import { FIRST_YEAR, LAST_YEAR } from '../contract/calendar';
import { DAY } from '../contract/grid';

export interface DateZone {
  readonly zone: Zone;
  /** JSONata of the table. */
  table(): string;
}

/** JSONata of what `body` makes of `$t`, an instant, `$z`, the offset and names of the zone at it, and `$w`, what clocks show then. */
export function renderLocal(time: string, { table }: DateZone, body: string): string {
  return `function($t){$exists($t) ? ($z := ${offsetAt(table())}; $w := $t + $z.offset; ${body})}(${time})`;
}

/** JSONata of the instant at which clocks show something. */
export function renderInstant(wall: string, { table }: DateZone): string {
  return `function($w){($o := function($t){${offsetAt(table())}.offset}; $a := $o($w - ${DAY}); $b := $o($w + ${DAY}); `
    + `$o($w - $a) = $a or $o($w - $b) != $b ? $w - $a : $w - $b)}(${wall})`;
}

function offsetAt(table: string): string {
  return `$lookup(${table}, $string($max([${FIRST_YEAR}, $min([${LAST_YEAR}, $number($fromMillis($t, "[Y]"))])])))[from <= $t][-1]`;
}

/** ISO-8601 with the offset: `2026-11-20T20:00:00-05:00`. */
export function zonedTime(time: number, { zone }: DateZone): string {
  const offset = zone.offset(time);
  return isoTime(time + offset).slice(0, -1) + (offset === 0 ? 'Z' : offsetText(offset));
}

export function renderZonedTime(time: string, zone: DateZone): string {
  return renderLocal(time, zone, `$substringBefore($replace($fromMillis($w), ".000Z", "Z"), "Z") & ($z.offset = 0 ? "Z" : ${renderOffset()})`);
}

/** `-05:00` */
export function offsetText(offset: number, separator = ':'): string {
  return (offset < 0 ? '-' : '+') + new Date(Math.abs(offset)).toISOString().slice(11, 16).replace(':', separator);
}

/** JSONata of the same, of `$z`. */
export function renderOffset(separator = ':'): string {
  return `(($z.offset < 0 ? "-" : "+") & $fromMillis($abs($z.offset), "[H01]${separator}[m01]"))`;
}
