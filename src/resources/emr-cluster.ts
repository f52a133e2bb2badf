import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { IKeyPair, ISubnet } from 'aws-cdk-lib/aws-ec2';
import {
  IGrantable, InstanceProfile, IPrincipal, IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkActions, checkDuration, checkRetries, isTerminate } from '../checks';
import type { EmrLaunch } from '../compiler/work';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import { PipelineObject } from '../pipeline-object';
import { ActionOnResourceFailure, ActionOnTaskFailure } from './resource-failure';
import { LateProps, RunnableProps } from '../runnable';

const RELEASE_LABEL = /^emr-([5-9]|\d\d)\.\d+\.\d+$/;
const SHORTEST_TERMINATE_AFTER = 600;
const MOST_STEPS = 256;

/** Props of an EmrCluster. It has finished when it is ended. */
export interface EmrClusterProps extends RunnableProps, LateProps {
  /**
   * Release of Amazon EMR.
   *
   * @default 'emr-7.14.0'
   */
  readonly releaseLabel?: string;

  /**
   * Applications to install.
   *
   * @default - Hive and Pig
   */
  readonly applications?: string[];

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
   * Subnet of the cluster. Field `subnetId`.
   *
   * @default - one of the account's default VPC
   */
  readonly subnet?: ISubnet;

  /**
   * Key pair for SSH as user `hadoop`.
   *
   * @default - none
   */
  readonly keyPair?: IKeyPair;

  /**
   * How long after its launch the cluster is ended, whatever runs on it: its status is TIMEDOUT then. At least 10 minutes.
   *
   * @default - when the last activity on it has settled
   */
  readonly terminateAfter?: Duration;

  /**
   * How long a launch may take.
   *
   * @default Duration.hours(1)
   */
  readonly initTimeout?: Duration;

  /**
   * How many steps run on the cluster at a time, 1 to 256: further ones wait in its queue, which counts towards the `attemptTimeout` of
   * their activity. A cluster whose activities come one after the other runs one.
   *
   * @default 2
   */
  readonly taskConcurrency?: number;

  /**
   * What becomes of the cluster when an activity on it has failed for good.
   *
   * @default ActionOnTaskFailure.CONTINUE
   */
  readonly actionOnTaskFailure?: ActionOnTaskFailure;

  /**
   * What becomes of the activities when the cluster dies.
   *
   * @default - the cluster is replaced, and what has not finished runs on the new one
   */
  readonly actionOnResourceFailure?: ActionOnResourceFailure;

  /**
   * Role that Amazon EMR itself has.
   *
   * @default - a new role
   */
  readonly role?: IRole;

  /**
   * Role that the cluster's instances have. What the activities on it read and write is added to it. An instance profile is
   * made for it.
   *
   * @default - a new role
   */
  readonly resourceRole?: IRole;

  /**
   * S3 URI where the cluster's logs go.
   *
   * @default - below the pipeline's log location
   */
  readonly emrLogUri?: string;
}

/**
 * A cluster of Amazon EMR that a run launches when the first activity on it is ready, and ends when the last has settled.
 *
 * What the steps do on AWS beyond the data nodes of their activities is yours to grant to the cluster.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-emrcluster.html
 */
export class EmrCluster extends PipelineObject implements IGrantable {
  /** Role that the cluster's instances have. */
  public readonly resourceRole: IRole;

  /** The principal to grant to: the instances' role. */
  public readonly grantPrincipal: IPrincipal;

  /** @internal */
  public readonly _launch: EmrLaunch;

  /** @internal */
  public readonly _props: EmrClusterProps;

