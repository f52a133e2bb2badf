import { CopyCommand } from './redshift-copy';

export interface Field {
  readonly text: string;
  readonly quoted: boolean;
}

type Dialect = Pick<CopyCommand, 'csv' | 'delimiter' | 'quote' | 'escape'>;

/** The rows of a file in one of COPY's two text formats. */
export function parseRows(text: string, { csv, delimiter, quote, escape }: Dialect): Field[][] {
  const rows: Field[][] = [];
  let row: Field[] = [];
  for (let at = 0; at < text.length;) {
    const { field, next } = csv && text[at] === quote ? quotedField(text, at, quote) : plainField(text, at, delimiter, escape);
    row.push(field);
    at = next;
    if (text[at] === delimiter) {
      at++;
      // A delimiter at the very end opens one more field.
      if (at < text.length) continue;
      row.push({ text: '', quoted: false });
    }
    if (text.startsWith('\r\n', at)) at++;
    if (at < text.length && text[at] !== '\n') throw new Error('Invalid quote formatting for CSV');
    at++;
    rows.push(row);
    row = [];
  }
  return rows;
}

function plainField(text: string, from: number, delimiter: string, escape: boolean): { field: Field; next: number } {
  let value = '';
  let at = from;
  for (; at < text.length && text[at] !== delimiter && text[at] !== '\n' && !text.startsWith('\r\n', at); at++) {
    // The mark of a null is no escape.
    if (escape && text[at] === '\\' && text[at + 1] !== 'N') at++;
    value += text[at] ?? '';
  }
  return { field: { text: value, quoted: false }, next: at };
}

function quotedField(text: string, from: number, quote: string): { field: Field; next: number } {
  let value = '';
  let at = from + 1;
  for (; at < text.length; at++) {
    if (text[at] === quote && text[at + 1] !== quote) break;
    if (text[at] === quote) at++;
    value += text[at];
  }
  if (at >= text.length) throw new Error('Unexpected end of a quoted field');
  return { field: { text: value, quoted: true }, next: at + 1 };
}
