import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { hash, partition, range } from './added-functions';
import { Clock } from './clock';
import { isObject, typeName } from './json';
import { expressionIn, templateOf } from './json-template';
import { Closure, closureOf } from './jsonata-closures';
import { GIVEN_UP } from './jsonata-functions';
import { Json } from './task';

/** What an expression may read: `$states`, and variables by name, without the `$`. */
export interface Bindings {
  readonly states?: Json;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type JsonType = 'array' | 'boolean' | 'number' | 'object' | 'string';

/** An expression that cannot be evaluated, or whose value is not what its field needs. */
export class EvaluationError extends Error {
  constructor(message: string, readonly location?: string) {
    super(message);
    this.name = 'EvaluationError';
  }
}

const compiled = new Map<string, Compiled>();

/** An expression, and what it may read, so that an evaluation binds no more than that. */
interface Compiled {
  readonly expression: jsonata.Expression;
  readonly variables: readonly string[];
  readonly closure?: Closure;
}

/** Compiles, once; throws an Error that says what is wrong with the source. */
export function compile(source: string): Compiled {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source);
  const ast: unknown = expression.ast();
  refuseUninterpreted(ast, false);
  addFunctions(expression);
  const made = { expression, variables: [...variablesIn(ast)], closure: closureOf(ast) };
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

/** Evaluates templates at the times of one clock, with the random numbers of one source. */
export class Evaluator {
  private readonly functions: Readonly<Record<string, unknown>>;

  constructor(private readonly clock: Clock, random: () => number) {
    this.functions = {
      millis: () => clock.now(),
      now: (picture?: string, timezone?: string) => formatTime(clock.now(), picture, timezone),
      random: (seed?: number) => seed === undefined ? random() : seededRandom(seed)(),
      uuid: () => uuidFrom(random),
    };
  }

  /** The template with every expression in it replaced by its value. `field` says where, in errors: `Arguments/Bucket`. */
  public evaluate(template: Json, bindings: Bindings, field: string): Json | Promise<Json> {
    const fill = templateOf(template);
    return fill ? fill((source, place) => this.evaluateExpression(source, bindings, field + place)) : template;
  }

  /** As `evaluate`, of a field that takes one type only. */
  public evaluateAs(type: JsonType, template: Json, bindings: Bindings, field: string): Json | Promise<Json> {
    const value = this.evaluate(template, bindings, field);
    return value instanceof Promise ? value.then(each => ofType(type, each, template, field)) : ofType(type, value, template, field);
  }

  private evaluateExpression(source: string, bindings: Bindings, field: string): Json | Promise<Json> {
    return this.atOnce(source, bindings) ?? this.interpreted(source, bindings, field);
  }

  /** What is undefined is left to JSONata, too, which says so. */
  private atOnce(source: string, { variables, states }: Bindings): Json | undefined {
    try {
      return compiled.get(source)?.closure?.({ variables, states, now: this.clock.now(), locals: undefined });
    } catch (error) {
      if (error === GIVEN_UP) return undefined;
      throw error;
    }
  }

  private async interpreted(source: string, bindings: Bindings, field: string): Promise<Json> {
    let value: unknown;
    try {
      const { expression, variables } = compile(source);
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

  private bound(names: readonly string[], { states, variables }: Bindings): Record<string, unknown> {
    const all = { ...this.functions, ...variables, states };
    return Object.fromEntries(names.filter(name => Object.hasOwn(all, name)).map(name => [name, all[name as keyof typeof all]]));
  }
}

function ofType(type: JsonType, value: Json, template: Json, field: string): Json {
  if (typeName(value) === type) return value;
  throw new EvaluationError(`${subject(expressionIn(template) ?? JSON.stringify(template), field)} returned an unexpected result type. ` +
    `Expected '${type}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`, field);
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
