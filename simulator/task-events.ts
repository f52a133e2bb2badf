import { StateError } from './errors';
import { Trail } from './history';
import { JsonObject } from './json';
import { Resource } from './resource';
import { Json } from './task';
import { Limits } from './watch';

/** The history of one attempt at a task, in the words that the service has for its kind. */
export class TaskEvents {
  private readonly prefix: string;
  /** What every event of a service integration carries. */
  private readonly common: JsonObject;

  constructor(private readonly trail: Trail, private readonly kind: Resource, private readonly arn: string, private readonly region: string) {
    this.prefix = { integration: 'Task', lambda: 'LambdaFunction', activity: 'Activity' }[kind.kind];
    this.common = kind.kind === 'integration'
      ? { resourceType: kind.service, resource: [kind.action, kind.pattern].filter(Boolean).join('.') }
      : {};
  }

  public scheduled(input: Json, limits: Limits, credentials?: JsonObject): void {
    this.trail.add(`${this.prefix}Scheduled`, () => ({
      ...this.kind.kind === 'integration' ? { ...this.common, region: this.region, parameters: input } : { resource: this.arn, input },
      ...limits.timeoutSeconds === undefined ? {} : { timeoutInSeconds: limits.timeoutSeconds },
      ...limits.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: limits.heartbeatSeconds },
      ...credentials ? { taskCredentials: credentials } : {},
    }));
  }

  public started(details: JsonObject = {}): void {
    this.trail.add(`${this.prefix}Started`, () => ({ ...this.common, ...details }));
  }

  /** The service took the request; the result comes later. */
  public submitted(output: Json): void {
    this.trail.add('TaskSubmitted', () => ({ ...this.common, output }));
  }

  public succeeded(output: Json): void {
    this.trail.add(`${this.prefix}Succeeded`, () => ({ ...this.common, output }));
  }

  public failed(failure: StateError): void {
    this.trail.add(`${this.prefix}Failed`, () => ({ ...this.common, ...described(failure) }));
  }

  public timedOut(failure: StateError): void {
    this.trail.add(`${this.prefix}TimedOut`, () => ({ ...this.common, ...described(failure) }));
  }
}

/** Error and cause as history and answers carry them. */
export function described({ error, cause }: Pick<StateError, 'error' | 'cause'>): JsonObject {
  return { ...error === undefined ? {} : { error }, ...cause === undefined ? {} : { cause } };
}
