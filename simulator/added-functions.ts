/** What Step Functions has beyond JSONata's own functions, except for those that need a clock or random numbers. */
import { createHash } from 'node:crypto';

export function partition(items: unknown[], size: number): unknown[][] {
  if (size < 1) throw new Error(`$partition needs a chunk size of 1 or more; got ${size}`);
  const chunks: unknown[][] = [];
  for (let at = 0; at < items.length; at += Math.floor(size)) chunks.push(items.slice(at, at + Math.floor(size)));
  return chunks;
}

export function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error('$range needs a step other than 0');
  const count = Math.floor((last - first) / step) + 1;
  if (count > 1000) throw new Error(`$range gives at most 1,000 values; ${first} to ${last} by ${step} are ${count}`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

const ALGORITHMS = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

export function hash(text: string, algorithm: string): string {
  if (!ALGORITHMS.includes(algorithm)) throw new Error(`$hash knows ${ALGORITHMS.join(', ')}; got ${algorithm}`);
  return createHash(algorithm.replace('-', '')).update(text).digest('hex');
}
