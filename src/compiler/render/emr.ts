/** Steps on a transient cluster. */
import { jsonataString } from '../../expression/value';
import { Asl, jsonata, merged, States } from '../asl';
import { listField, operand } from '../list-field';
import { stateName, variableName } from '../names';
import { argumentField, StepArgument } from '../step-argument';
import { checkLength } from '../step-length';
import { EmrStepWork, EmrWork, TaskArgument } from '../work';
import { RunContext } from './context';
import { adopt } from './emr-adopt';
import { clusterStatements, managedRule } from './emr-permissions';
import { Hold } from './hold';
import { CAUGHT_STEP_REASON, ENTERED } from './result';
import { taskDocument } from './task-runner';
import { Attempts, JobSite } from './work';

/** The steps, one after the other, and what follows when one has failed. */
export function renderSteps(site: JobSite, work: EmrWork, attempts: Attempts, hold: Hold, attemptTimeout?: number): States {
  const steps = work.steps.map((each, index) => stepState(site, work, each, index, attempts, hold, attemptTimeout));
  const adoption = adopt(site, hold, attempts, steps.map(({ done }) => done(attempts.began)), attemptTimeout && attemptTimeout * 1000);
  return merged(
    ...steps.map((each) => each.states),
    attempts.states(stateName(site.activity.objectId, 'check resource'), { rules: [adoption.rule], last: hold.exhausted }),
    adoption.states,
  );
}

interface StepStates {
  readonly states: States;
  /** What is assigned and what comes next when the step has completed, of an attempt that began then. */
  readonly done: (startTime: string) => Asl;
}

/** One step: the first begins the attempt, the last ends it well, and attemptTimeout bounds all of them. */
function stepState(
  { context, activity, settled, deadline }: JobSite, { steps }: EmrWork, step: EmrStepWork, index: number,
  attempts: Attempts, hold: Hold, attemptTimeout?: number,
): StepStates {
  const name = (position: number) => position === 0 ? stateName(activity.objectId) : stateName(activity.objectId, `step ${position + 1}`);
  const began = variableName('t', activity.objectId);
  const [first, last] = [index === 0, index === steps.length - 1];
  const startTime = first ? ENTERED : `$${began}`;
  const left = `$max([1, ${attemptTimeout} - $floor(($millis() - $toMillis($${began})) / 1000)])`;
  context.allow(...clusterStatements(context, 'AddJobFlowSteps', 'DescribeStep', 'CancelSteps'), managedRule(context, 'AddJobFlowSteps'));
  const title = `${jsonataString(step.name)} & " (attempt " & $string($${attempts.count}) & ")"`;
  const done = (begin: string): Asl => ({
    ...(last ? { Assign: attempts.finished(begin) } : first ? { Assign: { [began]: jsonata(begin) } } : {}),
    Next: last ? hold.finished ?? settled.success : name(index + 1),
  });
  // The error of a step's own end; any other leaves open whether there is a step.
  const more = { step: title, index: String(index), unsure: '$states.errorOutput.Error != "States.TaskFailed"' };
  const states = {
    [name(index)]: {
      Type: 'Task',
      Resource: context.resource('elasticmapreduce:addStep.sync'),
      Arguments: {
        ClusterId: jsonata(hold.id),
        Step: { Name: jsonata(title), ActionOnFailure: 'CONTINUE', ...stepArguments(context, step, (task) => given(context, activity, task, `$${attempts.count}`, deadline)) },
      },
      ...(attemptTimeout === undefined ? {} : { TimeoutSeconds: first ? attemptTimeout : jsonata(left) }),
      Catch: [attempts.catcher({ reason: CAUGHT_STEP_REASON, startTime, more })],
      ...done(startTime),
      Output: {},
    },
  };
  return { states, done };
}

/** A task without a token: who is given it says how it ended by an exit code. `attempt` is JSONata. */
function given(context: RunContext, activity: JobSite['activity'], task: TaskArgument, attempt: string, deadline?: string): string {
  return jsonata(`$encodeUrlComponent($string({"task": ${operand(context.texts, taskDocument(context, activity, task, attempt, deadline))}}))`);
}

/** What AddJobFlowSteps takes of a step, but for its name and what a failure of it does. `taskField` renders a task. */
export function stepArguments({ texts }: RunContext, step: EmrStepWork, taskField: (task: TaskArgument) => string): Asl {
  checkLength(step);
  const properties = Object.entries(step.properties).map(([Key, value]) => ({ Key, Value: texts.field(value) }));
  return {
    HadoopJarStep: {
      Jar: argumentField(texts, step.jar),
      ...(step.mainClass ? { MainClass: step.mainClass } : {}),
      Args: listField(texts, step.args, (argument: StepArgument | TaskArgument) => 'task' in argument ? taskField(argument) : argumentField(texts, argument)),
      ...(properties.length ? { Properties: properties } : {}),
    },
  };
}
