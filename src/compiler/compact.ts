/**
 * A large machine without what only readers need: Step Functions takes a megabyte, and nobody reads a machine of that size as a whole.
 *
 * The states keep their names and what they do. Expressions lose the space between their tokens and the quotes that JSON writes as two
 * characters; retries, fields that say what is so without them; and values that many states name become variables of the first state, as do
 * the arguments that many have in common.
 */
import { Token } from 'aws-cdk-lib';
import { Asl, States } from './asl';
import { withCommonArguments } from './common-arguments';

const FIELD = /^\{%([\s\S]*)%\}$/;
/** A text, a regular expression (which comes after an operator), space, or anything else. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<=[(,:=?[{&|;]\s*)\/(?:[^/\\]|\\.)+\/[a-z]*|\s+|[^\s"'/]+|\//g;
/** A text that needs no escape in either kind of quotes. */
const PLAIN = /^"[^"'\\]*"$/;
const WORD = /[\w$]/;
const OPERATOR = /^(and|or|in)$/;
const DEFAULTS: Asl = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };
/** What as many states name is worth a variable. */
const MANY = 10;

export function compact(machine: Asl): Asl {
  const shared = sharedValues(machine);
  const { StartAt, States: all } = machine as { StartAt: string; States: States };
  const others = Object.fromEntries(Object.entries(all).filter(([name]) => name !== StartAt).map(([name, state]) => [name, named(state, shared)]));
  const common = withCommonArguments(others);
  const first = { ...all[StartAt], Assign: { ...all[StartAt].Assign as Asl, ...assigned(shared), ...common.variables } };
  return fields({ ...machine, States: { [StartAt]: first, ...common.value as States } }) as Asl;
}

/** JSONata that means the same. */
export function compactJsonata(expression: string): string {
  const tokens = expression.trim().match(TOKEN) ?? [];
  return tokens.map((token, index) => {
    if (token.trim() === '') return separates(tokens[index - 1], tokens[index + 1]) ? ' ' : '';
    return PLAIN.test(token) ? `'${token.slice(1, -1)}'` : token;
  }).join('');
}

/** Words run into each other without a space. */
function separates(before: string, after: string): boolean {
  return OPERATOR.test(before) || OPERATOR.test(after) || WORD.test(before[before.length - 1]) && WORD.test(after[0]);
}

function fields(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return value.replace(FIELD, (_, expression: string) => `{%${compactJsonata(expression)}%}`);
  if (Array.isArray(value)) return value.map((each: unknown) => name === 'Retry' ? fields(withoutDefaults(each as Asl)) : fields(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fields(each, key)]));
}

function withoutDefaults(retry: Asl): Asl {
  return Object.fromEntries(Object.entries(retry).filter(([name, value]) => DEFAULTS[name] !== value));
}

/** Values known at deployment that many states have in their arguments: by value, the variable. */
function sharedValues(machine: Asl): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const count = (value: unknown, argument: boolean): void => {
    if (typeof value === 'string' && argument && Token.isUnresolved(value) && !FIELD.test(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
    if (typeof value === 'object' && value !== null) for (const [name, each] of Object.entries(value)) count(each, argument || name === 'Arguments');
  };
  count(machine, false);
  return new Map([...counts].filter(([, times]) => times >= MANY).map(([value], index) => [value, `k${index + 1}`]));
}

function assigned(shared: ReadonlyMap<string, string>): Asl {
  return Object.fromEntries([...shared].map(([value, name]) => [name, value]));
}

/** With variables for the shared values in its arguments. */
function named(value: unknown, shared: ReadonlyMap<string, string>, argument = false): unknown {
  if (typeof value === 'string') return argument && shared.has(value) ? `{%$${shared.get(value)}%}` : value;
  if (Array.isArray(value)) return value.map((each: unknown) => named(each, shared, argument));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, named(each, shared, argument || name === 'Arguments')]));
}
