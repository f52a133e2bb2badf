import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import {
  Expression, Pipeline, S3DataNode, S3KeyExistsPrecondition, Schedule, ScheduleType, ShellCommandActivity, ShellCommandPrecondition, WorkerGroup,
} from 'cdk-data-pipeline';
import { Construct } from 'constructs';

const STORES = ['Hamburg', 'Vienna'];

/**
 * Every day, when it is over: each store's own host sends its sales as soon as the tills are closed, and the head office adds them up
 * when all are there and the day's exchange rates have come.
 */
export class StoreSalesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true); // as in every new CDK app's cdk.json
    const closed = { encryption: BucketEncryption.S3_MANAGED, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true };
    const bucket = new Bucket(this, 'Data', { ...closed, serverAccessLogsBucket: new Bucket(this, 'AccessLogs', closed) });
    const pipeline = new Pipeline(this, 'Sales', {
      schedule: Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-01-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }),
      pipelineName: 'store-sales',
      maximumRetries: 2,
      retryDelay: Duration.minutes(10),
    });
    const day = Expression.format(Expression.SCHEDULED_START_TIME, 'YYYY-MM-dd');
    const sales = STORES.map((store) => this.sales(pipeline, store, new S3DataNode(pipeline, `${store}Sales`, {
      bucket, directoryPath: `sales/${day}/${store.toLowerCase()}/`,
    })));
    new ShellCommandActivity(pipeline, 'AddUp', {
      runsOn: new WorkerGroup(pipeline, 'HeadOffice'),
      stage: true,
      input: sales,
      output: [new S3DataNode(pipeline, 'Total', { bucket, directoryPath: `total/${day}/` })],
      command: `cat ${STORES.map((_, index) => `"$INPUT${index + 1}_STAGING_DIR"/*`).join(' ')} | awk '{ sum += $1 } END { print sum }' > "$OUTPUT1_STAGING_DIR/total"`,
      preconditions: [new S3KeyExistsPrecondition(pipeline, 'RatesArrived', { bucket, s3Key: `rates/${day}.csv`, preconditionTimeout: Duration.hours(12) })],
    });
  }

  /** What a store's host does. */
  private sales(pipeline: Pipeline, store: string, output: S3DataNode): S3DataNode {
    const runsOn = new WorkerGroup(pipeline, store);
    new ShellCommandActivity(pipeline, `Send${store}`, {
      runsOn,
      stage: true,
      output: [output],
      command: 'tills --sales > "$OUTPUT1_STAGING_DIR/sales"',
      preconditions: [new ShellCommandPrecondition(pipeline, `${store}Closed`, { runsOn, command: 'tills --all-closed', retryDelay: Duration.minutes(5) })],
    });
    return output;
  }
}
