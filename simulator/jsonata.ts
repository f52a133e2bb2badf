import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { Clock } from './clock';
import { isObject, typeName } from './json';
import { Json } from './task';

/** What an expression may read: `states` and the variables, by name without the `$`. */
export type Bindings = Record<string, unknown>;

export type JsonType = 'array' | 'boolean' | 'number' | 'object' | 'string';

/** An expression that cannot be evaluated, or whose value is not what its field needs. */
export class EvaluationError extends Error {
  constructor(message: string, readonly location?: string) {
    super(message);
    this.name = 'EvaluationError';
  }
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;
const compiled = new Map<string, Compiled>();
/** Templates without an expression: they are their own value. */
const constants = new WeakMap<object, boolean>();

/** An expression, and what it may read, so that an evaluation binds no more than that. */
interface Compiled {
  readonly expression: jsonata.Expression;
  readonly variables: readonly string[];
  /** Names of fields, where the expression is `$variable.field.field`. */
  readonly path?: readonly string[];
}

/** The source of `{% source %}`; undefined for anything else. */
export function expressionIn(template: unknown): string | undefined {
  return typeof template === 'string' ? EXPRESSION.exec(template)?.[1].trim() : undefined;
}

/** Compiles, once; throws an Error that says what is wrong with the source. */
export function compile(source: string): Compiled {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source);
  const ast: unknown = expression.ast();
  refuseUninterpreted(ast, false);
  addFunctions(expression);
  const made = { expression, variables: [...variablesIn(ast)], path: pathOf(source) };
  compiled.set(source, made);
  return made;
}

function variablesIn(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) node.forEach(item => variablesIn(item, found));
  if (!isObject(node)) return found;
  if (node.type === 'variable') found.add(String(node.value));
  for (const child of Object.values(node)) variablesIn(child, found);
  return found;
}

