/**
 * Steps on a transient cluster: `acquire` launches it, `release` ends it after its last activity.
 *
 * RunJobFlow takes no client token, so a launch whose answer is an error is never just repeated: the cluster is looked for by
 * its name, which carries the run and the number of the launch, and adopted if it is there. A step that fails is tried again on
 * the same cluster, or, if that has died, on a new one.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EmrCluster } from '../../resources/emr-cluster';
import { ANY_ERROR, Asl, jsonata, jsonataObject, jsonataStrings, States, TRANSIENT_RETRY } from '../asl';
import { stateName, variableName } from '../names';
import { EmrStepWork, EmrWork } from '../work';
import { Exit, RunContext } from './context';
import { CAUGHT_REASON, failedWith, untried } from './result';
import { settle, sameExit } from './settle';
import { Attempts, WorkFragment, WorkSite } from './work';

const ENTERED = '$states.context.State.EnteredTime';
export const ACTIVE_STATES = ['STARTING', 'BOOTSTRAPPING', 'RUNNING', 'WAITING'];
const READY_STATES = ['RUNNING', 'WAITING'];
const STARTING_CHECK_SECONDS = 30;
/** Idleness after which Amazon EMR ends a cluster that a run could not: the longest that a retry may leave it idle is less. */
const IDLE_MARGIN_SECONDS = 3600;
const LONGEST_IDLE_SECONDS = 7 * 24 * 3600;

/** The variables of a cluster, in the scope that encloses all its activities. */
export class ClusterVariables {
  readonly cluster: string;
  readonly launch: string;
  readonly launched: string;
  readonly marker: string;
  readonly error: string;
  readonly state: string;

  constructor(cluster: EmrCluster) {
    const name = (prefix: string) => variableName(prefix, cluster.objectId);
    this.cluster = name('v');
    this.launch = name('l');
    this.launched = name('lt');
    this.marker = name('m');
    this.error = name('le');
    this.state = name('cs');
  }

  /** Before the first activity. */
  initial(result: string): Asl {
    return { [this.cluster]: '', [this.launch]: 1, [this.launched]: '', [this.marker]: '', [this.error]: '', [this.state]: '', [result]: untried('WAITING_ON_DEPENDENCIES') };
  }
}

export function clusterPrefix(pipelineName: string): string {
  return `${pipelineName}/`;
}

export function renderEmr(site: WorkSite, work: EmrWork, first: boolean, attemptTimeout?: number): WorkFragment {
  const id = site.activity.objectId;
  const attempts = new Attempts(site);
  const variables = new ClusterVariables(work.cluster);
  const step = (name: string) => stateName(id, name);
  const resource = step('resource?');
  const states: States = {
    ...acquire(site, work.cluster, variables),
    ...work.steps.reduce((all, each, index) => ({ ...all, ...stepState(site, work, each, index, attempts, variables, attemptTimeout) }), {}),
    ...attempts.states(step('check resource')),
    ...checkResource(site, work.cluster, variables, attempts),
    ...(first ? {} : {
      [resource]: { Type: 'Choice', Choices: [{ Condition: jsonata(`$${variables.cluster} != ""`), Next: step('check resource') }], Default: step('acquire') },
    }),
  };
  return { start: first ? step('acquire') : resource, states, assign: attempts.assign };
}

/** One step; the attempt ends well with the last. */
function stepState(
  { context, activity, settled }: WorkSite, { steps }: EmrWork, step: EmrStepWork, index: number,
  attempts: Attempts, variables: ClusterVariables, attemptTimeout?: number,
): States {
  const name = (position: number) => position === 0 ? stateName(activity.objectId) : stateName(activity.objectId, `step ${position + 1}`);
  const last = index === steps.length - 1;
  const properties = Object.entries(step.properties).map(([Key, Value]) => ({ Key, Value }));
  context.allow(...clusterStatements(context, 'AddJobFlowSteps', 'DescribeStep', 'CancelSteps'), managedRule(context, 'AddJobFlowSteps'));
  return {
    [name(index)]: {
      Type: 'Task',
      Resource: context.resource('elasticmapreduce:addStep.sync'),
      Arguments: {
        ClusterId: jsonata(`$${variables.cluster}`),
        Step: {
          Name: jsonata(`${JSON.stringify(step.name)} & " (attempt " & $string($${attempts.count}) & ")"`),
          ActionOnFailure: 'CONTINUE',
          HadoopJarStep: {
            Jar: context.texts.field(step.jar),
            ...(step.mainClass ? { MainClass: step.mainClass } : {}),
            Args: step.args.map((argument) => context.texts.field(argument)),
            ...(properties.length ? { Properties: properties } : {}),
          },
        },
      },
      ...(attemptTimeout === undefined ? {} : { TimeoutSeconds: attemptTimeout }),
      Catch: [attempts.catcher],
      ...(last ? { Assign: attempts.finished() } : {}),
      Output: {},
      Next: last ? settled.success : name(index + 1),
    },
  };
}

