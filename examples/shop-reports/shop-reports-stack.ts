import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Expression, Pipeline, S3DataNode, Schedule, ScheduleType, ShellCommandActivity, WorkerGroup } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every hour the shop's host exports its orders; when a day is over, a report of all its hours is made. */
export class ShopReportsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true); // as in every new CDK app's cdk.json
    const closed = { encryption: BucketEncryption.S3_MANAGED, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true };
    const bucket = new Bucket(this, 'Data', { ...closed, serverAccessLogsBucket: new Bucket(this, 'AccessLogs', closed) });
    const start = Expression.SCHEDULED_START_TIME;
    const [day, hour] = [Expression.format(start, 'YYYY-MM-dd'), Expression.format(start, 'HH')];
    const startDateTime = new Date('2026-01-01T00:00:00Z');

    const pipeline = new Pipeline(this, 'Reports', {
      schedule: Schedule.rate(Duration.hours(1), { startDateTime, scheduleType: ScheduleType.TIMESERIES }),
      pipelineName: 'shop-reports',
    });
    const runsOn = new WorkerGroup(pipeline, 'Shop');
    const extract = new ShellCommandActivity(pipeline, 'Extract', {
      runsOn,
      stage: true,
      output: [new S3DataNode(pipeline, 'Hour', { bucket, directoryPath: `orders/${day}/${hour}/` })],
      command: 'shop orders --csv > "$OUTPUT1_STAGING_DIR/orders.csv"',
    });
    new ShellCommandActivity(pipeline, 'Report', {
      schedule: Schedule.rate(Duration.days(1), { startDateTime, scheduleType: ScheduleType.TIMESERIES, scheduleName: 'daily' }),
      runsOn,
      stage: true,
      dependsOn: [extract], // all hours of the day
      input: [new S3DataNode(pipeline, 'Day', { bucket, directoryPath: `orders/${day}/` })],
      output: [new S3DataNode(pipeline, 'Report of the day', { bucket, directoryPath: `reports/${day}/` })],
      command: 'cat "$INPUT1_STAGING_DIR"/*/orders.csv | shop report > "$OUTPUT1_STAGING_DIR/report.csv"',
    });
  }
}
