import { Construct } from 'constructs';
import { ShellCommandActivity } from '../activities/shell-command-activity';
import { invalid } from '../errors';
import { Pipeline, PipelineProps } from '../pipeline';
import { Ec2Resource, Ec2ResourceProps } from '../resources/ec2-resource';

/** Props of RunAwsCliCommand. */
export interface RunAwsCliCommandProps extends PipelineProps {
  /**
   * The command, which begins with `aws `, such as `aws s3 sync s3://from/ s3://to/`. Takes expressions. It is the text of a shell:
   * what it may hold of texts that are not yours, quote.
   */
  readonly awsCliCommand: string;

  /**
   * The instance that the command runs on. Amazon Linux 2023 has the AWS CLI; another image must have it.
   *
   * @default - of Ec2Resource
   */
  readonly ec2Resource?: Ec2ResourceProps;
}

/**
 * Runs a command of the AWS CLI, on an instance that is launched for it. Grant `instance` what the command does.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-runawscli.html
 */
export class RunAwsCliCommand extends Pipeline {
  /** The instance; grant it what the command does. */
  public readonly instance: Ec2Resource;

  /** The command. */
  public readonly activity: ShellCommandActivity;

  constructor(scope: Construct, id: string, props: RunAwsCliCommandProps) {
    super(scope, id, props);
    const { awsCliCommand: command } = props;
    if (!/^aws\s/.test(command)) throw invalid(this, 'awsCliCommand', `begins with "aws "; got: "${command}"; for others there is RunShellCommand`);
    this.instance = new Ec2Resource(this, 'Instance', props.ec2Resource);
    this.activity = new ShellCommandActivity(this, 'Command', { runsOn: this.instance, command });
  }
}
