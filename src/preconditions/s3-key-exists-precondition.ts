import { IRole } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { checkText, Text } from '../compiler/text';
import { Check } from '../compiler/work';
import { OR_KEY, S3Location } from '../data-nodes/s3-location';
import { inherited } from '../parent';

/** Props of an S3KeyExistsPrecondition. */
export interface S3KeyExistsPreconditionProps extends PreconditionProps {
  /**
   * The bucket; `s3Key` is then a key in it.
   *
   * @default - `s3Key` is a whole URI, `s3://<bucket>/<key>`
   */
  readonly bucket?: IBucket;

  /** The object that must exist. Takes expressions. */
  readonly s3Key: string;

  /**
   * Role that the function has which checks. AWS Lambda must be allowed to assume it; what the check reads is added to it.
   *
   * @default - that of all preconditions of the pipeline
   */
  readonly role?: IRole;
}

/**
 * Holds when an object exists in Amazon S3. The bucket may be in another Region.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-S3KeyExists.html
 */
export class S3KeyExistsPrecondition extends Precondition {
  private readonly uri: Text;
  private readonly role?: IRole;

  constructor(scope: Construct, id: string, props: S3KeyExistsPreconditionProps) {
    props = inherited(scope, id, S3KeyExistsPrecondition, props);
    super(scope, id, props);
    this.role = props.role;
    const location = S3Location.of(this, 's3Key', props.s3Key, props.bucket, OR_KEY);
    this.uri = checkText(this, 's3Key', location.uri);
    location.grantRead(this.pipeline._preconditionChecker(props.role));
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'function', check: 's3KeyExists', texts: { uri: this.uri }, role: this.role };
  }
}
