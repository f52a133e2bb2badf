import { INVALID_TASK } from './errors';

/** A task or request that is not what this version understands. */
export class InvalidDocument extends Error {
  constructor(what: string, field: string, problem: string) {
    super(`${what}: ${field}: ${problem}`);
    this.name = INVALID_TASK;
  }
}

/**
 * Reads the fields of a JSON object that another process sent, each by its type; what is missing or mistyped is an InvalidDocument
 * that names the field, what it was and what it may be.
 */
export class DocumentReader {
  private readonly fields: Readonly<Record<string, unknown>>;

  /** `what` names the document in errors, such as `task` or `check request`. */
  constructor(document: unknown, private readonly what: string) {
    if (typeof document !== 'object' || document === null || Array.isArray(document)) {
      throw new InvalidDocument(what, 'document', `is ${shown(document)}; it must be an object`);
    }
    this.fields = document as Readonly<Record<string, unknown>>;
  }

  /** Of the fields that it has. */
  names(): string[] {
    return Object.keys(this.fields);
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null;
  }

  /** A string that can be a file's name, an argument or a variable: not empty, without null characters. */
  text(name: string): string {
    return this.matching(name, /^[^\0]+$/, 'a non-empty string without null characters');
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  oneOf<T extends string | number>(name: string, allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === this.fields[name]);
    return found ?? this.refuse(name, `one of ${allowed.map(shown).join(', ')}`);
  }

  flag(name: string): boolean {
    const value = this.fields[name];
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false');
  }

  /** A whole number from 1. */
  count(name: string): number {
    const value = this.fields[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : this.refuse(name, 'a whole number from 1');
  }

  optionalCount(name: string): number | undefined {
    return this.has(name) ? this.count(name) : undefined;
  }

  /** A whole number from 0. */
  wholeNumber(name: string): number {
    const value = this.fields[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : this.refuse(name, 'a whole number from 0');
  }

  /** Whatever it is: for who reads it further. */
  value(name: string): unknown {
    return this.fields[name];
  }

  /** A time with its zone, ISO-8601. */
  time(name: string): string {
    const value = this.fields[name];
    const good = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
    return good ? value : this.refuse(name, "an ISO-8601 time with a zone, such as '2026-12-01T00:00:00Z'");
  }

  optionalTime(name: string): string | undefined {
    return this.has(name) ? this.time(name) : undefined;
  }

  /** A string that matches; `allowed` says in words what does. */
  matching(name: string, pattern: RegExp, allowed: string): string {
    const value = this.fields[name];
    return typeof value === 'string' && pattern.test(value) ? value : this.refuse(name, allowed);
  }

  /** An object in it; errors name its fields with it. */
  object(name: string): DocumentReader {
    const value = this.fields[name];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse(name, 'an object');
    return new DocumentReader(value, `${this.what}: ${name}`);
  }

  /** All fields, each a string. */
  strings(): Record<string, string> {
    return Object.fromEntries(this.names().map((name) => [name, this.string(name)]));
  }

  /** Any, the empty one among them. */
  string(name: string): string {
    const value = this.fields[name];
    return typeof value === 'string' ? value : this.refuse(name, 'a string');
  }

  /** Strings that can be arguments; one by itself is a list, too. */
  textOrTexts(name: string): string[] {
    return typeof this.fields[name] === 'string' ? [this.string(name)] : this.texts(name);
  }

  list<T>(name: string, read: (item: unknown, name: string) => T): T[] {
    const value = this.fields[name];
    return Array.isArray(value) ? value.map((item, index) => read(item, `${name}[${index}]`)) : this.refuse(name, 'a list');
  }

  /** Strings that can be arguments: without null characters. */
  texts(name: string): string[] {
    return this.list(name, (item) => (
      typeof item === 'string' && !item.includes('\0') ? item : this.refuse(name, 'a list of strings without null characters')
    ));
  }

  refuse(name: string, allowed: string): never {
    throw new InvalidDocument(this.what, name, this.has(name) ? `is ${shown(this.fields[name])}; it must be ${allowed}` : `is missing; it must be ${allowed}`);
  }
}

/** A value as an error shows it, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
