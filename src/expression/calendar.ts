/**
 * The calendar twice: on milliseconds since 1970 at synth, and the same as JSONata, which has no calendar of its own.
 * The JSONata is arithmetic only, so that it fails on no date. Times of day survive; a day that the month lacks becomes
 * its last (January 31st and a month is February 28th or 29th).
 */
import { DAY } from '../contract/grid';

export { DAY, HOUR, MINUTE, WEEK } from '../contract/grid';

/** Months are counted from January of the year 0. */
export function startOfMonth(months: number): number {
  return new Date(0).setUTCFullYear(0, months, 1);
}

export function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function plusMonths(time: number, months: number): number {
  const target = monthOf(time) + months;
  const length = (startOfMonth(target + 1) - startOfMonth(target)) / DAY;
  return startOfMonth(target) + (Math.min(new Date(time).getUTCDate(), length) - 1) * DAY + timeOfDay(time);
}

export function firstOfMonth(time: number): number {
  return startOfMonth(monthOf(time)) + timeOfDay(time);
}

export function midnight(time: number): number {
  return time - timeOfDay(time);
}

/** The Sunday on or before a day. 1970-01-01 was a Thursday. */
export function sunday(time: number): number {
  return time - modulo(Math.floor(time / DAY) + 4, 7) * DAY;
}

export function dayOfYear(time: number): number {
  const year = new Date(time).getUTCFullYear();
  return Math.floor((time - startOfMonth(year * 12)) / DAY) + 1;
}

function timeOfDay(time: number): number {
  return modulo(time, DAY);
}

function modulo(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}

/** With March as the first month, leap days come last and the lengths of months follow a line. */
const START_OF_MONTH = 'function($m){($y := $floor(($m - 2) / 12); (365 * $y + $floor($y / 4) - $floor($y / 100) + $floor($y / 400)'
  + ` + $floor((153 * ($m - 2 - 12 * $y) + 2) / 5) - 719468) * ${DAY})}`;
const MONTH_OF = "$number($fromMillis($t, '[Y]')) * 12 + $number($fromMillis($t, '[M]')) - 1";
const TIME_OF_DAY = `$t - ${DAY} * $floor($t / ${DAY})`;

export function renderStartOfMonth(months: string): string {
  return `${START_OF_MONTH}(${months})`;
}

export function renderPlusMonths(time: string, months: string): string {
  return `function($t, $n){($start := ${START_OF_MONTH}; $target := ${MONTH_OF} + $n; $first := $start($target); `
    + `$length := ($start($target + 1) - $first) / ${DAY}; `
    + `$first + ($min([$number($fromMillis($t, '[D]')), $length]) - 1) * ${DAY} + ${TIME_OF_DAY})}(${time}, ${months})`;
}

export function renderFirstOfMonth(time: string): string {
  return `function($t){$t - ($number($fromMillis($t, '[D]')) - 1) * ${DAY}}(${time})`;
}

export function renderMidnight(time: string): string {
  return `(${DAY} * $floor(${time} / ${DAY}))`;
}

export function renderSunday(time: string): string {
  return `function($t){($d := $floor($t / ${DAY}) + 4; $t - ($d - 7 * $floor($d / 7)) * ${DAY})}(${time})`;
}
