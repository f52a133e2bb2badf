import { Stack, StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { FullCopyRdsToS3, Schedule } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every night: all customers to a folder of the night. */
export class BackUpCustomersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new FullCopyRdsToS3(this, 'BackUpCustomers', {
      schedule: Schedule.cron({ minute: '0', hour: '2' }),
      rds: { rdsInstanceId: 'shop', databaseName: 'shop', password: Secret.fromSecretNameV2(this, 'Credentials', 'shop/reader') },
      tableName: 'customers',
      outputS3Loc: 's3://shop-backup/customers/',
    });
  }
}
