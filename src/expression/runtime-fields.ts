/** Fields that AWS Data Pipeline itself wrote while a run was on: why those that no text can have are not there, and what is instead. */
import { ExpressionError } from './error';

const AFTERWARDS = 'is known when the object has ended; give it as node.%s in the text of an action, such as the message of its onFail';
const HISTORY = "is of all runs, and a text is of one; the Run table and the runs' results in S3 (`pipelineLogUri`) have them all";
const LOGS = 'lies where the logs do, which #{node.errorMessage} names; the folder is <pipelineLogUri>/<pipeline>/<object>/<run>/<attempt>/';

const REFUSED: Readonly<Record<string, string>> = {
  '@actualEndTime': AFTERWARDS,
  '@cascadeFailedOn': AFTERWARDS,
  '@failureReason': AFTERWARDS,
  '@finishedTime': AFTERWARDS,
  '@healthStatus': AFTERWARDS,
  '@healthStatusUpdatedTime': AFTERWARDS,
  '@status': AFTERWARDS,
  '@waitingOn': AFTERWARDS,
  'cancellationReason': AFTERWARDS,
  'errorMessage': AFTERWARDS,
  '@activeInstances': HISTORY,
  '@healthStatusFromInstanceId': HISTORY,
  '@lastDeactivatedTime': HISTORY,
  '@latestCompletedRunTime': HISTORY,
  'currentRetryCount': "is counted by Step Functions, and no text reads it; the run's result has the attempts",
  'lastRetryTime': "is of one attempt, and no text is; the execution's history has it",
  'emrStepLog': LOGS,
  'hadoopJobLog': LOGS,
  'errorStackTrace': LOGS,
  'errorId': 'was a number of AWS Data Pipeline; the name of the error begins #{node.errorMessage}',
  'hostname': "is known to the host that does the work; a command asks it itself, by `hostname`, and Task Runner's log names it",
  'reportProgressTime': 'changes while the work is at it; Step Functions shows the last heartbeat of a task',
  '@firstActivationTime': 'is the start of a schedule that starts then: a date that the deployment knows; `datapipeline plan` prints it',
  '@resourceStatus': 'is of a resource; an action of it, such as its onFail, names it node.@status',
  '@sphere': 'was the same in all texts of a run: that of an attempt; leave it out',
  '@error': 'was of a definition that is not well-formed; such an app is not synthesized, and the error names object and prop',
  '@version': 'counted the versions of a definition; the template is what has versions here, and a run keeps the one that it began with',
};

/** Throws if a name that stands for nothing here is that of such a field. */
export function refuseRuntimeField(path: readonly string[]): void {
  const field = path[path.length - 1];
  if (Object.hasOwn(REFUSED, field)) throw new ExpressionError(`'${path.join('.')}' ${REFUSED[field].replace('%s', field)}`);
}
