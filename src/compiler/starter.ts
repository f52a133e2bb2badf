/**
 * The Starter machine: a tick, or an activation, becomes a run.
 *
 * The run's name and input depend on the interval alone, so that a tick delivered twice starts one run.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { INVALID_INPUT } from '../contract/run';
import { ITEM_KEY, PIPELINE_PARTITION, QUEUE_ITEM, RUN_KEY } from '../contract/table';
import { renderIsoTime } from '../expression/iso-time';
import type { Pipeline } from '../pipeline';
import { renderInterval, renderRunName, Timing } from '../schedule-ticks';
import { ANY_ERROR, Asl, integration, jsonata, jsonataStrings, Machine, REFUSAL_ERROR, States, TRANSIENT_RETRY } from './asl';

const ALREADY_EXISTS = 'Sfn.ExecutionAlreadyExistsException';

export interface StarterProps {
  readonly pipeline: Pipeline;
  readonly partition: string;
  readonly timing: Timing;
  readonly runArn: string;
  /** For cron schedules. */
  readonly calendar?: IFunction;
}

export function renderStarter(props: StarterProps): Machine {
  const { pipeline, runArn, calendar } = props;
  return {
    definition: {
      Comment: `Starts the runs of ${pipeline.pipelineName}`,
      QueryLanguage: 'JSONata',
      StartAt: 'Read active flag',
      TimeoutSeconds: 3600,
      States: { ...read(props), ...ask(props), ...decide(), ...start(props) },
    },
    statements: [
      new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [pipeline.runTable.tableArn] }),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [runArn] }),
      ...(calendar ? [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [calendar.functionArn] })] : []),
    ],
  };
}

/** The first state has a Catch, so that it is the one to refuse input that is no tick. */
function read({ pipeline, partition, timing }: StarterProps): States {
  const interval = intervalNow(timing);
  return {
    'Read active flag': {
      Type: 'Task',
      Resource: integration(partition, 'aws-sdk:dynamodb:getItem'),
      Arguments: {
        TableName: pipeline.runTable.tableName,
        Key: { [RUN_KEY]: { S: PIPELINE_PARTITION }, [ITEM_KEY]: { S: QUEUE_ITEM } },
        ConsistentRead: true,
      },
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Output: jsonata('$states.errorOutput'), Next: 'Refused' }],
      Assign: {
        // Without the item, the comparison is false. The type's name is BOOL in DynamoDB, and Bool in what the integration returns.
        active: jsonata('$not($states.result.Item.active.* = false)'),
        parameters: jsonata('$exists($states.input.parameters) ? $states.input.parameters : {}'),
        unknown: jsonata(unknownParameters(Object.keys(pipeline.parameters))),
        ...(timing.kind === 'onDemand' ? {} : { scheduledTime: jsonata('$fromMillis($toMillis($states.input.scheduledTime))') }),
        ...(interval === undefined ? {} : { interval: jsonata(interval) }),
      },
      Output: {},
      Next: interval === undefined ? 'Ask calendar' : 'Due?',
    },
    'Refused': {
      Type: 'Fail',
      Error: REFUSAL_ERROR,
      Cause: jsonata(`"${expected(timing)} " & $states.input.Error & ": " & $states.input.Cause`),
    },
  };
}

function expected(timing: Timing): string {
  return timing.kind === 'onDemand'
    ? 'An activation is {parameters?}.'
    : 'A tick is {scheduledTime}, in ISO-8601.';
}

/** JSONata has the arithmetic of rates; cron expressions need the calendar function. */
function intervalNow(timing: Timing): string | undefined {
  if (timing.kind === 'rate') return renderInterval(timing, '$states.input.scheduledTime');
  if (timing.kind === 'cron') return undefined;
  const now = renderIsoTime('$toMillis($states.context.Execution.StartTime)');
  return `{"due": true, "scheduledStartTime": ${now}, "scheduledEndTime": ${now}}`;
}

function unknownParameters(known: readonly string[]): string {
  return `$join($filter($keys($states.input.parameters), function($name) { $not($name in ${jsonataStrings(known)}) }), ", ") & ""`;
}

function ask({ partition, timing, calendar }: StarterProps): States {
  if (timing.kind !== 'cron' || !calendar) return {};
  return {
    'Ask calendar': {
      Type: 'Task',
      Resource: integration(partition, 'lambda:invoke'),
      Arguments: { FunctionName: calendar.functionArn, Payload: { ...timing.request, scheduledTime: jsonata('$scheduledTime') } },
      Retry: [TRANSIENT_RETRY],
      Assign: { interval: jsonata('$states.result.Payload') },
      Output: {},
      Next: 'Due?',
    },
  };
}

function decide(): States {
  const notStarted = (reason: string): Asl => ({ Type: 'Succeed', Output: { started: false, reason } });
  return {
    'Due?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$unknown != ""'), Next: 'Unknown parameters' },
        { Condition: jsonata('$active = false'), Next: 'Inactive' },
        { Condition: jsonata('$interval.due = true'), Next: 'Start run' },
      ],
      Default: 'Not due',
    },
    'Unknown parameters': {
      Type: 'Fail', Error: INVALID_INPUT, Cause: jsonata('"Parameters that the pipeline does not have: " & $unknown'),
    },
    'Inactive': notStarted('the pipeline is not active'),
    'Not due': notStarted(jsonata('$interval.reason & ""')),
  };
}

function start({ partition, runArn }: StarterProps): States {
  const name = renderRunName('$interval.scheduledStartTime');
  const input = '{"scheduledStartTime": $interval.scheduledStartTime, "scheduledEndTime": $interval.scheduledEndTime, "parameters": $parameters}';
  return {
    'Start run': {
      Type: 'Task',
      Resource: integration(partition, 'aws-sdk:sfn:startExecution'),
      Arguments: { StateMachineArn: runArn, Name: jsonata(name), Input: jsonata(`$string(${input})`) },
      Retry: [{ ErrorEquals: [ALREADY_EXISTS], MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: [ALREADY_EXISTS], Next: 'Already started' }],
      Output: { started: true, run: jsonata(name), executionArn: jsonata('$states.result.ExecutionArn') },
      Next: 'Started',
    },
    'Started': { Type: 'Succeed' },
    'Already started': { Type: 'Succeed', Output: { started: false, run: jsonata(name), reason: 'this interval was started already' } },
  };
}
