import * as calendar from './calendar';
import { DatePattern } from './date-pattern';
import { ExpressionError } from './error';
import { renderInstant, renderLocal } from './local';
import { constantValue, inZone, numericOperand, runtimeValue, Value, ValueType } from './value';
import { Zone } from '../calendar/zone';

/** A function of the language: it folds what is known at synth, and renders JSONata otherwise. */
export interface ExpressionFunction {
  readonly parameters: readonly ValueType[];
  /** The arguments are as many as the parameters, and of their types. `table` is JSONata of a zone's offsets. */
  apply(args: readonly Value[], table: (zone: string) => string): Value;
}

const MOST_YEARS = 10_000;

/**
 * The functions of the guide (`dp-pipeline-reference-functions-datetime`; `plusPeriod` is in an example of `dp-object-sqlactivity`), and
 * `inTimeZone`. Dates are milliseconds since 1970 on both sides; ISO-8601 is for the borders.
 */
export const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>([
  ['format', { parameters: ['date', 'string'], apply: ([date, pattern]) => format(date, pattern) }],
  ['inTimeZone', { parameters: ['date', 'string'], apply: ([date, zone], table) => inTimeZone(date, zone, table) }],
  ['year', part('Y', (date) => date.getUTCFullYear())],
  ['month', part('M', (date) => date.getUTCMonth() + 1)],
  ['day', part('D', (date) => date.getUTCDate())],
  ['dayOfYear', part('d', (date) => calendar.dayOfYear(date.getTime()))],
  ['hour', part('H', (date) => date.getUTCHours())],
  ['minute', part('m', (date) => date.getUTCMinutes())],
  ['makeDate', { parameters: ['integer', 'integer', 'integer'], apply: (args) => makeDate(args) }],
  ['makeDateTime', { parameters: ['integer', 'integer', 'integer', 'integer', 'integer'], apply: (args) => makeDate(args) }],
  ['midnight', onDate(calendar.midnight, calendar.renderMidnight)],
  ['firstOfMonth', onDate(calendar.firstOfMonth, calendar.renderFirstOfMonth)],
  ['sunday', onDate(calendar.sunday, calendar.renderSunday)],
  ['yesterday', onDate((time) => time - calendar.DAY, (time) => `(${time} - ${calendar.DAY})`)],
  ...shifts('Minutes', byMillis(calendar.MINUTE)),
  ...shifts('Hours', byMillis(calendar.HOUR)),
  ...shifts('Days', byClock(byMillis(calendar.DAY))),
  ...shifts('Weeks', byClock(byMillis(calendar.WEEK))),
  ...shifts('Months', byClock(byMonths(1))),
  ...shifts('Years', byClock(byMonths(12))),
  ['plusPeriod', { parameters: ['date', 'string'], apply: ([date, period], table) => plusPeriod(date, period, table) }],
]);

/** Evaluates numbers at synth if it can; JSONata otherwise. */
function numeric(type: ValueType, args: readonly Value[], evaluate: (...args: number[]) => number, render: (...args: string[]) => string): Value {
  return args.every((arg) => arg.kind === 'constant')
    ? constantValue(type, evaluate(...args.map((arg) => Number(arg.value))))
    : runtimeValue(type, render(...args.map(numericOperand)));
}

function onDate(evaluate: (time: number) => number, render: (time: string) => string): ExpressionFunction {
  return { parameters: ['date'], apply: ([date]) => onClock(date, (wall) => numeric('date', [wall], evaluate, render)) };
}

/** What a function makes of what clocks show. */
function onClock(date: Value, evaluate: (wall: Value) => Value): Value {
  const { zone } = date;
  const wall = evaluate(wallOf(date));
  if (!zone) return wall;
  return inZone(numeric('date', [wall], (time) => zone.zone.instantOrLater(time), (time) => renderInstant(time, zone)), zone);
}

function wallOf(date: Value): Value {
  const { zone } = date;
  return zone ? numeric('date', [date], (time) => zone.zone.wall(time), (time) => renderLocal(time, zone, '$w')) : date;
}

function part(component: string, evaluate: (date: Date) => number): ExpressionFunction {
  const render = (time: string) => `$number($fromMillis(${time}, '[${component}]'))`;
  return { parameters: ['date'], apply: ([date]) => numeric('integer', [wallOf(date)], (time) => evaluate(new Date(time)), render) };
}

interface Shift {
  /** The most that an amount may be, so that no date is shifted out of what dates can be. */
  readonly limit: number;
  readonly evaluate: (time: number, amount: number) => number;
  readonly render: (time: string, amount: string) => string;
  /** To the same time of day, however long that is. */
  readonly byClock?: boolean;
}

function byClock(shift: Shift): Shift {
  return { ...shift, byClock: true };
}

