/**
 * The machine that does the steps of one activity on a cluster with many.
 *
 * It does what the states of an activity on a shared cluster do: asks the cluster's manager for it, runs the steps, tries again, and
 * leaves the cluster, also when it is only told that there is nothing to do.
 */
import { StepsJob } from '../contract/activity-job';
import type { EmrCluster } from '../resources/emr-cluster';
import type { ScheduledRuns } from '../scheduled-runs';
import { Asl, jsonata, Machine, merged, States } from './asl';
import { ACTIVITY, JOB, jobMachine, jobSite, step } from './job-machine';
import { stateName, variableName } from './names';
import { goTo, RunContext } from './render/context';
import { adopt } from './render/emr-adopt';
import { clusterStatements, managedRule } from './render/emr-permissions';
import { Hold } from './render/hold';
import { checkResource } from './render/on-resource';
import { CAUGHT_STEP_REASON, ENTERED } from './render/result';
import { leave, MARK, sharedHold } from './render/shared';
import { Attempts, JobSite } from './render/work';

const STEPS: { readonly [field in Exclude<keyof StepsJob, keyof typeof JOB>]: string } = { steps: '$job.steps' };
/** How many steps have been done in this attempt, and when it began. */
const STEP = 'step';
const BEGAN = variableName('t', ACTIVITY.objectId);

export function renderStepsMachine(runs: ScheduledRuns, cluster: EmrCluster): Machine {
  const context = new RunContext(runs, (_, object) => object, { preconditions: 0, statements: 0, waits: 1 });
  const site = jobSite(context, step('leave'));
  const attempts = new Attempts(site);
  const hold = sharedHold(site, cluster, attempts, jsonata(JOB.object));
  const states = attemptStates(site, cluster, attempts, hold);
  context.repeated(states, cluster._mostAttempts);
  const left = leave(context, cluster, { ...ACTIVITY, mark: jsonata(`"${MARK}" & ${JOB.object}`) }, goTo(jobSite(context).settled.success));
  return jobMachine(context, {
    does: `Steps of an activity on ${cluster.objectId}`,
    states: merged(states, left.states),
    assign: { ...attempts.assign, ...hold.assign, [STEP]: 0, [BEGAN]: '' },
    start: hold.start,
    held: step('leave'),
  });
}

/** The steps, one after the other, and what follows when one has failed. */
function attemptStates(site: JobSite, cluster: EmrCluster, attempts: Attempts, hold: Hold): States {
  const { context, settled } = site;
  const adoption = adopt(site, hold, attempts, [{ Assign: { [STEP]: jsonata(`$${STEP} + 1`), [BEGAN]: jsonata(attempts.began) }, Next: step('more?') }],
    `${JOB.attemptTimeout} * 1000`);
  const tries = attempts.states(step('check resource'), { rules: [adoption.rule], last: hold.exhausted });
  const delay = step('retry delay');
  return merged(hold.states, {
    [stateName(ACTIVITY.objectId)]: stepState(context, attempts, hold),
    [step('more?')]: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$${STEP} < $count(${STEPS.steps})`), Next: stateName(ACTIVITY.objectId) }],
      Assign: attempts.finished(`$${BEGAN}`),
      Default: settled.success,
    },
    ...tries,
    [delay]: { ...tries[delay], Assign: { ...tries[delay].Assign as Asl, [STEP]: 0 } },
  }, adoption.states, checkResource(site, cluster, hold));
}

function stepState(context: RunContext, attempts: Attempts, hold: Hold): Asl {
  const current = `${STEPS.steps}[$${STEP}]`;
  const title = `${current}.Name & " (attempt " & $string($${attempts.count}) & ")"`;
  const startTime = `($${STEP} = 0 ? ${ENTERED} : $${BEGAN})`;
  const left = `$max([1, ${JOB.attemptTimeout} - ($${STEP} = 0 ? 0 : $floor(($millis() - $toMillis($${BEGAN})) / 1000))])`;
  const more = { step: title, unsure: '$states.errorOutput.Error != "States.TaskFailed"' };
  context.allow(...clusterStatements(context, 'AddJobFlowSteps', 'DescribeStep', 'CancelSteps'), managedRule(context, 'AddJobFlowSteps'));
  return {
    Type: 'Task',
    Resource: context.resource('elasticmapreduce:addStep.sync'),
    Arguments: { ClusterId: jsonata(hold.id), Step: jsonata(`$merge([${current}, {"Name": ${title}, "ActionOnFailure": "CONTINUE"}])`) },
    TimeoutSeconds: jsonata(left),
    Catch: [attempts.catcher({ reason: CAUGHT_STEP_REASON, startTime, more })],
    Assign: { [BEGAN]: jsonata(startTime), [STEP]: jsonata(`$${STEP} + 1`) },
    Output: {},
    Next: step('more?'),
  };
}
