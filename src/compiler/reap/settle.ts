/**
 * A run that was stopped, timed out or crashed could not settle itself: its objects that had no end yet, its result document and its
 * item are written for it. A run that has settled is left as it is.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITEM_KEY, objectItem, RUN_ITEM, RUN_KEY } from '../../contract/table';
import type { Pipeline } from '../../pipeline';
import { integration, jsonata, jsonataStrings, Machine, States, TRANSIENT_RETRY } from '../asl';
import { catcher } from './leftovers';
import { tellOthers } from './tell';

const SETTLED = ['FINISHED', 'FAILED', 'CANCELED', 'TIMEDOUT'];
const CONDITION_FAILED = ['DynamoDb.ConditionalCheckFailedException'];
const OBJECTS_A_PAGE = 100;
/** All objects of a run must fit one variable. */
const REASON_LENGTH = 200;
/** The sort key of what comes after all objects. */
const AFTER_OBJECTS = 'object$';

export interface Settling {
  readonly pipeline: Pipeline;
  readonly partition: string;
  /** Ids of all objects that a result lists. */
  readonly objects: readonly string[];
  /** Those that other schedules wait for. */
  readonly told: readonly string[];
}

export interface SettleStates extends Pick<Machine, 'statements'> {
  readonly start: string;
  readonly states: States;
}

/** Leads to `next`, with `$status` empty if there is nothing left to settle. */
export function settleRun({ pipeline, partition, objects, told }: Settling, next: string): SettleStates {
  const location = pipeline._logs.child('runs/');
  const table = pipeline.runTable;
  const task = (name: string) => ({ Type: 'Task', Resource: integration(partition, name), Retry: [TRANSIENT_RETRY], Catch: [catcher(next)], Output: {} });
  const key = { [RUN_KEY]: { S: jsonata('$run') }, [ITEM_KEY]: { S: RUN_ITEM } };
  const settled = { status: '' };
  const statements: PolicyStatement[] = [];
  const caller = { resource: (name: string) => integration(partition, name), allow: (...more: PolicyStatement[]) => void statements.push(...more) };
  const states: States = {
    'Read run': {
      ...task('aws-sdk:dynamodb:getItem'),
      Arguments: { TableName: table.tableName, Key: key, ConsistentRead: true },
      Assign: { item: jsonata('$exists($states.result.Item) ? $states.result.Item : {}'), objects: jsonata(settledWith('$states.result.Item')), after: objectItem('') },
      Next: 'Settled?',
    },
    'Settled?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$item.status.S in ${jsonataStrings(SETTLED)}`), Assign: settled, Next: next }],
      Default: 'Read objects',
    },
    'Read objects': {
      ...task('aws-sdk:dynamodb:query'),
      Arguments: {
        TableName: table.tableName,
        KeyConditionExpression: '#run = :run AND #item BETWEEN :after AND :last',
        ExpressionAttributeNames: { '#run': RUN_KEY, '#item': ITEM_KEY },
        ExpressionAttributeValues: { ':run': { S: jsonata('$run') }, ':after': { S: jsonata('$after') }, ':last': { S: AFTER_OBJECTS } },
        ConsistentRead: true,
        Limit: OBJECTS_A_PAGE,
      },
      Assign: {
        objects: jsonata(`$merge([$objects, $map($states.result.Items, function($each) { $merge([${settledWith('$each')}, ${own('$each')}]) })])`),
        after: jsonata(`$states.result.LastEvaluatedKey.${ITEM_KEY}.S & ""`),
      },
      Next: 'All objects?',
    },
    'All objects?': {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$after != ""'), Next: 'Read objects' }],
      Assign: { open: jsonata(`[$filter(${jsonataStrings(objects)}, function($id) { $not($id in $keys($objects)) })]`), endTime: jsonata('$now()') },
      Default: told.length > 0 ? 'Tell others' : 'Write result',
    },
    ...(told.length > 0 ? tellOthers(caller, pipeline, {
      // A run that never began has no interval.
      told: `$exists($item.scheduledStartTime) ? [$map(${jsonataStrings(told)}, function($id) { {"id": $id, "status": ${settledStatus('$id')}} })] : []`,
      start: '$item.scheduledStartTime.S',
      next: 'Write result',
      catcher: catcher(next),
    }) : {}),
    'Write result': {
      ...task('aws-sdk:s3:putObject'),
      Arguments: {
        Bucket: location.bucket.bucketName,
        Key: jsonata('$runs & $run & ".json"'),
        Body: jsonata(RESULT),
        ContentType: 'application/json',
      },
      Next: 'Settle run',
    },
    'Settle run': {
      ...task('aws-sdk:dynamodb:updateItem'),
      Arguments: {
        TableName: table.tableName,
        Key: key,
        UpdateExpression: 'SET #status = :status, endTime = :endTime, settledWith = :settledWith',
        ConditionExpression: `attribute_not_exists(#status) OR NOT #status IN (${SETTLED.map((_, index) => `:s${index}`).join(', ')})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':status': { S: jsonata('$status') },
          ':endTime': { S: jsonata('$endTime') },
          ':settledWith': { M: jsonata(`$merge([$item.settledWith.M, $map($open, function($id) { {$id: {"S": ${OPEN_STATUS}}} })])`) },
          ...Object.fromEntries(SETTLED.map((status, index) => [`:s${index}`, { S: status }])),
        },
      },
      Retry: [{ ErrorEquals: CONDITION_FAILED, MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: CONDITION_FAILED, Assign: settled, Next: next }, catcher(next)],
      Assign: settled,
      Next: next,
    },
  };
  return {
    start: 'Read run',
    states,
    statements: [
      ...statements,
      new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], resources: [table.tableArn] }),
      ...location.writeStatements(),
    ],
  };
}

/** What has no end yet when its run ends: TIMEDOUT with a run that took too long, else CANCELED. */
const OPEN_STATUS = '($status = "TIMEDOUT" ? "TIMEDOUT" : "CANCELED")';

/** JSONata of what came of an object. */
function settledStatus(id: string): string {
  return `($exists($lookup($objects, ${id})) ? $lookup($objects, ${id}).status : ${OPEN_STATUS})`;
}

/** As the run itself would have written it; times of a run that never began are not known. */
const RESULT = `{
  "pipeline": $pipeline,
  "run": $run,
  "status": $status,
  "scheduledStartTime": $item.scheduledStartTime.S,
  "scheduledEndTime": $item.scheduledEndTime.S,
  "objects": $merge([$objects, $map($open, function($id) { {$id: {"status": ${OPEN_STATUS}, "attempts": 0}} })]),
  "resultUri": $runsUri & $run & ".json"
}`.replace(/\s*\n\s*/g, ' ');

/** JSONata of the results of objects that settled with an item's own. */
export function settledWith(item: string): string {
  return `($with := ${item}.settledWith.M; $merge([{}, $map($keys($with), function($id) { {$id: {"status": $lookup($with, $id).S, "attempts": 0}} })]))`;
}

/** JSONata of an object's result, from its item. */
function own(item: string): string {
  const text = (name: string, value = `${item}.${name}.S`) => `${item}.${name}.S != "" ? {"${name}": ${value}}`;
  const parts = [
    `{"status": ${item}.status.S, "attempts": $number(${item}.attempts.N)}`,
    text('reason', `$substring(${item}.reason.S, 0, ${REASON_LENGTH})`), text('startTime'), text('endTime'),
  ];
  return `{$substringAfter(${item}.${ITEM_KEY}.S, "${objectItem('')}"): $merge([${parts.join(', ')}])}`;
}
