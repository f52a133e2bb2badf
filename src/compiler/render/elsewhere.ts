/**
 * Waits across runs: how a run waits for what an activity of another schedule does in the intervals that have a part in its own.
 *
 * What comes of an activity in an interval is an item of the Run table, whichever run of that interval it was: the first, a backfill's or
 * a rerun's, which overwrites it. Who waits leaves a token there on the condition that nothing has come of it yet, whether or not
 * that run has begun; who settles takes the tokens and answers them. Both are one write of one item, so that no wake-up is lost between
 * them, and one that is lost later costs no more than the time after which a wait registers again.
 *
 * The last interval that is open is waited for first: most others have settled by then, and one look at all of them tells. After
 * many rounds a wait no longer registers but looks from time to time, so that the history has room for any number of intervals.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CoveringRequest } from '../../contract/calendar';
import { INVALID_INPUT } from '../../contract/run';
import { elsewhereItems, ITEM_KEY, RUN_KEY } from '../../contract/table';
import { ANY_ERROR, Asl, Fragment, jsonata, jsonataStrings, merged, PATIENT_RETRY, States, TRANSIENT_RETRY } from '../asl';
import { Elsewhere } from '../elsewhere';
import { stateName, variableName } from '../names';
import { Exit, RunContext } from './context';
import { CONDITION_FAILED, registerAgain, TOKEN, wake } from './latch';
import { CAUGHT_REASON, REASON_LENGTH } from './result';
import { adding, members } from './set';

const ROUNDS = 50;
/** Of those that hold back, how many the reason names. */
const NAMED = 5;
const CASCADING = ['FAILED', 'TIMEDOUT', 'CANCELED', 'CASCADE_FAILED'];
const STATUS = { '#status': 'status' };

