import { expectMatch, matches } from './wildcards';
import { VirtualClock } from '../../simulator/clock';
import { Execution, ExecutionResult } from '../../simulator/execution';
import { HistoryEvent } from '../../simulator/history';
import { isObject } from '../../simulator/json';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../../simulator/task';

/** A recorded case; asl/FORMAT.md says what its fields mean. */
export interface AslCase {
  readonly definition: Json;
  readonly input: Json;
  readonly environment: Record<'region' | 'accountId' | 'stateMachineName' | 'executionName' | 'roleArn', string>;
  readonly mocks: readonly Mock[];
  readonly expected: {
    readonly status: string;
    readonly output?: Json;
    readonly error?: string;
    readonly cause?: Json;
    readonly history?: readonly RecordedEvent[];
    readonly historyOrder?: 'total' | 'multiset';
  };
}

export interface ValidationCase {
  readonly id: string;
  readonly type: string;
  readonly definition: Json;
  readonly expected: { readonly result: string; readonly diagnostics: readonly { readonly message: string }[] };
}

interface Mock {
  readonly state?: string;
  readonly behaviour: string;
  readonly errorType?: string;
  readonly message?: string;
  readonly objects?: readonly { readonly bucket: string; readonly key: string; readonly body: string }[];
  readonly calls?: readonly { readonly input?: Json; readonly submitted?: Json; readonly outcome: Outcome }[];
}

interface Outcome {
  readonly type: 'succeed' | 'fail';
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
}

interface RecordedEvent {
  readonly id?: number;
  readonly prev?: number;
  readonly type: string;
  readonly name?: string;
  readonly details?: Json;
}

/** A case, and what the simulator made of it. */
export class CaseRun {
  public static async of(recorded: AslCase): Promise<CaseRun> {
    const { environment, definition, input } = recorded;
    const clock = new VirtualClock();
    const calls: CallLog = new Map();
    const service = new StepFunctions({
      clock,
      region: environment.region,
      accountId: environment.accountId,
      handlers: {
        'lambda:invoke': mocked(recorded.mocks, calls),
        'states:startExecution': mocked(recorded.mocks, calls),
        's3:getObject': stored(recorded.mocks),
      },
    });
    const stateMachineArn = service.createStateMachine({ name: environment.stateMachineName, definition, roleArn: environment.roleArn });
    const execution = service.startExecution({ stateMachineArn, name: environment.executionName, input });
    return new CaseRun(recorded, execution, await clock.run(execution.result), calls);
  }

  private constructor(
    private readonly recorded: AslCase,
    private readonly execution: Execution,
    private readonly result: ExecutionResult,
    private readonly calls: CallLog,
  ) {}

  public expectResult(): void {
    const { status, output, error, cause } = this.recorded.expected;
    expect(this.result.status).toBe(status);
    expectMatch(this.result.output, output, 'output');
    expect(this.result.error).toBe(error);
    expectMatch(this.result.cause, cause, 'cause');
  }

  /** Each call was made, once, with the arguments that the service sent. */
  public expectCalls(): void {
    for (const mock of this.recorded.mocks) {
      if (mock.state === undefined) continue;
      const made = this.calls.get(mock.state) ?? [];
      if (mock.behaviour === 'notCalled') expect(made).toEqual([]);
      if (!mock.calls) continue;
      expect(made).toHaveLength(mock.calls.length);
      mock.calls.forEach((call, index) => expectMatch(made[index], call.input, `call ${index} of ${mock.state}`));
    }
  }

  public expectHistory(): void {
    const { history, historyOrder } = this.recorded.expected;
    if (!history) return;
    const actual = this.execution.history.map(asRecorded);
    if (historyOrder === 'multiset') expectSameEvents(actual, history);
    else expectSameOrder(actual, history);
  }
}

type CallLog = Map<string, Json[]>;

/** Answers call n of a state with its n-th recorded call, else by the behaviour. */
function mocked(mocks: readonly Mock[], log: CallLog): TaskHandler {
  return async request => {
    const mock = mocks.find(candidate => candidate.state === request.stateName);
    if (!mock) throw new Error(`the case has no mock for state '${request.stateName}'`);
    const made = log.get(request.stateName) ?? [];
    log.set(request.stateName, [...made, payloadOf(request)]);
    const call = mock.calls?.[made.length];
    if (call?.submitted !== undefined) request.submitted?.(call.submitted);
    return resultFor(request, call?.outcome ?? outcomeOf(mock));
  };
}

/** A function's own ARN takes the payload itself, and gives it back. */
function payloadOf({ resource, arguments: args }: TaskRequest): Json {
  return isFunction(resource) && isObject(args) ? args.Payload : args;
}

function resultFor({ resource }: TaskRequest, outcome: Outcome): Json {
  if (outcome.type === 'fail') throw new TaskFailure(outcome.error ?? '', outcome.cause ?? '');
  const output = outcome.output ?? null;
  return isFunction(resource) ? { Payload: output } : output;
}

function isFunction(resource: string): boolean {
  return resource.includes(':function:');
}

function outcomeOf({ behaviour, errorType, message }: Mock): Outcome {
  if (behaviour !== 'raise') throw new Error(`a mock of behaviour '${behaviour}' must record its calls`);
  const stackTrace = [`  File "/var/task/handler.py", line 2, in handler\n    raise ${errorType}("${message}")\n`];
  return { type: 'fail', error: errorType, cause: JSON.stringify({ errorMessage: message, errorType, requestId: 'uuid', stackTrace }) };
}

function stored(mocks: readonly Mock[]): TaskHandler {
  return async ({ arguments: args }) => {
    const { Bucket, Key } = isObject(args) ? args : {};
    const found = mocks.flatMap(mock => mock.objects ?? []).find(object => object.bucket === Bucket && object.key === Key);
    if (!found) throw new TaskFailure('S3.NoSuchKeyException', `${String(Bucket)}/${String(Key)}`);
    return { Body: found.body };
  };
}

function asRecorded({ id, previousEventId, type, details: { name, roleArn: _roleArn, ...details } }: HistoryEvent): RecordedEvent {
  return {
    id,
    prev: previousEventId,
    type,
    ...typeof name === 'string' ? { name } : {},
    ...Object.keys(details).length > 0 ? { details } : {},
  };
}

function expectSameOrder(actual: readonly RecordedEvent[], expected: readonly RecordedEvent[]): void {
  expect(actual.map(summary)).toEqual(expected.map(summary));
  actual.forEach((event, index) => expectMatch(event.details, expected[index].details, `details of event ${event.id}`));
}

function summary({ id, prev, type, name }: RecordedEvent): string {
  return `${id} after ${prev}: ${type}${name === undefined ? '' : ` ${name}`}`;
}

/** Their recorder dropped some of these when it sorted what lies inside a Parallel state. */
const DROPPED = ['ParallelStateStarted', 'ParallelStateSucceeded', 'ParallelStateFailed'];

function expectSameEvents(actual: readonly RecordedEvent[], expected: readonly RecordedEvent[]): void {
  const left = actual.filter(event => !DROPPED.includes(event.type));
  for (const event of expected.filter(({ type }) => !DROPPED.includes(type))) {
    const found = left.findIndex(({ type, name, details }) => type === event.type && name === event.name && matches(details, event.details));
    expect({ recorded: event, found: found >= 0 }).toEqual({ recorded: event, found: true });
    left.splice(found, 1);
  }
  expect(left).toEqual([]);
}
