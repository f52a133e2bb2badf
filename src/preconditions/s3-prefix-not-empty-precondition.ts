import { IRole } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Precondition, PreconditionProps } from './precondition';
import { checkText, Text } from '../compiler/text';
import { Check } from '../compiler/work';
import { OR_KEY, S3Location } from '../data-nodes/s3-location';
import { inherited } from '../parent';

/** Props of an S3PrefixNotEmptyPrecondition. */
export interface S3PrefixNotEmptyPreconditionProps extends PreconditionProps {
  /**
   * The bucket; `s3Prefix` is then a prefix of keys in it.
   *
   * @default - `s3Prefix` is a whole URI, `s3://<bucket>/<prefix>`
   */
  readonly bucket?: IBucket;

  /** The prefix that at least one key must begin with. Takes expressions. */
  readonly s3Prefix: string;

  /**
   * Role that the function has which checks. AWS Lambda must be allowed to assume it; what the check reads is added to it.
   *
   * @default - that of all preconditions of the pipeline
   */
  readonly role?: IRole;
}

/**
 * Holds when an object exists under a prefix in Amazon S3. The bucket may be in another Region. The empty object that a console
 * makes for a folder, whose key is the prefix itself, does not count.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-s3prefixnotempty.html
 */
export class S3PrefixNotEmptyPrecondition extends Precondition {
  private readonly uri: Text;
  private readonly role?: IRole;

  constructor(scope: Construct, id: string, props: S3PrefixNotEmptyPreconditionProps) {
    props = inherited(scope, id, S3PrefixNotEmptyPrecondition, props);
    super(scope, id, props);
    this.role = props.role;
    const location = S3Location.of(this, 's3Prefix', props.s3Prefix, props.bucket, OR_KEY);
    this.uri = checkText(this, 's3Prefix', location.uri);
    location.grantList(this.pipeline._preconditionChecker(props.role));
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'function', check: 's3PrefixNotEmpty', texts: { uri: this.uri }, role: this.role };
  }
}