  constructor(scope: Construct, id: string, props: EmrClusterProps = {}) {
    super(scope, id);
    this._props = props;
    this.validate();
    this.resourceRole = props.resourceRole ?? new Role(this, 'InstanceRole', {
      description: `Instances of EMR cluster ${this.objectId}`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    this.grantPrincipal = this.resourceRole.grantPrincipal;
    const profile = new InstanceProfile(this, 'InstanceProfile', { role: this.resourceRole });
    const logs = props.emrLogUri ? S3Location.of(this, 'emrLogUri', withSlash(props.emrLogUri)) : this.pipeline._logs.child(`${this.objectId}/`);
    logs.grantWrite(this);
    this._launch = {
      releaseLabel: props.releaseLabel ?? 'emr-7.14.0',
      applications: props.applications ?? ['Hive', 'Pig'],
      groups: instanceGroups(props),
      subnetId: props.subnet?.subnetId,
      keyName: props.keyPair?.keyPairName,
      serviceRole: props.role ?? this.serviceRole(),
      instanceRole: this.resourceRole,
      instanceProfile: profile.instanceProfileName,
      logUri: logs.uri,
      terminateAfter: props.terminateAfter,
      initTimeout: props.initTimeout ?? Duration.hours(1),
      taskConcurrency: props.taskConcurrency ?? 2,
      actionOnTaskFailure: props.actionOnTaskFailure ?? ActionOnTaskFailure.CONTINUE,
      actionOnResourceFailure: props.actionOnResourceFailure,
    };
    if (props.terminateAfter) this.pipeline._guards();
    this._watch(props, this._alarmsWhenLate);
    if (props.onLateAction?.some(isTerminate)) {
      throw invalid(this, 'onLateAction', 'a cluster ends with the last activity on it; got: Terminate; give terminateAfter, or Terminate to its activities');
    }
  }

  /**
   * The managed policy lets Amazon EMR launch into subnets, and make security groups in VPCs, that carry its tag. Yours need not:
   * the network is allowed here. Security groups stay limited to those that carry the tag, as those that EMR makes do.
   */
  private serviceRole(): IRole {
    const role = new Role(this, 'ServiceRole', {
      description: `Amazon EMR for cluster ${this.objectId}`,
      assumedBy: new ServicePrincipal('elasticmapreduce.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEMRServicePolicy_v2')],
    });
    role.addToPolicy(new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [this.resourceRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    }));
    role.addToPolicy(new PolicyStatement({
      actions: ['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate', 'ec2:CreateLaunchTemplateVersion', 'ec2:CreateNetworkInterface'],
      resources: [this.ec2Arn('subnet', this._props.subnet?.subnetId ?? '*')],
    }));
    role.addToPolicy(new PolicyStatement({ actions: ['ec2:CreateSecurityGroup'], resources: [this.ec2Arn('vpc', '*')] }));
    return role;
  }

  private ec2Arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ec2', resource, resourceName });
  }

  private validate(): void {
    const { releaseLabel, emrLogUri, coreInstanceCount, taskInstanceCount, taskInstanceType, coreInstanceType } = this._props;
    checkRetries(this, this._props);
    checkActions(this, this._props);
    checkDuration(this, 'initTimeout', this._props.initTimeout, 60);
    checkDuration(this, 'terminateAfter', this._props.terminateAfter, SHORTEST_TERMINATE_AFTER);
    if (releaseLabel !== undefined && !RELEASE_LABEL.test(releaseLabel)) {
      throw invalid(this, 'releaseLabel', `names a release of Amazon EMR, such as "emr-7.14.0"; got: "${releaseLabel}"`);
    }
    if (emrLogUri?.includes('#{')) throw invalid(this, 'emrLogUri', `takes no expressions; got: "${emrLogUri}"; leave out #{...}`);
    this.checkCount('coreInstanceCount', coreInstanceCount);
    this.checkCount('taskInstanceCount', taskInstanceCount);
    this.checkConcurrency();
    if (coreInstanceType !== undefined && !coreInstanceCount) {
      throw invalid(this, 'coreInstanceType', `got: "${coreInstanceType}" and no core nodes; give coreInstanceCount`);
    }
    if (taskInstanceType !== undefined && !taskInstanceCount) {
      throw invalid(this, 'taskInstanceType', `got: "${taskInstanceType}" and no task nodes; give taskInstanceCount`);
    }
    if (taskInstanceCount && !coreInstanceCount) {
      throw invalid(this, 'taskInstanceCount', `got: ${taskInstanceCount} without core nodes; a cluster with task nodes needs at least one; give coreInstanceCount`);
    }
  }

  private checkConcurrency(): void {
    const { taskConcurrency = 2 } = this._props;
    if (Number.isInteger(taskConcurrency) && taskConcurrency >= 1 && taskConcurrency <= MOST_STEPS) return;
    throw invalid(this, 'taskConcurrency', `is a whole number from 1 to ${MOST_STEPS}; got: ${taskConcurrency}`);
  }

  private checkCount(prop: string, count?: number): void {
    if (count !== undefined && !(Number.isInteger(count) && count >= 0)) {
      throw invalid(this, prop, `is a whole number, 0 or more; got: ${count}`);
    }
  }
}

function instanceGroups(props: EmrClusterProps): EmrLaunch['groups'] {
  const master = props.masterInstanceType ?? 'm5.xlarge';
  const core = props.coreInstanceType ?? master;
  const groups: EmrLaunch['groups'] = [
    { role: 'MASTER', type: master, count: 1 },
    { role: 'CORE', type: core, count: props.coreInstanceCount ?? 0 },
    { role: 'TASK', type: props.taskInstanceType ?? core, count: props.taskInstanceCount ?? 0 },
  ];
  return groups.filter(({ count }) => count > 0);
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}
