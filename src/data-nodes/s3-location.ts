import { Token } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { given, invalid } from '../errors';

const URI = /^s3:\/\/([^/]+)\/(.*)$/s;
/** For `S3Location.of`, where the object has a prop `bucket`. */
export const OR_KEY = ', or a key and `bucket`';
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A place in S3: a bucket, and a key in it that may hold `#{...}`. */
export class S3Location {
  /** From an `s3://bucket/key` URI, or from a key where the bucket is given. `otherwise` says what else the prop may be. */
  static of(object: Construct, prop: string, path: string, bucket?: IBucket, otherwise = ''): S3Location {
    if (bucket) {
      if (/^s3:/i.test(path)) {
        throw invalid(object, prop, `is a key where \`bucket\` is given; got: "${path}"; leave out \`bucket\`, or "s3://<bucket>/"`);
      }
      return new S3Location(bucket, path.replace(/^\//, ''));
    }
    const match = URI.exec(path);
    const name = match?.[1] ?? '';
    if (!match || !(Token.isUnresolved(name) || BUCKET_NAME.test(name))) {
      throw invalid(object, prop, `is not an S3 URI; got: ${given(path)}; give "s3://<bucket>/<key>", the bucket without #{...}${otherwise}`);
    }
    return new S3Location(Bucket.fromBucketName(object, `${prop}-bucket`, name), match[2]);
  }

  private constructor(readonly bucket: IBucket, readonly key: string) {}

  get uri(): string {
    return `s3://${this.bucket.bucketName}/${this.key}`;
  }

  /** A place below this one. */
  child(key: string): S3Location {
    return new S3Location(this.bucket, this.key + key);
  }

  /** Lets a principal read the objects here, and list them. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, [this.objects('s3:GetObject'), this.list()], ['kms:Decrypt']);
  }

  /** Lets a principal list the objects here. */
  grantList(grantee: IGrantable): void {
    this.grant(grantee, [this.list()]);
  }

  /** Lets a principal write objects here. */
  grantWrite(grantee: IGrantable): void {
    this.grant(grantee, [this.objects('s3:PutObject', 's3:AbortMultipartUpload')], ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** Lets Hadoop write here: it lists, writes to temporary places, renames and deletes. */
  grantCommit(grantee: IGrantable): void {
    const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
    this.grant(grantee, [this.objects(...actions), this.list()], ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** The statements that writing here takes, for a policy that is put together elsewhere. */
  writeStatements(): PolicyStatement[] {
    return [this.objects('s3:PutObject'), ...this.keyStatements(['kms:Decrypt', 'kms:GenerateDataKey'])];
  }

  private grant(grantee: IGrantable, statements: PolicyStatement[], keyActions: string[] = []): void {
    for (const statement of [...statements, ...this.keyStatements(keyActions)]) {
      grantee.grantPrincipal.addToPrincipalPolicy(statement);
    }
  }

  private objects(...actions: string[]): PolicyStatement {
    return new PolicyStatement({ actions, resources: [this.bucket.arnForObjects(this.pattern())] });
  }

  private list(): PolicyStatement {
    return new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': this.listPatterns() } },
    });
  }

  /** A listing of `raw/` is asked for as `raw` too. */
  private listPatterns(): string[] {
    const pattern = this.pattern();
    const folder = pattern.replace(/\/\*$/, '');
    return folder === pattern ? [pattern] : [pattern, folder];
  }

  private keyStatements(actions: string[]): PolicyStatement[] {
    const key = this.bucket.encryptionKey;
    return key && actions.length > 0 ? [new PolicyStatement({ actions, resources: [key.keyArn] })] : [];
  }

  /** What is known of the key: up to its first expression. */
  private pattern(): string {
    const known = this.key.split('#{')[0];
    return known !== this.key || known === '' || known.endsWith('/') ? `${known}*` : known;
  }
}
