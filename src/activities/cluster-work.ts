/** What the activities on an EmrCluster have in common: the work of their steps, in order, and what it is granted. */
import type { Activity } from './activity';
import type { OnClusterProps } from './cluster-activity-props';
import { resizeSteps } from './cluster-resize';
import type { ShellScriptConfig } from './shell-script-config';
import { composed, Standing, StepArgument } from '../compiler/step-argument';
import { checkList, checkText } from '../compiler/text';
import { EmrStepWork, EmrWork } from '../compiler/work';
import { DataNode } from '../data-nodes/data-node';
import { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import { EmrCluster } from '../resources/emr-cluster';

/** A step that has no name yet. */
export type Step = (name: string) => EmrStepWork;

export const COMMAND_RUNNER = 'command-runner.jar';
/** The URI is `$0`, and what follows are the script's arguments: no value is part of the program. */
export const RUN_SCRIPT = 'script=$(mktemp) && aws s3 cp --only-show-errors "$0" "$script" && chmod +x "$script" && "$script" "$@"';

/** Throws unless the activity has a cluster of its own pipeline to run on. */
export function clusterOf(activity: Activity, { runsOn }: OnClusterProps): EmrCluster {
  if (!runsOn) throw invalid(activity, 'runsOn', 'steps need a cluster to run on; got: nothing; give an EmrCluster');
  activity._requireSamePipeline('runsOn', [runsOn]);
  return runsOn;
}

/** The work of the steps, between the activity's scripts; grants the cluster the data nodes. */
export function clusterWork(activity: Activity, props: OnClusterProps, steps: readonly Step[]): EmrWork {
  const cluster = clusterOf(activity, props);
  cluster._serve(props.maximumRetries);
  activity.input.forEach((node) => grantRead(node, cluster));
  activity.output.forEach((node) => grantWrite(node, cluster));
  const all = [
    ...resizeSteps(activity, props, cluster),
    ...scriptStep(activity, 'preActivityTaskConfig', cluster, props.preActivityTaskConfig),
    ...steps,
    ...scriptStep(activity, 'postActivityTaskConfig', cluster, props.postActivityTaskConfig),
  ];
  const name = (index: number): string => all.length === 1 ? activity.objectId : `${activity.objectId}: step ${index + 1}`;
  return { kind: 'emrSteps', cluster, steps: all.map((step, index) => step(name(index))) };
}

function grantRead(node: DataNode, cluster: EmrCluster): void {
  if (node instanceof S3DataNode) node._location.grantRead(cluster);
  if (node instanceof DynamoDBDataNode) node._grantRead(cluster);
}

function grantWrite(node: DataNode, cluster: EmrCluster): void {
  if (node instanceof S3DataNode) node._location.grantCommit(cluster);
  if (node instanceof DynamoDBDataNode) node._grantWrite(cluster);
}

function scriptStep(activity: Activity, prop: string, cluster: EmrCluster, config?: ShellScriptConfig): Step[] {
  if (!config) return [];
  S3Location.of(activity, prop, config.scriptUri).grantRead(cluster);
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
