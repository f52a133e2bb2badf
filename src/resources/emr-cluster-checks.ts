/** The rules of a cluster's props; each throws the error that names the prop and the mend. */
import { Token } from 'aws-cdk-lib';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { EmrCluster, EmrClusterProps } from './emr-cluster';
import { hasSpot, SCHEDULER_CLASS, SCHEDULER_SITE } from './emr-cluster-request';
import { HadoopSchedulerType } from './hadoop-scheduler-type';
import { checkActions, checkActiveInstances, checkDuration, checkRetries } from '../checks';
import { invalid } from '../errors';

const RELEASE_LABEL = /^emr-([5-9]|\d\d)\.\d+\.\d+$/;
const BID_PRICE = /^(OnDemandPrice|\d{1,4}(\.\d{1,5})?)$/;
const SHORTEST_TERMINATE_AFTER = 600;
const MOST_STEPS = 256;
const MOST_BOOTSTRAP_ACTIONS = 255;
/** Fields of RunJobFlow that a run relies on. */
const OWN_FIELDS = ['Name', 'Tags', 'Steps', 'ServiceRole', 'JobFlowRole', 'StepConcurrencyLevel', 'AutoTerminationPolicy'];
/** Props of instance groups. */
const GROUP_PROPS = [
  'masterInstanceType', 'coreInstanceType', 'coreInstanceCount', 'taskInstanceType', 'taskInstanceCount',
  'masterInstanceBidPrice', 'coreInstanceBidPrice', 'taskInstanceBidPrice',
  'masterGroupConfiguration', 'coreGroupConfiguration', 'taskGroupConfiguration',
  'masterEbsConfiguration', 'coreEbsConfiguration', 'taskEbsConfiguration',
] as const;

/** Throws if a prop of a cluster is none that it can have, or goes not with the others. */
export function checkCluster(cluster: EmrCluster, props: EmrClusterProps): void {
  const { releaseLabel, emrLogUri, coreInstanceCount, taskInstanceCount, taskInstanceType, coreInstanceType } = props;
  checkRetries(cluster, props);
  checkActions(cluster, props);
  checkActiveInstances(cluster, props.maxActiveInstances);
  checkDuration(cluster, 'initTimeout', props.initTimeout, 60);
  checkDuration(cluster, 'terminateAfter', props.terminateAfter, SHORTEST_TERMINATE_AFTER);
  if (releaseLabel !== undefined && !RELEASE_LABEL.test(releaseLabel)) {
    throw invalid(cluster, 'releaseLabel', `names a release of Amazon EMR, such as "emr-7.14.0"; got: "${releaseLabel}"`);
  }
  if (emrLogUri?.includes('#{')) throw invalid(cluster, 'emrLogUri', `takes no expressions; got: "${emrLogUri}"; leave out #{...}`);
  checkCount(cluster, 'coreInstanceCount', coreInstanceCount);
  checkCount(cluster, 'taskInstanceCount', taskInstanceCount);
  checkConcurrency(cluster, props);
  checkSpot(cluster, props);
  checkPlacement(cluster, props);
  checkConfiguration(cluster, props);
  if (coreInstanceType !== undefined && !coreInstanceCount) {
    throw invalid(cluster, 'coreInstanceType', `got: "${coreInstanceType}" and no core nodes; give coreInstanceCount`);
  }
  if (taskInstanceType !== undefined && !taskInstanceCount) {
    throw invalid(cluster, 'taskInstanceType', `got: "${taskInstanceType}" and no task nodes; give taskInstanceCount`);
  }
  if (taskInstanceCount && !coreInstanceCount) {
    throw invalid(cluster, 'taskInstanceCount', `got: ${taskInstanceCount} without core nodes; a cluster with task nodes needs at least one; give coreInstanceCount`);
  }
}

function checkConcurrency(cluster: EmrCluster, props: EmrClusterProps): void {
  const { taskConcurrency = 2 } = props;
  if (Number.isInteger(taskConcurrency) && taskConcurrency >= 1 && taskConcurrency <= MOST_STEPS) return;
  throw invalid(cluster, 'taskConcurrency', `is a whole number from 1 to ${MOST_STEPS}; got: ${taskConcurrency}`);
}

