/**
 * The cron expressions of EventBridge Scheduler, read into data: six fields (minutes, hours, day of month, month, day of week,
 * year). What AWS does not document (ranges that wrap around, `LW`, `L-3`) is refused rather than guessed at.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */

export type CronTerm =
  /** Every `step`th value from `from` to `to`, both included. */
  | { readonly kind: 'values'; readonly from: number; readonly to: number; readonly step: number }
  /** `L` in the day of month. */
  | { readonly kind: 'lastDay' }
  /** `15W`: the weekday nearest to the 15th, in the same month. */
  | { readonly kind: 'nearestWeekday'; readonly day: number }
  /** `6L`: the last Friday of the month. Days of the week count from 1, Sunday. */
  | { readonly kind: 'lastDayOfWeek'; readonly day: number }
  /** `3#2`: the second Tuesday of the month. */
  | { readonly kind: 'nthDayOfWeek'; readonly day: number; readonly nth: number };

/** Each field is the list of its comma-separated terms; `?` is an empty one, and restricts nothing. */
export interface CronFields {
  readonly minutes: readonly CronTerm[];
  readonly hours: readonly CronTerm[];
  readonly dayOfMonth: readonly CronTerm[];
  readonly month: readonly CronTerm[];
  readonly dayOfWeek: readonly CronTerm[];
  readonly year: readonly CronTerm[];
}

/** A cron expression that EventBridge Scheduler does not accept, or that is not documented to mean anything. */
export class InvalidCronError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidCronError';
  }
}

interface FieldRule {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values, from `min` on. */
  readonly names: readonly string[];
  readonly allowed: string;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const RULES: Readonly<Record<keyof CronFields, FieldRule>> = {
  minutes: { label: 'minutes', min: 0, max: 59, names: [], allowed: '0-59 with , - * /' },
  hours: { label: 'hours', min: 0, max: 23, names: [], allowed: '0-23 with , - * /' },
  dayOfMonth: { label: 'day of month', min: 1, max: 31, names: [], allowed: '1-31 with , - * ? / L W' },
  month: { label: 'month', min: 1, max: 12, names: MONTHS, allowed: '1-12 or JAN-DEC with , - * /' },
  dayOfWeek: { label: 'day of week', min: 1, max: 7, names: DAYS, allowed: '1-7 or SUN-SAT with , - * ? / L #' },
  year: { label: 'year', min: 1970, max: 2199, names: [], allowed: '1970-2199 with , - * /' },
};
const ORDER = ['minutes', 'hours', 'dayOfMonth', 'month', 'dayOfWeek', 'year'] as const;

/**
 * Read the six fields of a cron expression, without `cron()`.
 *
 * @throws InvalidCronError naming the field, what it was and what it may be
 */
export function parseCron(text: string): CronFields {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== ORDER.length) {
    throw new InvalidCronError(`cron expression '${text}': six fields are needed (minutes hours day-of-month month day-of-week year), `
      + `got ${text.trim() === '' ? 0 : parts.length}`);
  }
  const field = (index: number) => new FieldParser(text, ORDER[index], parts[index]).parse();
  const fields: CronFields = {
    minutes: field(0), hours: field(1), dayOfMonth: field(2), month: field(3), dayOfWeek: field(4), year: field(5),
  };
  if ((fields.dayOfMonth.length === 0) === (fields.dayOfWeek.length === 0)) {
    throw new InvalidCronError(`cron expression '${text}': exactly one of day of month and day of week must be '?', `
      + `got '${parts[2]}' and '${parts[4]}'`);
  }
  return fields;
}

class FieldParser {
  private readonly rule: FieldRule;

  constructor(private readonly expression: string, private readonly field: keyof CronFields, private readonly value: string) {
    this.rule = RULES[field];
  }

  parse(): CronTerm[] {
    if (this.value === '?' && (this.field === 'dayOfMonth' || this.field === 'dayOfWeek')) return [];
    const texts = this.value.toUpperCase().split(',');
    const terms = texts.map((text) => this.term(text));
    if (terms.length > 1 && terms.some((term) => term.kind === 'nthDayOfWeek')) throw this.error("'#' stands alone in its field");
    return terms;
  }

  private term(text: string): CronTerm {
    return this.dayOfMonthTerm(text) ?? this.dayOfWeekTerm(text) ?? this.values(text);
  }

  private dayOfMonthTerm(text: string): CronTerm | undefined {
    if (this.field !== 'dayOfMonth') return undefined;
    if (text === 'L') return { kind: 'lastDay' };
    return text.endsWith('W') ? { kind: 'nearestWeekday', day: this.number(text.slice(0, -1)) } : undefined;
  }

  private dayOfWeekTerm(text: string): CronTerm | undefined {
    if (this.field !== 'dayOfWeek') return undefined;
    if (text === 'L') return { kind: 'values', from: 7, to: 7, step: 1 };
    if (text.endsWith('L')) return { kind: 'lastDayOfWeek', day: this.number(text.slice(0, -1)) };
    const [day, nth, ...rest] = text.split('#');
    if (nth === undefined) return undefined;
    if (rest.length > 0 || !/^[1-5]$/.test(nth)) throw this.error(`'#' is followed by 1 to 5, in '${text}'`);
    return { kind: 'nthDayOfWeek', day: this.number(day), nth: Number(nth) };
  }

  private values(text: string): CronTerm {
    const [range, step, ...rest] = text.split('/');
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) throw this.error(`'/' is followed by one whole number above 0, in '${text}'`);
    const { from, to } = this.range(range, step !== undefined);
    return { kind: 'values', from, to, step: Number(step ?? 1) };
  }

  private range(text: string, stepped: boolean): { from: number; to: number } {
    if (text === '*') return { from: this.rule.min, to: this.rule.max };
    const [first, last, ...rest] = text.split('-');
    if (rest.length > 0) throw this.error(`'${text}' has more than one '-'`);
    const from = this.number(first);
    if (last === undefined) return { from, to: stepped ? this.rule.max : from };
    const to = this.number(last);
    if (to < from) throw this.error(`'${text}' runs backwards; write it as two ranges, '${first}-${this.rule.max},${this.rule.min}-${last}'`);
    return { from, to };
  }

  private number(text: string): number {
    const named = this.rule.names.indexOf(text);
    if (named >= 0) return this.rule.min + named;
    const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
    if (!(value >= this.rule.min && value <= this.rule.max)) throw this.error(`'${text}' is not one of its values`);
    return value;
  }

  private error(problem: string): InvalidCronError {
    return new InvalidCronError(`cron expression '${this.expression}', ${this.rule.label} '${this.value}': ${problem} (allowed: ${this.rule.allowed})`);
  }
}
