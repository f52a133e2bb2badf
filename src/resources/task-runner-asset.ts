import { createHash } from 'crypto';
import { readFileSync } from 'fs';
import * as path from 'path';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { ASSETS } from '../assets';

const BUNDLE = path.join(ASSETS, 'task-runner', 'task-runner.js');

/** Task Runner as it is deployed: one file. */
export class TaskRunnerAsset extends Asset {
  /** SHA-256. */
  public readonly checksum: string;

  constructor(scope: Construct, id: string) {
    super(scope, id, { path: BUNDLE });
    this.checksum = createHash('sha256').update(readFileSync(BUNDLE)).digest('hex');
  }

  /** To fetch it, and nothing else. SSM Agent first lists what lies under its key, to see whether it is a folder; nothing does. */
  public grantFetch(grantee: IGrantable): void {
    const { bucket, s3ObjectKey } = this;
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(s3ObjectKey)] }));
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
      actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringEquals: { 's3:prefix': `${s3ObjectKey}/` } },
    }));
  }
}
