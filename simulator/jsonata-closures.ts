/**
 * Expressions as closures that evaluate at once. JSONata's own interpreter makes a promise of each node, which is most of what a
 * simulated run would take. Closures know what state machines are mostly made of, and what is plain: with whatever else they meet (an
 * error among it) they give up, and JSONata itself evaluates the expression from the start. So they may be incomplete, and never wrong.
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject, JsonObject } from './json';
import { asResult, Builtin, BUILTINS, GIVEN_UP, giveUp, isComposed, Lambda, text, truthy } from './jsonata-functions';
import { Json } from './task';

/** Where an expression is evaluated. */
export interface Place {
  readonly variables: Readonly<Record<string, unknown>>;
  /** What `$states` is. */
  readonly states?: Json;
  /** The time, in milliseconds. */
  readonly now: number;
  readonly locals?: Local;
  /** What names are fields of, in a filter or an object made of each. */
  readonly context?: Json;
}

/** What an expression binds itself, a value or a function; the latest comes first. */
interface Local {
  readonly name: string;
  value: unknown;
  readonly outer?: Local;
}

export type Closure = (place: Place) => Json | undefined;
/** The names that an expression binds, as far as it has been read: those of a block that are bound only later are `later`. */
type Names = ReadonlyMap<string, 'value' | 'function' | 'later'>;
/** A node of JSONata's syntax tree. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string };

/** Undefined for an expression that is left to JSONata. */
export function closureOf(ast: unknown): Closure | undefined {
  try {
    return compiled(ast as Node, new Map());
  } catch (error) {
    if (error === GIVEN_UP) return undefined;
    throw error;
  }
}

/** Marks of JSONata's tree that change what a node does. */
const MARKS = ['group', 'keepArray', 'keepSingletonArray', 'stages', 'focus', 'index', 'ancestor', 'tuple', 'seekingParent', 'consarray', 'signature'];

function compiled(node: Node, known: Names): Closure {
  if (MARKS.some(mark => node[mark])) giveUp();
  const closure = (NODES[node.type] ?? giveUp)(node, known);
  return node.predicate ? at(closure, node.predicate as Node[]) : closure;
}

const NODES: Readonly<Record<string, (node: Node, known: Names) => Closure>> = {
  string: literal,
  number: literal,
  value: literal,
  variable: ({ value }, known) => variable(String(value), known),
  path: ({ steps }, known) => path(steps as Node[], known),
  binary: binary,
  unary: (node, known) => (UNARY[String(node.value)] ?? giveUp)(node, known),
  condition: (node, known) => {
    const [condition, then] = [node.condition, node.then].map(each => compiled(each as Node, known));
    const otherwise = node.else ? compiled(node.else as Node, known) : () => undefined;
    return place => truthy(condition(place)) ? then(place) : otherwise(place);
  },
  block: ({ expressions }, known) => block(expressions as Node[], known),
  function: call,
};

function literal({ value }: Node): Closure {
  return () => value as Json;
}

function variable(name: string, known: Names): Closure {
  switch (known.get(name)) {
    case 'value': return ({ locals }) => local(locals, name) as Json | undefined;
    case undefined: break;
    default: return giveUp();
  }
  if (name === 'states') return ({ states }) => states;
  return ({ variables }) => Object.hasOwn(variables, name) ? variables[name] as Json : giveUp();
}

function local(locals: Local | undefined, name: string): unknown {
  let found = locals;
  while (found && found.name !== name) found = found.outer;
  return found ? found.value : giveUp();
}

/** `$list[0]` */
function at(listed: Closure, predicates: readonly Node[]): Closure {
  const [{ expr }] = predicates as unknown as readonly [{ readonly expr: Node }];
  const index = Number(expr.value);
  if (predicates.length > 1 || expr.type !== 'number' || !Number.isInteger(index) || index < 0) giveUp();
  return place => {
    const value = listed(place);
    if (Array.isArray(value)) return value[index];
    return index === 0 ? value : undefined;
  };
}

function path([first, ...fields]: readonly Node[], known: Names): Closure {
  const start = first.type === 'name' ? fieldOfContext(first) : STARTS.includes(first.type) ? compiled(first, known) : giveUp();
  const all = fields[fields.length - 1]?.type === 'wildcard';
  const steps = (all ? fields.slice(0, -1) : fields).map(field => stepOf(field, known));
  const names = steps.map(({ name }) => name);
  return place => {
    let value = start(place);
    for (let index = 0; index < steps.length && value !== undefined; index++) {
      const { name, of } = steps[index];
      if (!Array.isArray(value)) value = name === undefined ? of(value, place) : fieldOf(value, name);
      else if (all) giveUp();
      else if (names.slice(index).every(isText)) return ofEach(value, names.slice(index) as string[]);
      else if (index < steps.length - 1) giveUp();
      else value = asResult(value.map(member => Array.isArray(member) ? giveUp() : of(member, place) as Json));
    }
    return all && value !== undefined ? valuesOf(value) : value;
  };
}

