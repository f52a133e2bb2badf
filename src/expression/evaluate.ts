import { CallNode, ExpressionNode, OperationNode, ReferenceNode } from './ast';
import { ExpressionError } from './error';
import { ExpressionFunction, FUNCTIONS } from './functions';
import { calculate, concatenate } from './operators';
import { coerce, constantValue, runtimeValue, toText, Value, ValueType } from './value';

/** What the names in an expression stand for. */
export interface ExpressionScope {
  /** What can be referred to, for the error about a name that cannot. */
  readonly names?: readonly string[];
  /** More, which are named only where one is meant probably. */
  readonly fields?: readonly string[];
  /** `reference.path` is `['node', '@scheduledStartTime']` for `node.@scheduledStartTime`. Undefined: there is no such name. */
  resolve(reference: ReferenceNode): Resolved | undefined;
  /** JSONata of the offsets of a time zone. */
  zone(name: string): string;
}

export type Resolved = ResolvedValue | ResolvedJsonata | ResolvedList | ResolvedArray;

/** Known at synth. A number is whole if its value is. */
export interface ResolvedValue {
  readonly kind: 'value';
  readonly value: string | number | Date;
}

/** A field with several values: what it stands in has as many. */
export interface ResolvedList {
  readonly kind: 'list';
  readonly items: readonly Resolved[];
}

/** Several values, and how many there are is known to the run only. */
export interface ResolvedArray {
  readonly kind: 'array';
  /** JSONata of an array, or of what is its only item. */
  readonly text: string;
  readonly type: Exclude<ValueType, 'date'>;
}

/** Known to the run: JSONata for the value; of a date, for the text that `isoTime` writes. */
export interface ResolvedJsonata {
  readonly kind: 'jsonata';
  readonly text: string;
  readonly type: ValueType;
  /** Of a date: the text may be empty, and what functions make of it is empty then. */
  readonly optional?: boolean;
}

/** Folds what is known at synth, and renders the rest: one walk over the tree, so that both sides mean the same. */
export class Evaluator {
  /** The lists that it has met, and how long they are. */
  readonly lists = new Map<string, number>();
  /** JSONata of the arrays that it has met, by the variable that stands for an item. */
  readonly arrays = new Map<string, string>();
  /** Whether anything may be missing. */
  optional = false;

  /** `literal` renders a text, which may hold CDK tokens, as JSONata; `items` says which item of a list is meant, by default the first. */
  constructor(
    private readonly scope: ExpressionScope, private readonly literal: (text: string) => string,
    private readonly items: ReadonlyMap<string, number> = new Map(),
  ) {}

  /** @throws ExpressionError with the column of what cannot be evaluated */
  evaluate(node: ExpressionNode): Value {
    switch (node.kind) {
      case 'text': return constantValue('string', node.text);
      case 'number': return constantValue(node.integer ? 'integer' : 'number', node.value);
      case 'reference': return this.reference(node);
      case 'call': return this.call(node);
      case 'operation': return this.operation(node);
    }
  }

  /** The value as it stands in a text. */
  text(node: ExpressionNode): Value {
    return located(node.column, () => toText(this.evaluate(node)));
  }

  private reference(node: ReferenceNode): Value {
    const name = node.path.join('.');
    const resolved = located(node.column, () => this.scope.resolve(node));
    if (resolved === undefined) throw new ExpressionError(unknown('name', name, this.scope.names ?? [], this.scope.fields), node.column);
    return this.value(name, resolved);
  }

  private value(name: string, resolved: Resolved): Value {
    switch (resolved.kind) {
      case 'value': return fromValue(resolved.value);
      case 'jsonata':
        this.optional ||= resolved.optional ?? false;
        return fromJsonata(resolved);
      case 'list':
        this.lists.set(name, resolved.items.length);
        if (resolved.items.length === 0) return constantValue('string', '');
        return this.value(name, resolved.items[this.items.get(name) ?? 0]);
      case 'array': return this.item(resolved);
    }
  }

  /** The same wherever the array is named again. */
  private item({ text, type }: ResolvedArray): Value {
    const [known] = [...this.arrays].find(([, array]) => array === text) ?? [];
    const variable = known ?? `$item${this.arrays.size + 1}`;
    this.arrays.set(variable, text);
    return runtimeValue(type, `${type === 'string' ? '$string' : '$number'}(${variable})`);
  }

  private call(node: CallNode): Value {
    const called = FUNCTIONS.get(node.name);
    if (called === undefined) throw new ExpressionError(unknown('function', node.name, [...FUNCTIONS.keys()]), node.column);
    return located(node.column, () => called.apply(this.args(node, called), (zone) => this.scope.zone(zone)));
  }

  private args(node: CallNode, { parameters }: ExpressionFunction): Value[] {
    const signature = `${node.name}(${parameters.join(', ')})`;
    if (node.args.length !== parameters.length) {
      throw new ExpressionError(`${signature} takes ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, got ${node.args.length}`);
    }
    return node.args.map((arg, index) => {
      const value = this.evaluate(arg);
      const coerced = coerce(value, parameters[index]);
      if (coerced === undefined) throw new ExpressionError(`argument ${index + 1} of ${signature} is ${described(value)}`, arg.column);
      return coerced;
    });
  }

  private operation({ operator, left, right, column }: OperationNode): Value {
    const [first, second] = [this.evaluate(left), this.evaluate(right)];
    return located(column, () => operator === '+' && (first.type === 'string' || second.type === 'string')
      ? concatenate([first, second], this.literal)
      : calculate(operator, first, second));
  }
}

function fromValue(value: string | number | Date): Value {
  if (value instanceof Date) return constantValue('date', value.getTime());
  if (typeof value === 'string') return constantValue('string', value);
  return constantValue(Number.isInteger(value) ? 'integer' : 'number', value);
}

function fromJsonata({ text, type, optional }: ResolvedJsonata): Value {
  const operand = /^\$[\w.]+$/.test(text) ? text : `(${text})`;
  if (type !== 'date') return runtimeValue(type, operand);
  const millis = optional ? `function($iso){$iso != "" ? $toMillis($iso)}(${operand})` : `$toMillis(${operand})`;
  return { ...runtimeValue('date', millis), isoText: operand };
}

function described(value: Value): string {
  return value.kind === 'constant' && value.type !== 'date' ? `the ${value.type} ${JSON.stringify(value.value)}` : `a ${value.type}`;
}

/** Functions and operators do not know where they stand. */
function located<T>(column: number, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof ExpressionError ? error.at(column) : error;
  }
}

function unknown(what: string, name: string, names: readonly string[], more: readonly string[] = []): string {
  const near = [...names, ...more].filter((candidate) => distance(candidate.toLowerCase(), name.toLowerCase()) <= 2);
  if (near.length > 0) return `there is no ${what} '${name}'; did you mean ${near.join(', ')}?`;
  return `there is no ${what} '${name}'${names.length === 0 ? '' : `; there are ${names.join(', ')}`}`;
}

/** Levenshtein's: insertions, deletions and replacements between two names. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, char] of [...left].entries()) {
    const next = [i + 1];
    for (let j = 0; j < right.length; j += 1) next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (char === right[j] ? 0 : 1)));
    row = next;
  }
  return row[right.length];
}
