import { Json, TaskFailure, TaskRequest } from '../task';

/** A JSON object whose members are read one by one. */
export interface Fields {
  readonly [name: string]: Json | undefined;
}

/** The arguments of a task. */
export function argumentsOf(request: TaskRequest): Fields {
  return asFields(request.arguments) ?? unusable(request.arguments, 'arguments must be an object');
}

export function text(from: Fields, name: string): string {
  return optionalText(from, name) ?? unusable(from, `The field '${name}' is required but was missing`);
}

export function optionalText(from: Fields, name: string): string | undefined {
  return optional(from, name, value => (typeof value === 'string' ? value : undefined), 'a STRING');
}

export function optionalNumber(from: Fields, name: string): number | undefined {
  return optional(from, name, value => (typeof value === 'number' ? value : undefined), 'a NUMBER');
}

export function fields(from: Fields, name: string): Fields {
  return optionalFields(from, name) ?? unusable(from, `The field '${name}' is required but was missing`);
}

export function optionalFields(from: Fields, name: string): Fields | undefined {
  return optional(from, name, asFields, 'an OBJECT');
}

export function optionalTexts(from: Fields, name: string): string[] | undefined {
  return optional(from, name, value => (isTexts(value) ? value : undefined), 'an ARRAY of STRINGs');
}

/** What Step Functions says of arguments that no call can be made with. */
export function unusable(given: Fields | Json, complaint: string): never {
  throw new TaskFailure('States.Runtime', `The Arguments '${JSON.stringify(given)}' could not be used to start the Task: [${complaint}]`);
}

/** JSON as it would come over the wire: without what is undefined, and shared with nobody. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

function optional<T>(from: Fields, name: string, read: (value: Json) => T | undefined, type: string): T | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  return read(value) ?? unusable(from, `The value for the field '${name}' must be ${type}`);
}

function asFields(value: Json): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