function byMonths(months: number): Shift {
  return {
    limit: MOST_YEARS * 12 / months,
    evaluate: (time, amount) => calendar.plusMonths(time, amount * months),
    render: (time, amount) => calendar.renderPlusMonths(time, months === 1 ? amount : `${amount} * ${months}`),
  };
}

function byMillis(unit: number): Shift {
  return {
    limit: MOST_YEARS * 365 * calendar.DAY / unit,
    evaluate: (time, amount) => time + amount * unit,
    render: (time, amount) => `(${time} + ${amount} * ${unit})`,
  };
}

/** `plusDays` and `minusDays`, which is `plusDays` of what is negative. */
function shifts(unit: string, { limit, evaluate, render, byClock: clock }: Shift): Array<[string, ExpressionFunction]> {
  const parameters: ValueType[] = ['date', 'integer'];
  const shift = (name: string, sign: 1 | -1): [string, ExpressionFunction] => [name, {
    parameters,
    apply: ([date, amount]) => {
      if (amount.kind === 'constant' && Math.abs(Number(amount.value)) > limit) {
        throw new ExpressionError(`${name} shifts by at most ${MOST_YEARS} years, got ${amount.value} ${unit.toLowerCase()}`);
      }
      const shifted = (from: Value) => numeric('date', [from, sign === 1 ? amount : negated(amount)], evaluate, render);
      return clock ? onClock(date, shifted) : inZone(shifted(date), date.zone);
    },
  }];
  return [shift(`plus${unit}`, 1), shift(`minus${unit}`, -1)];
}

/** As `plusDays` and the others, of a period as AWS Data Pipeline writes it. */
function plusPeriod(date: Value, period: Value, table: (zone: string) => string): Value {
  const [, count, unit] = period.kind === 'constant' && /^(\d{1,9}) *(minute|hour|day|week|month|year)s?$/i.exec(String(period.value)) || [];
  if (unit === undefined) {
    throw new ExpressionError(`the period of plusPeriod must be known at synth: '<number> minutes', hours, days, weeks, months or years${
      period.kind === 'constant' ? `; got '${period.value}'` : ''}`);
  }
  const name = `plus${unit[0].toUpperCase()}${unit.slice(1).toLowerCase()}s`;
  return FUNCTIONS.get(name)!.apply([date, constantValue('integer', Number(count))], table);
}

function negated(amount: Value): Value {
  return numeric('integer', [amount], (value) => -value, (value) => `(-${value})`);
}

/** At run time months and days beyond the calendar's run over into the next, so that a run cannot fail on them. */
function makeDate(args: readonly Value[]): Value {
  return numeric('date', args, checkedDate, (year, month, day, hour, minute) => {
    const start = calendar.renderStartOfMonth(`${year} * 12 + ${month} - 1`);
    const time = hour === undefined ? '' : ` + ${hour} * ${calendar.HOUR} + ${minute} * ${calendar.MINUTE}`;
    return `(${start} + (${day} - 1) * ${calendar.DAY}${time})`;
  });
}

function checkedDate(year: number, month: number, day: number, hour = 0, minute = 0): number {
  const start = calendar.startOfMonth(year * 12 + month - 1);
  const days = (calendar.startOfMonth(year * 12 + month) - start) / calendar.DAY;
  within('a year', year, 1, 9999);
  within('a month', month, 1, 12);
  within('a day of that month', day, 1, days);
  within('an hour', hour, 0, 23);
  within('a minute', minute, 0, 59);
  return start + (day - 1) * calendar.DAY + hour * calendar.HOUR + minute * calendar.MINUTE;
}

function within(what: string, value: number, min: number, max: number): void {
  if (value < min || value > max) throw new ExpressionError(`${value} is not ${what}: it is ${min} to ${max}`);
}

function format(date: Value, pattern: Value): Value {
  if (pattern.kind !== 'constant') throw new ExpressionError('the date pattern of format must be known at synth: write it as plain text');
  const parsed = new DatePattern(String(pattern.value));
  return date.kind === 'constant'
    ? constantValue('string', parsed.format(Number(date.value), date.zone))
    : runtimeValue('string', parsed.render(date.text, date.zone));
}

function inTimeZone(date: Value, zone: Value, table: (zone: string) => string): Value {
  if (zone.kind !== 'constant') throw new ExpressionError("the time zone of inTimeZone must be known at synth: write it as plain text, such as 'Europe/Berlin'");
  const name = String(zone.value);
  return inZone(date, name === 'UTC' ? undefined : { zone: zoneOf(name), table: () => table(name) });
}

const ZONES = new Map<string, Zone>();

/** @throws ExpressionError if there is no such time zone */
export function zoneOf(name: string): Zone {
  try {
    const zone = ZONES.get(name) ?? new Zone(name);
    ZONES.set(name, zone);
    return zone;
  } catch {
    throw new ExpressionError(`there is no time zone '${name}': it is a name of the IANA database, such as 'Europe/Berlin'`);
  }
}
