import { tokens } from './redshift-sql';

/** A COPY or UNLOAD that cannot be carried out here, or anywhere. */
export class CommandSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandSyntaxError';
  }
}

/** The words of a command, from left to right. */
export class Words {
  private readonly all: readonly string[];
  private position = 0;

  constructor(public readonly command: string, sql: string) {
    this.all = tokens(sql);
  }

  public get done(): boolean {
    return this.position >= this.all.length;
  }

  public next(): string {
    if (this.done) throw new CommandSyntaxError(`${this.command} ends in the middle of a clause`);
    return this.all[this.position++];
  }

  public accept(...words: string[]): boolean {
    const found = !this.done && words.includes(this.all[this.position].toUpperCase());
    if (found) this.position++;
    return found;
  }

  public expect(word: string): void {
    const got = this.next();
    if (got.toUpperCase() !== word) throw new CommandSyntaxError(`syntax error at or near "${got}": ${word} was expected`);
  }

  /** Quoted text, after an optional AS. */
  public text(): string {
    this.accept('AS');
    const got = this.next();
    if (!got.startsWith("'")) throw new CommandSyntaxError(`syntax error at or near "${got}": quoted text was expected`);
    return got.slice(1, -1).replaceAll("''", "'");
  }

  public value(): string {
    return this.accept('DEFAULT') ? 'default' : this.text();
  }

  /** `\t`, `\011` or the character itself. */
  public character(): string {
    const text = this.text();
    const octal = /^\\(\d{3})$/.exec(text);
    const result = octal ? String.fromCharCode(parseInt(octal[1], 8)) : text.replace(/^\\t$/, '\t');
    if (result.length !== 1) throw new CommandSyntaxError(`${this.command} delimiter must be a single character, not '${text}'`);
    return result;
  }

  public number(): number {
    this.accept('AS');
    const got = this.next();
    if (!/^\d+$/.test(got)) throw new CommandSyntaxError(`syntax error at or near "${got}": a number was expected`);
    return Number(got);
  }

  public only(value: string): void {
    const got = this.text();
    if (got.toLowerCase() !== value) throw new CommandSyntaxError(`'${got}' is not supported by this stand-in for Redshift, which knows '${value}'`);
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

/** What a command's options are read into: whether a role is named among them, beside what they say. */
export interface Authorized {
  authorized?: boolean;
}

/** How the options of a command are read, by name; each reads what follows it. */
export type OptionReaders<Options> = Record<string, (words: Words, options: Options) => void>;

/** Reads the options that end a command. One of them is a role for it to read or write S3 with. */
export function readOptions<Options extends Authorized>(words: Words, readers: OptionReaders<Options>, options: Options): void {
  const all: OptionReaders<Options> = { IAM_ROLE: readRole, ...readers };
  while (!words.done) {
    const name = words.next();
    const read = all[name.toUpperCase()];
    if (!read) throw new CommandSyntaxError(`${words.command} ... ${name} is not supported by this stand-in for Redshift, which knows ${Object.keys(all).join(', ')}`);
    read(words, options);
  }
  if (!options.authorized) throw new CommandSyntaxError(`${words.command} needs IAM_ROLE with the ARN of a role, or with default`);
}

function readRole(words: Words, options: Authorized): void {
  words.value();
  options.authorized = true;
}
