import { Stack, StackProps } from 'aws-cdk-lib';
import { CopyS3ToRegion, Schedule } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every night: a directory to a bucket in another Region. */
export class CopyTextsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new CopyS3ToRegion(this, 'CopyTexts', {
      schedule: Schedule.cron({ minute: '0', hour: '2' }),
      inputS3Loc: 's3://shop-texts/',
      outputS3Loc: 's3://shop-texts-in-europe/',
    });
  }
}
