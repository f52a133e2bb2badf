import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Activity, ActivityProps } from './activity';
import { shellCommand } from './shell-command';
import { ShellCommandProps } from './shell-command-props';
import { taskWork } from './task-work';
import { requireHost } from '../checks';
import { TaskTemplate, Work } from '../compiler/work';
import { ShellTask } from '../contract/task';
import { DataNode } from '../data-nodes/data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';
import { inherited } from '../parent';
import { ITaskRunnerHost } from '../resources/task-runner-host';

/** Props of a ShellCommandActivity: exactly one of `command` and `scriptUri`. */
export interface ShellCommandActivityProps extends ActivityProps, ShellCommandProps {
  /** Where the command runs: a WorkerGroup, an Ec2Resource, or an EmrCluster: as a step on its primary node. Field `workerGroup` or `runsOn`. */
  readonly runsOn: ITaskRunnerHost;

  /**
   * Data nodes that the command reads.
   *
   * @default - none
   */
  readonly input?: DataNode[];

  /**
   * Data nodes that the command writes.
   *
   * @default - none
   */
  readonly output?: DataNode[];

  /**
   * Whether the inputs are copied to the host before the command runs (`$INPUT1_STAGING_DIR`, `$INPUT2_STAGING_DIR`, ...), and
   * the outputs from it when the command has ended with exit code 0 (`$OUTPUT1_STAGING_DIR`, ...). An output is a directory.
   *
   * @default false
   */
  readonly stage?: boolean;

  /**
   * How long a Task Runner may be silent before the attempt counts as lost: TIMEDOUT, and it may be repeated. Task Runner
   * reports by itself while the command runs.
   *
   * @default - an Ec2Resource's own; else Duration.minutes(5)
   */
  readonly reportProgressTimeout?: Duration;
}

/**
 * Runs a command or a script.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-shellcommandactivity.html
 */
export class ShellCommandActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, private readonly props: ShellCommandActivityProps) {
    props = inherited(scope, id, ShellCommandActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    requireHost(this, props.runsOn, 'a command needs hosts to run on');
    const task = shellCommand(this, 'activity', props.runsOn, props);
    const staged = props.stage ? { ...task, stage: true, ...this.staging() } : task;
    this.work = taskWork(this, props.runsOn, staged, props.reportProgressTimeout);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private staging(): Pick<TaskTemplate<ShellTask>, 'inputs' | 'outputs'> {
    if (this.input.length + this.output.length === 0) {
      throw invalid(this, 'stage', 'got: true, with neither input nor output; give the data nodes that are to be staged, or leave out stage');
    }
    const inputs = this.input.map((each) => this.staged('input', each));
    const outputs = this.output.map((each) => this.staged('output', each));
    inputs.forEach(({ _location }) => _location.grantRead(this.props.runsOn));
    for (const node of outputs) {
      if (node._path !== 'directoryPath') {
        throw invalid(this, 'output', `a staged output needs a directoryPath; got: ${node.node.path} with ${node._path}; give it a directoryPath, or leave out stage`);
      }
      node._location.grantWrite(this.props.runsOn);
    }
    const locations = (nodes: S3DataNode[]) => nodes.map(({ objectId, _uri: uri }) => ({ object: objectId, uri }));
    return { inputs: locations(inputs), outputs: locations(outputs) };
  }

  private staged(prop: string, node: DataNode): S3DataNode {
    if (!(node instanceof S3DataNode) || node._path === 'manifestFilePath') {
      throw invalid(this, prop, `only files and directories in S3 are staged; got: ${node.node.path}; leave out stage, or that data node`);
    }
    return node;
  }
}
