import { at, Path, Tokens, write } from './dynamodb-expression';
import { AttributeValue, invalid, Item, setOf } from './dynamodb-value';
import { asJson } from './fields';

/** What becomes of one path; `undefined` takes it out. */
interface Change {
  readonly path: Path;
  readonly value: (item: Item) => AttributeValue | undefined;
}

type Operand = (item: Item) => AttributeValue;

export interface Update {
  /** Names of the attributes that it touches. */
  readonly attributes: readonly string[];
  /** Changes a copy of the item; every operand is read from the item as it was. */
  readonly apply: (item: Item) => Item;
}

export function parseUpdate(tokens: Tokens): Update {
  const changes: Change[] = [];
  const clauses = new Set<string>();
  while (!tokens.done) {
    const clause = Object.keys(CLAUSES).find(each => tokens.take(each)) ?? tokens.refuse();
    if (clauses.has(clause)) throw invalid(`Invalid UpdateExpression: The "${clause}" section can only be used once in an update expression`);
    clauses.add(clause);
    do changes.push(CLAUSES[clause](tokens)); while (tokens.take(','));
  }
  if (changes.length === 0) tokens.refuse();
  refuseOverlaps(changes);
  return { attributes: [...new Set(changes.map(({ path }) => String(path[0])))], apply: item => applied(item, changes) };
}

function applied(item: Item, changes: readonly Change[]): Item {
  const values = changes.map(({ value }) => value(item));
  const changed = asJson(item) as Item;
  changes.forEach(({ path }, index) => write(changed, path, values[index]));
  return changed;
}

const CLAUSES: Readonly<Record<string, (tokens: Tokens) => Change>> = {
  SET: tokens => {
    const path = tokens.path();
    tokens.require('=');
    return { path, value: sum(tokens) };
  },
  REMOVE: tokens => ({ path: tokens.path(), value: () => undefined }),
  ADD: tokens => {
    const [path, added] = pathAndValue(tokens);
    return { path, value: item => plus(at(item, path), added) };
  },
  DELETE: tokens => {
    const [path, removed] = pathAndValue(tokens);
    return { path, value: item => minus(at(item, path), removed) };
  },
};

function pathAndValue(tokens: Tokens): [Path, AttributeValue] {
  const path = tokens.path();
  return [path, tokens.value() ?? tokens.refuse()];
}

function sum(tokens: Tokens): Operand {
  const left = operand(tokens);
  const sign = ['+', '-'].find(each => tokens.take(each));
  if (!sign) return left;
  const right = operand(tokens);
  return item => ({ N: String(number(left(item)) + (sign === '+' ? 1 : -1) * number(right(item))) });
}

function operand(tokens: Tokens): Operand {
  if (tokens.isCall('if_not_exists')) {
    const [path, otherwise] = tokens.arguments<Path | Operand>(() => tokens.path(), () => operand(tokens)) as [Path, Operand];
    return item => at(item, path) ?? otherwise(item);
  }
  if (tokens.isCall('list_append')) {
    const [first, second] = tokens.arguments(() => operand(tokens), () => operand(tokens));
    return item => ({ L: [...list(first(item)), ...list(second(item))] });
  }
  const value = tokens.value();
  if (value) return () => value;
  const path = tokens.path();
  return item => at(item, path) ?? absent();
}

function plus(value: AttributeValue | undefined, added: AttributeValue): AttributeValue {
  const addition = setOf(added);
  if (!addition && added.N === undefined) throw wrongType();
  if (value === undefined) return added;
  if (!addition) return { N: String(number(value) + number(added)) };
  const set = setOf(value);
  if (set?.type !== addition.type) throw wrongType();
  return { [set.type]: [...new Set([...set.members, ...addition.members])] };
}

function minus(value: AttributeValue | undefined, removed: AttributeValue): AttributeValue | undefined {
  const removal = setOf(removed);
  if (!removal) throw wrongType();
  if (value === undefined) return undefined;
  const set = setOf(value);
  if (set?.type !== removal.type) throw wrongType();
  const left = set.members.filter(member => !removal.members.includes(member));
  return left.length > 0 ? { [set.type]: left } : undefined;
}

function number(value: AttributeValue): number {
  return value.N === undefined ? refuseType() : Number(value.N);
}

function list(value: AttributeValue): AttributeValue[] {
  return Array.isArray(value.L) ? value.L as AttributeValue[] : refuseType();
}

function refuseOverlaps(changes: readonly Change[]): void {
  const overlapping = (a: Path, b: Path) => a.every((step, index) => b[index] === step);
  for (const [index, { path }] of changes.entries()) {
    if (changes.some((other, position) => position !== index && overlapping(path, other.path))) {
      throw invalid(`Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path: [${path.join(', ')}]`);
    }
  }
}

function absent(): never {
  throw invalid('The provided expression refers to an attribute that does not exist in the item');
}

function wrongType(): Error {
  return invalid('An operand in the update expression has an incorrect data type');
}

function refuseType(): never {
  throw wrongType();
}
