import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { IncrementalCopyRdsToS3, Schedule, ScheduleType } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every hour: the orders that were changed in it. */
export class BackUpOrdersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new IncrementalCopyRdsToS3(this, 'BackUpOrders', {
      schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }),
      rds: { rdsInstanceId: 'shop', databaseName: 'shop', password: Secret.fromSecretNameV2(this, 'Credentials', 'shop/reader') },
      tableName: 'orders',
      lastModifiedColumn: 'changed_at',
      outputS3Loc: 's3://shop-backup/orders/',
    });
  }
}
