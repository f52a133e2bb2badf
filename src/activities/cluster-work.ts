/** What the activities on a cluster have in common: the work of their steps, in order, and what it is granted. */
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Activity } from './activity';
import type { OnClusterProps } from './cluster-activity-props';
import { resizeSteps } from './cluster-resize';
import type { ShellScriptConfig } from './shell-script-config';
import { checkDuration } from '../checks';
import { composed, Standing, StepArgument } from '../compiler/step-argument';
import { checkList, checkText } from '../compiler/text';
import { Step, StepWork, Work } from '../compiler/work';
import { COMMAND_RUNNER } from '../contract/task';
import { DataNode } from '../data-nodes/data-node';
import { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { S3Location } from '../data-nodes/s3-location';
import { given, invalid } from '../errors';
import { EmrCluster } from '../resources/emr-cluster';
import { ITaskRunnerHost, REPORT_PROGRESS_TIMEOUT } from '../resources/task-runner-host';
import { WorkerGroup } from '../resources/worker-group';

/** The URI is `$0`, and what follows are the script's arguments: no value is part of the program. */
export const RUN_SCRIPT = 'script=$(mktemp) && aws s3 cp --only-show-errors "$0" "$script" && chmod +x "$script" && "$script" "$@"';

/** Throws unless the activity has something of its own pipeline to run on. */
export function stepsHost(activity: Activity, { runsOn }: OnClusterProps): ITaskRunnerHost {
  if (!(runsOn instanceof EmrCluster || runsOn instanceof WorkerGroup)) {
    throw invalid(activity, 'runsOn', `steps need a cluster to run on; got: ${given(runsOn)}; give an EmrCluster, or a WorkerGroup of hosts with Hadoop`);
  }
  activity._requireSamePipeline('runsOn', [runsOn]);
  return runsOn;
}

/** The work of the steps, between the activity's scripts; grants the cluster, or the hosts, the data nodes. */
export function clusterWork(activity: Activity, props: OnClusterProps, steps: readonly Step[]): Work {
  const host = stepsHost(activity, props);
  activity.input.forEach((node) => grantRead(node, host));
  activity.output.forEach((node) => grantWrite(node, host));
  const all = [
    ...resizeSteps(activity, props, host),
    ...scriptStep(activity, 'preActivityTaskConfig', host, props.preActivityTaskConfig),
    ...steps,
    ...scriptStep(activity, 'postActivityTaskConfig', host, props.postActivityTaskConfig),
  ];
  const name = (index: number): string => all.length === 1 ? activity.objectId : `${activity.objectId}: step ${index + 1}`;
  return stepsWork(activity, props, host, all.map((step, index) => step(name(index))));
}

function stepsWork(activity: Activity, { maximumRetries, reportProgressTimeout }: OnClusterProps, host: ITaskRunnerHost, steps: StepWork[]): Work {
  checkDuration(activity, 'reportProgressTimeout', reportProgressTimeout, 10);
  if (!(host instanceof EmrCluster)) {
    return { kind: 'taskRunner', host, task: { kind: 'steps', steps }, reportProgressTimeout: reportProgressTimeout ?? REPORT_PROGRESS_TIMEOUT };
  }
  if (reportProgressTimeout) {
    throw invalid(activity, 'reportProgressTimeout', `goes with a WorkerGroup; got: it and ${host.node.path}, which the run itself asks; give attemptTimeout`);
  }
  host._serve(maximumRetries);
  return { kind: 'emrSteps', cluster: host, steps };
}

function grantRead(node: DataNode, host: IGrantable): void {
  if (node instanceof S3DataNode) node._location.grantRead(host);
  if (node instanceof DynamoDBDataNode) node._grantRead(host);
}

function grantWrite(node: DataNode, host: IGrantable): void {
  if (node instanceof S3DataNode) node._location.grantCommit(host);
  if (node instanceof DynamoDBDataNode) node._grantWrite(host);
}

function scriptStep(activity: Activity, prop: string, host: IGrantable, config?: ShellScriptConfig): Step[] {
  if (!config) return [];
  S3Location.of(activity, prop, config.scriptUri).grantRead(host);
  return [commandStep(activity, prop, ['bash', '-c', RUN_SCRIPT, config.scriptUri, ...argumentsOf(config)])];
}

function argumentsOf({ scriptArgument, parent }: ShellScriptConfig): string[] {
  return scriptArgument ?? (parent ? argumentsOf(parent) : []);
}

/** A command for a shell: what only the run knows of it has no meaning there. */
export function shellStep(activity: Activity, prop: string, command: string): Step {
  if (command.trim() === '') throw invalid(activity, prop, `is empty; got: "${command}"; give a command for bash`);
  checkText(activity, prop, command);
  return commandStep(activity, prop, ['bash', '-c', composed(activity, prop, command, Standing.SHELL)]);
}

/** A program of the primary node: no shell reads its arguments. */
export function commandStep(activity: Activity, prop: string, command: ReadonlyArray<string | StepArgument>): Step {
  const args = command.flatMap((argument) => typeof argument === 'string' ? checkList(activity, prop, [argument]) : [argument]);
  return (name) => ({ name, jar: checkText(activity, prop, COMMAND_RUNNER), args, properties: {} });
}
