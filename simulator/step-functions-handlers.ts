import { RUNTIME, ServiceError } from './errors';
import { Execution } from './execution';
import { isObject, JsonObject } from './json';
import type { StepFunctions } from './step-functions';
import { Json, TaskFailure, TaskHandler, TaskRequest } from './task';
import { described } from './task-events';
import { isoTime } from './visit';

/** What Step Functions itself does for tasks: the optimized integration `states` and the SDK's `aws-sdk:sfn`. */
export function stepFunctionsHandlers(service: StepFunctions): Record<string, TaskHandler> {
  const sdk = (call: (args: JsonObject) => Json): TaskHandler => async request => answered(request, 'Sfn', call);
  return {
    'states:startExecution': request => startExecution(service, request),
    'aws-sdk:sfn:startExecution': sdk(args => started(service.startExecution({
      stateMachineArn: text(args, 'StateMachineArn'),
      name: optionalText(args, 'Name'),
      input: parsed(optionalText(args, 'Input') ?? '{}', 'InvalidExecutionInput'),
    }))),
    'aws-sdk:sfn:stopExecution': sdk(args => {
      const { stopDate } = service.stopExecution(text(args, 'ExecutionArn'), optionalText(args, 'Error'), optionalText(args, 'Cause'));
      return { StopDate: isoTime(stopDate ?? service.clock.now()) };
    }),
    'aws-sdk:sfn:describeExecution': sdk(args => description(service.describeExecution(text(args, 'ExecutionArn')))),
    'aws-sdk:sfn:listExecutions': sdk(args => {
      const [status, from, count] = [optionalText(args, 'StatusFilter'), Number(optionalText(args, 'NextToken') ?? 0), Number(args.MaxResults ?? 100)];
      const found = service.listExecutions(text(args, 'StateMachineArn')).filter(each => status === undefined || each.status === status).reverse();
      const next = from + count;
      return { Executions: found.slice(from, next).map(listed), ...next < found.length ? { NextToken: String(next) } : {} };
    }),
    'aws-sdk:sfn:sendTaskSuccess': sdk(args => {
      service.tokens.sendTaskSuccess(text(args, 'TaskToken'), parsed(text(args, 'Output'), 'InvalidOutput'));
      return {};
    }),
    'aws-sdk:sfn:sendTaskFailure': sdk(args => {
      service.tokens.sendTaskFailure(text(args, 'TaskToken'), optionalText(args, 'Error'), optionalText(args, 'Cause'));
      return {};
    }),
    'aws-sdk:sfn:sendTaskHeartbeat': sdk(args => {
      service.tokens.sendTaskHeartbeat(text(args, 'TaskToken'));
      return {};
    }),
  };
}

/** The optimized integration takes the input as JSON too, and `.sync` waits for the end. */
async function startExecution(service: StepFunctions, request: TaskRequest): Promise<Json> {
  let execution: Execution | undefined;
  const answer = answered(request, 'StepFunctions', args => {
    execution = service.startExecution({
      stateMachineArn: text(args, 'StateMachineArn'),
      name: optionalText(args, 'Name'),
      input: typeof args.Input === 'string' ? parsed(args.Input, 'InvalidExecutionInput') : args.Input,
    });
    return started(execution);
  });
  if (!execution || !request.pattern?.startsWith('sync')) return answer;
  request.submitted?.(answer);
  return finished(execution, request);
}

async function finished(execution: Execution, { pattern, signal }: TaskRequest): Promise<Json> {
  const stop = () => execution.stop();
  signal.addEventListener('abort', stop, { once: true });
  const { status, output } = await execution.result.finally(() => signal.removeEventListener('abort', stop));
  const answer = description(execution);
  if (status !== 'SUCCEEDED') throw new TaskFailure('States.TaskFailed', JSON.stringify(answer));
  return pattern === 'sync:2' ? { ...answer, Output: output ?? null } : answer;
}

/** Calls the service, with its errors named as the integration names them: `Sfn.TaskTimedOutException`. */
function answered(request: TaskRequest, prefix: string, call: (args: JsonObject) => Json): Json {
  try {
    return call(isObject(request.arguments) ? request.arguments : {});
  } catch (error) {
    if (error instanceof ServiceError) throw new TaskFailure(`${prefix}.${error.code}Exception`, error.message);
    throw error;
  }
}

function started(execution: Execution): JsonObject {
  return { ExecutionArn: execution.arn, StartDate: isoTime(execution.startDate) };
}

/** As ListExecutions answers. */
function listed(execution: Execution): JsonObject {
  const { ExecutionArn, Name, StateMachineArn, Status, StartDate, StopDate } = description(execution);
  return { ExecutionArn, Name, StateMachineArn, Status, StartDate, ...StopDate === undefined ? {} : { StopDate } };
}

/** As DescribeExecution answers, in the spelling of integrations. */
export function description(execution: Execution): JsonObject {
  const { arn, name, stateMachine, status, startDate, stopDate, input, outcome } = execution;
  const { error, cause } = described(outcome ?? {});
  return {
    ExecutionArn: arn,
    Name: name,
    StateMachineArn: stateMachine.arn,
    Status: status,
    StartDate: isoTime(startDate),
    ...stopDate === undefined ? {} : { StopDate: isoTime(stopDate) },
    Input: JSON.stringify(input),
    ...outcome?.output === undefined ? {} : { Output: JSON.stringify(outcome.output) },
    ...error === undefined ? {} : { Error: error },
    ...cause === undefined ? {} : { Cause: cause },
  };
}

/** Throws a ServiceError of that code for what is not JSON. */
export function parsed(json: string, code: string): Json {
  try {
    return JSON.parse(json) as Json;
  } catch {
    throw new ServiceError(code, `not JSON: ${json}`);
  }
}

function text(args: JsonObject, field: string): string {
  const value = optionalText(args, field);
  if (value !== undefined) return value;
  throw new TaskFailure(RUNTIME, `The field '${field}' is required but was missing`);
}

function optionalText(args: JsonObject, field: string): string | undefined {
  const value = args[field];
  if (value === undefined || typeof value === 'string') return value;
  throw new TaskFailure(RUNTIME, `The value for the field '${field}' must be a STRING`);
}
