import { isDeepStrictEqual } from 'node:util';
import { Activities } from './activities';
import { checkDefinition } from './check';
import { Clock } from './clock';
import { Definition, nestedScopes, StateScope } from './definition';
import { DefinitionError, ServiceError, TIMEOUT } from './errors';
import { Execution, ExecutionStatus, StateMachine } from './execution';
import { MAX_PAYLOAD_BYTES, sizeOf } from './json';
import { Evaluator, seededRandom } from './jsonata';
import { handlerName, parseResource } from './resource';
import { Standstill } from './standstill';
import { stepFunctionsHandlers } from './step-functions-handlers';
import { Json, TaskHandler } from './task';
import { Observer, World } from './thread';
import { TaskTokens } from './tokens';

export interface StepFunctionsOptions {
  readonly clock: Clock;
  /** What tasks call, by `<service>:<action>`: `lambda:invoke`, `aws-sdk:dynamodb:updateItem`. */
  readonly handlers?: Readonly<Record<string, TaskHandler>>;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 111111111111 */
  readonly accountId?: string;
  /** Numbers from 0 up to 1, for jitter, $random and $uuid. @default - the same ones each time */
  readonly random?: () => number;
  /** The error of a missed heartbeat; it is documented both ways. @default States.Timeout, as recorded */
  readonly heartbeatError?: 'States.Timeout' | 'States.HeartbeatTimeout';
  /** Whether executions keep their history. @default true */
  readonly keepHistory?: boolean;
  readonly observer?: Observer;
  /** How many transitions there may be at one moment: more are a StandstillError. @default 50,000 */
  readonly mostAtOnce?: number;
}

export interface StateMachineProps {
  readonly name: string;
  /** JSON, or its text. */
  readonly definition: Json;
  readonly roleArn?: string;
}

export interface StartExecutionProps {
  readonly stateMachineArn: string;
  /** @default - a new one */
  readonly name?: string;
  /** @default - an empty object */
  readonly input?: Json;
}

/** An execution has started or ended. */
export interface StatusChange {
  readonly status: ExecutionStatus;
  readonly execution: Execution;
}

/** The service: state machines, their executions, activities and task tokens, in one account and Region. */
export class StepFunctions {
  public readonly activities = new Activities();
  public readonly tokens = new TaskTokens();
  public readonly clock: Clock;
  public readonly region: string;
  public readonly accountId: string;
  private readonly world: World;
  private readonly handlers: Map<string, TaskHandler>;
  private readonly stateMachines = new Map<string, StateMachine>();
  private readonly executions = new Map<string, Execution>();
  private readonly listeners = new Set<(change: StatusChange) => void>();

  constructor(options: StepFunctionsOptions) {
    const { clock, region = 'us-east-1', accountId = '111111111111', random = seededRandom(0), heartbeatError = TIMEOUT } = options;
    const { keepHistory = true, observer = {}, mostAtOnce } = options;
    this.clock = clock;
    this.region = region;
    this.accountId = accountId;
    this.handlers = new Map(Object.entries({ ...stepFunctionsHandlers(this), ...options.handlers }));
    this.world = {
      clock,
      random,
      evaluator: new Evaluator(clock, random),
      handlers: this.handlers,
      tokens: this.tokens,
      activities: this.activities,
      region,
      keepHistory,
      observer,
      heartbeatError,
      standstill: new Standstill(mostAtOnce),
    };
  }

  /** Registers what tasks of `<service>:<action>` call. */
  public handle(name: string, handler: TaskHandler): void {
    this.handlers.set(name, handler);
  }

  /** Registers a handler for each task of a definition that has none. */
  public handleUnhandled(definition: Json, handler: TaskHandler): void {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
    for (const [, name] of text.matchAll(/arn:[a-z-]+:states:::((?:aws-sdk:)?[a-z0-9]+:[A-Za-z0-9]+)/g)) {
      if (!this.handlers.has(name)) this.handlers.set(name, handler);
    }
  }

