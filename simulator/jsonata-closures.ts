/**
 * Expressions as closures that evaluate at once. JSONata's own interpreter makes a promise of each node, which is most of what a
 * simulated run would take. Closures know what state machines are mostly made of, and what is plain: with whatever else they meet (an
 * error among it) they give up, and JSONata itself evaluates the expression from the start. So they may be incomplete, and never wrong.
 */
import { isObject, JsonObject } from './json';
import { asResult, Builtin, BUILTINS, GIVEN_UP, giveUp, isComposed, Lambda, text, truthy } from './jsonata-functions';
import { Json } from './task';

/** Variables by name; those of outer scopes are prototypes. Functions of the expression itself are among them. */
type Scope = { [name: string]: unknown };
/** `now` is the time, in milliseconds. */
export type Closure = (scope: Scope, now: number) => Json | undefined;
/** A node of JSONata's syntax tree. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string };

/** Undefined for an expression that is left to JSONata. */
export function closureOf(ast: unknown): Closure | undefined {
  try {
    return compiled(ast as Node, new Set());
  } catch (error) {
    if (error === GIVEN_UP) return undefined;
    throw error;
  }
}

/** Marks of JSONata's tree that change what a node does. */
const MARKS = ['group', 'keepArray', 'keepSingletonArray', 'stages', 'focus', 'index', 'ancestor', 'tuple', 'seekingParent', 'consarray', 'signature'];

/** `known` are the functions that the expression defines itself. */
function compiled(node: Node, known: ReadonlySet<string>): Closure {
  if (MARKS.some(mark => node[mark])) giveUp();
  const closure = (NODES[node.type] ?? giveUp)(node, known);
  return node.predicate ? at(closure, node.predicate as Node[]) : closure;
}

const NODES: Readonly<Record<string, (node: Node, known: ReadonlySet<string>) => Closure>> = {
  string: literal,
  number: literal,
  value: literal,
  variable: ({ value }) => variable(String(value)),
  path: ({ steps }, known) => path(steps as Node[], known),
  binary: binary,
  unary: (node, known) => (UNARY[String(node.value)] ?? giveUp)(node, known),
  condition: (node, known) => {
    const [condition, then] = [node.condition, node.then].map(each => compiled(each as Node, known));
    const otherwise = node.else ? compiled(node.else as Node, known) : () => undefined;
    return (scope, now) => truthy(condition(scope, now)) ? then(scope, now) : otherwise(scope, now);
  },
  block: ({ expressions }, known) => block(expressions as Node[], known),
  function: call,
};

function literal({ value }: Node): Closure {
  return () => value as Json;
}

function variable(name: string): Closure {
  return scope => {
    const value = scope[name];
    return value === undefined && !(name in scope) || typeof value === 'function' ? giveUp() : value as Json | undefined;
  };
}

/** `$list[0]` */
function at(listed: Closure, predicates: readonly Node[]): Closure {
  const [{ expr }] = predicates as unknown as readonly [{ readonly expr: Node }];
  const index = Number(expr.value);
  if (predicates.length > 1 || expr.type !== 'number' || !Number.isInteger(index) || index < 0) giveUp();
  return (scope, now) => {
    const value = listed(scope, now);
    if (Array.isArray(value)) return value[index];
    return index === 0 ? value : undefined;
  };
}

