import { Json } from './task';

export type JsonObject = { [key: string]: Json };

/** Of a state's input or output, of a task's result, of one variable, and of all that one Assign assigns. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The size of a value as the service counts it: the UTF-8 bytes of its JSON text. */
export function sizeOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Whether a value is larger than a payload may be. Most are so small that it is seen without writing them. */
export function isTooLarge(value: Json): boolean {
  return spare(value, MAX_PAYLOAD_BYTES) < 0 && sizeOf(value) > MAX_PAYLOAD_BYTES;
}

/** At least what is left of so many bytes: a character takes six of them at most, a number 25. */
function spare(value: Json, bytes: number): number {
  if (typeof value === 'string') return bytes - 6 * value.length - 2;
  if (typeof value !== 'object' || value === null) return bytes - 25;
  let left = bytes - 2;
  for (const key in value) {
    if (left < 0) break;
    left = spare((value as JsonObject)[key], left - (Array.isArray(value) ? 1 : 6 * key.length + 4));
  }
  return left;
}

export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
