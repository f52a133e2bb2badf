import { DatePattern } from './date-pattern';
import { ExpressionError } from './error';
import { zoneOf } from './functions';
import { parseExpression } from './parser';

/**
 * A value that each run computes, for use in any string prop: `raw/${Expression.format(Expression.SCHEDULED_START_TIME, 'YYYY/MM/dd/HH')}/`
 * is `raw/#{format(@scheduledStartTime,'YYYY/MM/dd/HH')}/`, which may be written by hand as well.
 *
 * Expressions nest. Where a string is needed alone, or in languages whose string interpolation does not call `toString()`, use `text`.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-expressions-functions.html
 */
export class Expression {
  /** The start of the run's interval: a date. */
  public static readonly SCHEDULED_START_TIME = new Expression('@scheduledStartTime');
  /** The end of the run's interval: a date. */
  public static readonly SCHEDULED_END_TIME = new Expression('@scheduledEndTime');
  /** When the run began: a date. */
  public static readonly ACTUAL_START_TIME = new Expression('@actualStartTime');

  /**
   * Any expression, as it stands between `#{` and `}`.
   *
   * @param expression such as `node.@scheduledStartTime` or `day(@scheduledStartTime) + 1`
   * @throws ExpressionError if it cannot be parsed
   */
  public static of(expression: string): Expression {
    parseExpression(expression);
    return new Expression(expression);
  }

  /**
   * The value of a parameter of the pipeline.
   *
   * @param name begins with `my`, or with `*my` if the value is a secret
   */
  public static parameter(name: string): Expression {
    if (!/^\*?my\w+$/.test(name)) {
      throw new ExpressionError(`Expression.parameter: name is '${name}': it is 'my' (or '*my') followed by letters, digits or '_', such as 'myBucket'`);
    }
    return new Expression(name);
  }

  /**
   * A date as text.
   *
   * @param pattern Joda-Time's: `YYYY-MM-dd'T'HH:mm:ss`; text is in single quotes
   * @throws ExpressionError if the pattern has a letter that Joda-Time's have not
   */
  public static format(date: Expression, pattern: string): Expression {
    new DatePattern(pattern);
    return Expression.call('format', date, quoted(pattern));
  }

  /**
   * A date on the clocks of a time zone: the same instant, but its parts, its text, and what functions make of it are those of the zone.
   * What clocks leave out when they are put forward is as much later; of what they show twice, it is the first.
   *
   * @param timeZone an IANA name, such as `Europe/Berlin`
   * @throws ExpressionError if there is no such time zone
   */
  public static inTimeZone(date: Expression, timeZone: string): Expression {
    zoneOf(timeZone);
    return Expression.call('inTimeZone', date, quoted(timeZone));
  }

  /** Midnight at the start of a year, month and day, in UTC. */
  public static makeDate(year: number, month: number, day: number): Expression {
    return Expression.call('makeDate', year, month, day);
  }

  /** A minute, in UTC. */
  public static makeDateTime(year: number, month: number, day: number, hour: number, minute: number): Expression {
    return Expression.call('makeDateTime', year, month, day, hour, minute);
  }

  /** A date so many minutes later. */
  public static plusMinutes(date: Expression, minutes: number): Expression {
    return Expression.shift('plusMinutes', date, minutes);
  }

  /** A date so many hours later. */
  public static plusHours(date: Expression, hours: number): Expression {
    return Expression.shift('plusHours', date, hours);
  }

  /** A date so many days later. */
  public static plusDays(date: Expression, days: number): Expression {
    return Expression.shift('plusDays', date, days);
  }

  /** A date so many weeks later. */
  public static plusWeeks(date: Expression, weeks: number): Expression {
    return Expression.shift('plusWeeks', date, weeks);
  }

  /** A date so many months later; a day that the month lacks becomes its last. */
  public static plusMonths(date: Expression, months: number): Expression {
    return Expression.shift('plusMonths', date, months);
  }

  /** A date so many years later; February 29th becomes the 28th where there is none. */
  public static plusYears(date: Expression, years: number): Expression {
    return Expression.shift('plusYears', date, years);
  }

  /** A date so many minutes earlier. */
  public static minusMinutes(date: Expression, minutes: number): Expression {
    return Expression.shift('minusMinutes', date, minutes);
  }

  /** A date so many hours earlier. */
  public static minusHours(date: Expression, hours: number): Expression {
    return Expression.shift('minusHours', date, hours);
  }

  /** A date so many days earlier. */
  public static minusDays(date: Expression, days: number): Expression {
    return Expression.shift('minusDays', date, days);
  }

  /** A date so many weeks earlier. */
  public static minusWeeks(date: Expression, weeks: number): Expression {
    return Expression.shift('minusWeeks', date, weeks);
  }

  /** A date so many months earlier; a day that the month lacks becomes its last. */
  public static minusMonths(date: Expression, months: number): Expression {
    return Expression.shift('minusMonths', date, months);
  }

  /** A date so many years earlier; February 29th becomes the 28th where there is none. */
  public static minusYears(date: Expression, years: number): Expression {
    return Expression.shift('minusYears', date, years);
  }

  /** The same time a day earlier. */
  public static yesterday(date: Expression): Expression {
    return Expression.call('yesterday', date);
  }

  /** The start of the day. */
  public static midnight(date: Expression): Expression {
    return Expression.call('midnight', date);
  }

  /** The same time on the first day of the month. */
  public static firstOfMonth(date: Expression): Expression {
    return Expression.call('firstOfMonth', date);
  }

  /** The same time on the Sunday on or before a date. */
  public static sunday(date: Expression): Expression {
    return Expression.call('sunday', date);
  }

  /** The year of a date. */
  public static year(date: Expression): Expression {
    return Expression.call('year', date);
  }

  /** The month of a date, from 1. */
  public static month(date: Expression): Expression {
    return Expression.call('month', date);
  }

  /** The day of the month of a date, from 1. */
  public static day(date: Expression): Expression {
    return Expression.call('day', date);
  }

  /** The day of the year of a date, from 1. */
  public static dayOfYear(date: Expression): Expression {
    return Expression.call('dayOfYear', date);
  }

  /** The hour of a date, from 0 to 23. */
  public static hour(date: Expression): Expression {
    return Expression.call('hour', date);
  }

  /** The minute of a date, from 0 to 59. */
  public static minute(date: Expression): Expression {
    return Expression.call('minute', date);
  }

  private static shift(name: string, date: Expression, amount: number): Expression {
    if (!Number.isSafeInteger(amount)) throw new ExpressionError(`Expression.${name}: the amount is ${amount}: it is a whole number`);
    return Expression.call(name, date, amount);
  }

  private static call(name: string, ...args: Array<Expression | string | number>): Expression {
    return new Expression(`${name}(${args.map((arg) => arg instanceof Expression ? arg.inner : arg).join(',')})`);
  }

  /** The expression as it stands in a prop: `#{...}`. */
  public readonly text: string;

  private constructor(private readonly inner: string) {
    this.text = `#{${inner}}`;
  }

  /** `text`: what a template literal takes. */
  public toString(): string {
    return this.text;
  }
}

/** Patterns have quotes of their own. */
function quoted(pattern: string): string {
  const escaped = pattern.replaceAll('\\', '\\\\');
  return escaped.includes("'") ? `"${escaped.replaceAll('"', '\\"')}"` : `'${escaped}'`;
}
