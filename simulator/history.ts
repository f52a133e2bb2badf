import { FatalStateError, RUNTIME } from './errors';
import { JsonObject } from './json';

export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  /** `TaskStateEntered`, `TaskScheduled`, ... */
  readonly type: string;
  /** What the service gives in `<type>EventDetails`; input, output and variables parsed. */
  readonly details: JsonObject;
}

/** What it takes time to put together is put together where it is kept. */
export type Details = JsonObject | (() => JsonObject);

/** An execution ends when it would have more events than this. */
export const MAX_EVENTS = 25_000;

/** What happened in an execution. */
export class History {
  public readonly events: HistoryEvent[] = [];
  private count = 0;
  private closed = false;

  /** With `kept` false it only counts. */
  constructor(private readonly now: () => number, private readonly kept = true) {}

  public add(type: string, previousEventId: number, details: Details = {}): number {
    if (this.count >= MAX_EVENTS - 1) {
      throw new FatalStateError(RUNTIME, `The execution reached the maximum number of history events (${MAX_EVENTS}).`);
    }
    return this.append(type, previousEventId, details);
  }

  /** The last event: there is always room for it, and nothing comes after it. */
  public close(type: string, previousEventId: number, details: Details): void {
    this.append(type, previousEventId, details);
    this.closed = true;
  }

  private append(type: string, previousEventId: number, details: Details): number {
    if (this.closed) return previousEventId;
    const id = ++this.count;
    if (this.kept) this.events.push({ id, previousEventId, timestamp: this.now(), type, details: typeof details === 'function' ? details() : details });
    return id;
  }
}

/** The events of one thread of an execution: each follows the one before it. */
export class Trail {
  /** The event of a state's entry does not count as done until the state has evaluated what it needs to begin. */
  private entered?: number;

  constructor(private readonly history: History, public last = 0) {}

  public fork(): Trail {
    return new Trail(this.history, this.entered ?? this.last);
  }

  public enter(type: string, details: JsonObject): number {
    this.begin();
    this.entered = this.history.add(type, this.last, details);
    return this.entered;
  }

  /** The state that was entered has what it needs. */
  public begin(): void {
    this.last = this.entered ?? this.last;
    this.entered = undefined;
  }

  public add(type: string, details: Details = {}): number {
    this.begin();
    this.last = this.history.add(type, this.last, details);
    return this.last;
  }

  /** An event that the next one does not follow; `after` another such event, or the last. */
  public note(type: string, details: JsonObject = {}, after = this.last): number {
    return this.history.add(type, after, details);
  }

  /** An expression failed. Where that is in what the state needs to begin, its entry does not count. */
  public evaluationFailed(details: JsonObject): void {
    this.entered = undefined;
    this.last = this.history.add('EvaluationFailed', this.last, details);
  }
}
