import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ActivityTask } from './activities';
import { ServiceError } from './errors';
import { isObject, JsonObject } from './json';
import { Cancellation } from './signals';
import type { StepFunctions } from './step-functions';
import { description, parsed } from './step-functions-handlers';
import { Json } from './task';

export interface EndpointOptions {
  /** How long a poll for an activity's task waits, in real milliseconds. @default 60,000 */
  readonly pollMs?: number;
  /** How long after its last poll a worker is still taken to live, in real milliseconds. @default 70,000 */
  readonly workerGraceMs?: number;
}

/**
 * The Step Functions API for real processes, over AWS JSON 1.0 on loopback. While one of them holds a task, or a task waits for
 * one that lives, the clock counts that as work under way.
 */
export class Endpoint {
  public static async start(service: StepFunctions, options: EndpointOptions = {}): Promise<Endpoint> {
    const endpoint = new Endpoint(service, options);
    await new Promise<void>(resolve => endpoint.server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  private readonly server: Server;
  private readonly pollMs: number;
  private readonly workerGraceMs: number;
  /** When each activity was last polled for, in real time. */
  private readonly lastPolls = new Map<string, number>();
  private readonly firstPollListeners = new Map<string, (() => void)[]>();
  private readonly stopped = new Cancellation();
  private readonly ignoreWaiting: () => void;

  private constructor(private readonly service: StepFunctions, { pollMs = 60_000, workerGraceMs = 70_000 }: EndpointOptions) {
    this.pollMs = pollMs;
    this.workerGraceMs = workerGraceMs;
    this.server = createServer((request, response) => void this.serve(request, response));
    this.ignoreWaiting = service.activities.onWaiting((arn, taken) => this.awaitWorker(arn, taken));
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when a worker has polled for the activity: until then nobody lives who could take its tasks. */
  public polled(activityArn: string): Promise<void> {
    if (this.lastPolls.has(activityArn)) return Promise.resolve();
    return new Promise(resolve => this.firstPollListeners.set(activityArn, [...this.firstPollListeners.get(activityArn) ?? [], resolve]));
  }

  /** Answers the polls that wait, and stops listening. */
  public async close(): Promise<void> {
    this.ignoreWaiting();
    this.stopped.cancel('the endpoint is closed');
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeIdleConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      const input: unknown = JSON.parse(await text(request));
      reply(response, 200, await this.call(operation, isObject(input) ? input : {}, response));
    } catch (error) {
      const { code, message } = error instanceof ServiceError ? error : { code: 'InternalFailure', message: String(error) };
      reply(response, code === 'InternalFailure' ? 500 : 400, { __type: `com.amazonaws.swf.service.v2.model#${code}`, message });
    }
  }

  private async call(operation: string, input: JsonObject, response: ServerResponse): Promise<Json> {
    const { tokens } = this.service;
    switch (operation) {
      case 'GetActivityTask': return this.getActivityTask(required(input, 'activityArn'), optional(input, 'workerName'), response);
      case 'SendTaskSuccess':
        tokens.sendTaskSuccess(required(input, 'taskToken'), parsed(required(input, 'output'), 'InvalidOutput'));
        return {};
      case 'SendTaskFailure':
        tokens.sendTaskFailure(required(input, 'taskToken'), optional(input, 'error'), optional(input, 'cause'));
        return {};
      case 'SendTaskHeartbeat':
        tokens.sendTaskHeartbeat(required(input, 'taskToken'));
        return {};
      case 'StartExecution': return this.startExecution(input);
      case 'StopExecution': return this.stopExecution(input);
      case 'ListExecutions': return this.listExecutions(required(input, 'stateMachineArn'), optional(input, 'statusFilter'));
      case 'DescribeExecution': return this.describeExecution(required(input, 'executionArn'));
      default: throw new ServiceError('UnknownOperationException', `the endpoint does not serve ${operation}`);
    }
  }

  /** A worker whose connection breaks while it polls is given no task. */
  private async getActivityTask(activityArn: string, workerName: string | undefined, response: ServerResponse): Promise<Json> {
    this.notePoll(activityArn);
    const poll = new Cancellation(this.stopped);
    const timer = setTimeout(() => poll.cancel('nothing to do'), this.pollMs);
    response.once('close', () => poll.cancel('the worker is gone'));
    const task = await this.service.activities.getActivityTask(activityArn, workerName, poll.signal);
    clearTimeout(timer);
    this.notePoll(activityArn);
    return task ? this.handOut(task) : {};
  }

  private handOut({ taskToken, input }: ActivityTask): Json {
    void this.service.clock.busy(this.service.tokens.find(taskToken).closed);
    return { taskToken, input: JSON.stringify(input) };
  }

  private notePoll(activityArn: string): void {
    this.lastPolls.set(activityArn, performance.now());
    for (const resolve of this.firstPollListeners.get(activityArn) ?? []) resolve();
    this.firstPollListeners.delete(activityArn);
  }

  private awaitWorker(activityArn: string, taken: Promise<unknown>): void {
    const left = (this.lastPolls.get(activityArn) ?? -Infinity) + this.workerGraceMs - performance.now();
    if (left <= 0) return;
    const settled = taken.then(() => undefined, () => undefined);
    void this.service.clock.busy(Promise.race([settled, elapsed(left, settled)]));
  }

  private startExecution(input: JsonObject): Json {
    const { arn, startDate } = this.service.startExecution({
      stateMachineArn: required(input, 'stateMachineArn'),
      name: optional(input, 'name'),
      input: parsed(optional(input, 'input') ?? '{}', 'InvalidExecutionInput'),
    });
    return { executionArn: arn, startDate: startDate / 1000 };
  }

  private stopExecution(input: JsonObject): Json {
    const { stopDate = this.service.clock.now() } = this.service.stopExecution(required(input, 'executionArn'), optional(input, 'error'), optional(input, 'cause'));
    return { stopDate: stopDate / 1000 };
  }

  /** The newest first. */
  private listExecutions(stateMachineArn: string, status?: string): Json {
    const found = this.service.listExecutions(stateMachineArn).filter(execution => status === undefined || execution.status === status);
    return {
      executions: found.reverse().map(execution => ({
        executionArn: execution.arn, stateMachineArn, name: execution.name, status: execution.status, startDate: execution.startDate / 1000,
      })),
    };
  }

  private describeExecution(arn: string): Json {
    const execution = this.service.describeExecution(arn);
    const fields = Object.entries(description(execution)).map(([name, value]) => [name[0].toLowerCase() + name.slice(1), value]);
    const { startDate, stopDate } = execution;
    return { ...Object.fromEntries(fields), startDate: startDate / 1000, ...stopDate === undefined ? {} : { stopDate: stopDate / 1000 } };
  }
}

function reply(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

function required(input: JsonObject, field: string): string {
  const value = optional(input, field);
  if (value === undefined) throw new ServiceError('ValidationException', `'${field}' must not be null`);
  return value;
}

function optional(input: JsonObject, field: string): string | undefined {
  const value = input[field];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new ServiceError('ValidationException', `'${field}' must be a string; got ${JSON.stringify(value)}`);
}

/** Resolves after `ms`, and keeps no process alive once `settled` is. */
function elapsed(ms: number, settled: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    void settled.then(() => clearTimeout(timer));
  });
}
