import { call, Code, literal } from '../code';

const PERIOD = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*(second|sec|minute|min|hour|hr|day|week|month|year)s?\s*$/i;
const UNITS: Readonly<Record<string, readonly [string, number]>> = {
  second: ['seconds', 1], sec: ['seconds', 1], minute: ['minutes', 1], min: ['minutes', 1], hour: ['hours', 1], hr: ['hours', 1], day: ['days', 1], week: ['days', 7],
};

/** `1 days`, `60 Minute`: any case, either number. */
export interface Period {
  readonly count: number;
  readonly unit: string;
}

export function periodOf(text: string): Period | undefined {
  const [, count, unit] = PERIOD.exec(text) ?? [];
  return !Number(count) ? undefined : { count: Number(count), unit: unit.toLowerCase() };
}

/** None of months and years, which are of no fixed length. */
export function durationOf(text: string): Code | undefined {
  const { count, unit } = periodOf(text) ?? { count: 0, unit: 'month' };
  if (!Object.hasOwn(UNITS, unit)) return undefined;
  const [name, times] = UNITS[unit];
  const whole = count * times;
  return Number.isInteger(whole) ? call(`Duration.${name}`, literal(whole)) : call('Duration.seconds', literal(Math.round(whole * SECONDS[name])));
}

const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** In minutes, if that is always as many. */
export function minutesOf({ count, unit }: Period): number | undefined {
  return Object.hasOwn(UNITS, unit) ? count * UNITS[unit][1] * SECONDS[UNITS[unit][0]] / 60 : undefined;
}
