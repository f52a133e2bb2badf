import { Construct } from 'constructs';
import { CopyActivity } from '../activities/copy-activity';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { Pipeline, PipelineProps } from '../pipeline';
import { Ec2Resource, Ec2ResourceProps } from '../resources/ec2-resource';

/** Props of CopyS3ToRegion. */
export interface CopyS3ToRegionProps extends PipelineProps {
  /** S3 URI of the directory to copy, in a bucket of any Region. Takes expressions. */
  readonly inputS3Loc: string;

  /** S3 URI of the directory to copy to, in a bucket of any Region. Takes expressions. */
  readonly outputS3Loc: string;

  /**
   * The instance that asks for the copies; the objects do not go through it.
   *
   * @default - of Ec2Resource
   */
  readonly ec2Resource?: Ec2ResourceProps;
}

/**
 * Copies a directory of S3 to one in another Region (or the same), under the same names. Amazon S3 itself copies; objects that are
 * encrypted with a key of AWS KMS need that the instance may use it: grant it to `instance`.
 */
export class CopyS3ToRegion extends Pipeline {
  /** The instance. */
  public readonly instance: Ec2Resource;

  /** What is copied. */
  public readonly input: S3DataNode;

  /** Where it is copied to. */
  public readonly output: S3DataNode;

  /** The copy. */
  public readonly activity: CopyActivity;

  constructor(scope: Construct, id: string, props: CopyS3ToRegionProps) {
    super(scope, id, props);
    this.instance = new Ec2Resource(this, 'Instance', props.ec2Resource);
    this.input = new S3DataNode(this, 'Input', { directoryPath: props.inputS3Loc });
    this.output = new S3DataNode(this, 'Output', { directoryPath: props.outputS3Loc });
    this.activity = new CopyActivity(this, 'Copy', { runsOn: this.instance, input: this.input, output: this.output });
  }
}
