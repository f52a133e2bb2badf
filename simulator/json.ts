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

export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
