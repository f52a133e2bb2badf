import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Call {
  readonly action: string;
  readonly at: number;
  readonly body: Readonly<Record<string, string>>;
}

/** The part of the Step Functions API that Task Runner calls, over HTTP, for tests to see and to disturb. */
export class FakeStepFunctions {
  public static async start(): Promise<FakeStepFunctions> {
    const fake = new FakeStepFunctions();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  public readonly calls: Call[] = [];
  /** Tokens that are worth nothing any more. */
  public readonly gone = new Set<string>();
  /** Answers to give before anything else, by action. */
  public readonly failures: { action: string; type: string; status: number }[] = [];
  private readonly server: Server;
  private readonly tasks: { taskToken: string; input: string }[] = [];
  private readonly polls = new Set<ServerResponse>();
  private readonly watchers = new Set<() => void>();

  private constructor() {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many slots wait for a task now. */
  public get waiting(): number {
    return this.polls.size;
  }

  public offer(taskToken: string, input: unknown): void {
    this.tasks.push({ taskToken, input: typeof input === 'string' ? input : JSON.stringify(input) });
    this.handOut();
  }

  public of(action: string, taskToken?: string): Call[] {
    return this.calls.filter((call) => call.action === action && (taskToken === undefined || call.body.taskToken === taskToken));
  }

  public answers(taskToken: string): Call[] {
    return [...this.of('SendTaskSuccess', taskToken), ...this.of('SendTaskFailure', taskToken)];
  }

  /** When something holds that calls change. */
  public async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.watchers.add(resolve));
  }

  public async answer(taskToken: string): Promise<Call> {
    await this.until(() => this.answers(taskToken).length > 0);
    return this.answers(taskToken)[0];
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
    const body = JSON.parse(await text(request)) as Record<string, string>;
    const failure = this.failures.findIndex((one) => one.action === action);
    if (failure >= 0) {
      const [{ type, status }] = this.failures.splice(failure, 1);
      respond(response, status, { __type: type });
    } else if (action === 'GetActivityTask') {
      this.polls.add(response);
      response.on('close', () => {
        this.polls.delete(response);
        this.changed();
      });
      this.handOut();
    } else {
      const gone = this.gone.has(body.taskToken);
      respond(response, gone ? 400 : 200, gone ? { __type: 'TaskTimedOut', message: 'Task Timed Out' } : {});
    }
    this.calls.push({ action, at: Date.now(), body });
    this.changed();
  }

  private handOut(): void {
    for (const poll of this.polls) {
      const task = this.tasks.shift();
      if (!task) return;
      this.polls.delete(poll);
      respond(poll, 200, task);
    }
  }

  private changed(): void {
    const watchers = [...this.watchers];
    this.watchers.clear();
    for (const watcher of watchers) watcher();
  }
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
