/** What is aborted, once, with all that listens to it. An AbortSignal is one; ours is made in no time, as a run makes very many. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Cancels something; with a parent, a part of what that cancels as a whole. */
export class Cancellation implements Signal {
  public aborted = false;
  public reason: unknown;
  private readonly listeners = new Set<() => void>();
  private readonly follow: () => void;

  constructor(private readonly parent?: Signal) {
    this.follow = () => this.cancel(parent?.reason);
    if (parent?.aborted) this.follow();
    else parent?.addEventListener('abort', this.follow, { once: true });
  }

  public get signal(): Signal {
    return this;
  }

  public cancel(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.release();
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  /** The parent no longer matters. */
  public release(): void {
    this.parent?.removeEventListener('abort', this.follow);
  }

  public throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  public addEventListener(_: 'abort', listener: () => void): void {
    if (!this.aborted) this.listeners.add(listener);
  }

  public removeEventListener(_: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }
}

/** What `work` comes to, or a rejection with the signal's reason as soon as it aborts. */
export function unlessAborted<T>(work: Promise<T>, signal: Signal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const settled = <A>(settle: (outcome: A) => void) => (outcome: A) => {
      signal.removeEventListener('abort', abort);
      settle(outcome);
    };
    work.then(settled(resolve), settled(reject));
  });
}
