/** A signal has ended the demo. */
export class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** Whatever has to be ended, last come, first ended; on failures and signals too. */
export class Teardown {
  private readonly ends: (() => unknown)[] = [];

  add<T>(thing: T, end: (thing: T) => unknown): T {
    this.ends.push(() => end(thing));
    return thing;
  }

  /** Runs `work`, unless a signal comes first, and ends everything. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    const signals = { SIGINT: 130, SIGTERM: 143 };
    let interrupt: (error: Interrupted) => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => { interrupt = reject; });
    const listeners = Object.entries(signals).map(([signal, code]) => [signal, () => interrupt(new Interrupted(code))] as const);
    for (const [signal, listener] of listeners) process.on(signal, listener);
    try {
      return await Promise.race([work(), interrupted]);
    } finally {
      for (const end of this.ends.reverse()) await end();
      for (const [signal, listener] of listeners) process.off(signal, listener);
    }
  }
}
