import { Clock } from './clock';
import { StateError, TIMEOUT } from './errors';
import { Cancellation } from './signals';

/** A task's time is up, or its heartbeat has been missed. */
export class TaskTimeout extends StateError {
  constructor(error: string) {
    super(error);
    this.name = 'TaskTimeout';
  }
}

export interface Limits {
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
}

/** Watches the time of one attempt at a task. */
export class Watch {
  private expire?: (error: TaskTimeout) => void;
  private started = false;
  private timeout?: Cancellation;
  private heartbeat?: Cancellation;

  constructor(private readonly clock: Clock, private readonly limits: Limits, private readonly heartbeatError: string) {}

  public start(): void {
    this.started = true;
    this.timeout = this.alarm(this.limits.timeoutSeconds, TIMEOUT);
    this.beat();
  }

  /** A heartbeat: the next must come within heartbeatSeconds. */
  public beat(): void {
    if (!this.started) return;
    this.heartbeat?.cancel();
    this.heartbeat = this.alarm(this.limits.heartbeatSeconds, this.heartbeatError);
  }

  public stop(): void {
    this.started = false;
    this.timeout?.cancel();
    this.heartbeat?.cancel();
  }

  /** What `work` comes to, or a TaskTimeout if that is first. */
  public guard<T>(work: () => Promise<T>): Promise<T> {
    const { timeoutSeconds, heartbeatSeconds } = this.limits;
    if (timeoutSeconds === undefined && heartbeatSeconds === undefined) return work();
    const over = new Promise<never>((_, reject) => this.expire = reject);
    return Promise.race([work(), over]);
  }

  private alarm(seconds: number | undefined, error: string): Cancellation | undefined {
    if (seconds === undefined) return undefined;
    const alarm = new Cancellation();
    this.clock.sleep(seconds * 1000, alarm.signal).then(() => this.expire?.(new TaskTimeout(error)), () => undefined);
    return alarm;
  }
}
