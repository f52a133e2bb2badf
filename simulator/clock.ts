import { Signal } from './signals';

/** Time, as everything in the simulator sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when `ms` have passed; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: Signal): Promise<void>;
  /** Marks real work, which the clock does not control, as under way until it settles. */
  busy<T>(work: Promise<T>): Promise<T>;
}

interface Timer {
  readonly due: number;
  readonly fire: () => void;
}

/** The run can never end: nothing is due and nothing is under way. */
export class ClockStuckError extends Error {
  constructor(now: number) {
    super(`at ${new Date(now).toISOString()} no timer is set and no work is under way, so what the clock runs for can never happen; ` +
      'real work (a process, a socket, a file) must be wrapped in clock.busy()');
    this.name = 'ClockStuckError';
  }
}

/**
 * Time that jumps to the next timer as soon as nothing else can make progress. Timers fire in order of time, then of creation,
 * and what one sets off is done before the next fires: a run is deterministic. While `busy` work is under way time stands still.
 */
export class VirtualClock implements Clock {
  /** By due time, then by creation. */
  private readonly timers: Timer[] = [];
  private working = 0;
  private driving = false;
  /** Set while the loop has nothing to do but wait for real work. */
  private wake?: () => void;

  constructor(protected time: number = Date.UTC(2026, 0, 1)) {}

  public now(): number {
    return this.time;
  }

  public sleep(ms: number, signal?: Signal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        this.timers.splice(this.timers.indexOf(timer), 1);
        reject(signal?.reason);
        this.wake?.();
      };
      const fire = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const timer = { due: this.now() + Math.max(0, ms), fire };
      this.timers.splice(this.positionOf(timer), 0, timer);
      signal?.addEventListener('abort', abort, { once: true });
      this.wake?.();
    });
  }

  public async busy<T>(work: Promise<T>): Promise<T> {
    if (this.working++ === 0) this.workBegins();
    try {
      return await work;
    } finally {
      if (--this.working === 0) this.workEnds();
      this.wake?.();
    }
  }

  /** Lets time pass until `work` settles, and returns what it came to. */
  public async run<T>(work: Promise<T>): Promise<T> {
    if (this.driving) throw new Error('clock.run() is under way already: run one promise (Promise.all of several) at a time');
    this.driving = true;
    let settled = false;
    const settle = () => {
      settled = true;
      this.wake?.();
    };
    work.then(settle, settle);
    try {
      for (;;) {
        await drained();
        if (settled) return await work;
        if (this.working > 0) await this.whileWorking();
        else this.jump();
      }
    } finally {
      this.driving = false;
    }
  }

  protected workBegins(): void {}

  protected workEnds(): void {}

  /** How long real work may go on before the next timer is due, in milliseconds. */
  protected untilDue(_due: number): number | undefined {
    return undefined;
  }

  private jump(): void {
    const next = this.timers.shift();
    if (!next) throw new ClockStuckError(this.time);
    this.time = Math.max(this.time, next.due);
    next.fire();
  }

  /** Until real work ends, or something else happens that the loop must look at. */
  private async whileWorking(): Promise<void> {
    const wait = this.timers.length > 0 ? this.untilDue(this.timers[0].due) : undefined;
    if (wait !== undefined && wait <= 0) return this.timers.shift()?.fire();
    let alarm: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.wake = resolve;
      if (wait !== undefined) alarm = setTimeout(resolve, Math.min(wait, 0x7fffffff));
    });
    clearTimeout(alarm);
  }

  private positionOf(timer: Timer): number {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.timers[middle].due <= timer.due) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Jumps over idle waits as the virtual clock does, but lets real time pass while real work is under way: for a run with real
 * processes in it.
 */
export class ForwardingClock extends VirtualClock {
  /** What to add to the machine's own clock while work is under way. */
  private offset?: number;

  constructor(start: number = Date.now()) {
    super(start);
  }

  public now(): number {
    return this.offset === undefined ? this.time : Math.max(this.time, Math.floor(performance.now() + this.offset));
  }

  protected workBegins(): void {
    this.offset = this.time - performance.now();
  }

  protected workEnds(): void {
    this.time = this.now();
    this.offset = undefined;
  }

  protected untilDue(due: number): number {
    return due - this.now();
  }
}

/** When every promise that can settle by itself has. */
function drained(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
