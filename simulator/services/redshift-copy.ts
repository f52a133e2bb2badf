import { tokens } from './redshift-sql';

/** A COPY from S3. */
export interface CopyCommand {
  /** As written, with its schema. */
  readonly table: string;
  /** As written; undefined: all of the table's. */
  readonly columns?: readonly string[];
  readonly uri: string;
  readonly csv: boolean;
  readonly delimiter: string;
  readonly quote: string;
  readonly gzip: boolean;
  /** The URI is that of a list of files. */
  readonly manifest: boolean;
  readonly ignoreHeader: number;
  readonly nullAs: string;
  readonly escape: boolean;
  readonly emptyAsNull: boolean;
}

type Options = { -readonly [name in keyof CopyCommand]?: CopyCommand[name] } & { authorized?: boolean };

/** A COPY that cannot be carried out here, or anywhere. */
export class CopySyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CopySyntaxError';
  }
}

/** Options by name; each reads what follows it. */
const OPTIONS: Record<string, (words: Words, options: Options) => void> = {
  IAM_ROLE: (words, options) => {
    words.value();
    options.authorized = true;
  },
  FORMAT: words => void words.accept('AS'),
  CSV: (words, options) => {
    options.csv = true;
    if (words.accept('QUOTE')) options.quote = words.text();
  },
  DELIMITER: (words, options) => void (options.delimiter = character(words.text())),
  GZIP: (_, options) => void (options.gzip = true),
  MANIFEST: (_, options) => void (options.manifest = true),
  IGNOREHEADER: (words, options) => void (options.ignoreHeader = words.number()),
  NULL: (words, options) => void (options.nullAs = words.text()),
  ESCAPE: (_, options) => void (options.escape = true),
  EMPTYASNULL: (_, options) => void (options.emptyAsNull = true),
  // Without an effect here: where the objects are, what Redshift does beside the load, what PostgreSQL does anyway.
  REGION: words => void words.text(),
  COMPUPDATE: words => void words.accept('ON', 'OFF', 'TRUE', 'FALSE', 'PRESET'),
  STATUPDATE: words => void words.accept('ON', 'OFF', 'TRUE', 'FALSE'),
  DATEFORMAT: words => words.only('auto'),
  TIMEFORMAT: words => words.only('auto'),
};

export function parseCopy(sql: string): CopyCommand {
  const words = new Words(tokens(sql));
  words.expect('COPY');
  const table = words.name();
  const columns = words.list();
  words.expect('FROM');
  const options: Options = { table, columns, uri: words.text() };
  while (!words.done) option(words, options);
  if (!options.authorized) throw new CopySyntaxError('COPY needs IAM_ROLE with the ARN of a role, or with default');
  return withDefaults(options);
}

function option(words: Words, options: Options): void {
  const name = words.next();
  const read = OPTIONS[name.toUpperCase()];
  if (!read) {
    throw new CopySyntaxError(`COPY ... ${name} is not supported by this stand-in for Redshift, which knows ${Object.keys(OPTIONS).join(', ')}`);
  }
  read(words, options);
}

function withDefaults({ authorized: _, ...options }: Options): CopyCommand {
  const { table = '', uri = '', csv = false, escape = false } = options;
  if (csv && escape) throw new CopySyntaxError('CSV is not compatible with ESCAPE');
  return {
    delimiter: csv ? ',' : '|',
    quote: '"',
    gzip: false,
    manifest: false,
    ignoreHeader: 0,
    nullAs: '\\N',
    emptyAsNull: false,
    ...options,
    table,
    uri,
    csv,
    escape,
  };
}

/** `\t`, `\011` or the character itself. */
function character(text: string): string {
  const octal = /^\\(\d{3})$/.exec(text);
  const result = octal ? String.fromCharCode(parseInt(octal[1], 8)) : text.replace(/^\\t$/, '\t');
  if (result.length !== 1) throw new CopySyntaxError(`COPY delimiter must be a single character, not '${text}'`);
  return result;
}

/** The words of a command, from left to right. */
class Words {
  private position = 0;

  constructor(private readonly all: readonly string[]) {}

  public get done(): boolean {
    return this.position >= this.all.length;
  }

  public next(): string {
    if (this.done) throw new CopySyntaxError('COPY ends in the middle of a clause');
    return this.all[this.position++];
  }

  public accept(...words: string[]): boolean {
    const found = !this.done && words.includes(this.all[this.position].toUpperCase());
    if (found) this.position++;
    return found;
  }

  public expect(word: string): void {
    const got = this.next();
    if (got.toUpperCase() !== word) throw new CopySyntaxError(`syntax error at or near "${got}": ${word} was expected`);
  }

  /** Quoted text, after an optional AS. */
  public text(): string {
    this.accept('AS');
    const got = this.next();
    if (!got.startsWith("'")) throw new CopySyntaxError(`syntax error at or near "${got}": quoted text was expected`);
    return got.slice(1, -1).replaceAll("''", "'");
  }

  public value(): string {
    return this.accept('DEFAULT') ? 'default' : this.text();
  }

  public number(): number {
    this.accept('AS');
    const got = this.next();
    if (!/^\d+$/.test(got)) throw new CopySyntaxError(`syntax error at or near "${got}": a number was expected`);
    return Number(got);
  }

  public only(value: string): void {
    const got = this.text();
    if (got.toLowerCase() !== value) throw new CopySyntaxError(`'${got}' is not supported by this stand-in for Redshift, which knows '${value}'`);
  }

  public name(): string {
    let name = this.next();
    while (this.accept('.')) name += `.${this.next()}`;
    return name;
  }

  public list(): string[] | undefined {
    if (!this.accept('(')) return undefined;
    const names = [this.name()];
    while (this.accept(',')) names.push(this.name());
    this.expect(')');
    return names;
  }
}