/** In a unit's place: its result is FINISHED if the activity has in all those intervals, else what holds back as it would in one run. */
export function awaitElsewhere(context: RunContext, { activity, objectId }: Elsewhere, exit: Exit): Fragment {
  const step = (name: string) => stateName(objectId, name);
  const seen = variableName('w', objectId);
  const { _calendar: calendar, runTable } = context.pipeline;
  const request: Record<keyof CoveringRequest, unknown> = {
    kind: 'covering', schedule: activity._runs.timing, from: jsonata('$scheduledStartTime'), to: jsonata('$scheduledEndTime'),
  };
  const result = (value: string): Asl => ({ [context.result({ objectId })]: jsonata(value) });
  const unknown = { ErrorEquals: ANY_ERROR, Assign: result(`{"status": "FAILED", "attempts": 0, "reason": ${CAUGHT_REASON}}`), Next: exit.next };
  const again = registerAgain(context);
  context.allow(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [calendar.functionArn] }),
    new PolicyStatement({ actions: ['dynamodb:Query', 'dynamodb:UpdateItem'], resources: [runTable.tableArn] }),
  );
  const rounds: States = {
    [step('look')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:dynamodb:query'),
      Arguments: {
        TableName: runTable.tableName,
        KeyConditionExpression: '#run = :run AND #item BETWEEN :first AND :last',
        ProjectionExpression: '#item, #status',
        ExpressionAttributeNames: { '#run': RUN_KEY, '#item': ITEM_KEY, ...STATUS },
        ExpressionAttributeValues: {
          ':run': { S: elsewhereItems(objectId) },
          ':first': { S: jsonata(`$exists($${seen}.starts[0]) ? $${seen}.starts[0] : $scheduledStartTime`) },
          ':last': { S: jsonata(`$exists($${seen}.starts[-1]) ? $${seen}.starts[-1] : $scheduledStartTime`) },
        },
        ConsistentRead: true,
      },
      Retry: [PATIENT_RETRY],
      Catch: [unknown],
      Assign: { [seen]: jsonata(look(`$${seen}`)) },
      Output: {},
      Next: step('settled?'),
    },
    [step('settled?')]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${seen}.open = ""`), Assign: result(outcome(`$${seen}`)), Next: exit.next },
        { Condition: jsonata(`$${seen}.round > ${ROUNDS}`), Next: step('look later') },
      ],
      Default: step('await'),
    },
    [step('await')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:dynamodb:updateItem.waitForTaskToken'),
      Arguments: {
        ...item(context, objectId, `$${seen}.open`),
        UpdateExpression: `SET ${adding('waiters', TOKEN).assignment}`,
        ConditionExpression: 'attribute_not_exists(#status)',
        ExpressionAttributeNames: STATUS,
        ExpressionAttributeValues: adding('waiters', TOKEN).values,
      },
      TimeoutSeconds: jsonata(again),
      Retry: [{ ErrorEquals: [CONDITION_FAILED, 'States.Timeout'], MaxAttempts: 0 }, TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: step('await') }, { ErrorEquals: ANY_ERROR, Next: step('look') }],
      Output: {},
      Next: step('look'),
    },
  };
  context.repeated(rounds, ROUNDS + 1);
  return {
    start: step('intervals'),
    states: {
      [step('intervals')]: {
        Type: 'Task',
        Resource: context.resource('lambda:invoke'),
        Arguments: { FunctionName: calendar.functionArn, Payload: request },
        Retry: [{ ErrorEquals: [INVALID_INPUT], MaxAttempts: 0 }, PATIENT_RETRY],
        Catch: [unknown],
        Assign: { [seen]: jsonata('{"starts": [$states.result.Payload.starts], "round": 0}') },
        Output: {},
        Next: step('look'),
      },
      ...rounds,
      [step('look later')]: { Type: 'Wait', Seconds: jsonata(again), Next: step('look') },
    },
  };
}

/** JSONata of what is known of the intervals: the last that is open, if there is one, and those that have not FINISHED. */
function look(seen: string): string {
  return `(
    $settled := $merge($map($filter($states.result.Items, function($each) { $exists($each.status) }), function($each) { {$each.${ITEM_KEY}.S: $each.status.S} }));
    $open := [$filter(${seen}.starts, function($start) { $not($start in $keys($settled)) })];
    $held := [$filter(${seen}.starts, function($start) { $lookup($settled, $start) != "FINISHED" })];
    {
      "starts": ${seen}.starts,
      "round": ${seen}.round + 1,
      "open": $count($open) > 0 ? $open[-1] : "",
      "held": [$map($held, function($start) { {"start": $start, "status": $lookup($settled, $start)} })]
    }
  )`.replace(/\s*\n\s*/g, ' ');
}

/** JSONata of the result, when none is open. */
function outcome(seen: string): string {
  return `(
    $failed := [$filter(${seen}.held, function($each) { $each.status in ${jsonataStrings(CASCADING)} })];
    $named := $filter(${seen}.held, function($each, $index) { $index < ${NAMED} });
    $count(${seen}.held) = 0 ? {"status": "FINISHED", "attempts": 0} : {
      "status": $count($failed) > 0 ? $failed[0].status : "WAITING_ON_DEPENDENCIES",
      "attempts": 0,
      "reason": $substring($join($map($named, function($each) { $each.start & " is " & $each.status }), ", ") & ($count(${seen}.held) > ${NAMED} ? ", ..." : ""), 0, ${REASON_LENGTH})
    }
  )`.replace(/\s*\n\s*/g, ' ');
}

/** When an activity has settled that other schedules wait for: writes what came of it, and answers who waits. */
export function tellElsewhere(context: RunContext, objectId: string, exit: Exit): Fragment {
  const step = (name: string) => stateName(objectId, name === 'tell' ? 'tell others' : `others: ${name}`);
  const waiting = variableName('o', objectId);
  return {
    start: step('tell'),
    states: merged({
      [step('tell')]: {
        Type: 'Task',
        Resource: context.resource('aws-sdk:dynamodb:updateItem'),
        Arguments: { ...item(context, objectId, '$scheduledStartTime'), ...settling(jsonata(`$${context.result({ objectId })}.status`)) },
        Retry: [PATIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: exit.next }],
        Assign: { [waiting]: jsonata(members('$states.result.Attributes', 'waiters')) },
        Output: {},
        Next: step('wake'),
      },
    }, wake(context, step, waiting, '"{}"', exit.leave)),
  };
}

/** Of an update of the item: the status is there, nobody waits any more, and who did is answered. */
export function settling(status: string): Asl {
  return {
    UpdateExpression: 'SET #status = :status REMOVE waiters',
    ExpressionAttributeNames: STATUS,
    ExpressionAttributeValues: { ':status': { S: status } },
    ReturnValues: 'ALL_OLD',
  };
}

function item(context: RunContext, objectId: string, start: string): Asl {
  context.allowUpdate();
  return { TableName: context.pipeline.runTable.tableName, Key: { [RUN_KEY]: { S: elsewhereItems(objectId) }, [ITEM_KEY]: { S: jsonata(start) } } };
}
