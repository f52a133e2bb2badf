import { Stack, StackProps } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { LoadS3IntoRds, Schedule } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every night: prices from a file into a table. */
export class LoadPricesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new LoadS3IntoRds(this, 'LoadPrices', {
      schedule: Schedule.cron({ minute: '0', hour: '2' }),
      rds: { rdsInstanceId: 'shop', databaseName: 'shop', password: Secret.fromSecretNameV2(this, 'Credentials', 'shop/reader') },
      tableName: 'prices',
      columns: ['article', 'price'],
      inputS3Loc: 's3://shop-prices/today.csv',
    });
  }
}
