/** JSONata's functions, for the arguments that they mostly have; with others they give up, and JSONata itself is asked. */
import { hash } from './added-functions';
import { isObject, JsonObject } from './json';
import { Json } from './task';

/** A function of an expression's own. */
export type Lambda = (...args: readonly (Json | undefined)[]) => Json | undefined;
type Argument = Json | undefined | Lambda | RegExp;
/** `now` is the time, in milliseconds. */
export type Builtin = (args: readonly Argument[], now: number) => Json | undefined;

/** Thrown where JSONata itself is to look at it. One object, as making it takes time. */
export const GIVEN_UP = new Error('left to JSONata');

export function giveUp(): never {
  throw GIVEN_UP;
}

/** What JSONata makes of a list of results. */
export function asResult(members: readonly Json[]): Json | undefined {
  return members.length > 1 ? members as Json[] : members[0];
}

/** What JSONata takes for true. */
export function truthy(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(truthy);
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** As `&` has it. */
export function text(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value, rounded);
}

/** Numbers have 15 digits in text. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(15)) : value;
}

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  exists: args => args.length === 1 ? args[0] !== undefined : giveUp(),
  not: ([value]) => value === undefined ? undefined : !truthy(json(value)),
  string: args => args.length === 1 && args[0] !== undefined ? text(json(args[0])) : giveUp(),
  length: args => [...string(args[0])].length,
  substring: ([value, from, count]) => [...string(value)].slice(natural(from), count === undefined ? undefined : natural(from) + natural(count)).join(''),
  substringAfter: ([value, part]) => after(string(value), string(part)),
  substringBefore: ([value, part]) => string(value).split(string(part) || giveUp(), 1)[0],
  contains: ([value, part]) => part instanceof RegExp ? string(value).search(part) >= 0 : string(value).includes(string(part)),
  join: ([values, separator]) => list(values).map(string).join(string(separator)),
  replace: args => args.length === 3 && args[1] !== '' ? string(args[0]).replaceAll(string(args[1]), () => string(args[2])) : giveUp(),
  hash: ([value, algorithm]) => algorithm === 'SHA-256' ? hash(string(value), algorithm) : giveUp(),
  parse: ([value]) => parsed(string(value)),
  append: ([values, more]) => [...list(values), ...list(more)],
  number: ([value]) => value === undefined ? undefined : NUMBER.test(string(value)) ? Number(value) : giveUp(),
  floor: ([value]) => Math.floor(number(value)),
  ceil: ([value]) => Math.ceil(number(value)),
  sum: ([values]) => list(values).map(number).reduce((total, each) => total + each, 0),
  max: ([values]) => extreme(Math.max, values),
  min: ([values]) => extreme(Math.min, values),
  count: ([value]) => value === undefined ? 0 : list(value).length,
  distinct: ([values]) => Array.isArray(values) ? distinct(values) : values === undefined ? undefined : json(values),
  keys: ([value]) => value === undefined ? undefined : asResult(Object.keys(object(value))),
  lookup: ([value, key]) => Object.hasOwn(object(value), string(key)) ? object(value)[string(key)] : undefined,
  merge: ([values]) => values === undefined ? undefined : Object.assign({}, ...list(values).map(object)) as Json,
  map: ([values, each]) => {
    const results = values === undefined ? [] : list(values).map((value, index) => run(each)(value, index));
    return asResult(results.filter(result => result !== undefined));
  },
  filter: ([values, each]) => values === undefined ? undefined : asResult(list(values).filter((value, index) => truthy(run(each)(value, index)))),
  sift: ([values, each]) => {
    const kept = Object.entries(object(values)).filter(([key, value]) => truthy(run(each)(value, key)));
    return kept.length > 0 ? Object.fromEntries(kept) : undefined;
  },
  millis: (_, now) => now,
  now: (args, now) => args.length === 0 ? new Date(now).toISOString() : giveUp(),
  toMillis: args => args.length === 1 && TIME.test(string(args[0])) ? Date.parse(string(args[0])) : giveUp(),
  fromMillis: ([time, picture]) => picture === undefined ? written(number(time)) : drawn(number(time), string(picture)),
};

const NUMBER = /^-?(0|[1-9]\d{0,14})$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export function isComposed(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function json(value: Argument): Json {
  return value === undefined || typeof value === 'function' || value instanceof RegExp ? giveUp() : value;
}

function string(value: Argument): string {
  return typeof value === 'string' ? value : giveUp();
}

function number(value: Argument): number {
  return typeof value === 'number' ? value : giveUp();
}

function natural(value: Argument): number {
  return Number.isInteger(value) && number(value) >= 0 ? number(value) : giveUp();
}

function object(value: Argument): JsonObject {
  return isObject(value) ? value : giveUp();
}

/** What is no list is a list of itself. */
function list(value: Argument): readonly Json[] {
  return Array.isArray(value) ? value : [json(value)];
}

/** Of a result of several, one that is left is no list; of a list it is. */
function distinct(values: readonly Json[]): Json {
  const kept = [...new Set(values)];
  return values.some(isComposed) || values.length > 1 && kept.length < 2 ? giveUp() : kept;
}

function run(value: Argument): Lambda {
  return typeof value === 'function' ? value : giveUp();
}

function parsed(value: string): Json {
  try {
    return JSON.parse(value) as Json;
  } catch {
    return giveUp();
  }
}

function after(value: string, part: string): string {
  const at = value.indexOf(part);
  return at < 0 ? value : value.slice(at + part.length);
}

function extreme(of: (...values: number[]) => number, values: Argument): number {
  const numbers = list(values).map(number);
  return numbers.length > 0 ? of(...numbers) : giveUp();
}

/** Years of four digits need no thought. */
function written(time: number): string {
  return time >= Date.UTC(1000, 0) && time < Date.UTC(9999, 11) && Number.isInteger(time) ? new Date(time).toISOString() : giveUp();
}

const PARTS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  '[Y0001]': [0, 4], '[M01]': [5, 7], '[D01]': [8, 10], '[H01]': [11, 13], '[m01]': [14, 16], '[s01]': [17, 19],
};

function drawn(time: number, picture: string): string {
  const iso = written(time);
  return picture.replace(/\[[^\]]*\]?|\]/g, part => iso.slice(...PARTS[part] ?? giveUp()));
}
