/** Makes a cluster as large as the tables in DynamoDB can keep busy that an activity reads and writes, before its work. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Activity } from './activity';
import type { OnClusterProps } from './cluster-activity-props';
import { commandStep } from './cluster-work';
import { RESIZE } from './resize-command';
import type { StepArgument } from '../compiler/step-argument';
import type { Step } from '../compiler/work';
import type { DataNode } from '../data-nodes/data-node';
import { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { invalid } from '../errors';
import { EmrCluster } from '../resources/emr-cluster';
import type { ITaskRunnerHost } from '../resources/task-runner-host';

/** What EMR's connector takes of a table's capacity unless it is told. */
const USUAL_SHARE = 0.5;

export function resizeSteps(activity: Activity, props: OnClusterProps, cluster: ITaskRunnerHost): Step[] {
  const { resizeClusterBeforeRunning: resizes = false, resizeClusterMaxInstances: most } = props;
  if (most !== undefined && !(Number.isInteger(most) && most >= 1)) throw invalid(activity, 'resizeClusterMaxInstances', `is a whole number, 1 or more; got: ${most}`);
  if (most !== undefined && !resizes) throw invalid(activity, 'resizeClusterMaxInstances', `goes with resizeClusterBeforeRunning; got: ${most}; give that too, or leave it out`);
  if (!resizes) return [];
  if (!(cluster instanceof EmrCluster)) {
    throw invalid(activity, 'resizeClusterBeforeRunning', `adds nodes to a cluster of the run's own; got: ${cluster.node.path}; leave it out, or give runsOn an EmrCluster`);
  }
  if (!cluster._props.coreInstanceCount) {
    throw invalid(activity, 'resizeClusterBeforeRunning', `adds core nodes to an instance group; got: ${cluster.node.path} without such; give it coreInstanceCount`);
  }
  const { region } = Stack.of(activity);
  const tables = [...taken(region, activity.input, 'Read'), ...taken(region, activity.output, 'Write')];
  if (tables.length === 0) throw invalid(activity, 'resizeClusterBeforeRunning', 'looks at tables in DynamoDB; got: true, and no DynamoDBDataNode; leave it out');
  grantResize(cluster);
  return [commandStep(activity, 'resizeClusterBeforeRunning', ['bash', '-c', RESIZE, region, String(most ?? 0), ...tables])];
}

/** For each table four arguments. */
function taken(region: string, nodes: readonly DataNode[], what: 'Read' | 'Write'): Array<string | StepArgument> {
  return nodes.flatMap((node) => {
    if (!(node instanceof DynamoDBDataNode)) return [];
    const share = what === 'Read' ? node._props.readThroughputPercent : node._props.writeThroughputPercent;
    return [node._props.region ?? region, node._tableName, what, String(share ?? USUAL_SHARE)];
  });
}

function grantResize(cluster: EmrCluster): void {
  const stack = Stack.of(cluster);
  cluster.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['elasticmapreduce:ListInstanceGroups', 'elasticmapreduce:ModifyInstanceGroups'],
    resources: [stack.formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME })],
    conditions: { StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': cluster.pipeline.pipelineName } },
  }));
}