/** Launches the cluster, or adopts one whose launch was not answered. */
function acquire(site: WorkSite, cluster: EmrCluster, variables: ClusterVariables): States {
  const { context, activity, settled } = site;
  const settings = context.settings(cluster._props);
  const step = (name: string) => stateName(activity.objectId, name);
  const work = stateName(activity.objectId);
  const { terminateAfter, initTimeout } = cluster._launch;
  const result = context.result(cluster);
  const running = jsonata(jsonataObject({ status: '"RUNNING"', attempts: `$${variables.launch}`, startTime: ENTERED }));
  const guarded = terminateAfter ? step('guard') : work;
  const overdue = `$millis() - $toMillis($${variables.launched}) > ${initTimeout.toMilliseconds()}`;
  context.allow(...launchStatements(context, cluster));
  return {
    [step('acquire')]: {
      Type: 'Task',
      Resource: context.resource('elasticmapreduce:createCluster.sync'),
      Arguments: runJobFlow(site, cluster, variables),
      TimeoutSeconds: initTimeout.toSeconds(),
      Catch: [{
        ErrorEquals: ANY_ERROR,
        Assign: { [variables.error]: jsonata(CAUGHT_REASON), [variables.launched]: jsonata(ENTERED), [variables.marker]: '' },
        Next: step('find'),
      }],
      Assign: { [variables.cluster]: jsonata('$states.result.ClusterId'), [variables.launched]: jsonata(ENTERED), [result]: running },
      Output: {},
      Next: guarded,
    },
    [step('find')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:emr:listClusters'),
      Arguments: jsonata(`$merge([{"ClusterStates": ${jsonataStrings(ACTIVE_STATES)}}, $${variables.marker} = "" ? {} : {"Marker": $${variables.marker}}])`),
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: step('found?') }],
      Assign: {
        [variables.marker]: jsonata('$states.result.Marker & ""'),
        [variables.cluster]: jsonata(`([$states.result.Clusters[Name = ${clusterName(context, cluster, variables)}]])[0].Id & ""`),
        [variables.state]: jsonata(`([$states.result.Clusters[Name = ${clusterName(context, cluster, variables)}]])[0].Status.State & ""`),
      },
      Output: {},
      Next: step('found?'),
    },
    [step('found?')]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${variables.cluster} != "" and $${variables.state} in ${jsonataStrings(READY_STATES)}`), Assign: { [result]: running }, Next: guarded },
        { Condition: jsonata(`$${variables.cluster} != "" and ${overdue}`), Next: step('abandon') },
        { Condition: jsonata(`$${variables.cluster} != ""`), Next: step('starting') },
        { Condition: jsonata(`$${variables.marker} != ""`), Next: step('find') },
        { Condition: jsonata(`$${variables.launch} <= ${settings.maximumRetries}`), Next: step('launch delay') },
      ],
      Default: settled.failure,
      Assign: {
        [result]: failedWith('"FAILED"', `$${variables.error}`, `$${variables.launch}`, `$${variables.launched}`),
        [context.result(activity)]: untried('CANCELED', `${JSON.stringify(`${cluster.objectId} could not be launched: `)} & $${variables.error}`),
      },
    },
    [step('starting')]: { Type: 'Wait', Seconds: STARTING_CHECK_SECONDS, Next: step('find') },
    [step('abandon')]: terminate(context, variables, step('found?'), { [variables.cluster]: '', [variables.marker]: '' }),
    [step('launch delay')]: {
      Type: 'Wait', Seconds: settings.retryDelay, Assign: { [variables.launch]: jsonata(`$${variables.launch} + 1`) }, Next: step('acquire'),
    },
    ...(terminateAfter ? { [step('guard')]: guard(context, variables, terminateAfter.toMilliseconds(), work) } : {}),
  };
}

/** After a failed attempt: does the cluster still live? */
function checkResource(site: WorkSite, cluster: EmrCluster, variables: ClusterVariables, attempts: Attempts): States {
  const { context, activity, settled } = site;
  const step = (name: string) => stateName(activity.objectId, name);
  const work = stateName(activity.objectId);
  const state = variableName('s', activity.objectId);
  const { terminateAfter } = cluster._launch;
  const reason = `terminateAfter of ${terminateAfter?.toHumanString()} passed`;
  return {
    [step('check resource')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:emr:describeCluster'),
      Arguments: { ClusterId: jsonata(`$${variables.cluster}`) },
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Next: work }],
      Assign: { [state]: jsonata('$states.result.Cluster.Status.State & ""') },
      Output: {},
      Next: step('alive?'),
    },
    [step('alive?')]: {
      Type: 'Choice',
      Choices: [
        { Condition: jsonata(`$${state} in ${jsonataStrings(READY_STATES)}`), Next: work },
        ...(terminateAfter ? [{
          Condition: jsonata(expired(variables, terminateAfter.toMilliseconds())),
          Assign: {
            [context.result(activity)]: failedWith('"FAILED"', JSON.stringify(`${cluster.objectId}: ${reason}`), `$${attempts.count} - 1`),
          },
          Next: settled.failure,
        }] : []),
      ],
      Assign: { [variables.cluster]: '', [variables.launch]: jsonata(`$${variables.launch} + 1`) },
      Default: step('acquire'),
    },
  };
}

/** Ends the cluster after its last activity, whatever became of them. */
export function release(context: RunContext, cluster: EmrCluster, exit: Exit, users: readonly string[]): { start: string; states: States } {
  const variables = new ClusterVariables(cluster);
  const settings = context.settings(cluster._props);
  const settled = settle(context, cluster, settings, sameExit(exit));
  const step = (name: string) => stateName(cluster.objectId, name);
  const result = context.result(cluster);
  const { terminateAfter } = cluster._launch;
  const after = terminateAfter ? step('unguard') : settled.success;
  const late = terminateAfter ? `${expired(variables, terminateAfter.toMilliseconds())} ? "TIMEDOUT" : "FINISHED"` : '"FINISHED"';
  const ended = jsonata(`$merge([$${result}, {"status": ${late}, "endTime": $now()}])`);
  const waiting = users.map((user) => `$${user}.status = "WAITING_ON_DEPENDENCIES"`).join(' or ');
  return {
    start: step('release?'),
    states: {
      [step('release?')]: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata(`$${variables.cluster} != ""`), Next: step('release') },
          { Condition: jsonata(`$${result}.status = "FAILED"`), Next: settled.failure },
        ],
        Assign: { [result]: jsonata(`{"status": ${waiting} ? "WAITING_ON_DEPENDENCIES" : "FINISHED", "attempts": 0}`) },
        Default: settled.held,
      },
      [step('release')]: terminate(context, variables, after, { [result]: ended }),
      ...(terminateAfter ? { [step('unguard')]: unguard(context, variables, settled.success) } : {}),
      ...settled.states,
    },
  };
}

function expired(variables: ClusterVariables, terminateAfter: number): string {
  return `$millis() - $toMillis($${variables.launched}) >= ${terminateAfter}`;
}

function terminate(context: RunContext, variables: ClusterVariables, next: string, assign: Asl): Asl {
  context.allow(...clusterStatements(context, 'TerminateJobFlows'));
  return {
    Type: 'Task',
    Resource: context.resource('elasticmapreduce:terminateCluster'),
    Arguments: { ClusterId: jsonata(`$${variables.cluster}`) },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: assign, Next: next }],
    Assign: assign,
    Output: {},
    Next: next,
  };
}

/** A one-time schedule that ends the cluster even if the run no longer can. It is named after the cluster. */
function guard(context: RunContext, variables: ClusterVariables, terminateAfter: number, next: string): Asl {
  const { group, role } = context.pipeline._guards();
  const at = `$fromMillis($max([$toMillis($${variables.launched}) + ${terminateAfter}, $millis() + 60000]), "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]")`;
  context.allow(
    new PolicyStatement({ actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'], resources: [scheduleArn(context, group)] }),
    new PolicyStatement({
      actions: ['iam:PassRole'], resources: [role.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  );
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:scheduler:createSchedule'),
    Arguments: {
      Name: jsonata(`$${variables.cluster}`),
      GroupName: group,
      ScheduleExpression: jsonata(`"at(" & ${at} & ")"`),
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: `arn:${context.partition}:scheduler:::aws-sdk:emr:terminateJobFlows`,
        RoleArn: role.roleArn,
        Input: jsonata(`$string({"JobFlowIds": [$${variables.cluster}]})`),
      },
    },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

function unguard(context: RunContext, variables: ClusterVariables, next: string): Asl {
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:scheduler:deleteSchedule'),
    Arguments: { Name: jsonata(`$${variables.cluster}`), GroupName: context.pipeline._guards().group },
    Retry: [{ ErrorEquals: ['Scheduler.ResourceNotFoundException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

function scheduleArn(context: RunContext, group: string): string {
  return Stack.of(context.pipeline).formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${group}/*` });
}

