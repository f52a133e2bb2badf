/** What a run must be allowed for transient clusters: the least that IAM can express. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RunContext } from './context';
import { EmrCluster } from '../../resources/emr-cluster';

export function launchStatements(context: RunContext, cluster: EmrCluster): PolicyStatement[] {
  const requested = { StringEquals: { 'elasticmapreduce:RequestTag/datapipeline:pipeline': context.pipeline.pipelineName } };
  const { serviceRole, instanceRole } = cluster._launch;
  return [
    new PolicyStatement({ actions: ['elasticmapreduce:RunJobFlow'], resources: ['*'], conditions: requested }), // has no resource types
    new PolicyStatement({ actions: ['elasticmapreduce:AddTags'], resources: [clusterArn(context.pipeline)], conditions: requested }),
    new PolicyStatement({ actions: ['elasticmapreduce:ListClusters'], resources: ['*'] }), // has no resource types
    ...clusterStatements(context, 'DescribeCluster', 'TerminateJobFlows'),
    passRole(serviceRole, 'elasticmapreduce.amazonaws.com'),
    passRole(instanceRole, 'ec2.amazonaws.com'),
    managedRule(context, 'RunJobFlow'),
    serviceLinkedRole(context),
  ];
}

/** The role by which Amazon EMR clears up after clusters; the first launch in an account makes it. */
function serviceLinkedRole(context: RunContext): PolicyStatement {
  const service = 'elasticmapreduce.amazonaws.com';
  return new PolicyStatement({
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [Stack.of(context.pipeline).formatArn({
      service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${service}/AWSServiceRoleForEMRCleanup`,
    })],
    conditions: { StringEquals: { 'iam:AWSServiceName': service } },
  });
}

function passRole(role: IRole, service: string): PolicyStatement {
  return new PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn], conditions: { StringEquals: { 'iam:PassedToService': service } } });
}

/** On clusters that carry this pipeline's tag. */
export function clusterStatements({ pipeline }: Pick<RunContext, 'pipeline'>, ...actions: string[]): [PolicyStatement] {
  return [new PolicyStatement({
    actions: actions.map((action) => `elasticmapreduce:${action}`),
    resources: [clusterArn(pipeline)],
    conditions: { StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': pipeline.pipelineName } },
  })];
}

function clusterArn(pipeline: Construct): string {
  return Stack.of(pipeline).formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*' });
}

/** The rule by which Step Functions hears of the end of a job that it waits for. */
export function managedRule(context: RunContext, api: 'RunJobFlow' | 'AddJobFlowSteps'): PolicyStatement {
  return new PolicyStatement({
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    resources: [Stack.of(context.pipeline).formatArn({
      service: 'events', resource: 'rule', resourceName: `StepFunctionsGetEventForEMR${api}Rule`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })],
  });
}
