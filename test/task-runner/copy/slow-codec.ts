/** What the formats mean, character by character on a whole text: the oracle of the codec. */
import { DelimitedFormat } from '../../../src/contract/copy';

export type Row = (string | null)[];

export function slowParse(text: string, { quoted, columnSeparator, recordSeparator, escapeChar }: DelimitedFormat): Row[] {
  const rows: Row[] = [];
  let at = 0;
  while (at < text.length) {
    const row: Row = [];
    for (;;) {
      let raw = '';
      let value = '';
      let quotes = false;
      let escaped = false;
      if (quoted && text[at] === '"') {
        quotes = true;
        for (at += 1; ; at += 1) {
          if (at >= text.length) throw new Error('not closed');
          if (text[at] === escapeChar && escapeChar !== '"') value += text[at += 1];
          else if (text[at] !== '"') value += text[at];
          else if (text[at + 1] === '"') value += text[at += 1];
          else break;
        }
        at += 1;
        if (text[at] === '\r' && [undefined, '\n'].includes(text[at + 1])) at += 1;
      } else {
        for (; at < text.length && text[at] !== columnSeparator && text[at] !== recordSeparator; at += 1) {
          raw += text[at];
          escaped = text[at] === escapeChar && !(quoted && escapeChar === '"');
          if (escaped) {
            at += 1;
            if (at >= text.length) throw new Error('ends with its escape');
            raw += text[at];
          }
          value += text[at];
        }
        if (quoted && !escaped && text[at] === '\n' && value.endsWith('\r')) [raw, value] = [raw.slice(0, -1), value.slice(0, -1)];
      }
      const isNull = quoted ? !quotes && raw === '' : raw === '\\N';
      row.push(isNull ? null : value);
      if (at >= text.length || text[at] === recordSeparator) break;
      if (text[at] !== columnSeparator) throw new Error('text after a closing quote');
      at += 1;
    }
    at += 1;
    rows.push(row);
  }
  return rows;
}
