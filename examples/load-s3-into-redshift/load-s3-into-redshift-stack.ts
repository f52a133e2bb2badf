import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { LoadS3IntoRedshift, RedshiftInsertMode, Schedule, ScheduleType } from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/** Every hour: the hour's page hits into Redshift. */
export class LoadHitsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new LoadS3IntoRedshift(this, 'LoadHits', {
      schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }),
      redshift: { workgroupName: 'analytics', databaseName: 'shop' },
      tableName: 'hits',
      primaryKeys: ['id'],
      insertMode: RedshiftInsertMode.OVERWRITE_EXISTING,
      inputS3Loc: "s3://shop-hits/#{format(@scheduledStartTime, 'YYYY/MM/dd/HH')}/",
    });
  }
}