function path([first, ...fields]: readonly Node[], known: ReadonlySet<string>): Closure {
  if (!['variable', 'function', 'block'].includes(first.type)) giveUp();
  const start = compiled(first, known);
  const names = fields.map(field => field.type === 'name' && !field.predicate && !MARKS.some(mark => field[mark]) ? String(field.value) : giveUp());
  return (scope, now) => {
    let value = start(scope, now);
    for (let step = 0; step < names.length && value !== undefined; step++) {
      if (Array.isArray(value)) return ofEach(value, names.slice(step));
      value = fieldOf(value, names[step]);
    }
    return value;
  };
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
  return isComposed(left) && isComposed(right) ? giveUp() : left === right;
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

function binary(node: Node, known: ReadonlySet<string>): Closure {
  const [left, right] = [node.lhs, node.rhs].map(each => compiled(each as Node, known));
  if (node.value === 'and') return (scope, now) => truthy(left(scope, now)) && truthy(right(scope, now));
  if (node.value === 'or') return (scope, now) => truthy(left(scope, now)) || truthy(right(scope, now));
  const operator = OPERATORS[String(node.value)] ?? giveUp();
  return (scope, now) => operator(left(scope, now), right(scope, now));
}

const UNARY: Readonly<Record<string, (node: Node, known: ReadonlySet<string>) => Closure>> = {
  '[': ({ expressions }, known) => list(expressions as Node[], known),
  '{': ({ lhs }, known) => object(lhs as [Node, Node][], known),
};

/** A list in a list is taken apart, unless it is written out. */
function list(expressions: readonly Node[], known: ReadonlySet<string>): Closure {
  const members = expressions.map(each => ({ whole: each.value === '[', value: compiled(each, known) }));
  return (scope, now) => members.flatMap(({ whole, value }) => {
    const member = value(scope, now);
    if (member === undefined) return [];
    return whole ? [member] : member;
  });
}

function object(pairs: readonly (readonly [Node, Node])[], known: ReadonlySet<string>): Closure {
  const fields = pairs.map(([key, value]) => [compiled(key, known), compiled(value, known)] as const);
  return (scope, now) => {
    const made: JsonObject = {};
    for (const [keyOf, valueOf] of fields) {
      const [key, value] = [keyOf(scope, now), valueOf(scope, now)];
      if (typeof key !== 'string' || key === '__proto__' || key in made) return giveUp();
      made[key] = value as Json;
    }
    for (const key in made) if (made[key] === undefined) delete made[key];
    return made;
  };
}

/** `($x := 1; $f := function($y) { ... }; $f($x))` */
function block(expressions: readonly Node[], outer: ReadonlySet<string>): Closure {
  const known = new Set(outer);
  const steps = expressions.map((each, index) => {
    if (each.type !== 'bind') return compiled(each, known);
    if (index === expressions.length - 1 || MARKS.some(mark => each[mark])) giveUp();
    return bind(String((each.lhs as Node).value), each.rhs as Node, known);
  });
  return (scope, now) => {
    const inner = Object.create(scope) as Scope;
    let last: Json | undefined;
    for (const step of steps) last = step(inner, now);
    return last;
  };
}

function bind(name: string, value: Node, known: Set<string>): Closure {
  if (value.type !== 'lambda') {
    const closure = compiled(value, known);
    return (scope, now) => {
      scope[name] = closure(scope, now);
      return undefined;
    };
  }
  known.add(name);
  const make = lambda(value, known);
  return (scope, now) => {
    scope[name] = make(scope, now);
    return undefined;
  };
}

function lambda(node: Node, known: ReadonlySet<string>): (scope: Scope, now: number) => Lambda {
  if (MARKS.some(mark => node[mark])) giveUp();
  const parameters = (node.arguments as Node[]).map(({ value }) => String(value));
  const body = bodyOf(node.body as Node, known);
  return (scope, now) => (...args) => {
    const inner = Object.create(scope) as Scope;
    parameters.forEach((name, index) => inner[name] = args[index]);
    return body(inner, now);
  };
}

/** Those whose result is a list of results: one that a function ends with stays a list, whatever its length. */
const LISTING = ['map', 'filter', 'keys', 'distinct'];

/** JSONata wraps a call that a function ends with, so as not to nest. */
function bodyOf(node: Node, known: ReadonlySet<string>): Closure {
  if (node.type !== 'lambda' || !node.thunk) return compiled(node, known);
  const called = node.body as Node;
  return LISTING.includes(String((called.procedure as Node).value)) ? giveUp() : compiled(called, known);
}

/** Of a function of the expression, or of JSONata's, unless a variable has its name. */
function call({ procedure, arguments: given }: Node, known: ReadonlySet<string>): Closure {
  const { type, value } = procedure as Node;
  const name = String(value);
  if (type !== 'variable') giveUp();
  const args = (given as Node[]).map(each => each.type === 'lambda' ? lambda(each, known) : compiled(each, known));
  const builtin: Builtin = known.has(name) ? giveUp : BUILTINS[name] ?? giveUp();
  return (scope, now) => {
    const values = args.map(arg => arg(scope, now));
    if (!(name in scope)) return builtin(values, now);
    const own = scope[name];
    return typeof own === 'function' ? (own as Lambda)(...values as Json[]) : giveUp();
  };
}
