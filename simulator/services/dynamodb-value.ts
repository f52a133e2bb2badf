/** Attribute values as DynamoDB writes them: `{ "S": "text" }`, `{ "N": "1" }`, ... */
import { isDeepStrictEqual } from 'node:util';
import { isObject, JsonObject } from '../json';
import { Json } from '../task';

export type AttributeValue = JsonObject;
export type Item = Record<string, AttributeValue>;

/** An error of DynamoDB's, under its own name. */
export class DynamoDbError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export function invalid(message: string): DynamoDbError {
  return new DynamoDbError('ValidationException', message);
}

/** Binary values are beyond this stand-in. */
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  S: value => typeof value === 'string',
  N: isNumber,
  BOOL: value => typeof value === 'boolean',
  NULL: value => value === true,
  SS: value => isSet(value, item => typeof item === 'string'),
  NS: value => isSet(value, isNumber),
  L: value => Array.isArray(value),
  M: isObject,
};

/** As DynamoDB keeps it: numbers in their shortest form. Throws a ValidationException for what is none. */
export function attributeValue(given: Json | undefined): AttributeValue {
  const [type, ...others] = isObject(given ?? null) ? Object.keys(given as JsonObject) : [];
  if (type === undefined || others.length > 0 || !(type in TYPES)) {
    throw invalid(`Supplied AttributeValue is empty, must contain exactly one of the supported datatypes: ${JSON.stringify(given)}`);
  }
  const value = (given as JsonObject)[type];
  if (!TYPES[type](value)) throw invalid(`One or more parameter values were invalid: ${JSON.stringify(given)}`);
  switch (type) {
    case 'N': return { N: shortest(value) };
    case 'NS': return { NS: (value as Json[]).map(shortest) };
    case 'L': return { L: (value as Json[]).map(attributeValue) };
    case 'M': return { M: itemOf(value as JsonObject) };
    default: return { [type]: value };
  }
}

export function itemOf(given: JsonObject): Item {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, attributeValue(value)]));
}

/** `undefined` where the two cannot be compared: an attribute is missing, or of another type. */
export function compared(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Math.sign(Number(a.N) - Number(b.N));
  if (typeof a?.S === 'string' && typeof b?.S === 'string') return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  return undefined;
}

/** Sets are equal whatever their order. */
export function equal(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && isDeepStrictEqual(unordered(a), unordered(b));
}

/** The members of a set, and its type. */
export function setOf(value: AttributeValue): { readonly type: 'SS' | 'NS'; readonly members: readonly string[] } | undefined {
  if (Array.isArray(value.SS)) return { type: 'SS', members: value.SS as string[] };
  return Array.isArray(value.NS) ? { type: 'NS', members: value.NS as string[] } : undefined;
}

export function sizeOfValue(value: AttributeValue): number | undefined {
  if (typeof value.S === 'string') return Buffer.byteLength(value.S);
  const members = value.SS ?? value.NS ?? value.L ?? (isObject(value.M) ? Object.keys(value.M) : undefined);
  return Array.isArray(members) ? members.length : undefined;
}

function unordered(value: AttributeValue): AttributeValue {
  const set = setOf(value);
  return set ? { [set.type]: [...set.members].sort() } : value;
}

function isNumber(value: Json): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}

function isSet(value: Json, isMember: (item: Json) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMember) && new Set(value).size === value.length;
}

function shortest(value: Json): string {
  return String(Number(value));
}
