import { Stack, StackProps } from 'aws-cdk-lib';
import { Pipeline, S3DataNode, S3KeyExistsPrecondition, Schedule, ShellCommandActivity, WorkerGroup } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** When it is activated, with the name of a table: a host beside the production database dumps it, and one beside the test database restores it. */
export class RefreshTestDatabaseStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const pipeline = new Pipeline(this, 'Refresh', {
      schedule: Schedule.onDemand(),
      parameters: { myTable: 'orders' },
      pipelineName: 'refresh-test-database',
      maximumRetries: 0,
    });
    const folder = '#{myTable}/#{@scheduledStartTime}';
    const dump = new S3DataNode(pipeline, 'Dump', {
      bucket: pipeline.logBucket,
      directoryPath: `dumps/${folder}/`,
      preconditions: [new S3KeyExistsPrecondition(pipeline, 'DumpComplete', { bucket: pipeline.logBucket, s3Key: `dumps/${folder}/dump.sql` })],
    });
    new ShellCommandActivity(pipeline, 'DumpTable', {
      runsOn: new WorkerGroup(pipeline, 'Production'),
      stage: true,
      output: [dump],
      command: 'pg_dump shop --table "$1" > "$OUTPUT1_STAGING_DIR/dump.sql"',
      scriptArgument: ['#{myTable}'],
    });
    new ShellCommandActivity(pipeline, 'RestoreTable', {
      runsOn: new WorkerGroup(pipeline, 'Testing'),
      stage: true,
      input: [dump],
      command: 'psql shop_test --set ON_ERROR_STOP=1 --file "$INPUT1_STAGING_DIR/dump.sql"',
    });
  }
}
