/**
 * The Starter machine: reads the queue, has the calendar function decide what begins, remembers the decision, and starts the runs.
 *
 * Whatever it is cut off at can be done again: the decision is remembered on the condition that the queue is as it was read, and runs
 * are started under names and with inputs that the decision remembers.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { DecideRequest, RerunGraph, Timing } from '../contract/calendar';
import { ParameterRules } from '../contract/parameters';
import { INVALID_INPUT } from '../contract/run';
import { jsonataString } from '../expression/value';
import type { ScheduledRuns } from '../scheduled-runs';
import { ANY_ERROR, Asl, integration, jsonata, jsonataObject, Machine, merged, States, TRANSIENT_RETRY } from './asl';
import { Telling, tellOthers } from './reap/tell';
import { executionsOf } from './render/child';
import { queueItem } from './render/queue';
import { members } from './render/set';
import { aboutRun, readRun } from './starter-run';

const ALREADY_EXISTS = 'Sfn.ExecutionAlreadyExistsException';
const CHANGED = 'DynamoDb.ConditionalCheckFailedException';
const CANCELED = 'DynamoDb.TransactionCanceledException';

export interface StarterProps {
  readonly runs: ScheduledRuns;
  readonly partition: string;
  readonly timing: Timing;
  readonly runArn: string;
  readonly reaperArn: string;
  readonly calendar: IFunction;
  readonly maxActiveInstances: number;
  readonly catchUp: number | 'all';
  readonly graph: RerunGraph;
}

export function renderStarter(props: StarterProps): Machine {
  const { runs, partition, runArn, reaperArn, calendar } = props;
  const tells = tellsOthers(props);
  const statements: PolicyStatement[] = [];
  const caller = { resource: (name: string) => integration(partition, name), allow: (...more: PolicyStatement[]) => void statements.push(...more) };
  return {
    definition: {
      Comment: `Starts the runs of ${runs.title}`,
      QueryLanguage: 'JSONata',
      StartAt: 'Read queue',
      TimeoutSeconds: 3600,
      States: merged({
        'Read queue': read(props),
        'About a run?': { Type: 'Choice', Choices: [{ Condition: jsonata(aboutRun(tells)), Next: 'Read run' }], Default: 'Decide' },
        'Remember': remember(props),
        'Start runs': start(props),
      }, decide(props), tells ? tellOthers(caller, runs.pipeline, TELLING) : {}),
    },
    statements: [
      new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], resources: [runs.pipeline.runTable.tableArn] }),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [runArn, reaperArn] }),
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executionsOf(runs.stateMachine)] }),
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [calendar.functionArn] }),
      ...statements,
    ],
  };
}

function read({ runs, partition }: StarterProps): Asl {
  const item = '$states.result.Item';
  const text = (value: string) => `$exists(${value}) ? ${value} : ""`;
  return {
    Type: 'Task',
    Resource: integration(partition, 'aws-sdk:dynamodb:getItem'),
    Arguments: { ...queueItem(runs), ConsistentRead: true },
    Retry: [TRANSIENT_RETRY],
    Assign: {
      version: jsonata(text(`${item}.version.N`)),
      queue: {
        // Without the item, the comparison is false. The type's name is BOOL in DynamoDB, and Bool in what the integration returns.
        active: jsonata(`$not(${item}.active.* = false)`),
        startTimestamp: jsonata(text(`${item}.startTimestamp.S`)),
        memory: jsonata(text(`${item}.memory.S`)),
        ended: jsonata(members(item, 'ended')),
      },
    },
    Output: {},
    Next: 'About a run?',
  };
}

function decide(props: StarterProps): States {
  const { runs, partition, timing, calendar, maxActiveInstances, catchUp } = props;
  const request: Record<Exclude<keyof DecideRequest, 'about' | keyof ParameterRules>, unknown> = {
    kind: 'decide',
    runPrefix: runs.runPrefix,
    id: jsonata('$states.context.Execution.Name'),
    input: jsonata('$states.context.Execution.Input'),
    now: jsonata('$states.context.Execution.StartTime'),
    schedule: timing,
    ...runs.pipeline._parameters.rules,
    maxActiveInstances,
    catchUp,
    queue: jsonata('$queue'),
  };
  const task = (payload: Asl, next: string): Asl => ({
    Type: 'Task',
    Resource: integration(partition, 'lambda:invoke'),
    Arguments: { FunctionName: calendar.functionArn, Payload: payload },
    Retry: [{ ErrorEquals: [INVALID_INPUT], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: [INVALID_INPUT], Output: jsonata('$states.errorOutput'), Next: 'Refused' }],
    Assign: { decision: jsonata('$states.result.Payload') },
    Output: {},
    Next: next,
  });
  return {
    'Decide': task(request, 'Remember'),
    ...readRun(props, 'Decide on run'),
    'Decide on run': task({ ...request, about: jsonata('$about') }, 'Remember with run'),
    'Remember with run': rememberWithRun(props),
    // A function's error has its message in JSON. There is no Catch here: any cause must do.
    'Refused': {
      Type: 'Fail',
      Error: INVALID_INPUT,
      Cause: jsonata('$contains($states.input.Cause, /^\\{.*\\}$/) ? $parse($states.input.Cause).errorMessage & "" : $states.input.Cause'),
    },
  };
}

const QUEUE_UPDATE = 'SET memory = :memory, ended = :none, #next = :next ADD version :one';
const QUEUE_CONDITION = '$version = "" ? "attribute_not_exists(version)" : "version = :version"';
const QUEUE_VALUES = '$merge([{":memory": {"S": $decision.memory}, ":none": {"L": []}, ":one": {"N": "1"}, '
  + '":next": {"S": $decision.output.waits ? $states.context.StateMachine.Id : ""}}, $version = "" ? {} : {":version": {"N": $version}}])';

/** Whoever writes the queue adds to its version: what has been read of it is what there is to forget. */
function remember({ runs, partition }: StarterProps): Asl {
  return {
    Type: 'Task',
    Resource: integration(partition, 'aws-sdk:dynamodb:updateItem'),
    Arguments: {
      ...queueItem(runs),
      UpdateExpression: QUEUE_UPDATE,
      ConditionExpression: jsonata(QUEUE_CONDITION),
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: jsonata(QUEUE_VALUES),
    },
    ...remembered(CHANGED, 'Start runs'),
  };
}

