import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

/** Whether a value is what was recorded, where the record may hold wildcards (asl/FORMAT.md). Numbers compare by value. */
export function matches(actual: Json | undefined, recorded: Json | undefined): boolean {
  if (isObject(recorded)) return matchesObject(actual, recorded);
  if (Array.isArray(recorded)) {
    return Array.isArray(actual) && actual.length === recorded.length && recorded.every((item, index) => matches(actual[index], item));
  }
  return isDeepStrictEqual(actual, recorded);
}

/** As `matches`, with a readable failure. */
export function expectMatch(actual: Json | undefined, recorded: Json | undefined, what: string): void {
  if (!matches(actual, recorded)) expect({ [what]: actual }).toEqual({ [what]: recorded });
}

function matchesObject(actual: Json | undefined, recorded: { [key: string]: Json }): boolean {
  if (recorded.$any === true) return actual !== undefined;
  if (typeof recorded.$regex === 'string') return typeof actual === 'string' && new RegExp(recorded.$regex).test(actual);
  if ('$json' in recorded) return typeof actual === 'string' && matches(JSON.parse(actual), recorded.$json);
  if (!isObject(actual)) return false;
  const keys = Object.keys(recorded);
  return keys.length === Object.keys(actual).length && keys.every(key => matches(actual[key], recorded[key]));
}
