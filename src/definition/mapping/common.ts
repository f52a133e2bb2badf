/** Fields that families of objects share. */
import { choice, elsewhere, integer, period, ref, refs } from './rules';
import { literal } from '../code';
import { changed, kept, Rule, Rules } from './rule';

const LATE: Rules = { lateAfterTimeout: period('lateAfterTimeout'), onLateAction: refs('onLateAction', 'action') };
const OUTCOME: Rules = {
  failureAndRerunMode: choice('failureAndRerunMode', 'FailureAndRerunMode', ['NONE', 'CASCADE']),
  onFail: refs('onFail', 'action'),
  onSuccess: refs('onSuccess', 'action'),
};
const EVERYWHERE: Rules = {
  attemptStatus: elsewhere('#{node.attemptStatus} in the text of an action', 'AWS Data Pipeline itself wrote it.'),
};

/** At least 1 run at a time: what the service took for no limit is none here. */
const activeInstances: Rule = (use) => {
  const outcome = integer('maxActiveInstances')(use);
  const [, code] = outcome?.props?.[0] ?? [];
  if (code?.kind !== 'literal' || typeof code.value !== 'number' || code.value >= 1 && code.value <= 100) return outcome;
  return changed('maxActiveInstances', 'From 1 to 100 runs are at work at a time.', [['maxActiveInstances', literal(Math.min(100, Math.max(1, code.value)))]]);
};

const RUNS: Rules = {
  ...EVERYWHERE,
  ...LATE,
  ...OUTCOME,
  maximumRetries: integer('maximumRetries'),
  retryDelay: period('retryDelay'),
};
const LOGS = elsewhere('pipelineLogUri of the Pipeline', 'All logs of a pipeline are in one place.');

/** Work goes to a cluster, an instance or a worker group. */
export const runsOn: Rule = ref('runsOn', 'resource');
export const workerGroup: Rule = (use) => {
  if (use.object.fields.has('runsOn')) {
    use.warn('is ignored beside runsOn, as AWS Data Pipeline did');
    return { fate: 'not possible', why: 'AWS Data Pipeline ignored it beside runsOn.', instead: 'runsOn' };
  }
  const name = use.knownText();
  return name === undefined ? undefined : { ...kept('runsOn', { kind: 'object-ref', id: use.around.workerGroup(name) }), to: 'runsOn, a WorkerGroup' };
};

/** Of an activity; the planner compares it with the pipeline's. */
export const ACTIVITY: Rules = {
  ...RUNS,
  attemptTimeout: period('attemptTimeout'),
  dependsOn: refs('dependsOn', 'activity'),
  maxActiveInstances: activeInstances,
  pipelineLogUri: LOGS,
  precondition: refs('preconditions', 'precondition'),
  reportProgressTimeout: period('reportProgressTimeout'),
  runsOn,
  schedule: ref('schedule', 'schedule'),
  scheduleType: elsewhere('scheduleType of the Schedule', 'A schedule says when its runs start.'),
  workerGroup,
};

export const PIPELINE: Rules = {
  ...RUNS,
  attemptTimeout: period('attemptTimeout'),
  maxActiveInstances: activeInstances,
};

export const PRECONDITION: Rules = {
  ...RUNS,
  attemptTimeout: period('attemptTimeout'),
  preconditionTimeout: period('preconditionTimeout'),
  reportProgressTimeout: period('reportProgressTimeout'),
};

const OF_ACTIVITIES = 'What activities read and write is of their schedule.';
export const DATA_NODE: Rules = {
  ...RUNS,
  attemptTimeout: period('attemptTimeout'),
  dependsOn: refs('dependsOn', 'activity'),
  maxActiveInstances: activeInstances,
  pipelineLogUri: LOGS,
  precondition: refs('preconditions', 'precondition'),
  reportProgressTimeout: period('reportProgressTimeout'),
  runsOn,
  schedule: elsewhere('schedule of the activities that name it, or of the Pipeline', OF_ACTIVITIES),
  scheduleType: elsewhere('scheduleType of that Schedule', OF_ACTIVITIES),
  workerGroup,
};

const OF_USERS = 'A resource is launched for the runs of what is on it.';
const NO_HOST = (use: Parameters<Rule>[0]) => use.field.from === 'Default'
  ? undefined
  : { fate: 'not possible', why: 'AWS itself launches it for the run: no host takes part.', instead: 'Nothing: it is not needed.' } as const;
export const RESOURCE: Rules = {
  ...RUNS,
  actionOnResourceFailure: choice('actionOnResourceFailure', 'ActionOnResourceFailure', ['RETRY_ALL', 'RETRY_NONE']),
  actionOnTaskFailure: choice('actionOnTaskFailure', 'ActionOnTaskFailure', ['CONTINUE', 'TERMINATE']),
  attemptTimeout: (use) => use.object.fields.has('initTimeout') ? changed('initTimeout', 'A launch is one attempt.') : period('initTimeout')(use),
  httpProxy: ref('httpProxy', 'proxy'),
  initTimeout: period('initTimeout'),
  maxActiveInstances: activeInstances,
  runsOn: NO_HOST,
  schedule: elsewhere('schedule of the activities on it, or of the Pipeline', OF_USERS),
  scheduleType: elsewhere('scheduleType of that Schedule', OF_USERS),
  terminateAfter: period('terminateAfter'),
  workerGroup: NO_HOST,
};
