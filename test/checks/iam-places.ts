/** What reading and writing places in S3 takes. */
import { App, Stack } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Permission } from './iam-need';
import { SynthesizedTemplate } from './template';
import { JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';

/** ARN of the customer-managed key of a bucket, if it has one. */
export type Keys = (bucket: string) => string | undefined;

type Need = Omit<Permission, 'roleArn'>;

export class Places {
  constructor(private readonly keys: Keys) {}

  /**
   * To read an object, or what lies under a prefix. The list permission is for more than listing: without it a missing object
   * is answered by 403, not 404.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  read(uri: string): Need[] {
    return [this.object('s3:GetObject', uri), ...this.list(uri), ...this.key(uri, 'kms:Decrypt')];
  }

  list(uri: string): Need[] {
    const { bucket, key } = located(uri);
    return [{ action: 's3:ListBucket', resource: bucketArn(bucket), condition: { StringLike: { 's3:prefix': listPrefixes(key) } } }];
  }

  /** One request an object. */
  put(uri: string): Need[] {
    return [this.object('s3:PutObject', uri), ...this.key(uri, 'kms:Decrypt', 'kms:GenerateDataKey')];
  }

  /** In parts, which are removed if it fails. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions */
  upload(uri: string): Need[] {
    return [...this.put(uri), this.object('s3:AbortMultipartUpload', uri)];
  }

  /** Hadoop's committers write to temporary places, list them, rename (copy and delete) and clean up. */
  commit(uri: string): Need[] {
    return [...this.upload(uri), this.object('s3:GetObject', uri), this.object('s3:DeleteObject', uri), ...this.list(uri)];
  }

  private object(action: string, uri: string): Need {
    const { bucket, key } = located(uri);
    return { action, resource: `${bucketArn(bucket)}/${key}` };
  }

  private key(uri: string, ...actions: string[]): Need[] {
    const resource = this.keys(located(uri).bucket);
    return resource === undefined ? [] : actions.map((action) => ({ action, resource }));
  }
}

/** `s3://bucket/key`, where a key that ends in `/` means all under it. */
function located(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  if (bucket === undefined) throw new Error(`${uri} is no S3 URI`);
  return { bucket, key: key === '' || key.endsWith('/') ? `${key}*` : key };
}

function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

/** Hadoop asks for a folder without its last slash too; that also lists names which begin with the folder's. */
function listPrefixes(key: string): string[] {
  return key.endsWith('/*') ? [key, key.slice(0, -2)] : [key];
}

/** Whatever bucket of the app has a key, imported or not: a template does not tell of imported ones. */
export function keysOf(app: App, template: SynthesizedTemplate): Keys {
  const keys = new Map<string, string>();
  for (const construct of app.node.findAll()) {
    const { bucketName, encryptionKey } = construct as { bucketName?: string; encryptionKey?: IKey };
    if (bucketName === undefined || encryptionKey === undefined) continue;
    const filledIn = (value: string) => String(template.resolve(Stack.of(construct).resolve(value) as Json));
    keys.set(filledIn(bucketName), filledIn(encryptionKey.keyArn));
  }
  return (bucket) => keys.get(bucket);
}

/** What two rehearsals have in common is known at deployment; what differs is not. */
export function generalize(left: string, right: string): string {
  if (left === right) return left;
  let length = 0;
  while (left[length] === right[length]) length++;
  return `${left.slice(0, length)}*`;
}

export function generalizeCondition(left: JsonObject, right: JsonObject): JsonObject {
  const [one, other] = [left, right].map((condition) => (condition.StringLike as { 's3:prefix': string[] } | undefined)?.['s3:prefix'][0]);
  return one === undefined || other === undefined ? left : { StringLike: { 's3:prefix': listPrefixes(generalize(one, other)) } };
}
