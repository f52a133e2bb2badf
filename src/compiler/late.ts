/**
 * The Late machine: one execution beside each run, which looks at the late time of each object that has `onLateAction` whether the
 * object has finished by then.
 *
 * It only waits and reads, so that nothing is left behind however the run ends: a run that is over by then has no late objects.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ANY_ERROR, Asl, jsonata, jsonataStrings, Machine, merged, States, TRANSIENT_RETRY } from './asl';
import { Graph } from './link';
import { stateName } from './names';
import { Action } from '../actions/action';
import { Terminate } from '../actions/terminate';
import { NOT_TOLD } from '../contract/run';
import { ITEM_KEY, objectItem, RUN_ITEM, RUN_KEY } from '../contract/table';
import { DataNode } from '../data-nodes/data-node';
import { renderIsoTime } from '../expression/iso-time';
import { jsonataString } from '../expression/value';
import type { PipelineObject } from '../pipeline-object';
import { Precondition } from '../preconditions/precondition';
import type { DueTime } from '../schedule-ticks';
import type { ScheduledRuns } from '../scheduled-runs';
import { nodeNames, renderAction } from './render/action';
import { RunContext } from './render/context';
import { knowingZones } from './render/zones';

const LONGEST_SECONDS = 365 * 24 * 3600;
/** Beyond the last late time: for reading, and for the actions. */
const MARGIN_SECONDS = 24 * 3600;

export function renderLate(runs: ScheduledRuns, objects: readonly PipelineObject[], graph: Graph): Machine {
  const context = new RunContext(runs, (_, object) => object);
  const watched = objects.filter((object) => alarms(object).length > 0);
  const branches = watched.map((object) => branch(context, object, settledWith(object, graph)));
  const longest = Math.max(0, ...watched.map(({ _late }) => _late.lateAfterTimeout?.toSeconds() ?? 0));
  // The time zones and the constants are known when all else is rendered.
  const first = knowingZones(context, 'Time zones', 'Begin');
  const definition = {
    Comment: `Looks which objects of a run of ${runs.title} are late`,
    QueryLanguage: 'JSONata',
    StartAt: first.start,
    TimeoutSeconds: Math.min(LONGEST_SECONDS, longest + MARGIN_SECONDS),
    States: merged(first.states, {
      Begin: {
        Type: 'Pass',
        Assign: { ...context.texts.constants, ...Object.fromEntries(INPUT.map((name) => [name, jsonata(`$states.input.${name}`)])) },
        Output: {},
        Next: branches.length > 0 ? 'Watch' : 'Done',
      },
      // Data nodes and resources may be watched in the runs of other schedules only.
    }, branches.length > 0 ? watch(branches) : {}, { Done: { Type: 'Succeed' } }),
  };
  return { definition, statements: context.statements };
}

function watch(branches: readonly Asl[]): States {
  return {
    'Watch': { Type: 'Parallel', Arguments: {}, Branches: branches, Assign: { untold: jsonata('[$states.result.error]') }, Output: {}, Next: 'Told?' },
    'Told?': { Type: 'Choice', Choices: [{ Condition: jsonata('$count($untold) > 0'), Next: 'Not told' }], Default: 'Done' },
    'Not told': { Type: 'Fail', Error: NOT_TOLD, Cause: jsonata('$join($untold, ", ")') },
  };
}

/** What an execution is told of its run. */
const INPUT = ['run', 'due', 'scheduledStartTime', 'scheduledEndTime', 'parameters', 'kept'] as const;

