/** What the expressions of a request have in common: tokens, placeholders and document paths. */
import { isObject, JsonObject } from '../json';
import { RESERVED_WORDS } from './dynamodb-reserved-words';
import { AttributeValue, attributeValue, invalid, Item } from './dynamodb-value';
import { Fields, optionalFields } from './fields';

export type Path = readonly (string | number)[];

/** The names and values that a request's expressions stand in for. */
export class Placeholders {
  private readonly names: JsonObject;
  private readonly values: JsonObject;
  private readonly used = new Set<string>();

  constructor(request: Fields) {
    this.names = optionalFields(request, 'ExpressionAttributeNames') as JsonObject ?? {};
    this.values = optionalFields(request, 'ExpressionAttributeValues') as JsonObject ?? {};
  }

  public name(token: string): string {
    this.used.add(token);
    const name = this.names[token];
    if (typeof name !== 'string') throw invalid(`Invalid expression: An expression attribute name used in the document path is not defined; attribute name: ${token}`);
    return name;
  }

  public value(token: string): AttributeValue {
    this.used.add(token);
    if (this.values[token] === undefined) throw invalid(`Invalid expression: An expression attribute value used in expression is not defined; attribute value: ${token}`);
    return attributeValue(this.values[token]);
  }

  public requireAllUsed(): void {
    this.requireUsed('ExpressionAttributeNames', this.names);
    this.requireUsed('ExpressionAttributeValues', this.values);
  }

  private requireUsed(field: string, placeholders: JsonObject): void {
    const unused = Object.keys(placeholders).filter(token => !this.used.has(token));
    if (unused.length > 0) throw invalid(`Value provided in ${field} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

const TOKEN = /\s*(<=|>=|<>|[=<>(),.[\]+-]|[#:]?\w+|\S)/gy;
const tokenized = new Map<string, readonly string[]>();

/** Reads an expression token by token. */
export class Tokens {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(private readonly text: string, public readonly placeholders: Placeholders) {
    this.tokens = tokenized.get(text) ?? [...text.matchAll(TOKEN)].map(([, token]) => token);
    tokenized.set(text, this.tokens);
  }

  public get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Whether a keyword or sign comes next, which is then passed over. */
  public take(word: string): boolean {
    const taken = this.tokens[this.at]?.toUpperCase() === word.toUpperCase();
    if (taken) this.at++;
    return taken;
  }

  public require(word: string): void {
    if (!this.take(word)) this.refuse();
  }

  public isCall(name: string): boolean {
    return this.tokens[this.at] === name && this.tokens[this.at + 1] === '(';
  }

  /** The arguments of a call, read one after the other. */
  public arguments<T>(...readers: readonly (() => T)[]): T[] {
    this.at++;
    this.require('(');
    const read = readers.map((reader, index) => {
      if (index > 0) this.require(',');
      return reader();
    });
    this.require(')');
    return read;
  }

  public value(): AttributeValue | undefined {
    const token = this.tokens[this.at];
    if (!token?.startsWith(':')) return undefined;
    this.at++;
    return this.placeholders.value(token);
  }

  public path(): Path {
    const path: (string | number)[] = [this.name()];
    for (;;) {
      if (this.take('.')) {
        path.push(this.name());
      } else if (this.take('[')) {
        path.push(Number(this.tokens[this.at++]));
        this.require(']');
      } else {
        return path;
      }
    }
  }

  public refuse(): never {
    throw invalid(`Invalid expression: Syntax error; token: ${this.tokens[this.at] ?? '<EOF>'}, in: ${this.text}`);
  }

  private name(): string {
    const token = this.tokens[this.at] ?? '';
    if (!/^[#A-Za-z]\w*$/.test(token)) this.refuse();
    this.at++;
    if (token.startsWith('#')) return this.placeholders.name(token);
    if (RESERVED_WORDS.has(token.toUpperCase())) throw invalid(`Invalid expression: Attribute name is a reserved keyword; reserved keyword: ${token}`);
    return token;
  }
}

export function at(item: Item, path: Path): AttributeValue | undefined {
  return path.slice(1).reduce<AttributeValue | undefined>((value, step) => {
    const inner = typeof step === 'number' ? value?.L : value?.M;
    return inner === undefined || inner === null ? undefined : (inner as Record<string | number, AttributeValue>)[step];
  }, item[path[0]]);
}

/** What a path names, written in or taken out; the way there must be. */
export function write(item: Item, path: Path, value: AttributeValue | undefined): void {
  const parent = path.length === 1 ? { M: item } : at(item, path.slice(0, -1));
  const step = path[path.length - 1];
  if (typeof step === 'number' && Array.isArray(parent?.L)) {
    const index = Math.min(step, parent.L.length);
    if (value) parent.L[index] = value;
    else parent.L.splice(step, 1);
  } else if (typeof step === 'string' && isObject(parent?.M ?? null)) {
    const map = parent?.M as Item;
    if (value) map[step] = value;
    else delete map[step];
  } else if (value) {
    throw invalid('The document path provided in the update expression is invalid for update');
  }
}