const STARTS = ['variable', 'function', 'block'];
const isText = (value: unknown) => typeof value === 'string';

function fieldOfContext(node: Node): Closure {
  const name = String(node.value);
  if (node.predicate || MARKS.some(mark => node[mark])) giveUp();
  return ({ context }) => context === undefined || Array.isArray(context) ? giveUp() : fieldOf(context, name);
}

/** A field, by its name; or what is made of a value that is no list. */
interface PathStep {
  readonly name?: string;
  readonly of: (value: Json, place: Place) => Json | undefined;
}

function stepOf(field: Node, known: Names): PathStep {
  if (field.predicate || MARKS.some(mark => mark !== 'stages' && field[mark])) giveUp();
  if (field.type === 'unary' && field.value === '{' && !field.stages) return { of: ofContext(compiled(field, known)) };
  const name = field.type === 'name' ? String(field.value) : giveUp();
  return field.stages ? { of: filtered(name, field.stages as Node[], known) } : { name, of: giveUp };
}

function ofContext(closure: Closure): PathStep['of'] {
  return (context, { variables, states, now, locals }) => closure({ variables, states, now, locals, context });
}

/** `Clusters[Name = "x"]` */
function filtered(name: string, stages: readonly Node[], known: Names): PathStep['of'] {
  const [{ type, expr }] = stages as unknown as readonly [{ readonly type: string; readonly expr: Node }];
  if (stages.length > 1 || type !== 'filter') giveUp();
  const holds = ofContext(compiled(expr, known));
  return (value, place) => {
    const found = fieldOf(value, name) ?? giveUp();
    const members = Array.isArray(found) ? found : [found];
    return asResult(members.filter(member => {
      const held = Array.isArray(member) ? giveUp() : holds(member, place);
      return typeof held === 'boolean' ? held : giveUp();
    }));
  };
}

/** `$object.*` */
function valuesOf(value: Json): Json | undefined {
  const values = isObject(value) ? Object.values(value) : giveUp();
  return values.some(Array.isArray) ? giveUp() : asResult(values);
}

function fieldOf(value: Json, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A path goes on with the members of a list, and puts what it finds into one. */
function ofEach(values: readonly Json[], names: readonly string[]): Json | undefined {
  let members = values;
  for (const [step, name] of names.entries()) {
    const found = members.map(member => Array.isArray(member) ? giveUp() : fieldOf(member, name)).filter(value => value !== undefined);
    if (step === names.length - 1 && found.length === 1) return found[0];
    members = found.flat(1) as Json[];
  }
  return asResult(members);
}

type Operator = (left: Json | undefined, right: Json | undefined) => Json | undefined;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '&': (left, right) => text(left) + text(right),
  '=': (left, right) => left !== undefined && right !== undefined && same(left, right),
  '!=': (left, right) => left !== undefined && right !== undefined && !same(left, right),
  'in': (left, right) => left !== undefined && right !== undefined && (Array.isArray(right) ? right : [right]).includes(left),
  '<': compared((left, right) => left < right),
  '<=': compared((left, right) => left <= right),
  '>': compared((left, right) => left > right),
  '>=': compared((left, right) => left >= right),
  '+': calculated((left, right) => left + right),
  '-': calculated((left, right) => left - right),
  '*': calculated((left, right) => left * right),
  '/': calculated((left, right) => left / right),
};

function same(left: Json, right: Json): boolean {
  return isComposed(left) && isComposed(right) ? isDeepStrictEqual(left, right) : left === right;
}

function compared(compare: (left: number | string, right: number | string) => boolean): Operator {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number' || typeof left === 'string' && typeof right === 'string') return compare(left, right);
    return giveUp();
  };
}

function calculated(calculate: (left: number, right: number) => number): Operator {
  return (left, right) => {
    const result = typeof left === 'number' && typeof right === 'number' ? calculate(left, right) : NaN;
    return Number.isFinite(result) ? result : giveUp();
  };
}

function binary(node: Node, known: Names): Closure {
  const [left, right] = [node.lhs, node.rhs].map(each => compiled(each as Node, known));
  if (node.value === 'and') return place => truthy(left(place)) && truthy(right(place));
  if (node.value === 'or') return place => truthy(left(place)) || truthy(right(place));
  const operator = OPERATORS[String(node.value)] ?? giveUp();
  return place => operator(left(place), right(place));
}

const UNARY: Readonly<Record<string, (node: Node, known: Names) => Closure>> = {
  '[': ({ expressions }, known) => list(expressions as Node[], known),
  '{': ({ lhs }, known) => object(lhs as [Node, Node][], known),
};

