import { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';

/** Props of where an EmrCluster is in the network, and of who reaches it. */
export interface EmrNetworkProps {
  /**
   * Subnet of the cluster. Field `subnetId`. Not together with `availabilityZone`.
   *
   * @default - one of the account's default VPC
   */
  readonly subnet?: ISubnet;

  /**
   * Availability Zone of the cluster, in the account's default VPC.
   *
   * @default - Amazon EMR chooses
   */
  readonly availabilityZone?: string;

  /**
   * Security group of the primary node that Amazon EMR adds its rules to. Goes with `emrManagedSlaveSecurityGroup`. Field
   * `emrManagedMasterSecurityGroupId`.
   *
   * @default - Amazon EMR makes it
   */
  readonly emrManagedMasterSecurityGroup?: ISecurityGroup;

  /**
   * Security group of the core and task nodes that Amazon EMR adds its rules to. Goes with `emrManagedMasterSecurityGroup`. Field
   * `emrManagedSlaveSecurityGroupId`.
   *
   * @default - Amazon EMR makes it
   */
  readonly emrManagedSlaveSecurityGroup?: ISecurityGroup;

  /**
   * Security group by which Amazon EMR reaches a cluster in a private subnet. Field `serviceAccessSecurityGroupId`.
   *
   * @default - Amazon EMR makes it where one is needed
   */
  readonly serviceAccessSecurityGroup?: ISecurityGroup;

  /**
   * Further security groups of the primary node. Field `additionalMasterSecurityGroupIds`.
   *
   * @default - none
   */
  readonly additionalMasterSecurityGroups?: ISecurityGroup[];

  /**
   * Further security groups of the core and task nodes. Field `additionalSlaveSecurityGroupIds`.
   *
   * @default - none
   */
  readonly additionalSlaveSecurityGroups?: ISecurityGroup[];
}