  /** Returns the ARN. Throws DefinitionError for a definition that is invalid, not interpreted, or calls what has no handler. */
  public createStateMachine(props: StateMachineProps): string {
    const { name, roleArn = `arn:aws:iam::${this.accountId}:role/${name}` } = props;
    const definition = checked(props.definition);
    this.checkHandlers(definition);
    const arn = this.arn('stateMachine', name);
    this.stateMachines.set(arn, { arn, name, roleArn, definition });
    return arn;
  }

  /** An execution that runs under the same name with the same input is returned as it is. */
  public startExecution({ stateMachineArn, name, input = {} }: StartExecutionProps): Execution {
    const stateMachine = this.stateMachines.get(stateMachineArn);
    if (!stateMachine) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
    const executionName = name ?? `execution-${this.executions.size + 1}`;
    checkName(executionName);
    if (sizeOf(input) > MAX_PAYLOAD_BYTES) throw new ServiceError('InvalidExecutionInput', `the input is larger than ${MAX_PAYLOAD_BYTES} bytes`);
    const arn = this.arn('execution', `${stateMachine.name}:${executionName}`);
    const existing = this.executions.get(arn);
    if (existing?.status === 'RUNNING' && isDeepStrictEqual(existing.input, input)) return existing;
    if (existing) throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    return this.start(new Execution(arn, executionName, stateMachine, input, this.world));
  }

  public stopExecution(executionArn: string, error?: string, cause?: string): Execution {
    const execution = this.describeExecution(executionArn);
    execution.stop(error, cause);
    return execution;
  }

  /** Throws ServiceError ExecutionDoesNotExist. */
  public describeExecution(executionArn: string): Execution {
    const execution = this.executions.get(executionArn);
    if (!execution) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return execution;
  }

  /** In the order of their start. */
  public listExecutions(stateMachineArn: string): Execution[] {
    return [...this.executions.values()].filter(execution => execution.stateMachine.arn === stateMachineArn);
  }

  /** Calls the listener when an execution starts and when it ends. Returns how to stop that. */
  public onStatusChange(listener: (change: StatusChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private start(execution: Execution): Execution {
    this.executions.set(execution.arn, execution);
    this.notify(execution);
    const ended = () => this.notify(execution);
    execution.result.then(ended, ended);
    return execution;
  }

  private notify(execution: Execution): void {
    for (const listener of this.listeners) listener({ status: execution.status, execution });
  }

  private arn(kind: string, name: string): string {
    return `arn:aws:states:${this.region}:${this.accountId}:${kind}:${name}`;
  }

  private checkHandlers(definition: Definition): void {
    const problems = unhandled(definition, this.handlers);
    if (problems.length > 0) throw new DefinitionError(problems);
  }
}

const known = new Map<string, Definition>();

/** A text that was checked once is good for ever. */
function checked(definition: Json): Definition {
  if (typeof definition !== 'string') return checkDefinition(definition);
  const before = known.get(definition);
  if (before) return before;
  const made = checkDefinition(JSON.parse(definition) as Json);
  known.set(definition, made);
  return made;
}

function unhandled(scope: StateScope, handlers: ReadonlyMap<string, TaskHandler>): string[] {
  return Object.entries(scope.States).flatMap(([name, state]) => {
    const resource = state.Type === 'Task' ? parseResource(state.Resource) : undefined;
    const handler = resource && handlerName(resource);
    const problem = handler !== undefined && !handlers.has(handler) && state.Type === 'Task'
      ? [`state '${name}': field 'Resource' is '${state.Resource}', for which no handler '${handler}' is registered; there are ${[...handlers.keys()].join(', ')}`]
      : [];
    return [...problem, ...nestedScopes(state).flatMap(nested => unhandled(nested, handlers))];
  });
}

function checkName(name: string): void {
  // eslint-disable-next-line no-control-regex
  if (name.length >= 1 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) return;
  throw new ServiceError('InvalidName', `Invalid Name: '${name}'; 1 to 80 characters, no whitespace, none of < > { } [ ] ? * " # % \\ ^ | ~ \` $ & , ; : /`);
}
