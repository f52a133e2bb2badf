import { Clock } from './clock';

const FIRST = 500;
const LONGEST = 60_000;

/** How long to wait after the nth failure in a row (from 0): full jitter, so that hosts that failed together do not return together. */
export function backoff(failures: number, random: () => number): number {
  return random() * Math.min(LONGEST, FIRST * 2 ** failures);
}

export interface Persistence {
  readonly clock: Clock;
  readonly random: () => number;
  /** Tries in all; without it, until the signal is aborted. */
  readonly attempts?: number;
  readonly signal: AbortSignal;
  readonly isFinal?: (error: unknown) => boolean;
  readonly onFailure?: (error: unknown) => void;
}

/** Tries until it succeeds. What is final, or fails when there is no more time, is thrown. */
export async function persist<T>(operation: () => Promise<T>, options: Persistence): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await operation();
    } catch (error) {
      if (options.signal.aborted || options.isFinal?.(error) || failures + 1 === options.attempts) throw error;
      options.onFailure?.(error);
      await options.clock.sleep(backoff(failures, options.random), options.signal);
    }
  }
}