/** Together with what the decision writes about a run. */
function rememberWithRun(props: StarterProps): Asl {
  const { runs, partition } = props;
  const update = jsonataObject({
    TableName: '$table',
    Key: JSON.stringify(queueItem(runs).Key),
    UpdateExpression: jsonataString(QUEUE_UPDATE),
    ConditionExpression: `(${QUEUE_CONDITION})`,
    ExpressionAttributeNames: '{"#next": "next"}',
    ExpressionAttributeValues: QUEUE_VALUES,
  });
  const writes = '$map($decision.writes, function($write) { {"Update": $merge([$write, {"TableName": $table}])} })';
  return {
    Type: 'Task',
    Resource: integration(partition, 'aws-sdk:dynamodb:transactWriteItems'),
    Arguments: { TransactItems: jsonata(`$append([{"Update": ${update}}], ${writes})`) },
    ...remembered(CANCELED, tellsOthers(props) ? 'Tell others' : 'Start runs'),
  };
}

/** If the queue has changed, it is read again. */
function remembered(changed: string, next: string): Asl {
  return {
    Retry: [{ ErrorEquals: [changed], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: [changed], Next: 'Read queue' }],
    Output: {},
    Next: next,
  };
}

function tellsOthers({ graph }: StarterProps): boolean {
  return graph.units.some(({ told }) => told);
}

/** What came of the run that has been read. */
const TELLING: Telling = {
  told: '$decision.tells', start: '$about.scheduledStartTime', next: 'Start runs', catcher: { ErrorEquals: ANY_ERROR, Next: 'Start runs' },
};

/** In order: what is older starts first. A run that has ended and did not say so, or has run before, leaves its place to the next. */
function start({ partition, runArn }: StarterProps): Asl {
  return {
    Type: 'Map',
    Items: jsonata('$decision.starts'),
    MaxConcurrency: 1,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'Start run',
      States: {
        'Start run': {
          Type: 'Task',
          Resource: integration(partition, 'aws-sdk:sfn:startExecution'),
          Arguments: { StateMachineArn: runArn, Name: jsonata('$states.input.run'), Input: jsonata('$states.input.input') },
          Retry: [{ ErrorEquals: [ALREADY_EXISTS], MaxAttempts: 0 }, TRANSIENT_RETRY],
          Catch: [{ ErrorEquals: [ALREADY_EXISTS], Output: jsonata('$states.input'), Next: 'Give back' }],
          Output: {},
          End: true,
        },
        'Give back': {
          Type: 'Task',
          Resource: integration(partition, 'aws-sdk:sfn:startExecution'),
          Arguments: { StateMachineArn: jsonata('$states.context.StateMachine.Id'), Input: jsonata('$string({"ended": $states.input.run})') },
          Retry: [TRANSIENT_RETRY],
          Catch: [{ ErrorEquals: ANY_ERROR, Output: {}, Next: 'Later' }],
          Output: {},
          End: true,
        },
        // A later tick finds it out again.
        'Later': { Type: 'Pass', Output: {}, End: true },
      },
    },
    Output: jsonata('$decision.output'),
    End: true,
  };
}
