import { dayOfYear, startOfMonth } from './calendar';
import { ExpressionError } from './error';
import { DateZone, offsetText, renderLocal, renderOffset } from './local';
import { jsonataString } from './value';
import { DAY } from '../contract/grid';

/**
 * Joda-Time's patterns (`YYYY-MM-dd'T'HH`), in English: formatted at synth, and as JSONata, as a picture of `$fromMillis` where one is
 * exact. Both sides of a letter stand together.
 *
 * https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
 */
export class DatePattern {
  private readonly parts: readonly PatternPart[];

  /** @throws ExpressionError naming the letter that is unknown */
  constructor(pattern: string) {
    this.parts = [...split(pattern)];
  }

  /** In UTC where there is no zone. */
  format(time: number, zone?: DateZone): string {
    const offset = zone?.zone.offset(time) ?? 0;
    const moment = { time, offset, wall: new Date(time + offset), zone };
    return this.parts.map((part) => part.text(moment)).join('');
  }

  /** JSONata, of a JSONata text for milliseconds since 1970. */
  render(time: string, zone?: DateZone): string {
    const pieces = this.pieces(zone);
    if (zone) return renderLocal(time, zone, rendered(pieces));
    return pieces.every(isPicture) ? rendered(pieces, time) : `function($w){${rendered(pieces)}}(${time})`;
  }

  /** Pictures that follow each other are one. */
  private pieces(zone?: DateZone): Piece[] {
    const pieces: Piece[] = [];
    for (const part of this.parts) {
      const piece = pieceOf(part, zone);
      const last = pieces.at(-1);
      if (last && isPicture(last) && isPicture(piece)) pieces.splice(-1, 1, { picture: last.picture + piece.picture });
      else pieces.push(piece);
    }
    return pieces;
  }
}

/** An instant, and what clocks show then, as if it were in UTC. */
interface Moment {
  readonly time: number;
  readonly offset: number;
  readonly wall: Date;
  readonly zone?: DateZone;
}

/** A letter, as often as it stands, or text. */
interface PatternPart {
  readonly text: (moment: Moment) => string;
  /** Of `$fromMillis`. */
  readonly picture?: string;
  /** Of `$w`, what clocks show, and `$z`, the offset and names of the zone; without a zone where there is no picture only. */
  readonly jsonata?: (zone?: DateZone) => string;
}

type Piece = { readonly picture: string } | { readonly jsonata: string };

function pieceOf({ picture = '', jsonata }: PatternPart, zone?: DateZone): Piece {
  return jsonata && (zone || picture === '') ? { jsonata: jsonata(zone) } : { picture };
}

function isPicture(piece: Piece): piece is { readonly picture: string } {
  return 'picture' in piece;
}

function rendered(pieces: readonly Piece[], wall = '$w'): string {
  if (pieces.length === 0) return '""';
  return pieces.map((piece) => isPicture(piece) ? `$fromMillis(${wall}, ${jsonataString(piece.picture)})` : piece.jsonata).join(' & ');
}

