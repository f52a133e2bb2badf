import { at, Path, Tokens } from './dynamodb-expression';
import { AttributeValue, compared, equal, Item, setOf, sizeOfValue } from './dynamodb-value';

export type Condition = (item: Item) => boolean;
type Operand = (item: Item) => AttributeValue | undefined;

const COMPARISONS: Readonly<Record<string, (a?: AttributeValue, b?: AttributeValue) => boolean>> = {
  '=': equal,
  '<>': (a, b) => !equal(a, b),
  '<=': (a, b) => (compared(a, b) ?? 1) <= 0,
  '>=': (a, b) => (compared(a, b) ?? -1) >= 0,
  '<': (a, b) => (compared(a, b) ?? 1) < 0,
  '>': (a, b) => (compared(a, b) ?? -1) > 0,
};

/** A condition, filter or key condition, as a function of an item. */
export function parseCondition(tokens: Tokens): Condition {
  const condition = either(tokens);
  if (!tokens.done) tokens.refuse();
  return condition;
}

function either(tokens: Tokens): Condition {
  const first = both(tokens);
  if (!tokens.take('OR')) return first;
  const second = either(tokens);
  return item => first(item) || second(item);
}

function both(tokens: Tokens): Condition {
  const first = negated(tokens);
  if (!tokens.take('AND')) return first;
  const second = both(tokens);
  return item => first(item) && second(item);
}

function negated(tokens: Tokens): Condition {
  if (!tokens.take('NOT')) return simple(tokens);
  const condition = negated(tokens);
  return item => !condition(item);
}

function simple(tokens: Tokens): Condition {
  if (tokens.take('(')) {
    const condition = either(tokens);
    tokens.require(')');
    return condition;
  }
  return call(tokens) ?? comparison(tokens);
}

function call(tokens: Tokens): Condition | undefined {
  const path = (): Path => tokens.path();
  const onOne = (holds: (value?: AttributeValue) => boolean): Condition => {
    const [target] = tokens.arguments(path);
    return item => holds(at(item, target));
  };
  const onTwo = (holds: (value: AttributeValue, other: AttributeValue) => boolean): Condition => {
    const [target, other] = tokens.arguments(() => operand(tokens), () => operand(tokens));
    return item => {
      const [a, b] = [target(item), other(item)];
      return a !== undefined && b !== undefined && holds(a, b);
    };
  };
  if (tokens.isCall('attribute_exists')) return onOne(value => value !== undefined);
  if (tokens.isCall('attribute_not_exists')) return onOne(value => value === undefined);
  if (tokens.isCall('attribute_type')) return onTwo((value, type) => String(type.S) in value);
  if (tokens.isCall('begins_with')) return onTwo((value, prefix) => typeof value.S === 'string' && value.S.startsWith(String(prefix.S)));
  if (tokens.isCall('contains')) return onTwo(contains);
  return undefined;
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (typeof value.S === 'string') return typeof part.S === 'string' && value.S.includes(part.S);
  if (Array.isArray(value.L)) return value.L.some(member => equal(member as AttributeValue, part));
  const set = setOf(value);
  return set?.members.includes(String(set.type === 'SS' ? part.S : part.N)) ?? false;
}

function comparison(tokens: Tokens): Condition {
  const left = operand(tokens);
  if (tokens.take('BETWEEN')) {
    const low = operand(tokens);
    tokens.require('AND');
    const high = operand(tokens);
    return item => COMPARISONS['>='](left(item), low(item)) && COMPARISONS['<='](left(item), high(item));
  }
  if (tokens.take('IN')) {
    tokens.require('(');
    const options = [operand(tokens)];
    while (tokens.take(',')) options.push(operand(tokens));
    tokens.require(')');
    return item => options.some(option => equal(left(item), option(item)));
  }
  const sign = Object.keys(COMPARISONS).find(each => tokens.take(each)) ?? tokens.refuse();
  const right = operand(tokens);
  return item => COMPARISONS[sign](left(item), right(item));
}

function operand(tokens: Tokens): Operand {
  if (tokens.isCall('size')) {
    const [path] = tokens.arguments(() => tokens.path());
    return item => {
      const value = at(item, path);
      const size = value && sizeOfValue(value);
      return size === undefined ? undefined : { N: String(size) };
    };
  }
  const value = tokens.value();
  if (value) return () => value;
  const path = tokens.path();
  return item => at(item, path);
}
