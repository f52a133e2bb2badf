import { Aws } from 'aws-cdk-lib';
import { IPrincipal, IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Activity } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { hostName } from '../compiler/names';
import { PipelineObject } from '../pipeline-object';
import { HostActivation } from './host-activation';
import { HOST_TAG_VALUE, HostDocument } from './host-document';
import { hostProps } from './host-props';
import { ITaskRunnerHost } from './task-runner-host';
import { WorkerGroupHosts } from './worker-group-hosts';

/** Props of a WorkerGroup. */
export interface WorkerGroupProps {
  /**
   * Role that Task Runner has on the hosts: the service role of their SSM activation, or an instance's. What the tasks of this
   * group need is added to it.
   *
   * @default - a new role for hosts that AWS Systems Manager manages
   */
  readonly role?: IRole;

  /**
   * How Task Runner runs on the hosts that AWS Systems Manager manages.
   *
   * @default - two tasks at a time, as the user data-pipeline
   */
  readonly hosts?: WorkerGroupHosts;
}

const REGISTRATION_LIMIT = 10;

/**
 * Hosts that run Task Runner and share one queue of work. A task that no Task Runner asks for waits.
 *
 * AWS Systems Manager installs Task Runner, as a service of systemd, on every host that it manages and that has the tag `hostTagKey` with
 * the value `hostTagValue`, and keeps it at the version of the deployment: servers of your own, and instances of Amazon EC2 whose role is
 * given as `role`. Linux, with systemd.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-how-task-runner-user-managed.html
 */
export class WorkerGroup extends PipelineObject implements ITaskRunnerHost {
  /** ARN of the Step Functions activity that Task Runner polls (its option `--workerGroup`). */
  public readonly activityArn: string;

  /** Key of the tag that makes a host that AWS Systems Manager manages one of the group. */
  public readonly hostTagKey: string;

  /** Value of that tag. */
  public readonly hostTagValue: string = HOST_TAG_VALUE;

  /** Name of the SSM document that installs Task Runner on a host, and removes it with the parameter `Action` as `Uninstall`. */
  public readonly documentName: string;

  /**
   * Name of the SecureString of Parameter Store that keeps the id and the code, with a space between, with which a host registers with AWS
   * Systems Manager to be one of the group.
   */
  public readonly activationParameterName?: string;

  /** Role that Task Runner has on the hosts. What your commands do on AWS is yours to grant. */
  public readonly role: IRole;

  /** The principal to grant to: Task Runner's role. */
  public readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: WorkerGroupProps = {}) {
    super(scope, id);
    const hosts = hostProps(this, props.hosts);
    const activity = new Activity(this, 'Activity');
    this.activityArn = activity.activityArn;
    this.pipeline._alarms.nobodyPolls(this, 'Unpolled', this.objectId, activity);
    this.role = props.role ?? new Role(this, 'Role', {
      description: `Task Runner on the hosts of worker group ${this.objectId}`,
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    });
    this.grantPrincipal = this.role.grantPrincipal;
    this.grantTasks();
    this.pipeline._logs.grantWrite(this);

    const name = hostName(this.pipeline.pipelineName, this.objectId);
    this.hostTagKey = `datapipeline:worker-group:${name}`;
    const logs = this.pipeline._logs.child(`worker-groups/${name}/`);
    const document = new HostDocument(this, 'Hosts', { hosts, name, tagKey: this.hostTagKey, activityArn: this.activityArn, logs });
    document.grantHost(this);
    this.documentName = document.documentName;
    const registrationLimit = hosts.registrationLimit ?? (props.role ? undefined : REGISTRATION_LIMIT);
    if (registrationLimit === undefined) return;
    const { pipeline, role, hostTagKey: tagKey, hostTagValue: tagValue } = this;
    this.activationParameterName = new HostActivation(this, 'Registration', { pipeline, name, role, registrationLimit, tagKey, tagValue }).parameterName;
  }

  /** @internal */
  public get _queueArn(): string {
    return this.activityArn;
  }

  private grantTasks(): void {
    this.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:GetActivityTask'], resources: [this.activityArn] }));
    this.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
      resources: ['*'], // these have no resource types; a task token is what they are allowed with
    }));
  }
}
