/** How what a run calls behaves: how long work takes, and what of it fails. Drawn from a seed and from what the work is. */
import { createHash } from 'node:crypto';

const MINUTE = 60_000;

export class Behaviour {
  /** `faults` is the part of all attempts and launches that fail, from 0 to 1. */
  constructor(private readonly seed: number, private readonly faults: number) {}

  /** Of an attempt at work, in milliseconds. */
  duration(work: string): number {
    return this.between(1, 15, `duration ${work}`);
  }

  /** Of a batch of SQL statements. */
  statement(name: string): number {
    return this.between(1 / 30, 1 / 3, `statement ${name}`);
  }

  /** Of a cluster, until it can run steps. */
  startup(cluster: string): number {
    return this.between(4, 8, `startup ${cluster}`);
  }

  /** How long after it is first asked for a precondition holds: half of them hold at once. */
  holdsAfter(precondition: string): number {
    return this.drawn(`waits ${precondition}`) < 0.5 ? 0 : this.between(1, 30, `holds ${precondition}`);
  }

  /** Why it fails, where it does. */
  failure(work: string): string | undefined {
    return this.drawn(`failure ${work}`) < this.faults ? 'a simulated fault' : undefined;
  }

  private between(least: number, most: number, key: string): number {
    return Math.round((least + this.drawn(key) * (most - least)) * 60) * MINUTE / 60;
  }

  /** From 0 up to 1: the same for the same key. */
  private drawn(key: string): number {
    return createHash('md5').update(`${this.seed} ${key}`).digest().readUInt32BE(0) / 2 ** 32;
  }
}
