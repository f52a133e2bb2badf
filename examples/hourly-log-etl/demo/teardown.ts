/** A signal has ended the demo. */
export class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };

/** Whatever has to be ended, last come, first ended; on failures and signals too. */
export class Teardown {
  private readonly ends: (() => unknown)[] = [];
  private readonly over = new AbortController();

  /** Aborted when the end begins. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  /** What comes after the end is ended at once. */
  add<T>(thing: T, end: (thing: T) => unknown): T {
    if (this.signal.aborted) {
      void end(thing);
      throw this.signal.reason;
    }
    this.ends.push(() => end(thing));
    return thing;
  }

  /** Runs `work`, unless a signal comes first, and ends everything. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    let interrupt: (error: Interrupted) => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => { interrupt = reject; });
    const listeners = Object.entries(EXIT_CODES).map(([signal, code]) => [signal, () => interrupt(new Interrupted(code))] as const);
    for (const [signal, listener] of listeners) process.on(signal, listener);
    try {
      return await Promise.race([work(), interrupted]);
    } finally {
      this.over.abort(new Error('the demo has ended'));
      for (const end of this.ends.reverse()) await end();
      for (const [signal, listener] of listeners) process.off(signal, listener);
    }
  }
}
