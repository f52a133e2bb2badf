import { Size } from 'aws-cdk-lib';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';

/** Props of the nodes of an EmrCluster: how many there are, of what types and with what volumes, and what is set on some of them alone. */
export interface EmrNodeProps {
  /**
   * Instance type of the primary node.
   *
   * @default 'm5.xlarge'
   */
  readonly masterInstanceType?: string;

  /**
   * Instance type of the core nodes.
   *
   * @default - that of the primary node
   */
  readonly coreInstanceType?: string;

  /**
   * Number of core nodes. 0: the primary node does all the work.
   *
   * @default 0
   */
  readonly coreInstanceCount?: number;

  /**
   * Instance type of the task nodes.
   *
   * @default - that of the core nodes
   */
  readonly taskInstanceType?: string;

  /**
   * Number of task nodes.
   *
   * @default 0
   */
  readonly taskInstanceCount?: number;

  /**
   * Makes the primary node a Spot Instance, for so many US dollars an hour at most, such as `0.35`; or `OnDemandPrice`: for no more than
   * it costs on demand.
   *
   * @default - on demand
   */
  readonly masterInstanceBidPrice?: string;

  /**
   * The same for the core nodes. Goes with `coreInstanceCount`.
   *
   * @default - on demand
   */
  readonly coreInstanceBidPrice?: string;

  /**
   * The same for the task nodes. Goes with `taskInstanceCount`.
   *
   * @default - on demand
   */
  readonly taskInstanceBidPrice?: string;

  /**
   * Whether the last launch that `maximumRetries` allows asks for no Spot Instances, so that it does not fail for want of them.
   *
   * @default false
   */
  readonly useOnDemandOnLastAttempt?: boolean;

  /**
   * Instance fleets, in place of instance groups: of several types, on demand and Spot, the core fleet and the task fleet as needed.
   *
   * @default - instance groups, as the props for primary, core and task nodes say
   * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html
   */
  readonly instanceFleets?: EmrCreateCluster.InstanceFleetConfigProperty[];

  /**
   * Limits between which Amazon EMR itself adds and removes nodes.
   *
   * @default - the cluster keeps its size
   */
  readonly managedScalingPolicy?: EmrCreateCluster.ManagedScalingPolicyProperty;

  /**
   * Settings on the primary node alone.
   *
   * @default - `configuration`
   */
  readonly masterGroupConfiguration?: EmrCreateCluster.ConfigurationProperty[];

  /**
   * Settings on the core nodes alone.
   *
   * @default - `configuration`
   */
  readonly coreGroupConfiguration?: EmrCreateCluster.ConfigurationProperty[];

  /**
   * Settings on the task nodes alone.
   *
   * @default - `configuration`
   */
  readonly taskGroupConfiguration?: EmrCreateCluster.ConfigurationProperty[];

  /**
   * EBS volumes of the primary node.
   *
   * @default - those of its instance type
   */
  readonly masterEbsConfiguration?: EmrCreateCluster.EbsConfigurationProperty;

  /**
   * EBS volumes of each core node.
   *
   * @default - those of its instance type
   */
  readonly coreEbsConfiguration?: EmrCreateCluster.EbsConfigurationProperty;

  /**
   * EBS volumes of each task node.
   *
   * @default - those of its instance type
   */
  readonly taskEbsConfiguration?: EmrCreateCluster.EbsConfigurationProperty;

  /**
   * Size of the root volume of each node: 15 to 100 GiB.
   *
   * @default - the release's
   */
  readonly ebsRootVolumeSize?: Size;
}
