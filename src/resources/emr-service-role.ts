/** The role that Amazon EMR itself has, where none is given. */
import { Aws, Stack } from 'aws-cdk-lib';
import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { EmrCluster, EmrClusterProps } from './emr-cluster';

/** What launches name networks in. */
const LAUNCH_INTO = ['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate', 'ec2:CreateLaunchTemplateVersion', 'ec2:CreateNetworkInterface'];
const CHANGE_RULES = ['Authorize', 'Revoke'].flatMap((does) => ['Ingress', 'Egress'].map((way) => `ec2:${does}SecurityGroup${way}`));

/**
 * The managed policy lets Amazon EMR launch into subnets, and make security groups in VPCs, that carry its tag. Yours need not:
 * the network is allowed here. Security groups stay limited to those that carry the tag, as those that EMR makes do.
 */
export function emrServiceRole(cluster: EmrCluster, props: EmrClusterProps): IRole {
  const role = new Role(cluster, 'ServiceRole', {
    description: `Amazon EMR for cluster ${cluster.objectId}`,
    assumedBy: new ServicePrincipal('elasticmapreduce.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEMRServicePolicy_v2')],
  });
  role.addToPolicy(new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [cluster.resourceRole.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  }));
  role.addToPolicy(new PolicyStatement({
    actions: LAUNCH_INTO,
    resources: [ec2Arn(cluster, 'subnet', props.subnet?.subnetId ?? '*')],
  }));
  role.addToPolicy(new PolicyStatement({ actions: ['ec2:CreateSecurityGroup'], resources: [ec2Arn(cluster, 'vpc', '*')] }));
  securityGroupStatements(cluster, props).forEach((statement) => role.addToPolicy(statement));
  return role;
}

/** The managed policy has those that Amazon EMR makes. */
function securityGroupStatements(cluster: EmrCluster, props: EmrClusterProps): PolicyStatement[] {
  const { emrManagedMasterSecurityGroup, emrManagedSlaveSecurityGroup, serviceAccessSecurityGroup } = props;
  const managed = [emrManagedMasterSecurityGroup, emrManagedSlaveSecurityGroup, serviceAccessSecurityGroup].flatMap((group) => group ?? []);
  const additional = [...props.additionalMasterSecurityGroups ?? [], ...props.additionalSlaveSecurityGroups ?? []];
  const on = (groups: ISecurityGroup[], actions: string[]): PolicyStatement[] => {
    const ids = new Set(groups.map(({ securityGroupId }) => securityGroupId));
    return ids.size ? [new PolicyStatement({ actions, resources: [...ids].map((id) => ec2Arn(cluster, 'security-group', id)) })] : [];
  };
  return [...on([...managed, ...additional], LAUNCH_INTO), ...on(managed, CHANGE_RULES)];
}

function ec2Arn(cluster: EmrCluster, resource: string, resourceName: string): string {
  return Stack.of(cluster).formatArn({ service: 'ec2', resource, resourceName });
}
