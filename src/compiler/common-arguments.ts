/** Arguments that many tasks of a machine have in common, as variables: a task then names what it has of its own. */
import { Token } from 'aws-cdk-lib';
import { Asl, jsonata } from './asl';
import { jsonataString } from '../expression/value';

/** What as many tasks have is common, and worth a variable where it is as long as that. */
const MANY = 10;
const LONG = 40;

export interface Shortened {
  readonly value: unknown;
  /** To be assigned before. */
  readonly variables: Asl;
}

export function withCommonArguments(value: unknown): Shortened {
  const fields = counted(value, (given) => Object.entries(given).filter(([, each]) => isFixed(each)).map((entry) => JSON.stringify(entry)));
  const isCommon = (entry: [string, unknown]) => isFixed(entry[1]) && fields.get(JSON.stringify(entry))! >= MANY;
  const commonOf = (given: object) => JSON.stringify(Object.fromEntries(Object.entries(given).filter(isCommon)));
  const groups = [...counted(value, (given) => [commonOf(given)])].filter(([group, times]) => times >= MANY && group.length >= LONG);
  const names = new Map(groups.map(([group], index) => [group, `m${index + 1}`]));
  const shorten = (given: object): unknown => {
    const name = names.get(commonOf(given));
    const own = Object.fromEntries(Object.entries(given).filter((entry) => !isCommon(entry)));
    return name === undefined || isDeployed(own) ? given : jsonata(`$merge([$${name}, ${operand(own)}])`);
  };
  return { value: replaced(value, shorten), variables: Object.fromEntries([...names].map(([group, name]) => [name, JSON.parse(group)])) };
}

/** How often each of what is in all arguments is. */
function counted(value: unknown, keys: (given: object) => string[]): Map<string, number> {
  const counts = new Map<string, number>();
  replaced(value, (given) => {
    for (const key of keys(given)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return given;
  });
  return counts;
}

/** With other arguments wherever there are any. */
function replaced(value: unknown, change: (given: object) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => replaced(each, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, name === 'Arguments' && isObject(each) ? change(each) : replaced(each, change)]));
}

/** The same whenever and wherever it is evaluated. */
function isFixed(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isFixed);
  return typeof value !== 'string' || !isJsonata(value) && !Token.isUnresolved(value);
}

/** Has parts that are known at deployment only: they stand in no expression. */
function isDeployed(value: unknown): boolean {
  return isObject(value) ? Object.values(value).some(isDeployed) : typeof value === 'string' && Token.isUnresolved(value);
}

function operand(value: unknown): string {
  if (typeof value === 'string') return isJsonata(value) ? `(${value.slice(2, -2).trim()})` : jsonataString(value);
  if (Array.isArray(value)) return `[${value.map(operand).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, each]) => `${jsonataString(name)}: ${operand(each)}`).join(', ')}}`;
}

function isJsonata(text: string): boolean {
  return text.startsWith('{%');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
