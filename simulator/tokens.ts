import { ServiceError, StateError } from './errors';
import { MAX_PAYLOAD_BYTES, sizeOf } from './json';
import { Json } from './task';

/** A task that somebody outside answers. */
export class PendingTask {
  public readonly answer: Promise<Json>;
  /** Resolves when an answer no longer counts, because there is one, or because the task timed out or was aborted. */
  public readonly closed: Promise<void>;
  private resolve!: (output: Json) => void;
  private reject!: (error: StateError) => void;
  private markClosed!: () => void;

  constructor(readonly token: string, readonly beat: () => void) {
    this.answer = new Promise((resolve, reject) => [this.resolve, this.reject] = [resolve, reject]);
    // A task may be aborted before anyone looks at the answer.
    this.answer.catch(() => undefined);
    this.closed = new Promise(resolve => this.markClosed = resolve);
  }

  public succeed(output: Json): void {
    this.resolve(output);
  }

  public fail(error: StateError): void {
    this.reject(error);
  }

  public close(): void {
    this.markClosed();
  }
}

/** Task tokens: who holds one answers the task, once and while it waits. */
export class TaskTokens {
  private readonly issued = new Set<string>();
  private readonly open = new Map<string, PendingTask>();

  /** `beat` is called at each heartbeat. */
  public issue(beat: () => void): PendingTask {
    const token = Buffer.from(`task ${this.issued.size + 1}`).toString('base64url');
    this.issued.add(token);
    const task = new PendingTask(token, beat);
    this.open.set(token, task);
    return task;
  }

  public sendTaskSuccess(token: string, output: Json): void {
    if (sizeOf(output) > MAX_PAYLOAD_BYTES) throw new ServiceError('InvalidOutput', `the output is larger than ${MAX_PAYLOAD_BYTES} bytes`);
    this.find(token).succeed(output);
    this.close(token);
  }

  public sendTaskFailure(token: string, error?: string, cause?: string): void {
    this.find(token).fail(new StateError(error, cause));
    this.close(token);
  }

  public sendTaskHeartbeat(token: string): void {
    this.find(token).beat();
  }

  /** Calls with the token come too late from now on. */
  public close(token: string): void {
    this.open.get(token)?.close();
    this.open.delete(token);
  }

  /** Throws ServiceError InvalidToken for a token that was never issued, TaskTimedOut for one that no longer counts. */
  public find(token: string): PendingTask {
    const task = this.open.get(token);
    if (task) return task;
    if (!this.issued.has(token)) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
    throw new ServiceError('TaskTimedOut', 'Task Timed Out: \'Provided task does not exist anymore\'');
  }
}
