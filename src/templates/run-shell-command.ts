import { Construct } from 'constructs';
import { ShellCommandActivity } from '../activities/shell-command-activity';
import { ShellCommandProps } from '../activities/shell-command-props';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { Pipeline, PipelineProps } from '../pipeline';
import { Ec2Resource, Ec2ResourceProps } from '../resources/ec2-resource';

/** Props of RunShellCommand. */
export interface RunShellCommandProps extends PipelineProps, ShellCommandProps {
  /**
   * S3 URI of a directory whose files the command reads in `$INPUT1_STAGING_DIR`. Takes expressions.
   *
   * @default - nothing is read
   */
  readonly inputS3Loc?: string;

  /**
   * S3 URI of a directory that what the command has written to `$OUTPUT1_STAGING_DIR` goes to. Takes expressions.
   *
   * @default - nothing is written
   */
  readonly outputS3Loc?: string;

  /**
   * The instance that the command runs on.
   *
   * @default - of Ec2Resource
   */
  readonly ec2Resource?: Ec2ResourceProps;
}

/**
 * Runs a shell command, on an instance that is launched for it.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-gettingstartedshell.html
 */
export class RunShellCommand extends Pipeline {
  /** The instance; grant it what the command needs. */
  public readonly instance: Ec2Resource;

  /** The command. */
  public readonly activity: ShellCommandActivity;

  constructor(scope: Construct, id: string, props: RunShellCommandProps) {
    super(scope, id, props);
    const { command, scriptUri, scriptArgument, stdout, stderr, inputS3Loc, outputS3Loc } = props;
    this.instance = new Ec2Resource(this, 'Instance', props.ec2Resource);
    this.activity = new ShellCommandActivity(this, 'Command', {
      runsOn: this.instance,
      command,
      scriptUri,
      scriptArgument,
      stdout,
      stderr,
      stage: inputS3Loc !== undefined || outputS3Loc !== undefined,
      input: inputS3Loc === undefined ? undefined : [new S3DataNode(this, 'Input', { directoryPath: inputS3Loc })],
      output: outputS3Loc === undefined ? undefined : [new S3DataNode(this, 'Output', { directoryPath: outputS3Loc })],
    });
  }
}
