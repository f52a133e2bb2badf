/**
 * One of many activities on a cluster, or of many loads, is done by an execution of a machine of theirs (see `job-machine.ts`), which is
 * told of it: of one on a cluster also when it is held back, since it too has to leave the cluster.
 *
 * The execution is named after the run, so that starting it twice starts it once, and one whose end was not heard of is asked for.
 */
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ActivityJob, LoadJob, StepsJob } from '../../contract/activity-job';
import { ANY_ERROR, Asl, jsonata, PATIENT_RETRY, States } from '../asl';
import { machineOf } from '../handed-over';
import { Unit } from '../link';
import { stateName } from '../names';
import { Work } from '../work';
import { childPrefix, executionStatements } from './child';
import { RunContext } from './context';
import { stepArguments } from './emr';
import { sqlTexts } from './redshift';
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

export function handOver(site: WorkSite, { machine, number }: HandedOver, attemptTimeout?: number): WorkFragment {
  const { context, activity, settled } = site;
  const work = activity._work();
  const whenHeld = work.kind === 'emrSteps';
  const name = stateName(activity.objectId);
  const [lookUp, outcome] = [stateName(activity.objectId, 'look up'), stateName(activity.objectId, 'outcome?')];
  const result = context.result(activity);
  const execution = `${childPrefix('$run')} & "${number}"`;
  const next = settled.success === settled.failure ? settled.success : outcome;
  const lost = context.texts.shared('lost', { status: 'FAILED', attempts: 1, reason: 'its execution could not be started' });
  const lostIn = (status: string) => `$merge([$${lost}, {"reason": "its execution is " & ${status}, "endTime": $now()}])`;
  context.allow(...executionStatements(machine));
  const states: States = {
    [name]: {
      Type: 'Task',
      Resource: context.resource('states:startExecution.sync:2'),
      Arguments: {
        StateMachineArn: machine.stateMachineArn,
        Name: jsonata(execution),
        Input: { ...commonJob(site, attemptTimeout), ...workJob(context, work, result) },
      },
      Retry: [{ ErrorEquals: ['StepFunctions.ExecutionAlreadyExistsException'], MaxAttempts: 0 }, PATIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: lookUp }],
      Assign: { [result]: jsonata('$states.result.Output') },
      Output: {},
      Next: next,
    },
    [lookUp]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:sfn:describeExecution'),
      Arguments: { ExecutionArn: jsonata(`$replace(${context.texts.literal(machine.stateMachineArn)}, ":stateMachine:", ":execution:") & ":" & ${execution}`) },
      Retry: [{ ErrorEquals: ['Sfn.ExecutionDoesNotExistException'], MaxAttempts: 0 }, PATIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: jsonata(`$merge([$${lost}, {"endTime": $now()}])`) }, Next: next }],
      Assign: { [result]: jsonata(`$states.result.Status = "SUCCEEDED" ? $parse($states.result.Output) : ${lostIn('$states.result.Status')}`) },
      Output: {},
      Next: next,
    },
  };
  if (next === outcome) states[outcome] = outcomeState(result, settled, whenHeld);
  return { start: name, states, whenHeld, assign: whenHeld ? { [result]: {} } : {} };
}

/** What is as the pipeline says is left out. */
function commonJob({ context, activity, settings }: WorkSite, attemptTimeout?: number): Fields<ActivityJob> {
  const { defaults } = context.pipeline._defaults;
  return {
    object: activity.objectId,
    run: jsonata('$run'),
    ...(settings.maximumRetries === defaults.maximumRetries ? {} : { maximumRetries: settings.maximumRetries }),
    ...(settings.retryDelay === defaults.retryDelay.toSeconds() ? {} : { retryDelay: settings.retryDelay }),
    ...(attemptTimeout === defaults.attemptTimeout?.toSeconds() ? {} : { attemptTimeout }),
  };
}

function workJob(context: RunContext, work: Work, result: string): Added<StepsJob> | Added<LoadJob> {
  switch (work.kind) {
    case 'emrSteps': return {
      expiresAt: jsonata('$expiresAt'), held: jsonata(`$${result}`), steps: work.steps.map((each) => ({ Name: each.name, ...stepArguments(context, each, notHandedOver) })),
    };
    case 'redshiftData': return { target: work.target, statements: sqlTexts(context, work) };
    default: throw new Error(`no machine does work of kind ${work.kind}`);
  }
}

function notHandedOver(): never {
  throw new Error('a task is told the attempt, which only the run counts');
}

function outcomeState(result: string, settled: WorkSite['settled'], whenHeld: boolean): Asl {
  return {
    Type: 'Choice',
    Choices: [
      { Condition: jsonata(`$${result}.status = "FINISHED"`), Next: settled.success },
      ...(whenHeld ? [{ Condition: jsonata(`$${result}.status = "WAITING_ON_DEPENDENCIES"`), Next: settled.held }] : []),
    ],
    Default: settled.failure,
  };
}