function pathOf(source: string): readonly string[] | undefined {
  return /^\$[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(source) ? source.slice(1).split('.') : undefined;
}

/** What a path leads to, where it meets no array, whose members JSONata would go through; undefined where it does, or to nothing. */
function follow(path: readonly string[], bindings: Bindings): Json | undefined {
  let value: unknown = bindings[path[0]];
  for (let step = 1; step < path.length && value !== undefined; step++) {
    value = isObject(value) && Object.hasOwn(value, path[step]) ? value[path[step]] : undefined;
  }
  return Array.isArray(value) ? undefined : value as Json | undefined;
}

/** Evaluates templates at the times of one clock, with the random numbers of one source. */
export class Evaluator {
  private readonly functions: Bindings;

  constructor(clock: Clock, random: () => number) {
    this.functions = {
      millis: () => clock.now(),
      now: (picture?: string, timezone?: string) => formatTime(clock.now(), picture, timezone),
      random: (seed?: number) => seed === undefined ? random() : seededRandom(seed)(),
      uuid: () => uuidFrom(random),
    };
  }

  /** The template with every expression in it replaced by its value. `field` says where, in errors: `Arguments/Bucket`. */
  public async evaluate(template: Json, bindings: Bindings, field: string): Promise<Json> {
    const source = expressionIn(template);
    if (source !== undefined) return this.evaluateExpression(source, bindings, field);
    if (isConstant(template)) return template;
    if (Array.isArray(template)) {
      return Promise.all(template.map((item, index) => this.evaluate(item, bindings, `${field}[${index}]`)));
    }
    if (!isObject(template)) return template;
    const values = Object.entries(template).map(async ([key, item]) => [key, await this.evaluate(item, bindings, `${field}/${key}`)] as const);
    return Object.fromEntries(await Promise.all(values));
  }

  /** As `evaluate`, of a field that takes one type only. */
  public async evaluateAs(type: JsonType, template: Json, bindings: Bindings, field: string): Promise<Json> {
    const value = await this.evaluate(template, bindings, field);
    if (typeName(value) === type) return value;
    throw new EvaluationError(`${subject(expressionIn(template) ?? JSON.stringify(template), field)} returned an unexpected result type. ` +
      `Expected '${type}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`, field);
  }

  private async evaluateExpression(source: string, bindings: Bindings, field: string): Promise<Json> {
    let value: unknown;
    try {
      const { expression, variables, path } = compile(source);
      const plainly = path && follow(path, bindings);
      if (plainly !== undefined) return plainly;
      value = await expression.evaluate(undefined, this.bound(variables, bindings));
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      throw new EvaluationError(`${subject(source, field)} threw an error during evaluation. ${[code, message].filter(Boolean).join(': ')}`, field);
    }
    if (value === undefined) throw new EvaluationError(`${subject(source, field)} returned nothing (undefined).`, field);
    const json = plain(value);
    if (json === undefined) throw new EvaluationError(`${subject(source, field)} returned an unsupported result type.`, field);
    return json;
  }

  private bound(variables: readonly string[], bindings: Bindings): Bindings {
    const all: Bindings = {};
    for (const name of variables) {
      if (name in bindings) all[name] = bindings[name];
      else if (name in this.functions) all[name] = this.functions[name];
    }
    return all;
  }
}

function isConstant(template: Json): boolean {
  if (typeof template !== 'object' || template === null) return expressionIn(template) === undefined;
  let constant = constants.get(template);
  if (constant === undefined) {
    constant = Object.values(template).every(isConstant);
    constants.set(template, constant);
  }
  return constant;
}

/** The same numbers for the same seed. */
export function seededRandom(seed: number): () => number {
  let counter = 0;
  return () => createHash('sha256').update(`${seed}/${counter++}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

function subject(source: string, field: string): string {
  return `The JSONata expression '${source}' specified for the field '${field}'`;
}

/** JSONata's sequences as plain arrays; undefined where the value is, or holds, something that is not JSON. */
function plain(value: unknown): Json | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) {
    const items = value.filter(item => item !== undefined).map(plain);
    return items.includes(undefined) ? undefined : items as Json[];
  }
  if (!isObject(value) || value._jsonata_lambda || value._jsonata_function) return undefined;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, plain(item)] as const);
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries) as Json;
}

const NESTED = new Set(['predicate', 'stages', 'group', 'terms', 'pattern', 'update', 'delete']);

/** Step Functions has no `$eval`, and no context at the top of an expression that `$` or `$$` could mean. */
function refuseUninterpreted(node: unknown, nested: boolean): void {
  if (Array.isArray(node)) return node.forEach(item => refuseUninterpreted(item, nested));
  if (!isObject(node)) return;
  if (node.type === 'variable') refuseVariable(String(node.value), nested);
  for (const [key, child] of Object.entries(node)) {
    if (key === 'steps' && Array.isArray(child)) child.forEach((step, index) => refuseUninterpreted(step, nested || index > 0));
    else refuseUninterpreted(child, nested || NESTED.has(key));
  }
}

function refuseVariable(name: string, nested: boolean): void {
  if (name === 'eval') throw new Error('the function $eval is not available in Step Functions');
  if (name === '$') throw new Error('$$ is not available in Step Functions: name the value, as in $states.input');
  if (name === '' && !nested) throw new Error('$ has no meaning at the top of an expression in Step Functions: name the value, as in $states.input');
}

/** What Step Functions has beyond JSONata's own functions, except for those that need a clock or random numbers. */
function addFunctions(expression: jsonata.Expression): void {
  expression.registerFunction('partition', partition, '<a-n:a>');
  expression.registerFunction('range', range, '<nnn:a>');
  expression.registerFunction('hash', hash, '<s-s:s>');
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s-:x>');
}

function partition(items: unknown[], size: number): unknown[][] {
  if (size < 1) throw new Error(`$partition needs a chunk size of 1 or more; got ${size}`);
  const chunks: unknown[][] = [];
  for (let at = 0; at < items.length; at += Math.floor(size)) chunks.push(items.slice(at, at + Math.floor(size)));
  return chunks;
}

function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error('$range needs a step other than 0');
  const count = Math.floor((last - first) / step) + 1;
  if (count > 1000) throw new Error(`$range gives at most 1,000 values; ${first} to ${last} by ${step} are ${count}`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

const ALGORITHMS = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

function hash(text: string, algorithm: string): string {
  if (!ALGORITHMS.includes(algorithm)) throw new Error(`$hash knows ${ALGORITHMS.join(', ')}; got ${algorithm}`);
  return createHash(algorithm.replace('-', '')).update(text).digest('hex');
}

const formatter = jsonata('$fromMillis($time, $picture, $zone)');

async function formatTime(time: number, picture?: string, zone?: string): Promise<string> {
  if (picture === undefined) return new Date(time).toISOString();
  return formatter.evaluate(undefined, { time, picture, ...zone === undefined ? {} : { zone } });
}

function uuidFrom(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  digits[12] = '4';
  digits[16] = '89ab'[Math.floor(random() * 4)];
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
