import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { shellCommand } from '../activities/shell-command';
import { ShellCommandProps } from '../activities/shell-command-props';
import { checkDuration } from '../checks';
import { Check, TaskTemplate } from '../compiler/work';
import { ShellTask } from '../contract/task';
import { invalid } from '../errors';
import { ITaskRunnerHost } from '../resources/task-runner-host';

/** Props of a ShellCommandPrecondition: exactly one of `command` and `scriptUri`. */
export interface ShellCommandPreconditionProps extends PreconditionProps, ShellCommandProps {
  /** Where the command runs: a WorkerGroup. */
  readonly runsOn: ITaskRunnerHost;

  /**
   * How long a Task Runner may be silent before the check counts as lost and is made again.
   *
   * @default Duration.minutes(5)
   */
  readonly reportProgressTimeout?: Duration;
}

/**
 * Holds when a command ends with exit code 0.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-shellcommandprecondition.html
 */
export class ShellCommandPrecondition extends Precondition {
  private readonly task: TaskTemplate<ShellTask>;

  constructor(scope: Construct, id: string, private readonly props: ShellCommandPreconditionProps) {
    super(scope, id, props);
    if (!props.runsOn) throw invalid(this, 'runsOn', 'a command needs hosts to run on; got: nothing; give a WorkerGroup');
    this._requireSamePipeline('runsOn', [props.runsOn]);
    if (props.runsOn._queueArn === undefined) {
      throw invalid(this, 'runsOn', `preconditions are checked before a resource is launched; got: ${props.runsOn.node.path}; give a WorkerGroup`);
    }
    checkDuration(this, 'reportProgressTimeout', props.reportProgressTimeout, 10);
    this.task = shellCommand(this, 'precondition', props.runsOn, props);
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'taskRunner', host: this.props.runsOn, task: this.task, reportProgressTimeout: this.props.reportProgressTimeout ?? Duration.minutes(5) };
  }
}
