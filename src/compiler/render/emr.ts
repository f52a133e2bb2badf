/**
 * Steps on a transient cluster: `acquire` launches it, `release` ends it after its last activity.
 *
 * RunJobFlow takes no client token, so a launch whose answer is an error is never just repeated: the cluster is looked for by
 * its name, which carries the run and the number of the launch, and adopted if it is there. A step that fails is tried again on
 * the same cluster, or, if that has died, on a new one.
 */
import { jsonataString } from '../../expression/value';
import { ANY_ERROR, Asl, jsonata, jsonataStrings, States, TRANSIENT_RETRY } from '../asl';
import { Unit } from '../link';
import { stateName, variableName } from '../names';
import { argumentField } from '../step-argument';
import { EmrStepWork, EmrWork } from '../work';
import { RunContext } from './context';
import { adopt } from './emr-adopt';
import { READY_STATES } from './emr-cluster';
import { Hold, inlineHold } from './emr-hold';
import { clusterStatements, managedRule } from './emr-permissions';
import { sharedHold } from './emr-shared';
import { CAUGHT_STEP_REASON, ENTERED } from './result';
import { Attempts, JobSite, WorkFragment, WorkSite } from './work';

/** How the activity comes by its cluster: through the Run table, or after these, the others of its sequence. */
export type Use = 'shared' | readonly Unit[];

export function renderEmr(site: WorkSite, work: EmrWork, use: Use, attemptTimeout?: number): WorkFragment {
  const attempts = new Attempts(site);
  const hold = use === 'shared' ? sharedHold(site, work.cluster, attempts, site.activity.objectId) : inlineHold(site, work.cluster, attempts, use);
  const states = { ...hold.states, ...renderSteps(site, work, attempts, hold, attemptTimeout) };
  return { start: hold.start, states, loops: true, assign: { ...attempts.assign, ...hold.assign } };
}

/** The steps, one after the other, and what follows when one has failed. */
export function renderSteps(site: JobSite, work: EmrWork, attempts: Attempts, hold: Hold, attemptTimeout?: number): States {
  const steps = work.steps.map((each, index) => stepState(site, work, each, index, attempts, hold, attemptTimeout));
  const adoption = adopt(site, hold, attempts, steps.map(({ done }) => done(attempts.began)), attemptTimeout && attemptTimeout * 1000);
  return {
    ...Object.assign({}, ...steps.map((each) => each.states)) as States,
    ...attempts.states(stateName(site.activity.objectId, 'check resource'), [adoption.rule], hold.exhausted),
    ...adoption.states,
    ...checkResource(site, hold),
  };
}

interface StepStates {
  readonly states: States;
  /** What is assigned and what comes next when the step has completed, of an attempt that began then. */
  readonly done: (startTime: string) => Asl;
}

/** One step: the first begins the attempt, the last ends it well, and attemptTimeout bounds all of them. */
function stepState(
  { context, activity, settled }: JobSite, { steps }: EmrWork, step: EmrStepWork, index: number,
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
        ClusterId: jsonata(hold.cluster),
        Step: { Name: jsonata(title), ActionOnFailure: 'CONTINUE', ...stepArguments(context, step) },
      },
      ...(attemptTimeout === undefined ? {} : { TimeoutSeconds: first ? attemptTimeout : jsonata(left) }),
      Catch: [attempts.catcher({ reason: CAUGHT_STEP_REASON, startTime, more })],
      ...done(startTime),
      Output: {},
    },
  };
  return { states, done };
}

/** What AddJobFlowSteps takes of a step, but for its name and what a failure of it does. */
export function stepArguments({ texts }: RunContext, step: EmrStepWork): Asl {
  const properties = Object.entries(step.properties).map(([Key, value]) => ({ Key, Value: texts.field(value) }));
  return {
    HadoopJarStep: {
      Jar: texts.field(step.jar),
      ...(step.mainClass ? { MainClass: step.mainClass } : {}),
      Args: step.args.map((argument) => argumentField(texts, argument)),
      ...(properties.length ? { Properties: properties } : {}),
    },
  };
}

/** Does the cluster still live? */
export function checkResource({ context, activity }: JobSite, { cluster, replace }: Hold): States {
  const step = (name: string) => stateName(activity.objectId, name);
  const work = stateName(activity.objectId);
  const state = variableName('s', activity.objectId);
  context.allow(...clusterStatements(context, 'DescribeCluster'));
  return {
    [step('check resource')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:emr:describeCluster'),
      Arguments: { ClusterId: jsonata(cluster) },
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: work }],
      Assign: { [state]: jsonata('$states.result.Cluster.Status.State & ""') },
      Output: {},
      Next: step('alive?'),
    },
    [step('alive?')]: {
      Type: 'Choice',
      ...replace,
      Choices: [{ Condition: jsonata(`$${state} in ${jsonataStrings(READY_STATES)}`), Next: work }, ...replace.Choices ?? []],
    },
  };
}
