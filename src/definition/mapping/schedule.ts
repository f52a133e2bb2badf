/** When a pipeline runs, from a Schedule object: of months or years, and of days of the calendar, as cron; else as a rate. */
import { call, Code, literal, member, objectOf, Props } from '../code';
import { minutesOf, Period, periodOf } from './period';
import { changed, kept, Rule, TypeRules } from './rule';
import { integer } from './rules';
import type { Use } from './use';

/** No period, but the words for none. */
const ON_DEMAND = /^ondemand(_period)?$/i;
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** In UTC, unless it says otherwise. */
export function timeOf(text: string): Date | undefined {
  const [, day, time = '00:00:00', zone = 'Z'] = TIME.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${time.replace(/(\.\d{3})\d+$/, '$1')}${zone.toUpperCase()}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const time = (prop: string): Rule => (use: Use) => {
  const value = use.knownText();
  const date = value === undefined ? undefined : timeOf(value);
  if (value === undefined) return undefined;
  return date ? kept(prop, literal(date.toISOString())) : use.error(`is a time, such as "2027-01-01T00:00:00"; got: "${value}"`);
};

const periodRule: Rule = (use) => {
  const value = use.knownText();
  if (value === undefined) return undefined;
  return ON_DEMAND.test(value) || periodOf(value) ? kept('period', literal(value)) : use.error(`is a number of minutes, hours, days, weeks or months, such as "1 day"; got: "${value}"`);
};

const startAt: Rule = (use) => {
  const value = use.knownText();
  if (value === undefined) return undefined;
  return /^first_?activation_?date_?time$/i.test(value.trim())
    ? kept('startAt', member('StartAt', 'FIRST_ACTIVATION_DATE_TIME'))
    : use.error(`is FIRST_ACTIVATION_DATE_TIME; got: "${value}"`);
};

export const SCHEDULES: Readonly<Record<string, TypeRules>> = {
  Schedule: {
    kind: 'schedule',
    required: ['period'],
    oneOf: [['startAt', 'startDateTime']],
    value: objectOf,
    fields: {
      endDateTime: time('endDateTime'),
      occurrences: integer('occurrences'),
      period: periodRule,
      scheduleType: () => changed('scheduleType', 'It is the schedule\'s.'),
      startAt,
      startDateTime: time('startDateTime'),
      maxActiveInstances: () => changed('maxActiveInstances of the Pipeline', 'A schedule has none.'),
    },
  },
};

/** What the program has of a schedule's fields. */
export interface Timing {
  readonly period: string;
  readonly startDateTime?: Date;
  readonly endDateTime?: Date;
  readonly occurrences?: number;
}

export type Style = 'CRON' | 'TIMESERIES' | 'ONDEMAND';

export function timingOf(props: Props): Timing {
  const value = (name: string) => {
    const code = props.find(([prop]) => prop === name)?.[1];
    return code?.kind === 'literal' ? code.value : undefined;
  };
  const date = (name: string) => value(name) === undefined ? undefined : new Date(String(value(name)));
  const occurrences = value('occurrences');
  return {
    period: String(value('period') ?? '1 day'),
    startDateTime: date('startDateTime'),
    endDateTime: date('endDateTime'),
    occurrences: typeof occurrences === 'number' ? occurrences : undefined,
  };
}

/** The schedule from a time on: its first interval is the first that starts then or later; those before are not run. */
export function from(timing: Timing, cutover: Date): Timing {
  const { startDateTime: start, occurrences } = timing;
  if (!start || cutover <= start) return { ...timing, startDateTime: start ?? cutover };
  const skipped = stepsBefore(timing, start, cutover);
  const left = occurrences === undefined ? undefined : Math.max(0, occurrences - skipped);
  return { ...timing, startDateTime: later(timing, start, skipped), occurrences: left };
}

function stepsBefore({ period }: Timing, start: Date, cutover: Date): number {
  const { count, unit } = periodOf(period) ?? { count: 1, unit: 'day' };
  const minutes = minutesOf({ count, unit });
  if (minutes !== undefined) return Math.ceil((cutover.getTime() - start.getTime()) / (minutes * 60_000));
  const months = count * (unit === 'year' ? 12 : 1);
  const between = (cutover.getUTCFullYear() - start.getUTCFullYear()) * 12 + cutover.getUTCMonth() - start.getUTCMonth();
  const steps = Math.max(0, Math.floor(between / months));
  return later({ period }, start, steps) < cutover ? steps + 1 : steps;
}

function later({ period }: Timing, start: Date, steps: number): Date {
  const { count, unit } = periodOf(period) ?? { count: 1, unit: 'day' };
  const minutes = minutesOf({ count, unit });
  if (minutes !== undefined) return new Date(start.getTime() + steps * minutes * 60_000);
  const moved = new Date(start);
  moved.setUTCMonth(start.getUTCMonth() + steps * count * (unit === 'year' ? 12 : 1));
  return moved;
}

/** `Schedule.rate`, `Schedule.cron` or `Schedule.onDemand`; a problem where neither can say it. */
export function scheduleCode(timing: Timing, style: Style): Code | string {
  if (style === 'ONDEMAND' || ON_DEMAND.test(timing.period)) return call('Schedule.onDemand');
  const period = periodOf(timing.period) ?? { count: 1, unit: 'day' };
  const range: Props = [
    ...timing.startDateTime ? [['startDateTime', newDate(timing.startDateTime)] as const] : [],
    ...timing.endDateTime ? [['endDateTime', newDate(timing.endDateTime)] as const] : [],
    ...timing.occurrences === undefined ? [] : [['occurrences', literal(timing.occurrences)] as const],
    ...style === 'TIMESERIES' ? [['scheduleType', member('ScheduleType', 'TIMESERIES')] as const] : [],
  ];
  const minutes = minutesOf(period);
  if (minutes === undefined) return monthly(timing, period, range);
  const duration = minutes % 1440 === 0 ? call('Duration.days', literal(minutes / 1440))
    : minutes % 60 === 0 ? call('Duration.hours', literal(minutes / 60)) : call('Duration.minutes', literal(minutes));
  const start: Props = timing.startDateTime ? [] : [['startAt', member('StartAt', 'FIRST_ACTIVATION_DATE_TIME')]];
  return call('Schedule.rate', duration, objectOf([...start, ...range]));
}

/** Months of the calendar, where cron can say them. */
function monthly({ startDateTime, occurrences }: Timing, { count, unit }: Period, range: Props): Code | string {
  const months = count * (unit === 'year' ? 12 : 1);
  if (months > 12 || 12 % months !== 0) return `is of ${months} months, which come not at the same months of each year; give 1, 2, 3, 4, 6 or 12 months`;
  if (!startDateTime && occurrences !== undefined) return 'of months with occurrences counts from a startDateTime; give it in place of startAt';
  const day = startDateTime?.getUTCDate() ?? 1;
  if (day > 28) return `of months begins on day ${day}, which not all months have; give a startDateTime on a day up to 28`;
  const month = months === 1 ? [] : [['month', literal(monthList(startDateTime?.getUTCMonth() ?? 0, months))] as const];
  return call('Schedule.cron', objectOf([
    ['minute', literal(String(startDateTime?.getUTCMinutes() ?? 0))],
    ['hour', literal(String(startDateTime?.getUTCHours() ?? 0))],
    ['day', literal(String(day))],
    ...month,
    ...range,
  ]));
}

function monthList(first: number, months: number): string {
  return Array.from({ length: 12 / months }, (_, index) => (first + index * months) % 12 + 1).sort((a, b) => a - b).join(',');
}

function newDate(value: Date): Code {
  return { kind: 'new', name: 'Date', args: [literal(value.toISOString())] };
}
