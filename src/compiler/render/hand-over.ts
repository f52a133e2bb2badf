/**
 * An activity on a cluster with many is done by an execution of the cluster's own machine (see `activity-machine.ts`), which is told of
 * it: also of one that is held back, since it too has to leave the cluster.
 *
 * The execution is named after the run, so that starting it twice starts it once, and one whose end was not heard of is asked for.
 */
import { ActivityJob } from '../../contract/activity-job';
import { ANY_ERROR, Asl, jsonata, jsonataObject, PATIENT_RETRY, States } from '../asl';
import { stateName } from '../names';
import { EmrWork } from '../work';
import { childPrefix, executionStatements } from './child';
import { HandedOver, stepArguments } from './emr';
import { WorkFragment, WorkSite } from './work';

export function handOver(site: WorkSite, work: EmrWork, { machine, number }: HandedOver, attemptTimeout?: number): WorkFragment {
  const { context, activity, settings, settled } = site;
  const name = stateName(activity.objectId);
  const [lookUp, outcome] = [stateName(activity.objectId, 'look up'), stateName(activity.objectId, 'outcome?')];
  const result = context.result(activity);
  const execution = `${childPrefix('$run')} & "${number}"`;
  const next = settled.success === settled.failure ? settled.success : outcome;
  const { defaults } = context.pipeline._defaults;
  const job: { readonly [field in keyof ActivityJob]: unknown } = {
    object: activity.objectId,
    run: jsonata('$run'),
    expiresAt: jsonata('$expiresAt'),
    held: jsonata(`$${result}`),
    ...(settings.maximumRetries === defaults.maximumRetries ? {} : { maximumRetries: settings.maximumRetries }),
    ...(settings.retryDelay === defaults.retryDelay.toSeconds() ? {} : { retryDelay: settings.retryDelay }),
    ...(attemptTimeout === defaults.attemptTimeout?.toSeconds() ? {} : { attemptTimeout }),
    steps: work.steps.map((step) => ({ Name: step.name, ...stepArguments(context, step) })),
  };
  const lost = (reason: string): string => jsonataObject({ status: '"FAILED"', attempts: '1', reason, endTime: '$now()' });
  context.allow(...executionStatements(machine));
  const states: States = {
    [name]: {
      Type: 'Task',
      Resource: context.resource('states:startExecution.sync:2'),
      Arguments: { StateMachineArn: machine.stateMachineArn, Name: jsonata(execution), Input: job },
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
      Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: jsonata(lost('"its execution could not be started"')) }, Next: next }],
      Assign: { [result]: jsonata(`$states.result.Status = "SUCCEEDED" ? $parse($states.result.Output) : ${lost('"its execution is " & $states.result.Status')}`) },
      Output: {},
      Next: next,
    },
  };
  if (next === outcome) states[outcome] = outcomeState(result, settled);
  return { start: name, states, assign: { [result]: {} } };
}

function outcomeState(result: string, { success, failure, held }: WorkSite['settled']): Asl {
  return {
    Type: 'Choice',
    Choices: [
      { Condition: jsonata(`$${result}.status = "FINISHED"`), Next: success },
      { Condition: jsonata(`$${result}.status = "WAITING_ON_DEPENDENCIES"`), Next: held },
    ],
    Default: failure,
  };
}
