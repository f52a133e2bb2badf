import { Catcher, Retrier } from './definition';
import { ALL, FatalStateError, HEARTBEAT_TIMEOUT, StateError, TASK_FAILED, TIMEOUT } from './errors';

/** Counts the retries of one visit to a state: each retrier has its own. */
export class Retries {
  private readonly used = new Map<Retrier, number>();

  constructor(private readonly retriers: readonly Retrier[] = [], private readonly random: () => number) {}

  /** How long to wait before the next attempt, in milliseconds; undefined when there is to be none. */
  public next(error: StateError): number | undefined {
    const retrier = this.retriers.find(candidate => matches(candidate.ErrorEquals, error));
    if (!retrier) return undefined;
    const { IntervalSeconds: interval = 1, MaxAttempts: maximum = 3, BackoffRate: rate = 2, MaxDelaySeconds: ceiling = Infinity } = retrier;
    const before = this.used.get(retrier) ?? 0;
    if (before >= maximum) return undefined;
    this.used.set(retrier, before + 1);
    const seconds = Math.min(interval * rate ** before, ceiling);
    return seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? this.random() : 1);
  }
}

export function catcherFor(error: StateError, catchers: readonly Catcher[] = []): Catcher | undefined {
  return catchers.find(catcher => matches(catcher.ErrorEquals, error));
}

function matches(names: readonly string[], error: StateError): boolean {
  if (error instanceof FatalStateError) return false;
  return names.some(name => name === ALL || name === error.error || name === TASK_FAILED && !isTimeout(error));
}

function isTimeout(error: StateError): boolean {
  return error.error === TIMEOUT || error.error === HEARTBEAT_TIMEOUT;
}
