import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { shellCommand } from '../activities/shell-command';
import { ShellCommandProps } from '../activities/shell-command-props';
import { taskWork } from '../activities/task-work';
import { requireHost } from '../checks';
import { Check, CheckProps } from '../compiler/work';
import { invalid } from '../errors';
import { inherited } from '../parent';
import type { PipelineObject } from '../pipeline-object';
import { ITaskRunnerHost } from '../resources/task-runner-host';

/** Props of a ShellCommandPrecondition: exactly one of `command` and `scriptUri`. */
export interface ShellCommandPreconditionProps extends PreconditionProps, ShellCommandProps {
  /**
   * Where the command runs: a WorkerGroup, an Ec2Resource, or an EmrCluster: as a step on its primary node. A resource is launched
   * for the first check, if it is not there yet, when the preconditions that AWS answers hold, and is kept from check to check; it is
   * ended when what the precondition guards has settled, and all others that run on it. Field `workerGroup` or `runsOn`.
   *
   * @default - `runsOn` of the data node that it guards
   */
  readonly runsOn?: ITaskRunnerHost;
}

/**
 * Holds when a command ends with exit code 0. Any other exit code says that it does not hold yet; so does any other end of a check on
 * an Ec2Resource or an EmrCluster.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-shellcommandprecondition.html
 */
export class ShellCommandPrecondition extends Precondition {
  private readonly props: ShellCommandPreconditionProps;
  private work?: Check;

  constructor(scope: Construct, id: string, props: ShellCommandPreconditionProps) {
    props = inherited(scope, id, ShellCommandPrecondition, props);
    super(scope, id, props);
    this.props = props;
    if (props.runsOn) requireHost(this, props.runsOn, 'a command needs hosts to run on');
  }

  /** @internal */
  public _attachTo(owner: PipelineObject, checks?: CheckProps): void {
    super._attachTo(owner, checks);
    const { runsOn: host, reportProgressTimeout } = this._props;
    if (!host) throw invalid(this, 'runsOn', 'a command needs hosts to run on; got: nothing; give a WorkerGroup, an Ec2Resource or an EmrCluster, here or on the data node that it guards');
    this.work = taskWork(this, host, shellCommand(this, 'precondition', host, this.props), reportProgressTimeout);
  }

  /** @internal */
  public _check(): Check {
    if (!this.work) throw invalid(this, 'preconditions', 'guards nothing; name it in the preconditions of an activity or a data node');
    return this.work;
  }
}
