import { Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  EmrActivity, EmrCluster, EmrStep, Pipeline, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3DataNode, Schedule,
} from '../../src';
import { MANY } from '../../src/compiler/many';

/** So many activities of each kind that is handed over that they are: their definition is too large for the template, too. */
export class ManyStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const pipeline = new Pipeline(this, 'Pipeline', {
      schedule: Schedule.onDemand(), logBucket: Bucket.fromBucketName(this, 'Logs', 'many-logs'), attemptTimeout: Duration.hours(2),
    });
    const input = new S3DataNode(pipeline, 'Input', { directoryPath: 's3://lake/in/' });
    const cluster = new EmrCluster(pipeline, 'Cluster');
    const database = new RedshiftDatabase(pipeline, 'Warehouse', { clusterId: 'dwh', databaseName: 'dev', username: 'loader' });
    const output = new RedshiftDataNode(pipeline, 'Table', { database, tableName: 'facts' });
    for (let index = 0; index <= MANY; index += 1) {
      const steps = ['first', 'second'].map((name) => EmrStep.command([name, input.uri]));
      new EmrActivity(pipeline, `Count${index}`, { runsOn: cluster, input: [input], steps });
      new RedshiftCopyActivity(pipeline, `Load${index}`, { input, output, insertMode: RedshiftInsertMode.APPEND });
    }
  }
}
