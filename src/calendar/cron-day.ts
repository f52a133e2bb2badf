import { CronFields, CronTerm } from '../contract/cron';

/** Whether a cron expression fires on a day, given as midnight in UTC. */
export function firesOn(cron: CronFields, midnight: number): boolean {
  const date = new Date(midnight);
  return restricts(cron.year, (term) => holds(term, date.getUTCFullYear()))
    && restricts(cron.month, (term) => holds(term, date.getUTCMonth() + 1))
    && restricts(cron.dayOfMonth, (term) => holdsOnDate(term, date))
    && restricts(cron.dayOfWeek, (term) => holdsOnWeekday(term, date));
}

/** The minutes of the day, from midnight and in order, at which a cron expression fires. */
export function minutesOfDay(cron: CronFields): number[] {
  const pick = (terms: readonly CronTerm[], size: number) =>
    Array.from({ length: size }, (_, value) => value).filter((value) => terms.some((term) => holds(term, value)));
  return pick(cron.hours, 24).flatMap((hour) => pick(cron.minutes, 60).map((minute) => hour * 60 + minute));
}

function restricts(terms: readonly CronTerm[], test: (term: CronTerm) => boolean): boolean {
  return terms.length === 0 || terms.some(test);
}

function holds(term: CronTerm, value: number): boolean {
  return term.kind === 'values' && value >= term.from && value <= term.to && (value - term.from) % term.step === 0;
}

function holdsOnDate(term: CronTerm, date: Date): boolean {
  switch (term.kind) {
    case 'lastDay': return date.getUTCDate() === lastDay(date);
    case 'nearestWeekday': return date.getUTCDate() === nearestWeekday(term.day, date);
    default: return holds(term, date.getUTCDate());
  }
}

function holdsOnWeekday(term: CronTerm, date: Date): boolean {
  const day = date.getUTCDay() + 1;
  switch (term.kind) {
    case 'lastDayOfWeek': return day === term.day && date.getUTCDate() + 7 > lastDay(date);
    case 'nthDayOfWeek': return day === term.day && Math.ceil(date.getUTCDate() / 7) === term.nth;
    default: return holds(term, day);
  }
}

function lastDay(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a day of the date's month, without leaving the month; none where the month has no such day. */
function nearestWeekday(day: number, date: Date): number | undefined {
  const last = lastDay(date);
  if (day > last) return undefined;
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}
