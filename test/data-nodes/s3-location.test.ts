import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { S3Location } from '../../src/data-nodes/s3-location';
import { granted } from '../compiler/grants';

const ARN = 'arn:aws:s3:::data';

type Grant = 'grantRead' | 'grantWrite' | 'grantCommit';

/** What one grant on one place allows. */
function allowed(grant: Grant, path: string, bucketIn: (stack: Stack) => IBucket | undefined = () => undefined): string[] {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  S3Location.of(stack, 'path', path, bucketIn(stack))[grant](role);
  return granted(role);
}

test.each<[string, string, string]>([
  ['a directory', 's3://data/raw/', `${ARN}/raw/*`],
  ['one object', 's3://data/raw/file', `${ARN}/raw/file`],
  ['a whole bucket', 's3://data/', `${ARN}/*`],
  ['what is known before the first expression', "s3://data/raw/#{format(@scheduledStartTime,'YYYY')}/x", `${ARN}/raw/*`],
  ['what is known of a name', 's3://data/raw-#{@scheduledStartTime}', `${ARN}/raw-*`],
])('reading %s lets its objects be read, and them be listed', (_, path, objects) => {
  expect(allowed('grantRead', path)).toEqual([`s3:GetObject ${objects}`, `s3:ListBucket ${ARN} if`]);
});

test('writing lets nothing be read or deleted', () => {
  expect(allowed('grantWrite', 's3://data/out/')).toEqual([`s3:AbortMultipartUpload ${ARN}/out/*`, `s3:PutObject ${ARN}/out/*`]);
});

test('Hadoop lists, reads and deletes what it commits', () => {
  expect(allowed('grantCommit', 's3://data/out/')).toEqual([
    `s3:AbortMultipartUpload ${ARN}/out/*`, `s3:DeleteObject ${ARN}/out/*`, `s3:GetObject ${ARN}/out/*`, `s3:ListBucket ${ARN} if`, `s3:PutObject ${ARN}/out/*`,
  ]);
});

test.each<[Grant, string[]]>([['grantRead', ['kms:Decrypt']], ['grantWrite', ['kms:Decrypt', 'kms:GenerateDataKey']]])(
  '%s takes the key of the bucket with it', (grant, actions) => {
    const key = 'arn:aws:kms:us-east-1:111111111111:key/k';
    const encrypted = (stack: Stack) => Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'data', encryptionKey: Key.fromKeyArn(stack, 'K', key) });
    expect(allowed(grant, 'raw/', encrypted).filter((line) => line.startsWith('kms'))).toEqual(actions.map((action) => `${action} ${key}`));
  });

test('a place is a URI, with a key from its beginning', () => {
  const stack = new Stack();
  const bucket = Bucket.fromBucketName(stack, 'B', 'data');
  const uris = ['raw/', '/raw/', ''].map((path) => S3Location.of(stack, 'path', path, bucket).uri);
  expect(uris).toEqual(['s3://data/raw/', 's3://data/raw/', 's3://data/']);
  expect(S3Location.of(stack, 'other', 's3://data/raw/').child('x/').uri).toBe('s3://data/raw/x/');
});
