import { Clock, VirtualClock } from '../../simulator/clock';
import { Json, TaskHandler, TaskRequest } from '../../simulator/task';

/** A task of a running execution, as the interpreter would put it: `aws-sdk:dynamodb:getItem`, `elasticmapreduce:addStep.sync`. */
export function task(resource: string, args: Json, clock: Clock, signal: AbortSignal = new AbortController().signal): TaskRequest {
  const [path, pattern] = resource.split('.') as [string, TaskRequest['pattern']];
  const colon = path.lastIndexOf(':');
  return {
    resource: `arn:aws:states:::${resource}`,
    service: path.slice(0, colon),
    action: path.slice(colon + 1),
    pattern,
    arguments: args,
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:machine:run',
    stateName: 'Task',
    clock,
    signal,
  };
}

/** Calls handlers on one clock. */
export class Caller {
  constructor(private readonly handlers: Record<string, TaskHandler>, public readonly clock = new VirtualClock()) {}

  /** Begins a task; time passes only in `run`. */
  public begin<T = Json>(resource: string, args: Json, signal?: AbortSignal): Promise<T> {
    const request = task(resource, args, this.clock, signal);
    const result = this.handlers[`${request.service}:${request.action}`](request) as Promise<T>;
    // Its outcome is looked at later.
    result.catch(() => undefined);
    return result;
  }

  public run<T>(work: Promise<T>): Promise<T> {
    return this.clock.run(work);
  }

  public call<T = Json>(resource: string, args: Json, signal?: AbortSignal): Promise<T> {
    return this.run(this.begin<T>(resource, args, signal));
  }
}
