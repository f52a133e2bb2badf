import { Stack, StackProps } from 'aws-cdk-lib';
import { RunShellCommand, Schedule } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every night: counts the words of the files in a directory of S3. */
export class CountWordsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new RunShellCommand(this, 'CountWords', {
      schedule: Schedule.cron({ minute: '0', hour: '2' }),
      inputS3Loc: 's3://shop-texts/in/',
      outputS3Loc: 's3://shop-texts/counts/',
      command: 'wc -w "$INPUT1_STAGING_DIR"/* > "$OUTPUT1_STAGING_DIR/words"',
    });
  }
}
