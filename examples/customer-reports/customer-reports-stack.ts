import { Duration, Stack, StackProps, TimeZone } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import {
  Expression, FailureAndRerunMode, Pipeline, S3DataNode, Schedule, ShellCommandActivity, ShellCommandPrecondition, SnsAlarm, WorkerGroup,
} from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/**
 * Every morning at six in Berlin, hosts in the office export yesterday's orders and the customers from their databases. The revenue
 * report needs the orders only, and does not wait for the customers, who come late; the loyalty report needs both.
 */
export class CustomerReportsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true); // as in every new CDK app's cdk.json
    const closed = { encryption: BucketEncryption.S3_MANAGED, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true };
    const bucket = new Bucket(this, 'Data', { ...closed, serverAccessLogsBucket: new Bucket(this, 'AccessLogs', closed) });
    const pipeline = new Pipeline(this, 'Reports', {
      schedule: Schedule.cron({ minute: '0', hour: '6', timeZone: TimeZone.EUROPE_BERLIN }),
      pipelineName: 'customer-reports',
      failureAndRerunMode: FailureAndRerunMode.CASCADE,
      maximumRetries: 2,
      retryDelay: Duration.minutes(5),
      onFail: [new SnsAlarm({ topic: new Topic(this, 'Alarms', { enforceSSL: true }) })],
    });
    const day = Expression.format(Expression.SCHEDULED_START_TIME, 'YYYY-MM-dd');
    const node = (name: string, folder: string) => new S3DataNode(pipeline, name, { bucket, directoryPath: `${folder}/${day}/` });
    const [orders, customers] = [node('Orders', 'orders'), node('Customers', 'customers')];

    const office = new WorkerGroup(pipeline, 'Office');
    const onHost = { runsOn: office, stage: true };
    new ShellCommandActivity(pipeline, 'ExportOrders', {
      ...onHost,
      output: [orders],
      command: `psql shop --csv --tuples-only --command "SELECT customer, amount FROM orders WHERE day = '${day}' ORDER BY customer" > "$OUTPUT1_STAGING_DIR/orders.csv"`,
    });
    new ShellCommandActivity(pipeline, 'ExportCustomers', {
      ...onHost,
      output: [customers],
      command: 'psql crm --csv --tuples-only --command "SELECT id, tier FROM customers ORDER BY id" > "$OUTPUT1_STAGING_DIR/customers.csv"',
      preconditions: [new ShellCommandPrecondition(pipeline, 'ImportOver', {
        runsOn: office,
        command: `psql crm --csv --tuples-only --command "SELECT 1 FROM imports WHERE day = '${day}' AND ended IS NOT NULL" | grep -q 1`,
        preconditionTimeout: Duration.hours(3),
      })],
    });
    new ShellCommandActivity(pipeline, 'Revenue', {
      ...onHost,
      input: [orders],
      output: [node('RevenueReport', 'reports/revenue')],
      command: 'awk -F, \'{ sum += $2 } END { print sum }\' "$INPUT1_STAGING_DIR/orders.csv" > "$OUTPUT1_STAGING_DIR/revenue.csv"',
    });
    new ShellCommandActivity(pipeline, 'Loyalty', {
      ...onHost,
      input: [orders, customers],
      output: [node('LoyaltyReport', 'reports/loyalty')],
      command: 'join -t , "$INPUT1_STAGING_DIR/orders.csv" "$INPUT2_STAGING_DIR/customers.csv" > "$OUTPUT1_STAGING_DIR/loyalty.csv"',
    });
  }
}
