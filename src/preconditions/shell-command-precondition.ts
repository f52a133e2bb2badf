import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { shellCommand } from '../activities/shell-command';
import { ShellCommandProps } from '../activities/shell-command-props';
import { requireHost } from '../checks';
import { Check, CheckProps, TaskRunnerWork } from '../compiler/work';
import { invalid } from '../errors';
import { inherited } from '../parent';
import type { PipelineObject } from '../pipeline-object';
import { ITaskRunnerHost, REPORT_PROGRESS_TIMEOUT } from '../resources/task-runner-host';

/** Props of a ShellCommandPrecondition: exactly one of `command` and `scriptUri`. */
export interface ShellCommandPreconditionProps extends PreconditionProps, ShellCommandProps {
  /**
   * Where the command runs: a WorkerGroup.
   *
   * @default - `runsOn` of the data node that it guards
   */
  readonly runsOn?: ITaskRunnerHost;
}

/**
 * Holds when a command ends with exit code 0.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-shellcommandprecondition.html
 */
export class ShellCommandPrecondition extends Precondition {
  private readonly props: ShellCommandPreconditionProps;
  private work?: TaskRunnerWork;

  constructor(scope: Construct, id: string, props: ShellCommandPreconditionProps) {
    props = inherited(scope, id, ShellCommandPrecondition, props);
    super(scope, id, props);
    this.props = props;
    if (props.runsOn) requireHost(this, props.runsOn, 'a command needs hosts to run on');
  }

  /** @internal */
  public _attachTo(owner: PipelineObject, checks?: CheckProps): void {
    super._attachTo(owner, checks);
    const { runsOn: host, reportProgressTimeout = REPORT_PROGRESS_TIMEOUT } = this._props;
    if (!host) throw invalid(this, 'runsOn', 'a command needs hosts to run on; got: nothing; give a WorkerGroup, here or on the data node that it guards');
    if (host._queueArn === undefined) {
      throw invalid(this, 'runsOn', `preconditions are checked before a resource is launched; got: ${host.node.path}; give a WorkerGroup`);
    }
    this.work = { kind: 'taskRunner', host, task: shellCommand(this, 'precondition', host, this.props), reportProgressTimeout };
  }

  /** @internal */
  public _check(): Check {
    if (!this.work) throw invalid(this, 'preconditions', 'guards nothing; name it in the preconditions of an activity or a data node');
    return this.work;
  }
}
