import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  CopyActivity, DataFormat, Ec2Resource, Pipeline, RdsDatabase, S3Compression, S3DataNode, Schedule, ScheduleType, SqlActivity, SqlDataNode,
} from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every day: an instance that is launched for it copies the orders of the day before to S3, and deletes them from the database. */
export class ArchiveOrdersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const pipeline = new Pipeline(this, 'Archive', {
      schedule: Schedule.cron({ minute: '0', hour: '2', scheduleType: ScheduleType.TIMESERIES }),
    });
    const host = new Ec2Resource(pipeline, 'Host', { instanceType: 'm7g.large', terminateAfter: Duration.hours(2) });
    const database = new RdsDatabase(pipeline, 'Shop', {
      rdsInstanceId: 'shop', databaseName: 'shop', password: Secret.fromSecretNameV2(this, 'Credentials', 'shop/archiver'),
    });
    const day = "'#{format(@scheduledStartTime, \"YYYY-MM-dd\")}'";
    const copy = new CopyActivity(pipeline, 'Copy', {
      runsOn: host,
      input: new SqlDataNode(pipeline, 'Orders', { database, table: 'orders', selectQuery: `SELECT * FROM orders WHERE day = ${day}` }),
      output: new S3DataNode(pipeline, 'Archived', {
        filePath: "s3://shop-archive/orders/#{format(@scheduledStartTime, 'YYYY/MM/dd')}.csv.gz",
        dataFormat: DataFormat.csv(),
        compression: S3Compression.GZIP,
      }),
    });
    new SqlActivity(pipeline, 'Delete', { runsOn: host, database, script: `DELETE FROM orders WHERE day = ${day}`, dependsOn: [copy] });
  }
}
