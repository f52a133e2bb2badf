import { attempted } from '../attempts';
import { TaskState } from '../definition';
import { DATA_LIMIT_EXCEEDED, FatalStateError, RUNTIME, StateError } from '../errors';
import { isObject, isTooLarge, JsonObject } from '../json';
import { handlerName, parseResource, Resource } from '../resource';
import { Cancellation, unlessAborted } from '../signals';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../task';
import { TaskEvents } from '../task-events';
import { PendingTask } from '../tokens';
import { Departure, Visit } from '../visit';
import { Limits, TaskTimeout, Watch } from '../watch';

export function runTask(visit: Visit<TaskState>): Promise<Departure> {
  const resource = parseResource(visit.state.Resource);
  if (!resource) throw new Error(`a checked definition holds no such resource: ${visit.state.Resource}`);
  return attempted(visit, async () => {
    const result = await new TaskAttempt(visit, resource).run();
    return visit.exit(visit.state, result, { result });
  });
}

const NO_LIMITS: Limits = {};

function hasLimits({ TimeoutSeconds, HeartbeatSeconds }: TaskState): boolean {
  return TimeoutSeconds !== undefined || HeartbeatSeconds !== undefined;
}

/** One try of a task: scheduled, begun, watched, and ended in one of several ways. */
class TaskAttempt {
  private readonly events: TaskEvents;
  private readonly cancellation: Cancellation;
  private watch!: Watch;
  private pending?: PendingTask;

  constructor(private readonly visit: Visit<TaskState>, private readonly resource: Resource) {
    this.events = new TaskEvents(visit.thread.trail, resource, visit.state.Resource, visit.thread.world.region);
    this.cancellation = new Cancellation(visit.thread.signal);
  }

  public async run(): Promise<Json> {
    const { tokens } = this.visit.thread.world;
    if (this.isAnswered()) this.pending = tokens.issue(() => this.watch.beat());
    if (this.resource.kind === 'integration') this.visit.taskToken = this.pending?.token;
    try {
      return await this.performed();
    } catch (error) {
      this.cancellation.cancel(error);
      throw error;
    } finally {
      this.watch?.stop();
      this.cancellation.release();
      this.visit.taskToken = undefined;
      if (this.pending) tokens.close(this.pending.token);
    }
  }

  private async performed(): Promise<Json> {
    const { visit } = this;
    const input = await visit.evaluate('Arguments', visit.state.Arguments, visit.input);
    visit.checkSize('Arguments', input);
    const limits = hasLimits(visit.state) ? await this.limits() : NO_LIMITS;
    const credentials = visit.state.Credentials === undefined ? undefined : await this.credentials();
    this.watch = new Watch(visit.thread.world.clock, this.watched(limits), visit.thread.world.heartbeatError);
    this.events.scheduled(input, limits, credentials);
    try {
      const result = await unlessAborted(this.watch.guard(() => this.perform(input)), this.cancellation.signal);
      this.checkResult(result);
      this.events.succeeded(result);
      return result;
    } catch (error) {
      throw this.recorded(error);
    }
  }

  private async limits(): Promise<Limits> {
    const { visit } = this;
    return {
      timeoutSeconds: await visit.evaluateInteger('TimeoutSeconds', visit.state.TimeoutSeconds, 1),
      heartbeatSeconds: await visit.evaluateInteger('HeartbeatSeconds', visit.state.HeartbeatSeconds, 1),
    };
  }

  private async credentials(): Promise<JsonObject | undefined> {
    const value = await this.visit.evaluate('Credentials', this.visit.state.Credentials, null);
    return isObject(value) ? { roleArn: value.RoleArn } : undefined;
  }

  /** Only who answers by a token can send heartbeats. */
  private watched(limits: Limits): Limits {
    return this.pending ? limits : { timeoutSeconds: limits.timeoutSeconds };
  }

  private isAnswered(): boolean {
    return this.resource.kind === 'activity' || this.resource.kind === 'integration' && this.resource.pattern === 'waitForTaskToken';
  }

  private perform(input: Json): Promise<Json> {
    switch (this.resource.kind) {
      case 'activity': return this.performActivity(input);
      case 'lambda': return this.performLambda(input);
      default: return this.performIntegration(input, this.resource);
    }
  }

  /** The time of an activity's task begins when a worker takes it. */
  private async performActivity(input: Json): Promise<Json> {
    const { world } = this.visit.thread;
    const task = { taskToken: this.pending!.token, input };
    const workerName = await world.activities.offer(this.visit.state.Resource, task, this.cancellation.signal);
    this.events.started(workerName === undefined ? {} : { workerName });
    this.watch.start();
    return this.pending!.answer;
  }

  /** A function's ARN stands for an invocation whose payload is the input, and whose result is the payload of the answer. */
  private async performLambda(input: Json): Promise<Json> {
    const answer = await this.call({ service: 'lambda', action: 'invoke', arguments: { FunctionName: this.visit.state.Resource, Payload: input } });
    return isObject(answer) && answer.Payload !== undefined ? answer.Payload : null;
  }

  private async performIntegration(input: Json, { service, action, pattern }: Extract<Resource, { kind: 'integration' }>): Promise<Json> {
    const answer = await this.call({ service, action, pattern, arguments: input, taskToken: this.pending?.token });
    if (!this.pending) return answer;
    this.submitted(answer);
    return this.pending.answer;
  }

  private call(request: Pick<TaskRequest, 'service' | 'action' | 'pattern' | 'arguments' | 'taskToken'>): Promise<Json> {
    const { thread: { world, owner }, name, state } = this.visit;
    this.events.started();
    this.watch.start();
    const handler = this.handler();
    // As a literal, it is made in no time.
    const made: TaskRequest = {
      service: request.service,
      action: request.action,
      pattern: request.pattern,
      arguments: request.arguments,
      taskToken: request.taskToken,
      resource: state.Resource,
      executionArn: owner.arn,
      stateName: name,
      clock: world.clock,
      signal: this.cancellation.signal,
      submitted: answer => this.submitted(answer),
    };
    return world.observer.calling?.(made, handler) ?? handler(made);
  }

  /** A handler may go on after its task has timed out; nobody waits for it then. */
  private submitted(answer: Json): void {
    if (!this.cancellation.signal.aborted) this.events.submitted(answer);
  }

  private handler(): TaskHandler {
    const name = handlerName(this.resource) ?? '';
    const handler = this.visit.thread.world.handlers.get(name);
    if (!handler) throw new Error(`state '${this.visit.name}' calls ${this.visit.state.Resource}, for which no handler '${name}' is registered`);
    return handler;
  }

  private checkResult(result: Json): void {
    if (!isTooLarge(result)) return;
    throw new StateError(DATA_LIMIT_EXCEEDED,
      `The state/task '${this.visit.state.Resource}' returned a result with a size exceeding the maximum number of bytes service limit.`);
  }

  /** What a failure of the work is to Retry and Catch. */
  private recorded(error: unknown): unknown {
    const failure = error instanceof TaskFailure ? new StateError(error.error, error.cause) : error;
    if (!(failure instanceof StateError) || this.visit.thread.signal.aborted) return error;
    if (failure instanceof TaskTimeout) this.events.timedOut(failure);
    else this.events.failed(failure);
    return failure.error === RUNTIME ? new FatalStateError(RUNTIME, failure.cause ?? '') : failure;
  }
}
