import { Duration, ITaggable, Stack, TagManager, TagType } from 'aws-cdk-lib';
import { IKeyPair, ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { InstanceProfile, IPrincipal, IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkActiveInstances, isTerminate } from '../checks';
import { instanceStatements, launchStatements } from '../compiler/render/ec2-permissions';
import type { Ec2Launch } from '../compiler/work';
import { Fields } from '../fields';
import { inherited } from '../parent';
import { PipelineObject } from '../pipeline-object';
import { LateProps, RunnableProps } from '../runnable';
import { AGENT_ACTIONS } from './agent-actions';
import { checkInstance } from './ec2-resource-checks';
import { imageParameter, launchedWith, marketOf, runInstancesOf } from './ec2-resource-request';
import { HttpProxy } from './http-proxy';
import { ActionOnResourceFailure, ActionOnTaskFailure } from './resource-failure';
import { ITaskRunnerHost } from './task-runner-host';
import { startInstance } from './task-script';

/** Props of an Ec2Resource. It has finished when it is ended. */
export interface Ec2ResourceProps extends RunnableProps, LateProps {
  /**
   * An instance of the same kind, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: Ec2Resource;

  /**
   * How many runs may be at work at a time, 1 to 100: what is less than the pipeline's counts for all runs that use this instance.
   *
   * @default - the pipeline's
   */
  readonly maxActiveInstances?: number;

  /**
   * Instance type.
   *
   * @default 't3.small'
   */
  readonly instanceType?: string;

  /**
   * Id of an Amazon Machine Image with Linux and systemd. Where SSM Agent or Node.js 20 is missing, they are installed when the instance
   * starts: from the internet.
   *
   * @default - the newest of Amazon Linux 2023, for the instance type's architecture
   */
  readonly imageId?: string;

  /**
   * Key pair for SSH.
   *
   * @default - none
   */
  readonly keyPair?: IKeyPair;

  /**
   * Subnet of the instance. It must reach AWS Systems Manager, Step Functions and Amazon S3. Field `subnetId`.
   *
   * @default - one of the account's default VPC
   */
  readonly subnet?: ISubnet;

  /**
   * Availability Zone of the instance, in the account's default VPC. Not together with `subnet`.
   *
   * @default - Amazon EC2 chooses
   */
  readonly availabilityZone?: string;

  /**
   * Security groups of the instance. Field `securityGroupIds`.
   *
   * @default - the VPC's default security group
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Names of security groups in the account's default VPC. Field `securityGroups`. Not together with `subnet` or `securityGroups`.
   *
   * @default - none
   */
  readonly securityGroupNames?: string[];

  /**
   * Whether the instance gets a public IP address. Goes with `subnet`.
   *
   * @default - as the subnet says
   */
  readonly associatePublicIpAddress?: boolean;

  /**
   * Makes it a Spot Instance, for so many US dollars an hour at most, such as `0.035`; or `OnDemandPrice`: for no more than it costs on demand.
   *
   * @default - on demand
   */
  readonly spotBidPrice?: string;

  /**
   * Whether the last launch that `maximumRetries` allows is on demand, so that it does not fail for want of Spot Instances.
   *
   * @default false
   */
  readonly useOnDemandOnLastAttempt?: boolean;

  /**
   * How long after its launch the instance is ended, whatever runs on it: its status is TIMEDOUT then. At least 10 minutes.
   *
   * @default - when the last activity on it has settled
   */
  readonly terminateAfter?: Duration;

  /**
   * How long a launch may take, until Task Runner works on the instance: at least 1 minute.
   *
   * @default Duration.minutes(20)
   */
  readonly initTimeout?: Duration;

  /**
   * How long Task Runner may be silent on the instance before the attempt at an activity counts as lost, where the activity does not say so:
   * 10 seconds or longer.
   *
   * @default Duration.minutes(5)
   */
  readonly reportProgressTimeout?: Duration;

  /**
   * What becomes of the instance when an activity on it has failed for good.
   *
   * @default ActionOnTaskFailure.CONTINUE
   */
  readonly actionOnTaskFailure?: ActionOnTaskFailure;

  /**
   * What becomes of the activities when the instance dies.
   *
   * @default - the instance is replaced, and what has not finished runs on the new one
   */
  readonly actionOnResourceFailure?: ActionOnResourceFailure;

  /**
   * User of the image that Task Runner, and with it commands, run as.
   *
   * @default 'root'
   */
  readonly runAsUser?: string;

  /**
   * Proxy through which the instance reaches AWS and the internet: SSM Agent, what is installed on it, and Task Runner. Commands that are to
   * use it are told so by you. If it needs a password, an image of your own needs the AWS CLI and Python 3.
   *
   * @default - none
   */
  readonly httpProxy?: HttpProxy;

  /**
   * Role that a run launches the instance with. It must let the roles of the pipeline's state machines assume it; what the launch needs is
   * added to it.
   *
   * @default - the state machines' own
   */
  readonly role?: IRole;

  /**
   * Role that the instance has: commands on it have what it may do. What its activities read and write is added to it, and what AWS Systems
   * Manager needs. An instance profile is made for it.
   *
   * @default - a new role
   */
  readonly resourceRole?: IRole;
}

/**
 * An instance of Amazon EC2 that a run launches when the first activity on it is ready, and ends when the last has settled. Activities that
 * are ready together work on it together. It carries the tags that `Tags.of` gives it, its pipeline or the app; its metadata is
 * read by IMDSv2 only.
 *
 * It ends itself at `terminateAfter`, or at the pipeline's `runTimeout`, even if nothing else works.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-ec2resource.html
 */
export class Ec2Resource extends PipelineObject implements ITaskRunnerHost, ITaggable {
  /** Role that the instance has. */
  public readonly resourceRole: IRole;

  /** The principal to grant to: the instance's role. */
  public readonly grantPrincipal: IPrincipal;

  /** Tags that the instance and its volumes get when a run launches it. */
  public readonly tags: TagManager = new TagManager(TagType.STANDARD, 'AWS::EC2::Instance');

  /** @internal */
  public readonly _launch: Ec2Launch;

  /** @internal */
  public readonly _props: Ec2ResourceProps;

  constructor(scope: Construct, id: string, props: Ec2ResourceProps = {}) {
    props = inherited(scope, id, Ec2Resource, props);
    super(scope, id);
    checkActiveInstances(this, props.maxActiveInstances);
    this._props = props;
    checkInstance(this, props);
    this._require('httpProxy', HttpProxy, 'is an HttpProxy', props.httpProxy ? [props.httpProxy] : []);
    this.resourceRole = props.resourceRole ?? new Role(this, 'InstanceRole', {
      description: `Instances of ${this.objectId}`,
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    this.grantPrincipal = this.resourceRole.grantPrincipal;
    const profile = new InstanceProfile(this, 'InstanceProfile', { role: this.resourceRole });
    const document = this.pipeline._taskDocument();
    this.grantTasks();
    document.grantFetch(this);
    props.httpProxy?._grantRead(this);
    this.pipeline._logs.grantWrite(this);
    const life = props.terminateAfter ?? this.pipeline._defaults.runTimeout;
    this._launch = {
      request: runInstancesOf(props, profile.instanceProfileName),
      userData: startInstance(life.toSeconds(), props.httpProxy?._options),
      market: marketOf(props),
      onDemandAtLast: props.useOnDemandOnLastAttempt ?? false,
      launchedWith: launchedWith(Stack.of(this), props),
      imageParameter: props.imageId === undefined ? imageParameter(props) : undefined,
      launchRole: props.role,
      instanceRole: this.resourceRole,
      document: document.documentName,
      documentArn: document.documentArn,
      user: props.runAsUser ?? 'root',
      terminateAfter: props.terminateAfter,
      initTimeout: props.initTimeout ?? Duration.minutes(20),
      actionOnTaskFailure: props.actionOnTaskFailure ?? ActionOnTaskFailure.CONTINUE,
      actionOnResourceFailure: props.actionOnResourceFailure,
    };
    launchStatements(this).forEach((statement) => props.role?.addToPrincipalPolicy(statement));
    this._watch(props, this.pipeline._defaults.defaults);
    if (props.terminateAfter || this._late.onLateAction?.some(isTerminate)) this.pipeline._guards(instanceStatements(this.pipeline, 'TerminateInstances'));
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this._props };
  }

  /** A run has states for all activities on it.
   * @internal */
  public get _activityMachine(): undefined {
    return undefined;
  }

  /** A run sends its tasks.
   * @internal */
  public get _queueArn(): undefined {
    return undefined;
  }

  /** @internal */
  public get _reportProgressTimeout(): Duration | undefined {
    return this._props.reportProgressTimeout;
  }

  private grantTasks(): void {
    const may = (...actions: string[]) => this.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: ['*'] }));
    may(...AGENT_ACTIONS);
    may('states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'); // a task token is what they are allowed with
  }
}
