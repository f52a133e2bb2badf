/**
 * What became of a step whose task did not end by the step's own end: its answer was lost, it was throttled, or it timed out.
 *
 * AddJobFlowSteps takes no client token. So before another attempt is made the step is looked for by its name, which carries the
 * attempt: if it is at work it is waited for, or cancelled where attemptTimeout has passed; its end is the attempt's. No activity has
 * two steps at work.
 */
import { ANY_ERROR, Asl, jsonata, jsonataStrings, PATIENT_RETRY, States, TRANSIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { clusterStatements } from './emr-permissions';
import { Hold } from './hold';
import { REASON_LENGTH } from './result';
import { Attempts, JobSite } from './work';

const CHECK_SECONDS = 30;
const AT_WORK = ['PENDING', 'RUNNING'];
const ENDING = 'CANCEL_PENDING';

export interface Adoption {
  /** Of the choice after a failed attempt. */
  readonly rule: Asl;
  readonly states: States;
}

/** `done` is what follows each of the steps; `attemptTimeout` in milliseconds, or JSONata of them. */
export function adopt(site: JobSite, hold: Hold, attempts: Attempts, done: readonly Asl[], attemptTimeout?: number | string): Adoption {
  const { context, activity } = site;
  const step = (name: string) => stateName(activity.objectId, name);
  const [found, error] = [variableName('f', activity.objectId), attempts.error];
  const completed = done.map((each, index) => ({
    Condition: jsonata(`$${found}.state = "COMPLETED"${done.length > 1 ? ` and $${error}.index = ${index}` : ''}`), ...each,
  }));
  const late = attemptTimeout === undefined
    ? `$${error}.status = "TIMEDOUT"`
    : `($${error}.status = "TIMEDOUT" or $millis() - $toMillis($${error}.startTime) >= ${attemptTimeout})`;
  const match = `$filter($states.result.Steps, function($s) { $s.Name = $${error}.step })[0]`;
  const ended = `$exists($${found}.state) and $${error}.status != "TIMEDOUT" ? {"reason": $${found}.state & $${found}.reason} : {}`;
  context.allow(...clusterStatements(context, 'ListSteps', 'CancelSteps'));
  return {
    rule: { Condition: jsonata(`$${error}.unsure`), Assign: { [found]: {} }, Next: step('find step') },
    states: {
      [step('find step')]: {
        Type: 'Task',
        Resource: context.resource('aws-sdk:emr:listSteps'),
        Arguments: jsonata(`$merge([{"ClusterId": ${hold.id}}, $exists($${found}.marker) ? {"Marker": $${found}.marker} : {}])`),
        Retry: [PATIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: step('step?') }],
        Assign: {
          [found]: jsonata(`($step := ${match}; $exists($step) ? {"id": $step.Id, "state": $step.Status.State, `
            + `"reason": $substring($exists($step.Status.FailureDetails.Message) ? ": " & $step.Status.FailureDetails.Message : "", 0, ${REASON_LENGTH})} `
            + ': {"marker": $states.result.Marker})'),
        },
        Output: {},
        Next: step('step?'),
      },
      [step('step?')]: {
        Type: 'Choice',
        Choices: [
          ...completed,
          { Condition: jsonata(`$${found}.state in ${jsonataStrings(AT_WORK)} and ${late}`), Next: step('cancel step') },
          { Condition: jsonata(`$${found}.state in ${jsonataStrings([...AT_WORK, ENDING])}`), Next: step('step wait') },
          { Condition: jsonata(`$exists($${found}.marker)`), Next: step('find step') },
        ],
        Assign: { [error]: jsonata(`$merge([$${error}, {"unsure": false}, ${ended}])`) },
        Default: attempts.retry,
      },
      [step('step wait')]: { Type: 'Wait', Seconds: CHECK_SECONDS, Assign: { [found]: {} }, Next: step('find step') },
      [step('cancel step')]: {
        Type: 'Task',
        Resource: context.resource('elasticmapreduce:cancelStep'),
        Arguments: { ClusterId: jsonata(hold.id), StepId: jsonata(`$${found}.id`) },
        Retry: [TRANSIENT_RETRY],
        Catch: [{ ErrorEquals: ANY_ERROR, Next: step('step wait') }],
        Assign: { [error]: jsonata(`$merge([$${error}, {"status": "TIMEDOUT", "reason": "attemptTimeout passed"}])`) },
        Output: {},
        Next: step('step wait'),
      },
    },
  };
}
