/**
 * One of many activities on a cluster, or of many loads, is done by an execution of a machine of theirs (see `job-machine.ts`), which is
 * told of it, also when it is held back: it leaves the cluster, and writes what came of the activity into the Run table.
 *
 * The execution is named after the run, so that starting it twice starts it once.
 */
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Activity } from '../../activities/activity';
import { ActivityJob, LoadJob, StepsJob } from '../../contract/activity-job';
import { TTL_ATTRIBUTE } from '../../contract/table';
import { jsonataString } from '../../expression/value';
import { ANY_ERROR, Asl, jsonata, jsonataObject, PATIENT_RETRY, States, TRANSIENT_RETRY } from '../asl';
import { machineOf } from '../handed-over';
import { OwnUnit, Unit } from '../link';
import { stateName } from '../names';
import { Work } from '../work';
import { cascadesWhenCanceled } from './cascade';
import { childPrefix, executionStatements } from './child';
import { RunContext, Settings } from './context';
import { stepArguments } from './emr';
import { sqlTexts } from './redshift';
import { itemOf, keyOf } from './settle';
import { WorkFragment, WorkSite } from './work';

/** Who does the work of a unit; `number` tells the executions for a run apart. */
export interface HandedOver {
  readonly machine: StateMachine;
  readonly number: number;
}

export function handedOverOf(unit: Unit, numbers: ReadonlyMap<Unit, number>): HandedOver | undefined {
  const machine = machineOf(unit);
  return machine && { machine, number: numbers.get(unit) ?? 0 };
}

/** Fields of a job, or those that a kind of work adds; values may be JSONata. */
type Fields<Job> = { readonly [field in keyof Job]: unknown };
type Added<Job> = Fields<Omit<Job, keyof ActivityJob>>;

export function handOver(site: WorkSite, unit: OwnUnit, { machine, number }: HandedOver, attemptTimeout?: number): WorkFragment {
  const { context, activity, settled } = site;
  const name = stateName(activity.objectId);
  const [lost, outcome] = [stateName(activity.objectId, 'settle'), stateName(activity.objectId, 'outcome?')];
  const result = context.result(activity);
  const execution = `${childPrefix('$run')} & "${number}"`;
  const next = settled.success === settled.failure ? settled.success : outcome;
  context.allow(...executionStatements(machine));
  const states: States = {
    [name]: {
      Type: 'Task',
      Resource: context.resource('states:startExecution.sync:2'),
      Arguments: {
        StateMachineArn: machine.stateMachineArn,
        Name: jsonata(execution),
        Input: { ...commonJob(site, unit, attemptTimeout), ...workJob(context, activity._work()) },
      },
      Retry: [{ ErrorEquals: ['StepFunctions.ExecutionAlreadyExistsException'], MaxAttempts: 0 }, PATIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: lost }],
      Assign: { [result]: jsonata('$states.result.Output') },
      Output: {},
      Next: next,
    },
    [lost]: settleLost(site, unit, next),
  };
  if (next === outcome) states[outcome] = outcomeState(result, settled);
  return { start: name, states, whenHeld: true, assign: { [result]: {} } };
}

/** What an execution has written whose end was not heard of is the result; the activity has failed where it has written nothing. */
function settleLost({ context, settings }: WorkSite, unit: OwnUnit, next: string): Asl {
  const output = Object.entries(outputOf(unit, settings)).map(([id, status]) => [id, jsonataString(status)]);
  const others = Object.entries({ ...statusesOf(unit, context), ...Object.fromEntries(output) as Record<string, string> });
  const settledWith = jsonataObject(Object.fromEntries(others.map(([id, status]) => [id, `{"S": ${status}}`])));
  const values = jsonataObject({ ':e': '{"S": $now()}', ':x': '{"N": $expiresAt}', ...others.length ? { ':w': `{"M": ${settledWith}}` } : {} });
  const usual = context.texts.shared('lostValues', { ':s': { S: LOST.status }, ':n': { N: String(LOST.attempts) }, ':r': { S: LOST.reason } });
  const lost = context.texts.shared('lost', LOST);
  const result = context.result(unit.object);
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:dynamodb:updateItem'),
    Arguments: jsonata(`$merge([$${losing(context, others.length > 0)}, {
      "Key": ${keyOf(itemOf(unit.object))}, "ExpressionAttributeValues": $merge([$${usual}, ${values}])
    }])`.replace(/\s*\n\s*/g, ' ')),
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: jsonata(`$merge([$${lost}, {"endTime": $now()}])`) }, Next: next }],
    Assign: { [result]: jsonata(WRITTEN) },
    Output: {},
    Next: next,
  };
}

