import { Duration, ITaggable, TagManager, TagType } from 'aws-cdk-lib';
import { IKeyPair } from 'aws-cdk-lib/aws-ec2';
import { InstanceProfile, IPrincipal, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { isTerminate } from '../checks';
import { MANY } from '../compiler/many';
import { clusterStatements } from '../compiler/render/emr-permissions';
import { checkList, Text } from '../compiler/text';
import { checkTexts } from '../compiler/texts';
import type { EmrLaunch } from '../compiler/work';
import { S3Location } from '../data-nodes/s3-location';
import { Fields } from '../fields';
import { inherited } from '../parent';
import { PipelineObject } from '../pipeline-object';
import { ClusterTaskRunner } from './cluster-task-runner';
import { checkCluster } from './emr-cluster-checks';
import { RunJobFlow, runJobFlowOf } from './emr-cluster-request';
import { EmrNetworkProps } from './emr-network';
import { EmrNodeProps } from './emr-nodes';
import { emrServiceRole } from './emr-service-role';
import { HadoopSchedulerType } from './hadoop-scheduler-type';
import { HttpProxy } from './http-proxy';
import { ActionOnResourceFailure, ActionOnTaskFailure } from './resource-failure';
import { ITaskRunnerHost } from './task-runner-host';
import { LateProps, RunnableProps } from '../runnable';

/** Props of an EmrCluster. It has finished when it is ended. Texts that Amazon EMR is given take expressions. */
export interface EmrClusterProps extends RunnableProps, LateProps, EmrNodeProps, EmrNetworkProps {
  /**
   * A cluster of the same kind, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: EmrCluster;

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
   * Settings of applications, by classification. An EmrConfiguration of AWS Data Pipeline is a classification here, its Property objects
   * are `properties`.
   *
   * @default - the release's
   * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-emrconfiguration.html
   */
  readonly configuration?: EmrCreateCluster.ConfigurationProperty[];

  /**
   * Scripts that run on each node when it starts, before the applications are there: up to 255, in this order. The nodes may read those
   * in S3. Field `bootstrapAction`.
   *
   * @default - none
   */
  readonly bootstrapActions?: EmrCreateCluster.BootstrapActionConfigProperty[];

  /**
   * YARN's scheduler.
   *
   * @default HadoopSchedulerType.DEFAULT_SCHEDULER
   */
  readonly hadoopSchedulerType?: HadoopSchedulerType;

  /**
   * Id of an Amazon Machine Image to make the nodes from.
   *
   * @default - the release's
   */
  readonly customAmiId?: string;

  /**
   * Name of the security configuration: encryption, authentication, access to the metadata service. What its keys and roles need is
   * yours to grant.
   *
   * @default - none
   */
  readonly securityConfiguration?: string;

  /**
   * Further fields of Amazon EMR's RunJobFlow, as its API names them: merged over what the other props say. Not those that a run relies
   * on: Name, Tags, Steps, ServiceRole, JobFlowRole, StepConcurrencyLevel and AutoTerminationPolicy. What they need is yours to grant.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/emr/latest/APIReference/API_RunJobFlow.html
   */
  readonly overrides?: { [field: string]: any };

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
   * Proxy through which Task Runner, for the commands, copies and SQL on the cluster, reaches AWS and the internet, and, if it needs no password,
   * programs of steps that take a proxy from their environment (`https_proxy`), such as the AWS CLI. Amazon EMR itself goes through none: the
   * cluster's subnet must reach it and Amazon S3. Its `hostname` takes no expressions here.
   *
   * @default - none
   */
  readonly httpProxy?: HttpProxy;

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
   * How many runs may be at work at a time, 1 to 100: what is less than the pipeline's counts for all runs that use this cluster.
   *
   * @default - the pipeline's
   */
  readonly maxActiveInstances?: number;

  /**
   * S3 URI where the cluster's logs go.
   *
   * @default - below the pipeline's log location
   */
  readonly emrLogUri?: string;
}

/**
 * A cluster of Amazon EMR that a run launches when the first activity on it is ready, and ends when the last has settled. It carries the
 * tags that `Tags.of` gives it, its pipeline or the app.
 *
 * What the steps do on AWS beyond the data nodes of their activities is yours to grant to the cluster.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-emrcluster.html
 */
export class EmrCluster extends PipelineObject implements ITaskRunnerHost, ITaggable {
  /** Role that the cluster's instances have. */
  public readonly resourceRole: IRole;

  /** The principal to grant to: the instances' role. */
  public readonly grantPrincipal: IPrincipal;

  /** Tags that the cluster and its instances get when a run launches it. */
  public readonly tags: TagManager = new TagManager(TagType.STANDARD, 'AWS::EMR::Cluster');

  /** @internal */
  public readonly _launch: EmrLaunch;

  /** @internal */
  public readonly _props: EmrClusterProps;
  private taskRunner?: ClusterTaskRunner;
  private activities = 0;
  private mostAttempts = 0;
  private activityMachine?: StateMachine;

  constructor(scope: Construct, id: string, props: EmrClusterProps = {}) {
    props = inherited(scope, id, EmrCluster, props);
    super(scope, id);
    this._props = props;
    checkCluster(this, props);
    this._requireSamePipeline('httpProxy', props.httpProxy ? [props.httpProxy] : []);
    props.httpProxy?._requireKnownHost(this);
    this.resourceRole = props.resourceRole ?? new Role(this, 'InstanceRole', {
      description: `Instances of EMR cluster ${this.objectId}`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    this.grantPrincipal = this.resourceRole.grantPrincipal;
    const profile = new InstanceProfile(this, 'InstanceProfile', { role: this.resourceRole });
    const logs = props.emrLogUri ? S3Location.of(this, 'emrLogUri', withSlash(props.emrLogUri)) : this.pipeline._logs.child(`${this.objectId}/`);
    logs.grantWrite(this);
    props.httpProxy?._grantRead(this);
    this._launch = {
      request: this.request(logs.uri),
      onDemandAtLast: props.useOnDemandOnLastAttempt ?? false,
      serviceRole: props.role ?? emrServiceRole(this, props),
      instanceRole: this.resourceRole,
      instanceProfile: profile.instanceProfileName,
      terminateAfter: props.terminateAfter,
      initTimeout: props.initTimeout ?? Duration.hours(1),
      taskConcurrency: props.taskConcurrency ?? 2,
      actionOnTaskFailure: props.actionOnTaskFailure ?? ActionOnTaskFailure.CONTINUE,
      actionOnResourceFailure: props.actionOnResourceFailure,
    };
    this._watch(props, this.pipeline._defaults.defaults);
    if (props.terminateAfter || this._late.onLateAction?.some(isTerminate)) this.pipeline._guards(...clusterStatements(this, 'TerminateJobFlows'));
  }

  /** For the tasks on its primary node; they write their logs beside the pipeline's.
   * @internal */
  public _taskRunner(): ClusterTaskRunner {
    return this.taskRunner ??= new ClusterTaskRunner(this, 'TaskRunner');
  }

  /** What tells Task Runner of its proxy.
   * @internal */
  public _proxyOptions(): Text[] {
    const { httpProxy } = this._props;
    return httpProxy ? checkList(httpProxy, 'hostname', httpProxy._options) : [];
  }

  /** One more activity runs on it. With RETRY_ALL, the run itself does their steps again.
   * @internal */
  public _serve(maximumRetries = this.pipeline._defaults.defaults.maximumRetries): void {
    this.activities += 1;
    this.mostAttempts = Math.max(this.mostAttempts, maximumRetries + 1);
    const retriesAll = this._launch.actionOnResourceFailure === ActionOnResourceFailure.RETRY_ALL;
    if (this.activities > MANY && !retriesAll) this.activityMachine ??= this.pipeline._activityMachine(this);
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this._props };
  }

  /** Does the activities' steps, where there are too many for the states of a run.
   * @internal */
  public get _activityMachine(): StateMachine | undefined {
    return this.activityMachine;
  }

  /** Of an activity on it.
   * @internal */
  public get _mostAttempts(): number {
    return this.mostAttempts;
  }

  private request(logUri: string): RunJobFlow {
    const scripts = this._props.bootstrapActions?.map(({ scriptBootstrapAction }) => scriptBootstrapAction.path) ?? [];
    [...new Set(scripts)].filter((path) => path.startsWith('s3://'))
      .forEach((path, index) => S3Location.of(this, `bootstrapActions-${index + 1}`, path).grantRead(this));
    Object.entries(this._props).forEach(([prop, value]) => checkTexts(this, prop, value));
    return runJobFlowOf(this, this._props, logUri);
  }
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}
