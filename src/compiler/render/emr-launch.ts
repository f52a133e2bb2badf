/**
 * The launch of a transient cluster.
 *
 * RunJobFlow takes no client token, so a launch that is answered by an error is never just repeated: the cluster is looked for by
 * its name, which carries the run and the number of the launch, and adopted if it is there.
 */
import { jsonataString } from '../../expression/value';
import { EmrCluster } from '../../resources/emr-cluster';
import { onDemand } from '../../resources/emr-cluster-request';
import { ANY_ERROR, Asl, jsonata, jsonataObject, jsonataStrings, States, TRANSIENT_RETRY } from '../asl';
import { textFields, textOperand } from '../texts';
import { RunContext } from './context';
import { launchStatements } from './emr-permissions';
import { guard } from './guard';
import type { LaunchSite } from './launch';
import { READY_CLUSTER_STATES } from './resource-calls';
import { endOf, ResourceVariables, terminate } from './resource-variables';
import { CAUGHT_REASON, ENTERED, failedWith } from './result';

export const ACTIVE_STATES = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING'];
const STARTING_CHECK_SECONDS = 30;
/** Idleness after which Amazon EMR itself ends a cluster that a run could not end: beyond the delay between two attempts. */
const IDLE_MARGIN_SECONDS = 3600;
const LONGEST_IDLE_SECONDS = 7 * 24 * 3600;

/** Launches the cluster, or adopts one whose launch was not answered. */
export function launchCluster(site: LaunchSite<EmrCluster>): States {
  const { context, resource: cluster, step } = site;
  const variables = new ResourceVariables(cluster);
  const settings = context.settings(cluster._props);
  const { initTimeout } = cluster._launch;
  const end = endOf(cluster, variables);
  const result = context.result(cluster);
  const running = jsonata(jsonataObject({ status: '"RUNNING"', attempts: `$${variables.launch}`, startTime: ENTERED }));
  const guarded = end ? step('guard') : site.launched;
  const overdue = `$millis() - $toMillis($${variables.launched}) > ${initTimeout.toMilliseconds()}`;
  context.allow(...launchStatements(context, cluster));
  return {
    [step('acquire')]: {
      Type: 'Task',
      Resource: context.resource('elasticmapreduce:createCluster.sync'),
      Arguments: runJobFlow(site, variables),
      TimeoutSeconds: initTimeout.toSeconds(),
      Catch: [{
        ErrorEquals: ANY_ERROR,
        Assign: { [variables.error]: jsonata(CAUGHT_REASON), [variables.launched]: jsonata(ENTERED), [variables.marker]: '' },
        Next: step('find'),
      }],
      Assign: { [variables.id]: jsonata('$exists($states.result.ClusterId) ? $states.result.ClusterId : $states.result.Cluster.Id'), [variables.launched]: jsonata(ENTERED), [result]: running },
      Output: {},
      Next: guarded,
    },
    [step('find')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:emr:listClusters'),
      Arguments: jsonata(`$merge([{"ClusterStates": ${jsonataStrings(ACTIVE_STATES)}}, $${variables.marker} = "" ? {} : {"Marker": $${variables.marker}}])`),
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [variables.marker]: '' }, Next: step('found?') }],
      Assign: {
        [variables.marker]: jsonata('$states.result.Marker & ""'),
        [variables.id]: jsonata(`([$states.result.Clusters[Name = ${clusterName(context, cluster, variables)}]])[0].Id & ""`),
        [variables.state]: jsonata(`([$states.result.Clusters[Name = ${clusterName(context, cluster, variables)}]])[0].Status.State & ""`),
      },
      Output: {},
      Next: step('found?'),
    },
    [step('found?')]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${variables.id} != "" and $${variables.state} in ${jsonataStrings(READY_CLUSTER_STATES)}`), Assign: { [result]: running }, Next: guarded },
        { Condition: jsonata(`$${variables.id} != "" and ${overdue}`), Next: step('abandon') },
        { Condition: jsonata(`$${variables.id} != ""`), Next: step('starting') },
        { Condition: jsonata(`$${variables.marker} != ""`), Next: step('find') },
        { Condition: jsonata(`$${variables.launch} <= ${settings.maximumRetries}`), Next: step('launch delay') },
      ],
      Default: site.failed.next,
      Assign: { [result]: failedWith('"FAILED"', `$${variables.error}`, `$${variables.launch}`, `$${variables.launched}`), ...site.failed.assign },
    },
    [step('starting')]: { Type: 'Wait', Seconds: STARTING_CHECK_SECONDS, Assign: { [variables.marker]: '' }, Next: step('find') },
    [step('abandon')]: terminate(context, cluster, variables, step('found?'), { [variables.id]: '', [variables.marker]: '' }),
    [step('launch delay')]: {
      Type: 'Wait', Seconds: settings.retryDelay, Assign: { [variables.launch]: jsonata(`$${variables.launch} + 1`) }, Next: step('acquire'),
    },
    ...(end ? { [step('guard')]: guard(context, cluster, variables, end, site.launched) } : {}),
  };
}

function clusterName(context: RunContext, cluster: EmrCluster, variables: ResourceVariables): string {
  const { texts, pipeline } = context;
  return `${texts.literal(`${pipeline.pipelineName}/`)} & $run & ${jsonataString(`/${cluster.objectId}/`)} & $string($${variables.launch})`;
}

/** The tags of the cluster's own are known when the app's are: after `Tags.of` has been applied. */
function runJobFlow({ context, resource: cluster, pause, concurrency }: LaunchSite<EmrCluster>, variables: ResourceVariables): Asl {
  const { onDemandAtLast, serviceRole, instanceProfile } = cluster._launch;
  const { Instances, ...request } = cluster._launch.request;
  const { maximumRetries } = context.settings(cluster._props);
  const fields = (value: unknown, prop?: string) => textFields(context.texts, cluster, value, prop);
  const operand = (value: unknown) => textOperand(context.texts, cluster, value, 'Instances');
  return {
    ...fields(request) as Asl,
    Name: jsonata(clusterName(context, cluster, variables)),
    ServiceRole: serviceRole.roleArn,
    JobFlowRole: instanceProfile,
    StepConcurrencyLevel: concurrency,
    AutoTerminationPolicy: { IdleTimeout: Math.min(LONGEST_IDLE_SECONDS, pause + IDLE_MARGIN_SECONDS) },
    Instances: onDemandAtLast
      ? jsonata(`$${variables.launch} <= ${maximumRetries} ? ${operand(Instances)} : ${operand(onDemand(cluster._launch.request).Instances)}`)
      : fields(Instances, 'Instances'),
    Tags: Object.entries({
      ...cluster.tags.tagValues(),
      'datapipeline:pipeline': context.pipeline.pipelineName,
      'datapipeline:run': jsonata('$run'),
      'datapipeline:object': cluster.objectId,
      'for-use-with-amazon-emr-managed-policies': 'true',
    }).map(([Key, Value]) => ({ Key, Value })),
  };
}
