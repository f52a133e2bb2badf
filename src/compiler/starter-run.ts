/**
 * What the Starter reads of a run that is repeated, or marked, or has ended so that others must be told: its item, and what became of its
 * objects in the last execution of it.
 *
 * A run that was stopped cannot say so, and the event that has it settled may get lost: Step Functions knows. It is settled then, and what it
 * had not settled counts as ended with it.
 */
import { ANY_ERROR, integration, jsonata, States, TRANSIENT_RETRY } from './asl';
import type { StarterProps } from './starter';
import { RunRecord } from '../contract/calendar';
import { ITEM_KEY, objectItem, RUN_ITEM, RUN_KEY } from '../contract/table';

const INPUT = '$states.context.Execution.Input';
/** JSONata of the run's name without that of a rerun, whatever the input is; no run has the name `-`. */
const RUN = `($named := [${INPUT}.rerun.run, ${INPUT}.markFinished.run, ${INPUT}.ended][0]; $run := $type($named) = "string" ? $replace($named, /\\.r[0-9]+$/, "") : ""; `
  + '$run = "" ? "-" : $run)';
const HAS_ENDED = `$exists(${INPUT}.ended)`;
/** JSONata of whether the input is about a run; `tells` is whether other schedules wait for what the runs do. */
export const aboutRun = (tells: boolean): string => `$exists(${INPUT}.rerun) or $exists(${INPUT}.markFinished)${tells ? ` or ${HAS_ENDED}` : ''}`;

/** JSONata of the name of the last rerun, or of the run itself where there is none. */
const LAST = '($about.reruns = 0 ? $about.run : $about.run & ".r" & $string($about.reruns))';
const FORGOTTEN = 'Sfn.ExecutionDoesNotExistException';

/** Assigns `$about`, a RunRecord, and `$table`. */
export function readRun(props: StarterProps, next: string): States {
  const { runs: { pipeline }, partition, graph, runArn } = props;
  const { tableName } = pipeline.runTable;
  const item = '$states.result.Item';
  const text = (name: string) => jsonata(`${item}.${name}.S & ""`);
  const record: Record<keyof RunRecord, unknown> = {
    graph,
    run: jsonata(RUN),
    scheduledStartTime: text('scheduledStartTime'),
    scheduledEndTime: text('scheduledEndTime'),
    parameters: text('parameters'),
    reruns: jsonata(`$sum([0, $number(${item}.reruns.N)])`),
    askedBy: text('askedBy'),
    status: text('status'),
    startTime: '',
    unsettled: '',
    objects: {},
    retention: pipeline._defaults.retention.toSeconds(),
  };
  return {
    'Read run': {
      Type: 'Task',
      Resource: integration(partition, 'aws-sdk:dynamodb:getItem'),
      Arguments: { TableName: tableName, Key: { [RUN_KEY]: { S: jsonata(RUN) }, [ITEM_KEY]: { S: RUN_ITEM } }, ConsistentRead: true },
      Retry: [TRANSIENT_RETRY],
      Assign: { table: tableName, runs: runArn, about: record, after: objectItem('') },
      Output: {},
      Next: 'Read objects',
    },
    'Read objects': {
      Type: 'Task',
      Resource: integration(partition, 'aws-sdk:dynamodb:query'),
      Arguments: {
        TableName: tableName,
        KeyConditionExpression: '#run = :run AND #item > :after',
        ProjectionExpression: '#item, #status, startTime, settledWith',
        ExpressionAttributeNames: { '#run': RUN_KEY, '#item': ITEM_KEY, '#status': 'status' },
        ExpressionAttributeValues: {
          ':run': { S: jsonata(LAST) }, ':after': { S: jsonata('$after') },
        },
        ConsistentRead: true,
      },
      Retry: [TRANSIENT_RETRY],
      Assign: { about: jsonata(WITH_PAGE), after: jsonata(`$states.result.LastEvaluatedKey.${ITEM_KEY}.S & ""`) },
      Output: {},
      Next: 'All objects?',
    },
    'All objects?': {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata('$after != ""'), Next: 'Read objects' },
        // The event of its end has it settled.
        { Condition: jsonata(HAS_ENDED), Next: next },
        { Condition: jsonata('$about.status = "RUNNING" and $about.unsettled = ""'), Next: 'Has run ended?' },
      ],
      Default: next,
    },
    ...findEnd(props, next),
  };
}

/** What becomes of what a run had not settled, by its execution's status. */
const ENDS = '{"SUCCEEDED": "CANCELED", "FAILED": "CANCELED", "TIMED_OUT": "TIMEDOUT", "ABORTED": "CANCELED"}';

/** What it settled until its end may have been written since it was read. One that Step Functions has forgotten has ended somehow. */
function findEnd({ partition, reaperArn }: StarterProps, next: string): States {
  const ended = (status: string) => ({
    ended: jsonata(status),
    about: jsonata(`$merge([$about, {"unsettled": $lookup(${ENDS}, ${status}) & ""}])`),
    after: objectItem(''),
  });
  return {
    'Has run ended?': {
      Type: 'Task',
      Resource: integration(partition, 'aws-sdk:sfn:describeExecution'),
      Arguments: { ExecutionArn: jsonata(`$replace($runs, ":stateMachine:", ":execution:") & ":" & ${LAST}`) },
      Retry: [{ ErrorEquals: [FORGOTTEN], MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: [FORGOTTEN], Assign: ended('"ABORTED"'), Next: 'Settle run' }, { ErrorEquals: ANY_ERROR, Next: next }],
      Assign: ended('$states.result.Status'),
      Output: {},
      Next: 'Unsettled?',
    },
    'Unsettled?': { Type: 'Choice', Choices: [{ Condition: jsonata('$about.unsettled != ""'), Next: 'Settle run' }], Default: next },
    'Settle run': {
      Type: 'Task',
      Resource: integration(partition, 'aws-sdk:sfn:startExecution'),
      Arguments: { StateMachineArn: reaperArn, Input: jsonata(`$string({"run": ${LAST}, "status": $ended})`) },
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: 'Read objects' }],
      Output: {},
      Next: 'Read objects',
    },
  };
}

/** JSONata: the run's item comes after all objects, whose own count more than what has settled with it. */
const WITH_PAGE = `(
  $items := [$states.result.Items];
  $whole := $items[${ITEM_KEY}.S = "${RUN_ITEM}"];
  $with := function($item) { ($m := $item.settledWith.M; $merge([{}, $map($keys($m), function($id) { {$id: $lookup($m, $id).S} })])) };
  $own := function($item) { $substringBefore($item.${ITEM_KEY}.S, "#") = "object" ? {$substringAfter($item.${ITEM_KEY}.S, "#"): $item.status.S} : {} };
  $merge([$about, $exists($whole) ? {"status": $whole.status.S, "startTime": $whole.startTime.S & ""} : {}, {
    "objects": $merge([$with($whole), $about.objects, $map($items, function($item) { $merge([$item.${ITEM_KEY}.S = "${RUN_ITEM}" ? {} : $with($item), $own($item)]) })])
  }])
)`.replace(/\s*\n\s*/g, ' ');