/** What all such writes have in common: they change nothing that is there, and read it. */
function losing(context: RunContext, withOthers: boolean): string {
  const fields = [['#status', ':s'], ['attempts', ':n'], ['reason', ':r'], ['endTime', ':e'], [TTL_ATTRIBUTE, ':x'], ...withOthers ? [['settledWith', ':w']] : []];
  context.allowUpdate();
  return context.texts.shared(withOthers ? 'losingWith' : 'losing', {
    TableName: context.pipeline.runTable.tableName,
    UpdateExpression: `SET ${fields.map(([name, value]) => `${name} = if_not_exists(${name}, ${value})`).join(', ')}`,
    ExpressionAttributeNames: { '#status': 'status' },
    ReturnValues: 'ALL_NEW',
  });
}

/** Of an activity whose execution has written nothing. */
const LOST = { status: 'FAILED', attempts: 1, reason: 'nothing was heard of the execution that did its work' };

/** JSONata of the result in an item. */
const WRITTEN = '($item := $states.result.Attributes; $sift({'
  + '"status": $item.status.S, "attempts": $number($item.attempts.N), "reason": $item.reason.S, "startTime": $item.startTime.S, "endTime": $item.endTime.S'
  + '}, function($value) { $value != "" }))';

/** By id: JSONata of the statuses of the preconditions, which settle with it. */
export function statusesOf(unit: OwnUnit, context: RunContext): Record<string, string> {
  return Object.fromEntries(unit.preconditions.map((precondition) => [precondition.objectId, `$${context.result(precondition)}.status`]));
}

/** By id: what the data nodes that settle with it are if it fails. Others settle by themselves. */
export function outputOf({ object }: OwnUnit, { cascade }: Pick<Settings, 'cascade'>): Record<string, string> {
  const written = object instanceof Activity ? object.output.filter((node) => !node._isUnit) : [];
  return Object.fromEntries(written.map(({ objectId }) => [objectId, cascade ? 'CASCADE_FAILED' : 'WAITING_ON_DEPENDENCIES']));
}

/** What is as the pipeline says is left out. */
function commonJob({ context, activity, settings }: WorkSite, unit: OwnUnit, attemptTimeout?: number): Fields<ActivityJob> {
  const { defaults } = context.pipeline._defaults;
  const statuses = Object.entries(statusesOf(unit, context)).map(([id, status]) => [id, jsonata(status)]);
  const output = outputOf(unit, settings);
  return {
    object: activity.objectId,
    run: jsonata('$run'),
    expiresAt: jsonata('$expiresAt'),
    held: jsonata(`$${context.result(activity)}`),
    ...statuses.length === 0 ? {} : { preconditions: Object.fromEntries(statuses) },
    ...Object.keys(output).length === 0 ? {} : { output },
    ...cascadesWhenCanceled(context, unit) ? { cascadesWhenCanceled: true } : {},
    ...(settings.maximumRetries === defaults.maximumRetries ? {} : { maximumRetries: settings.maximumRetries }),
    ...(settings.retryDelay === defaults.retryDelay.toSeconds() ? {} : { retryDelay: settings.retryDelay }),
    ...(attemptTimeout === defaults.attemptTimeout?.toSeconds() ? {} : { attemptTimeout }),
  };
}

function workJob(context: RunContext, work: Work): Added<StepsJob> | Added<LoadJob> {
  switch (work.kind) {
    case 'emrSteps': return { steps: work.steps.map((each) => ({ Name: each.name, ...stepArguments(context, each, notHandedOver) })) };
    case 'redshiftData': return { target: work.target, statements: sqlTexts(context, work) };
    default: throw new Error(`no machine does work of kind ${work.kind}`);
  }
}

function notHandedOver(): never {
  throw new Error('a task is told the attempt, which only the run counts');
}

function outcomeState(result: string, settled: WorkSite['settled']): Asl {
  return {
    Type: 'Choice',
    Choices: [
      { Condition: jsonata(`$${result}.status = "FINISHED"`), Next: settled.success },
      { Condition: jsonata(`$${result}.status = "WAITING_ON_DEPENDENCIES"`), Next: settled.held },
    ],
    Default: settled.failure,
  };
}
