/**
 * What the props of a cluster say of the request that launches it. EmrCreateCluster of aws-stepfunctions-tasks makes a request's
 * fields of them; what the run itself decides on (name, tags, roles, step concurrency, idle timeout) is not in it.
 */
import { Role } from 'aws-cdk-lib/aws-iam';
import { QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { EmrClusterProps } from './emr-cluster';
import { HadoopSchedulerType } from './hadoop-scheduler-type';

/** Fields of RunJobFlow, by name. */
export type RunJobFlow = { readonly [field: string]: unknown };

const ON_DEMAND_PRICE = 'OnDemandPrice';
const SCHEDULERS: Record<HadoopSchedulerType, string | undefined> = {
  PARALLEL_FAIR_SCHEDULING: 'fair.FairScheduler',
  PARALLEL_CAPACITY_SCHEDULING: 'capacity.CapacityScheduler',
  DEFAULT_SCHEDULER: undefined,
};
export const SCHEDULER_SITE = 'yarn-site';
export const SCHEDULER_CLASS = 'yarn.resourcemanager.scheduler.class';

export function runJobFlowOf(cluster: Construct, props: EmrClusterProps, logUri: string): RunJobFlow {
  // Takes no effect: the run passes the cluster's own roles.
  const role = Role.fromRoleName(cluster, 'LaunchRole', 'none', { mutable: false });
  const launch = EmrCreateCluster.jsonata(cluster, 'Launch', {
    name: 'none',
    serviceRole: role,
    clusterRole: role,
    ...props.instanceFleets ? {} : { autoScalingRole: role },
    instances: instancesOf(props),
    releaseLabel: props.releaseLabel ?? 'emr-7.14.0',
    applications: (props.applications ?? ['Hive', 'Pig']).map((name) => ({ name })),
    bootstrapActions: props.bootstrapActions,
    configurations: configurationsOf(props),
    customAmiId: props.customAmiId,
    ebsRootVolumeSize: props.ebsRootVolumeSize,
    securityConfiguration: props.securityConfiguration,
    managedScalingPolicy: props.managedScalingPolicy,
    logUri,
  });
  const { Arguments } = launch.toStateJson(QueryLanguage.JSONATA) as { Arguments: RunJobFlow };
  const { Name, JobFlowRole, ServiceRole, AutoScalingRole, Tags, ...fields } = Arguments;
  return merged(fields, props.overrides ?? {});
}

/** The same without Spot Instances. */
export function onDemand(request: RunJobFlow): RunJobFlow {
  const { InstanceGroups, InstanceFleets, ...instances } = request.Instances as { InstanceGroups?: RunJobFlow[]; InstanceFleets?: RunJobFlow[] };
  return {
    ...request,
    Instances: {
      ...instances,
      ...InstanceGroups ? { InstanceGroups: InstanceGroups.map(({ Market, BidPrice, ...group }) => group) } : {},
      ...InstanceFleets ? { InstanceFleets: InstanceFleets.map(onDemandFleet) } : {},
    },
  };
}

/** Whether any of its instances are Spot Instances. */
export function hasSpot({ instanceFleets = [], masterInstanceBidPrice, coreInstanceBidPrice, taskInstanceBidPrice }: EmrClusterProps): boolean {
  const bids = [masterInstanceBidPrice, coreInstanceBidPrice, taskInstanceBidPrice];
  return bids.some((bid) => bid !== undefined) || instanceFleets.some(({ targetSpotCapacity = 0 }) => targetSpotCapacity > 0);
}

function onDemandFleet(fleet: RunJobFlow): RunJobFlow {
  const { TargetOnDemandCapacity = 0, TargetSpotCapacity = 0, LaunchSpecifications, ...others } = fleet as { [field: string]: number };
  const { SpotSpecification, ...specifications } = (LaunchSpecifications ?? {}) as unknown as RunJobFlow;
  return {
    ...others,
    TargetOnDemandCapacity: TargetOnDemandCapacity + TargetSpotCapacity,
    ...Object.keys(specifications).length ? { LaunchSpecifications: specifications } : {},
  };
}

function instancesOf(props: EmrClusterProps): EmrCreateCluster.InstancesConfigProperty {
  return {
    ...props.instanceFleets ? { instanceFleets: props.instanceFleets } : { instanceGroups: instanceGroups(props) },
    ec2SubnetId: props.subnet?.subnetId,
    placement: props.availabilityZone === undefined ? undefined : { availabilityZone: props.availabilityZone },
    ec2KeyName: props.keyPair?.keyPairName,
    emrManagedMasterSecurityGroup: props.emrManagedMasterSecurityGroup?.securityGroupId,
    emrManagedSlaveSecurityGroup: props.emrManagedSlaveSecurityGroup?.securityGroupId,
    serviceAccessSecurityGroup: props.serviceAccessSecurityGroup?.securityGroupId,
    additionalMasterSecurityGroups: props.additionalMasterSecurityGroups?.map(({ securityGroupId }) => securityGroupId),
    additionalSlaveSecurityGroups: props.additionalSlaveSecurityGroups?.map(({ securityGroupId }) => securityGroupId),
    terminationProtected: false,
  };
}

function instanceGroups(props: EmrClusterProps): EmrCreateCluster.InstanceGroupConfigProperty[] {
  const { MASTER, CORE, TASK } = EmrCreateCluster.InstanceRoleType;
  const master = props.masterInstanceType ?? 'm5.xlarge';
  const core = props.coreInstanceType ?? master;
  const groups: EmrCreateCluster.InstanceGroupConfigProperty[] = [
    {
      instanceRole: MASTER,
      instanceType: master,
      instanceCount: 1,
      configurations: props.masterGroupConfiguration,
      ebsConfiguration: props.masterEbsConfiguration,
      ...spot(props.masterInstanceBidPrice),
    },
    {
      instanceRole: CORE,
      instanceType: core,
      instanceCount: props.coreInstanceCount ?? 0,
      configurations: props.coreGroupConfiguration,
      ebsConfiguration: props.coreEbsConfiguration,
      ...spot(props.coreInstanceBidPrice),
    },
    {
      instanceRole: TASK,
      instanceType: props.taskInstanceType ?? core,
      instanceCount: props.taskInstanceCount ?? 0,
      configurations: props.taskGroupConfiguration,
      ebsConfiguration: props.taskEbsConfiguration,
      ...spot(props.taskInstanceBidPrice),
    },
  ];
  return groups.filter(({ instanceCount }) => instanceCount > 0);
}

/** Without a price of its own, a Spot Instance may cost what it costs on demand. */
function spot(bidPrice?: string): Pick<EmrCreateCluster.InstanceGroupConfigProperty, 'market' | 'bidPrice'> {
  if (bidPrice === undefined) return {};
  return { market: EmrCreateCluster.InstanceMarket.SPOT, ...bidPrice === ON_DEMAND_PRICE ? {} : { bidPrice } };
}

function configurationsOf({ configuration, hadoopSchedulerType, httpProxy }: EmrClusterProps): EmrCreateCluster.ConfigurationProperty[] | undefined {
  return withScheduler(withEnvironment(configuration ?? [], httpProxy?._environment), hadoopSchedulerType);
}

/** What steps find in their environment: the user's own wins. */
function withEnvironment(
  configuration: EmrCreateCluster.ConfigurationProperty[], variables?: Record<string, string>,
): EmrCreateCluster.ConfigurationProperty[] {
  if (!variables) return configuration;
  const env = taken(configuration, 'hadoop-env');
  const exported = taken(env.own?.configurations ?? [], 'export');
  const properties = { ...variables, ...exported.own?.properties };
  const configurations = [...exported.others, { ...exported.own, classification: 'export', properties }];
  return [...env.others, { ...env.own, classification: 'hadoop-env', configurations }];
}

function withScheduler(
  configuration: EmrCreateCluster.ConfigurationProperty[], hadoopSchedulerType?: HadoopSchedulerType,
): EmrCreateCluster.ConfigurationProperty[] | undefined {
  const scheduler = hadoopSchedulerType && SCHEDULERS[hadoopSchedulerType];
  if (scheduler === undefined) return configuration.length > 0 ? configuration : undefined;
  const { own, others } = taken(configuration, SCHEDULER_SITE);
  const properties = { ...own?.properties, [SCHEDULER_CLASS]: `org.apache.hadoop.yarn.server.resourcemanager.scheduler.${scheduler}` };
  return [...others, { classification: SCHEDULER_SITE, ...own, properties }];
}

function taken(configuration: EmrCreateCluster.ConfigurationProperty[], name: string) {
  return {
    own: configuration.find(({ classification }) => classification === name),
    others: configuration.filter(({ classification }) => classification !== name),
  };
}

function merged(fields: RunJobFlow, overrides: RunJobFlow): RunJobFlow {
  return Object.entries(overrides).reduce((all, [name, value]) => {
    const known = all[name];
    return { ...all, [name]: isObject(known) && isObject(value) ? merged(known, value) : value };
  }, fields);
}

function isObject(value: unknown): value is RunJobFlow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
