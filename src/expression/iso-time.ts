import { ExpressionError } from './error';

/**
 * Times as every program of a pipeline writes them: ISO-8601 in UTC, with milliseconds only where there are any
 * (`2026-11-21T01:00:00Z`), for the years 1 to 9999.
 */
export function isoTime(time: number): string {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new ExpressionError('the date is outside the years 1 to 9999');
  return date.toISOString().replace('.000Z', 'Z');
}

/** JSONata for `isoTime`, of a JSONata text for milliseconds since 1970. */
export function renderIsoTime(time: string): string {
  return `$replace($fromMillis(${time}), '.000Z', 'Z')`;
}

const ISO_TIME = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Milliseconds since 1970 of an ISO-8601 time, in UTC where it names no offset; undefined of anything else. */
export function parseIsoTime(text: string): number | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null || !isCalendarDay(match[1])) return undefined;
  const local = match[2] === undefined ? text : text.slice(0, -match[2].length);
  const time = Date.parse((local.includes('T') ? local : `${local}T00:00`) + (match[2] ?? 'Z'));
  return Number.isNaN(time) ? undefined : time;
}

/** JavaScript takes February 30th for March 1st. */
function isCalendarDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
