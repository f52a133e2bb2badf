import { setMaxListeners } from 'node:events';

/** Cancels a part of what a parent's signal cancels as a whole. */
export class Cancellation {
  private readonly controller = new AbortController();
  private readonly follow: () => void;

  constructor(private readonly parent?: AbortSignal) {
    this.follow = () => this.cancel(parent?.reason);
    // As many branches as there are may listen to one signal.
    setMaxListeners(0, this.signal);
    if (parent?.aborted) this.follow();
    else parent?.addEventListener('abort', this.follow, { once: true });
  }

  public get signal(): AbortSignal {
    return this.controller.signal;
  }

  public cancel(reason: unknown): void {
    this.controller.abort(reason);
    this.release();
  }

  /** The parent no longer matters. */
  public release(): void {
    this.parent?.removeEventListener('abort', this.follow);
  }
}

/** What `work` comes to, or a rejection with the signal's reason as soon as it aborts. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
