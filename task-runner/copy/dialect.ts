import { DelimitedFormat } from '../../src/contract/copy';

/** How records are told apart, byte by byte. A quoted dialect has NULL as an empty value without quotes, the others as `\N`. */
export interface Dialect {
  readonly separator: number;
  readonly terminator: number;
  readonly quote?: number;
  readonly escape?: number;
  /** Whether an escaped letter is the control character that C calls so: `\n`, `\t`. */
  readonly letters: boolean;
}

/** For a part that a dialect does not have. */
export const NO_BYTE = -1;
export const QUOTE = 0x22;
export const LF = 0x0a;
export const CR = 0x0d;
const TAB = 0x09;
export const BACKSLASH = 0x5c;
export const CAPITAL_N = 0x4e;

/** What PostgreSQL's COPY and MySQL's LOAD DATA both read and write if nothing else is asked for. */
export const DATABASE_TEXT: Dialect = { separator: TAB, terminator: LF, escape: BACKSLASH, letters: true };

export function dialectOf({ quoted, columnSeparator, recordSeparator, escapeChar }: DelimitedFormat): Dialect {
  const escape = escapeChar === undefined ? undefined : byteOf(escapeChar);
  return {
    separator: byteOf(columnSeparator),
    terminator: byteOf(recordSeparator),
    quote: quoted ? QUOTE : undefined,
    // A doubled quote is a quote anyway.
    escape: quoted && escape === QUOTE ? undefined : escape,
    letters: false,
  };
}

export function sameDialect(one: Dialect, other: Dialect): boolean {
  return (['separator', 'terminator', 'quote', 'escape', 'letters'] as const).every((part) => one[part] === other[part]);
}

/** By the letter: what it is. */
export const CONTROLS: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, t: TAB, n: LF, v: 11, f: 12, r: CR, 0: 0, Z: 26 }).map(([letter, control]) => [byteOf(letter), control]),
);

/** Those that are written by their letters. */
export const WRITTEN_LETTERS: ReadonlyMap<number, number> = new Map([[TAB, byteOf('t')], [LF, byteOf('n')], [CR, byteOf('r')]]);

function byteOf(character: string): number {
  return character.charCodeAt(0);
}
