import { DAY, dayOfYear, startOfMonth } from './calendar';
import { ExpressionError } from './error';
import { jsonataString } from './value';

/**
 * Joda-Time's patterns (`YYYY-MM-dd'T'HH`), in English and UTC: formatted at synth, and as the picture of JSONata's
 * `$fromMillis`. Both sides of a letter stand together; a letter without an exact picture is refused.
 *
 * https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
 */
export class DatePattern {
  private readonly parts: readonly PatternPart[];

  /** @throws ExpressionError naming the letter that is unknown or not supported */
  constructor(pattern: string) {
    this.parts = [...split(pattern)];
  }

  format(time: number): string {
    return this.parts.map((part) => part.text(new Date(time))).join('');
  }

  /** JSONata, of a JSONata text for milliseconds since 1970. */
  render(time: string): string {
    return `$fromMillis(${time}, ${jsonataString(this.parts.map((part) => part.picture).join(''))})`;
  }
}

interface PatternPart {
  readonly text: (date: Date) => string;
  readonly picture: string;
}

type Letter = (count: number) => PatternPart | undefined;

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const LETTERS: Readonly<Record<string, Letter>> = {
  Y: year,
  y: year,
  x: (count) => count === 4 ? number('X', weekYear)(count) : undefined,
  w: number('W', (date) => Math.floor((thursday(date).getTime() - startOfMonth(weekYear(date) * 12)) / (7 * DAY)) + 1),
  e: number('F', dayOfWeek),
  E: (count) => name('F', count > 3, (date) => DAYS[dayOfWeek(date) - 1]),
  D: number('d', (date) => dayOfYear(date.getTime())),
  M: (count) => count > 2 ? name('M', count > 3, (date) => MONTHS[date.getUTCMonth()]) : number('M', (date) => date.getUTCMonth() + 1)(count),
  d: number('D', (date) => date.getUTCDate()),
  a: () => ({ text: (date) => date.getUTCHours() < 12 ? 'AM' : 'PM', picture: '[PN]' }),
  h: number('h', (date) => date.getUTCHours() % 12 || 12),
  H: number('H', (date) => date.getUTCHours()),
  m: number('m', (date) => date.getUTCMinutes()),
  s: number('s', (date) => date.getUTCSeconds()),
  S: fraction,
  z: (count) => literal(count > 3 ? 'Coordinated Universal Time' : 'UTC'),
  Z: (count) => literal(['+0000', '+00:00'][count - 1] ?? 'UTC'),
};

function* split(pattern: string): Generator<PatternPart> {
  if (pattern.includes('${Token[')) throw new ExpressionError('a date pattern must be known at synth: write it as plain text');
  const piece = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/y;
  while (piece.lastIndex < pattern.length) {
    const match = piece.exec(pattern);
    if (match === null) throw new ExpressionError(`the date pattern ${pattern} has a quote (') that is not closed: add ', or write '' for the quote itself`);
    const [text, quoted, letter] = match;
    if (letter !== undefined) yield lettered(pattern, text);
    else yield literal(quoted === undefined ? text : quoted === '' ? "'" : quoted.replaceAll("''", "'"));
  }
}

function lettered(pattern: string, letters: string): PatternPart {
  const part = Object.hasOwn(LETTERS, letters[0]) ? LETTERS[letters[0]](letters.length) : undefined;
  if (part !== undefined) return part;
  throw new ExpressionError(`'${letters}' in the date pattern ${pattern} is not supported: use YYYY, YY, MM, MMM, MMMM, dd, D, E, EEEE, e, xxxx, `
    + `w, HH, hh, a, mm, ss, SSS, z or Z, and put text in single quotes ('${letters}')`);
}

function literal(text: string): PatternPart {
  return { text: () => text, picture: text.replaceAll('[', '[[').replaceAll(']', ']]') };
}

function number(component: string, value: (date: Date) => number): (count: number) => PatternPart {
  return (count) => ({
    text: (date) => String(value(date)).padStart(count, '0'),
    picture: `[${component}${'0'.repeat(count - 1)}1]`,
  });
}

function name(component: string, full: boolean, value: (date: Date) => string): PatternPart {
  return full
    ? { text: value, picture: `[${component}Nn]` }
    : { text: (date) => value(date).slice(0, 3), picture: `[${component}Nn,3-3]` };
}

/** Two letters are the last two digits. Three would be cut by the picture, though not by Joda. */
function year(count: number): PatternPart | undefined {
  if (count === 3) return undefined;
  return number('Y', (date) => count === 2 ? date.getUTCFullYear() % 100 : date.getUTCFullYear())(count);
}

/** The picture cannot truncate. */
function fraction(count: number): PatternPart | undefined {
  if (count < 3) return undefined;
  const zeros = '0'.repeat(count - 3);
  return { text: (date) => String(date.getUTCMilliseconds()).padStart(3, '0') + zeros, picture: `[f001]${zeros}` };
}

function dayOfWeek(date: Date): number {
  return date.getUTCDay() || 7;
}

/** An ISO week belongs to the year that its Thursday is in. */
function thursday(date: Date): Date {
  return new Date(date.getTime() + (4 - dayOfWeek(date)) * DAY);
}

function weekYear(date: Date): number {
  return thursday(date).getUTCFullYear();
}
