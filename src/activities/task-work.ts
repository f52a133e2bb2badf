import { Duration } from 'aws-cdk-lib';
import { checkDuration } from '../checks';
import { RUN_SCRIPT } from './cluster-work';
import { checkList, checkText } from '../compiler/text';
import { EmrWork, TaskRunnerWork, TaskTemplate } from '../compiler/work';
import { COMMAND_RUNNER } from '../contract/task';
import type { PipelineObject } from '../pipeline-object';
import { EmrCluster } from '../resources/emr-cluster';
import { ITaskRunnerHost, REPORT_PROGRESS_TIMEOUT } from '../resources/task-runner-host';

/** Task Runner's work on a host. On a cluster it is a step on the primary node, whose exit code is the task's. `given` is the object's own. */
export function taskWork(object: PipelineObject, host: ITaskRunnerHost, task: TaskTemplate, given?: Duration): TaskRunnerWork | EmrWork {
  checkDuration(object, 'reportProgressTimeout', given, 10);
  const reportProgressTimeout = given ?? host._reportProgressTimeout ?? REPORT_PROGRESS_TIMEOUT;
  if (!(host instanceof EmrCluster)) return { kind: 'taskRunner', host, task, reportProgressTimeout };
  const { scriptUri, scriptArguments } = host._taskRunner();
  const command = checkList(object, 'runsOn', ['bash', '-c', RUN_SCRIPT, scriptUri, ...scriptArguments]);
  const args = [...command, { task, reportProgressTimeout }, ...host._proxyOptions()];
  return { kind: 'emrSteps', cluster: host, steps: [{ name: object.objectId, jar: checkText(object, 'runsOn', COMMAND_RUNNER), args, properties: {} }] };
}
