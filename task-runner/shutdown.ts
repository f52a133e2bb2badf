import { setMaxListeners } from 'node:events';
import { Clock } from './clock';
import { Log } from './log';

/** From the moment that work is stopped: for its processes to end, its logs to be uploaded and its answers to be sent. */
const LAST_WORDS = 20_000;

/**
 * The way down, one step after the other: stopping (no new task), halted (work is stopped) when the drain timeout has passed or on a
 * second signal, abandoned (nothing is waited for) a little later or on a third.
 */
export class Shutdown {
  private readonly stop = new AbortController();
  private readonly halt = new AbortController();
  private readonly abandon = new AbortController();

  constructor(private readonly clock: Clock, private readonly drainTimeout: number, private readonly log: Log) {
    // Each slot listens, and each answer: more than Node.js takes for no mistake.
    setMaxListeners(0, this.stopping, this.halted, this.abandoned);
  }

  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  get halted(): AbortSignal {
    return this.halt.signal;
  }

  get abandoned(): AbortSignal {
    return this.abandon.signal;
  }

  /** For the host's signals to stop; a second one does not wait for the work, and a third for nothing. */
  request(signal: string): void {
    if (this.halt.signal.aborted) return this.abandon.abort();
    if (this.stop.signal.aborted) return this.haltBecause(`a second signal, ${signal}`);
    this.log.info('stopping: no new tasks', { signal, drainTimeoutSeconds: this.drainTimeout / 1000 });
    this.stop.abort();
    void this.clock.sleep(this.drainTimeout, this.halt.signal).then(() => this.haltBecause('the drain timeout has passed'));
  }

  private haltBecause(reason: string): void {
    if (this.halt.signal.aborted) return;
    this.log.warn('stopping what is at work', { reason });
    this.halt.abort();
    void this.clock.sleep(LAST_WORDS).then(() => this.abandon.abort());
  }
}