/** A list in a list is taken apart, unless it is written out. */
function list(expressions: readonly Node[], known: Names): Closure {
  const members = expressions.map(each => ({ whole: each.value === '[', value: compiled(each, known) }));
  return place => members.flatMap(({ whole, value }) => {
    const member = value(place);
    if (member === undefined) return [];
    return whole ? [member] : member;
  });
}

function object(pairs: readonly (readonly [Node, Node])[], known: Names): Closure {
  const fields = pairs.map(([key, value]) => ({ keyOf: compiled(key, known), valueOf: compiled(value, known) }));
  return place => {
    const made: JsonObject = {};
    let incomplete = false;
    for (const { keyOf, valueOf } of fields) {
      const key = keyOf(place);
      if (typeof key !== 'string' || key === '__proto__' || key in made) return giveUp();
      const value = valueOf(place);
      incomplete ||= value === undefined;
      made[key] = value as Json;
    }
    if (incomplete) for (const key in made) if (made[key] === undefined) delete made[key];
    return made;
  };
}

/** `($x := 1; $f := function($y) { ... }; $f($x))` */
function block(expressions: readonly Node[], outer: Names): Closure {
  const bound = expressions.filter(({ type }) => type === 'bind').map(({ lhs }) => String((lhs as Node).value));
  if (new Set(bound).size < bound.length || bound.length === expressions.length) giveUp();
  const known = new Map([...outer, ...bound.map(name => [name, 'later'] as const)]);
  const steps = expressions.map(each => each.type === 'bind' ? bind(each, known) : { value: compiled(each, known) });
  return place => {
    let inner = place;
    let last: Json | undefined;
    for (const { name, value } of steps) {
      if (name === undefined) last = value(inner) as Json | undefined;
      else inner = bindTo(inner, name, value);
    }
    return last;
  };
}

interface Step {
  readonly name?: string;
  readonly value: (place: Place) => unknown;
}

function bind(node: Node, known: Map<string, 'value' | 'function' | 'later'>): Step {
  const [name, value] = [String((node.lhs as Node).value), node.rhs as Node];
  if (MARKS.some(mark => node[mark])) giveUp();
  if (value.type === 'lambda') known.set(name, 'function');
  const made = value.type === 'lambda' ? lambda(value, known) : compiled(value, known);
  if (value.type !== 'lambda') known.set(name, 'value');
  return { name, value: made };
}

/** Objects that are made alike are quick to read. */
function within({ variables, states, now, context }: Place, locals: Local | undefined): Place {
  return { variables, states, now, locals, context };
}

/** A function sees itself. */
function bindTo(place: Place, name: string, value: (place: Place) => unknown): Place {
  const bound: Local = { name, value: undefined, outer: place.locals };
  const inner = within(place, bound);
  bound.value = value(inner);
  return inner;
}

function lambda(node: Node, outer: Names): (place: Place) => Lambda {
  if (MARKS.some(mark => node[mark])) giveUp();
  const parameters = (node.arguments as Node[]).map(({ value }) => String(value));
  const body = bodyOf(node.body as Node, new Map([...outer, ...parameters.map(name => [name, 'value'] as const)]));
  return place => (...args) => {
    let { locals } = place;
    parameters.forEach((name, index) => locals = { name, value: args[index], outer: locals });
    return body(within(place, locals));
  };
}

/** Those whose result is a list of results: one that a function ends with stays a list, whatever its length. */
const LISTING = ['map', 'filter', 'keys', 'distinct'];

/** JSONata wraps a call that a function ends with, so as not to nest. */
function bodyOf(node: Node, known: Names): Closure {
  if (node.type !== 'lambda' || !node.thunk) return compiled(node, known);
  const called = node.body as Node;
  return LISTING.includes(String((called.procedure as Node).value)) ? giveUp() : compiled(called, known);
}

/** Of a function of the expression, or of JSONata's, unless a variable has its name. */
function call({ procedure, arguments: given }: Node, known: Names): Closure {
  const { type, value } = procedure as Node;
  const name = String(value);
  if (type !== 'variable') giveUp();
  const args = (given as Node[]).map(each => {
    if (each.type === 'regex' && name === 'contains' && !known.has(name)) return () => each.value as RegExp;
    return each.type === 'lambda' ? lambda(each, known) : compiled(each, known);
  });
  if (known.get(name) === 'function') return place => (local(place.locals, name) as Lambda)(...args.map(arg => arg(place)) as Json[]);
  const builtin: Builtin = known.has(name) ? giveUp() : BUILTINS[name] ?? giveUp();
  return place => Object.hasOwn(place.variables, name) ? giveUp() : builtin(args.map(arg => arg(place)), place.now);
}