/** The call by which a run has itself watched: the same name and input whenever it is made. */
export function startLate(context: RunContext, stateMachineArn: string, next: string): Asl {
  context.allow(new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }));
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:sfn:startExecution'),
    Arguments: {
      StateMachineArn: stateMachineArn,
      Name: jsonata('$run'),
      Input: jsonata(`$string({${INPUT.map((name) => `"${name}": $${name}`).join(', ')}})`),
    },
    Retry: [{ ErrorEquals: ['Sfn.ExecutionAlreadyExistsException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

/**
 * When a run's objects are due, where they ever are. In a run that was asked for long after its time, such as a backfill's or a rerun, that
 * is when it begins: all of it would be late at once.
 */
export function dueTime(due?: DueTime): Asl {
  const overdue = '$states.input.overdue = true or $contains($states.context.Execution.Name, /[.]r[0-9]+$/)';
  const times = ['$states.context.Execution.StartTime', `$states.input.${due}`].map((time) => renderIsoTime(`$toMillis(${time})`));
  return due ? { due: jsonata(`${overdue} ? ${times.join(' : ')}`) } : {};
}

/** JSONata of the time by which an object must have finished, ISO-8601 as `$now()` writes it. */
export function lateTime({ _late }: PipelineObject): string {
  const after = _late.lateAfterTimeout?.toMilliseconds() ?? 0;
  return `$fromMillis($min([$toMillis($due) + ${after}, ${LATEST}]))`;
}

const LATEST = Date.UTC(9999, 11, 31);

/** The objects with whose items an object settles: with each of them, or with any. */
interface Items {
  readonly ids: readonly string[];
  readonly any?: boolean;
}

/** A plain data node is there when those that write it have finished; a precondition has an end when it has held, or when what it guards has one. */
function settledWith(object: PipelineObject, { producers }: Graph): Items {
  if (object instanceof Precondition) return { ids: [object.objectId, ...object._owner ? [object._owner.objectId] : []], any: true };
  if (!(object instanceof DataNode) || object._isUnit) return { ids: [object.objectId] };
  return { ids: (producers.get(object) ?? []).map(({ objectId }) => objectId) };
}

function branch(context: RunContext, object: PipelineObject, items: Items): Asl {
  const id = object.objectId;
  const states = merged({
    [stateName(id, 'due')]: { Type: 'Wait', Timestamp: jsonata(lateTime(object)), Assign: { outcome: {} }, Next: stateName(id, 'read') },
    [stateName(id, 'read')]: read(context, object, items),
    [stateName(id, 'late?')]: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$late'), Next: stateName(id, 'onLateAction 1') }],
      Default: stateName(id, 'watched'),
    },
    [stateName(id, 'watched')]: { Type: 'Pass', Output: jsonata('$outcome'), End: true },
  }, actions(context, object, stateName(id, 'watched')));
  return { StartAt: stateName(id, 'due'), States: states };
}

/** What cannot be read counts as late: better an alarm too many. */
function read(context: RunContext, object: PipelineObject, items: Items): Asl {
  const { tableName, tableArn } = context.pipeline.runTable;
  const next = stateName(object.objectId, 'late?');
  context.allow(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [tableArn] }));
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:dynamodb:transactGetItems'),
    Arguments: {
      TransactItems: [RUN_ITEM, ...items.ids.map(objectItem)].map((item) => ({
        Get: { TableName: tableName, Key: { [RUN_KEY]: { S: jsonata('$run') }, [ITEM_KEY]: { S: item } } },
      })),
    },
    Retry: [{ ...TRANSIENT_RETRY, MaxAttempts: 30, MaxDelaySeconds: 60 }],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: { late: true }, Next: next }],
    Assign: { late: jsonata(isLate(object, items)) },
    Output: {},
    Next: next,
  };
}

/**
 * By its late time, whenever this is read: is the run not over, and has not everything settled that the object settles with? What
 * keeps the status of an earlier execution has no item; what was held back has an end time that is empty.
 */
function isLate(object: PipelineObject, { ids, any }: Items): string {
  return `(
    $ended := [$states.result.Responses.Item[endTime.S < ${lateTime(object)}].${ITEM_KEY}.S];
    $open := $filter(${jsonataStrings(ids)}, function($id) { $not(("object#" & $id) in $ended or $exists($lookup($kept, $id))) });
    ${any ? `$count($open) = ${ids.length}` : '$exists($open)'} and $not(${jsonataString(RUN_ITEM)} in $ended)
  )`.replace(/\s*\n\s*/g, ' ');
}

/** What is called; the run itself terminates. */
function alarms({ _late }: PipelineObject): Action[] {
  return (_late.onLateAction ?? []).filter((action) => !(action instanceof Terminate));
}

function actions(context: RunContext, object: PipelineObject, end: string): States {
  const { lateAfterTimeout } = object._late;
  const called = alarms(object);
  const names = nodeNames(object, {
    status: '"late"',
    errorMessage: `${jsonataString(`It has not finished ${lateAfterTimeout?.toHumanString()} after `)} & $due`,
    actualStartTime: '""',
    actualEndTime: '""',
  });
  const failed = { outcome: jsonata(`{"error": ${jsonataString(`${object.objectId}: `)} & $states.errorOutput.Error}`) };
  const name = (index: number) => index < called.length ? stateName(object.objectId, `onLateAction ${index + 1}`) : end;
  return Object.fromEntries(called.map((action, index) => (
    [name(index), renderAction(context, object, action, 'onLateAction', names, { next: name(index + 1), failed })]
  )));
}