function checkSpot(cluster: EmrCluster, props: EmrClusterProps): void {
  const { coreInstanceCount, taskInstanceCount, useOnDemandOnLastAttempt } = props;
  for (const prop of ['masterInstanceBidPrice', 'coreInstanceBidPrice', 'taskInstanceBidPrice'] as const) {
    const price = props[prop];
    if (price === undefined || Token.isUnresolved(price) || BID_PRICE.test(price) && Number(price) !== 0) continue;
    throw invalid(cluster, prop, `is US dollars an hour, such as "0.35", or "OnDemandPrice"; got: "${price}"`);
  }
  for (const [prop, price, nodes, count] of [
    ['coreInstanceBidPrice', props.coreInstanceBidPrice, 'coreInstanceCount', coreInstanceCount],
    ['taskInstanceBidPrice', props.taskInstanceBidPrice, 'taskInstanceCount', taskInstanceCount],
  ] as const) {
    if (price !== undefined && !count) throw invalid(cluster, prop, `got: "${price}" without such nodes; give ${nodes}`);
  }
  if (useOnDemandOnLastAttempt && !hasSpot(props)) {
    throw invalid(cluster, 'useOnDemandOnLastAttempt', 'got: true, and no Spot Instances; give a bid price, or instanceFleets with targetSpotCapacity');
  }
}

function checkPlacement(cluster: EmrCluster, props: EmrClusterProps): void {
  const { subnet, availabilityZone, emrManagedMasterSecurityGroup: master, emrManagedSlaveSecurityGroup: slave, instanceFleets } = props;
  if (subnet && availabilityZone !== undefined) {
    throw invalid(cluster, 'availabilityZone', `got: "${availabilityZone}" and subnet, which lies in one; give one of the two`);
  }
  if (!master !== !slave) {
    throw invalid(cluster, master ? 'emrManagedMasterSecurityGroup' : 'emrManagedSlaveSecurityGroup', 'got: one of emrManagedMasterSecurityGroup and emrManagedSlaveSecurityGroup; give both');
  }
  const groups = GROUP_PROPS.filter((prop) => props[prop] !== undefined);
  if (instanceFleets && groups.length) {
    throw invalid(cluster, 'instanceFleets', `got: it and ${groups.join(', ')}, which are of instance groups; give fleets or groups`);
  }
  if (instanceFleets && !instanceFleets.some(({ instanceFleetType }) => instanceFleetType === EmrCreateCluster.InstanceRoleType.MASTER)) {
    throw invalid(cluster, 'instanceFleets', 'has a fleet of type MASTER; got: none; add it');
  }
}

function checkConfiguration(cluster: EmrCluster, props: EmrClusterProps): void {
  const { bootstrapActions = [], configuration = [], hadoopSchedulerType = HadoopSchedulerType.DEFAULT_SCHEDULER, overrides = {} } = props;
  if (bootstrapActions.length > MOST_BOOTSTRAP_ACTIONS) {
    throw invalid(cluster, 'bootstrapActions', `are ${MOST_BOOTSTRAP_ACTIONS} at most; got: ${bootstrapActions.length}`);
  }
  const scheduler = configuration.find(({ classification }) => classification === SCHEDULER_SITE)?.properties?.[SCHEDULER_CLASS];
  if (scheduler !== undefined && hadoopSchedulerType !== HadoopSchedulerType.DEFAULT_SCHEDULER) {
    throw invalid(cluster, 'hadoopSchedulerType', `got: ${hadoopSchedulerType}, and ${SCHEDULER_CLASS} "${scheduler}" in configuration; give one of the two`);
  }
  const own = Object.keys(overrides).filter((name) => OWN_FIELDS.includes(name));
  if (own.length) throw invalid(cluster, 'overrides', `leave ${OWN_FIELDS.join(', ')} to the run; got: ${own.join(', ')}`);
}

function checkCount(cluster: EmrCluster, prop: string, count?: number): void {
  if (count !== undefined && !(Number.isInteger(count) && count >= 0)) {
    throw invalid(cluster, prop, `is a whole number, 0 or more; got: ${count}`);
  }
}
