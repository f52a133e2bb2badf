/** Reads SQL as far as it takes to know where its statements end, and what is quoted in them. */
import type { Engine } from './connection';

/** How a database reads SQL. */
export interface Dialect {
  /** Whether a backslash in a text escapes what follows it. */
  readonly backslashes: boolean;
  readonly mysql: boolean;
}

/** Amazon Redshift reads texts as PostgreSQL 8.0 did. */
export const DIALECTS: Readonly<Record<Engine, Dialect>> = {
  mysql: { backslashes: true, mysql: true },
  postgresql: { backslashes: false, mysql: false },
  redshift: { backslashes: true, mysql: false },
};

/** Stands for a value that is not part of the script. */
export const VALUE = '\0';

/** A `value` stands between quotes, where a backslash is to be escaped or not; a `placeholder` is a `?` that an argument is bound to. */
export type SqlToken =
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'value'; readonly backslashes: boolean }
  | { readonly kind: 'placeholder' };

/** A script that cannot be run as it is. */
export class SqlScriptError extends Error {}

const ESCAPING_TEXT = String.raw`'(?:[^'\\]|\\.|'')*'`;
const STANDARD_TEXT = "'(?:[^']|'')*'";
const COMMENTS = { mysql: String.raw`--(?=\s|$)[^\n]*|#[^\n]*|/\*[^]*?\*/`, standard: String.raw`--[^\n]*` };
const NAMES = { mysql: String.raw`"(?:[^"\\]|\\.|"")*"|${'`(?:[^`]|``)*`'}`, standard: '"(?:[^"]|"")*"' };
/** Of PostgreSQL: a text whose backslashes are escapes, the begin of one that is not closed, and a text between tags. */
const STANDARD_MORE = String.raw`[eE](?<escaping>${ESCAPING_TEXT})|[eE]'|\$(?<tag>[\p{L}_][\p{L}\d_]*)?\$[^]*?\$\k<tag>\$`;
const WORD = String.raw`[\p{L}_][\p{L}\d_$]*|\d[\p{L}\d_.]*|\s+`;

function pattern({ backslashes, mysql }: Dialect): RegExp {
  const kind = mysql ? 'mysql' : 'standard';
  const text = `(?<text>${backslashes ? ESCAPING_TEXT : STANDARD_TEXT})`;
  return new RegExp([COMMENTS[kind], ...mysql ? [] : [STANDARD_MORE], text, NAMES[kind], WORD, String.raw`\?\??`, '[^]'].join('|'), 'suy');
}

/**
 * The statements of a script, without what separates them: `;`, or in MySQL what a line `DELIMITER` says. Comments and what is quoted are
 * not looked into, nor is the body of a function of PostgreSQL that is a `BEGIN ATOMIC`. `?` are placeholders where the script has
 * arguments; `??` is then one `?` of its own.
 *
 * @throws SqlScriptError where a quote is not closed, or a value stands outside of a text
 */
export function statementsOf(script: string, dialect: Dialect, hasArguments = false): SqlToken[][] {
  const statements: SqlToken[][] = [];
  let current = new Statement(dialect.backslashes);
  let delimiter = ';';
  const end = () => {
    if (current.says) statements.push(current.tokens);
    current = new Statement(dialect.backslashes);
  };
  const next = pattern(dialect);
  for (let at = 0; at < script.length;) {
    const command = dialect.mysql && !current.says ? delimiterAt(script, at) : undefined;
    if (command) {
      ({ delimiter } = command);
      at = command.end;
    } else if (script.startsWith(delimiter, at) && current.depth === 0) {
      end();
      at += delimiter.length;
    } else {
      const token = !dialect.mysql && script.startsWith('/*', at) ? nestedComment(script, at) : tokenAt(next, script, at);
      current.add(token, script, at, hasArguments);
      at += token[0].length;
    }
  }
  end();
  return statements;
}

interface Found {
  readonly 0: string;
  readonly groups?: Readonly<Record<string, string | undefined>>;
}

class Statement {
  readonly tokens: SqlToken[] = [];
  /** Whether there is more than space and comments. */
  says = false;
  /** How deep in the body of a function. */
  depth = 0;
  private last = '';

  constructor(private readonly backslashes: boolean) {}

  add({ 0: text, groups = {} }: Found, script: string, at: number, hasArguments: boolean): void {
    if (groups.text ?? groups.escaping) this.quoted(text, this.backslashes || groups.escaping !== undefined);
    else if (hasArguments && text === '?') this.tokens.push({ kind: 'placeholder' });
    else this.append(hasArguments && text === '??' ? '?' : checked(text, script, at));
    if (/^(--|#|\/\*(?![!M])|\s)/.test(text)) return;
    this.says = true;
    this.enter(text.toUpperCase());
  }

  private quoted(text: string, backslashes: boolean): void {
    const [first, ...others] = text.split(VALUE);
    this.append(first);
    for (const other of others) {
      this.tokens.push({ kind: 'value', backslashes });
      this.append(other);
    }
  }

  private append(text: string): void {
    if (text === '') return;
    const last = this.tokens.at(-1);
    if (last?.kind === 'sql') this.tokens.splice(-1, 1, { kind: 'sql', text: last.text + text });
    else this.tokens.push({ kind: 'sql', text });
  }

  private enter(word: string): void {
    if (this.depth === 0) this.depth = Number(word === 'ATOMIC' && this.last === 'BEGIN');
    else if (word === 'CASE' || word === 'BEGIN') this.depth += 1;
    else if (word === 'END') this.depth -= 1;
    this.last = word;
  }
}

function tokenAt(next: RegExp, script: string, at: number): Found {
  next.lastIndex = at;
  return next.exec(script)!;
}

function delimiterAt(script: string, at: number): { delimiter: string; end: number } | undefined {
  if (at > 0 && script[at - 1] !== '\n') return undefined;
  const command = /[ \t]*DELIMITER[ \t]+(\S+)[^\n]*\n?/iy;
  command.lastIndex = at;
  const found = command.exec(script);
  return found ? { delimiter: found[1], end: command.lastIndex } : undefined;
}

/** Comments of PostgreSQL may have comments in them. */
function nestedComment(script: string, at: number): Found {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(script); found; found = edge.exec(script)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return [script.slice(at, edge.lastIndex)];
  }
  throw unclosed('/*', script, at);
}

function checked(text: string, script: string, at: number): string {
  if (text.includes(VALUE)) throw new SqlScriptError(`takes expressions in texts only, such as '#{@scheduledStartTime}'; got one elsewhere in line ${lineOf(script, at)}`);
  if (/^[eE]?['"`]$/.test(text) || script.startsWith('/*', at) && text === '/') throw unclosed(text, script, at);
  return text;
}

function unclosed(mark: string, script: string, at: number): SqlScriptError {
  return new SqlScriptError(`closes what it opens; got: ${mark} in line ${lineOf(script, at)}, which is not closed`);
}

function lineOf(script: string, at: number): number {
  return script.slice(0, at).split('\n').length;
}