type Letter = (count: number) => PatternPart;

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const LETTERS: Readonly<Record<string, Letter>> = {
  G: () => literal('AD'),
  C: computed((date) => Math.floor(date.getUTCFullYear() / 100), '$floor($number($fromMillis($w, "[Y]")) / 100)'),
  Y: year('Y', (date) => date.getUTCFullYear()),
  y: year('Y', (date) => date.getUTCFullYear()),
  x: year('X', weekYear),
  w: number('W', (date) => Math.floor((thursday(date).getTime() - startOfMonth(weekYear(date) * 12)) / (7 * DAY)) + 1),
  e: number('F', dayOfWeek),
  E: (count) => name('F', count > 3, (date) => DAYS[dayOfWeek(date) - 1]),
  D: number('d', (date) => dayOfYear(date.getTime())),
  M: (count) => count > 2 ? name('M', count > 3, (date) => MONTHS[date.getUTCMonth()]) : number('M', (date) => date.getUTCMonth() + 1)(count),
  d: number('D', (date) => date.getUTCDate()),
  a: () => ({ text: ({ wall }) => wall.getUTCHours() < 12 ? 'AM' : 'PM', picture: '[PN]' }),
  K: computed((date) => date.getUTCHours() % 12, '$number($fromMillis($w, "[H]")) % 12'),
  h: number('h', (date) => date.getUTCHours() % 12 || 12),
  H: number('H', (date) => date.getUTCHours()),
  k: computed((date) => date.getUTCHours() || 24, '($number($fromMillis($w, "[H]")) + 23) % 24 + 1'),
  m: number('m', (date) => date.getUTCMinutes()),
  s: number('s', (date) => date.getUTCSeconds()),
  S: fraction,
  z: (count) => count > 3
    ? { text: ({ time, zone }) => zone?.zone.longName(time) ?? 'Coordinated Universal Time', picture: 'Coordinated Universal Time', jsonata: () => '$z.long' }
    : { text: ({ time, zone }) => zone?.zone.shortName(time) ?? 'UTC', picture: 'UTC', jsonata: () => '$z.short' },
  Z: (count) => count > 2
    ? { text: ({ zone }) => zone?.zone.name ?? 'UTC', picture: 'UTC', jsonata: (zone) => jsonataString(zone!.zone.name) }
    : offsetPart(count === 1 ? '' : ':'),
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
  if (Object.hasOwn(LETTERS, letters[0])) return LETTERS[letters[0]](letters.length);
  throw new ExpressionError(`'${letters}' in the date pattern ${pattern} is no letter of Joda-Time's: there are `
    + `${Object.keys(LETTERS).join(', ')}; put text in single quotes ('${letters}')`);
}

function literal(text: string): PatternPart {
  return { text: () => text, picture: text.replaceAll('[', '[[').replaceAll(']', ']]') };
}

function number(component: string, value: (date: Date) => number): Letter {
  return (count) => ({
    text: ({ wall }) => padded(value(wall), count),
    picture: `[${component}${'0'.repeat(count - 1)}1]`,
  });
}

/** What has no exact picture. */
function computed(value: (date: Date) => number, jsonata: string): Letter {
  return (count) => ({
    text: ({ wall }) => padded(value(wall), count),
    jsonata: () => `$pad($string(${jsonata}), -${count}, "0")`,
  });
}

function padded(value: number, count: number): string {
  return String(value).padStart(count, '0');
}

function name(component: string, full: boolean, value: (date: Date) => string): PatternPart {
  return full
    ? { text: ({ wall }) => value(wall), picture: `[${component}Nn]` }
    : { text: ({ wall }) => value(wall).slice(0, 3), picture: `[${component}Nn,3-3]` };
}

/** Two letters are the last two digits; pictures cut three, too, which Joda-Time does not. */
function year(component: string, value: (date: Date) => number): Letter {
  const whole = `$number($fromMillis($w, "[${component}0001]"))`;
  return (count) => {
    if (count === 4) return number(component, value)(count);
    return count === 2 ? computed((date) => value(date) % 100, `${whole} % 100`)(count) : computed(value, whole)(count);
  };
}

/** Cut, not rounded. */
function fraction(count: number): PatternPart {
  const zeros = '0'.repeat(Math.max(0, count - 3));
  const digits = ({ wall }: Moment) => padded(wall.getUTCMilliseconds(), 3);
  return count < 3
    ? { text: (moment) => digits(moment).slice(0, count), jsonata: () => `$substring($fromMillis($w, "[f001]"), 0, ${count})` }
    : { text: (moment) => digits(moment) + zeros, picture: `[f001]${zeros}` };
}

function offsetPart(separator: string): PatternPart {
  return { text: (moment) => offsetText(moment.offset, separator), picture: offsetText(0, separator), jsonata: () => renderOffset(separator) };
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
