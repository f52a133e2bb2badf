/** One word, number, quoted text, quoted name or sign of an SQL text. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|[^\s\w]/g;

const COMMENT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** What Redshift's CREATE TABLE has beyond PostgreSQL's: how rows are spread, sorted and compressed. */
const PHYSICAL_CLAUSES = [
  /\bDISTSTYLE\s+(?:AUTO|EVEN|KEY|ALL)\b/gi,
  /\bDISTKEY\b(?:\s*\([^)]*\))?/gi,
  /\b(?:COMPOUND\s+|INTERLEAVED\s+)?SORTKEY\b(?:\s*\([^)]*\)|\s+AUTO\b)?/gi,
  /\bENCODE\s+\w+/gi,
  /\bBACKUP\s+(?:YES|NO)\b/gi,
];

export function tokens(sql: string): string[] {
  return sql.match(TOKEN) ?? [];
}

export function withoutComments(sql: string): string {
  return sql.replace(COMMENT, part => (part.startsWith('-') || part.startsWith('/') ? ' ' : part)).trim().replace(/;$/, '').trim();
}

/** The statement's first words, in capitals. */
export function startsWith(sql: string, ...words: string[]): boolean {
  const first = tokens(sql).slice(0, words.length).map(token => token.toUpperCase());
  return words.every((word, index) => first[index] === word);
}

/** The statement in PostgreSQL's language. */
export function toPostgres(sql: string): string {
  if (!/^CREATE\s+(?:LOCAL\s+)?(?:TEMP\s+|TEMPORARY\s+)?TABLE\b/i.test(sql)) return sql;
  return outsideQuotes(sql, text => PHYSICAL_CLAUSES.reduce((rest, clause) => rest.replace(clause, ''), text));
}

function outsideQuotes(sql: string, change: (text: string) => string): string {
  const quoted: string[] = [];
  const masked = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, part => `\u0001${quoted.push(part) - 1}\u0001`);
  return change(masked).replace(/\u0001(\d+)\u0001/g, (_, index: string) => quoted[Number(index)]); // eslint-disable-line no-control-regex
}