function clusterName(context: RunContext, cluster: EmrCluster, variables: ClusterVariables): string {
  const { texts, pipeline } = context;
  return `${texts.literal(clusterPrefix(pipeline.pipelineName))} & $run & ${JSON.stringify(`/${cluster.objectId}/`)} & $string($${variables.launch})`;
}

function runJobFlow({ context, settings }: WorkSite, cluster: EmrCluster, variables: ClusterVariables): Asl {
  const launch = cluster._launch;
  const idle = Math.min(LONGEST_IDLE_SECONDS, settings.retryDelay + IDLE_MARGIN_SECONDS);
  return {
    Name: jsonata(clusterName(context, cluster, variables)),
    ReleaseLabel: launch.releaseLabel,
    Applications: launch.applications.map((Name) => ({ Name })),
    LogUri: launch.logUri,
    ServiceRole: launch.serviceRole.roleArn,
    JobFlowRole: launch.instanceProfile,
    VisibleToAllUsers: true,
    StepConcurrencyLevel: 1,
    AutoTerminationPolicy: { IdleTimeout: idle },
    Instances: {
      KeepJobFlowAliveWhenNoSteps: true,
      TerminationProtected: false,
      InstanceGroups: launch.groups.map(({ role, type, count }) => ({ InstanceRole: role, InstanceType: type, InstanceCount: count })),
      ...(launch.subnetId ? { Ec2SubnetId: launch.subnetId } : {}),
      ...(launch.keyName ? { Ec2KeyName: launch.keyName } : {}),
    },
    Tags: [
      { Key: 'datapipeline:pipeline', Value: context.pipeline.pipelineName },
      { Key: 'datapipeline:run', Value: jsonata('$run') },
      { Key: 'datapipeline:object', Value: cluster.objectId },
      { Key: 'for-use-with-amazon-emr-managed-policies', Value: 'true' },
    ],
  };
}

function launchStatements(context: RunContext, cluster: EmrCluster): PolicyStatement[] {
  const requested = { StringEquals: { 'elasticmapreduce:RequestTag/datapipeline:pipeline': context.pipeline.pipelineName } };
  const { serviceRole, instanceRole } = cluster._launch;
  return [
    new PolicyStatement({ actions: ['elasticmapreduce:RunJobFlow'], resources: ['*'], conditions: requested }), // has no resource types
    new PolicyStatement({ actions: ['elasticmapreduce:AddTags'], resources: [clusterArn(context)], conditions: requested }),
    new PolicyStatement({ actions: ['elasticmapreduce:ListClusters'], resources: ['*'] }), // has no resource types
    ...clusterStatements(context, 'DescribeCluster', 'TerminateJobFlows'),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [serviceRole.roleArn, instanceRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': ['elasticmapreduce.amazonaws.com', 'ec2.amazonaws.com'] } },
    }),
    managedRule(context, 'RunJobFlow'),
  ];
}

/** On clusters that carry this pipeline's tag. */
function clusterStatements(context: RunContext, ...actions: string[]): PolicyStatement[] {
  return [new PolicyStatement({
    actions: actions.map((action) => `elasticmapreduce:${action}`),
    resources: [clusterArn(context)],
    conditions: { StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': context.pipeline.pipelineName } },
  })];
}

function clusterArn(context: RunContext): string {
  return Stack.of(context.pipeline).formatArn({ service: 'elasticmapreduce', resource: 'cluster', resourceName: '*' });
}

/** The rule by which Step Functions hears of the end of a job that it waits for. */
function managedRule(context: RunContext, api: 'RunJobFlow' | 'AddJobFlowSteps'): PolicyStatement {
  return new PolicyStatement({
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    resources: [Stack.of(context.pipeline).formatArn({
      service: 'events', resource: 'rule', resourceName: `StepFunctionsGetEventForEMR${api}Rule`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })],
  });
}
