import { Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DataFormat, DynamoDBDataNode, EmrActivity, EmrCluster, EmrStep, HadoopActivity, HiveActivity, HiveCopyActivity, PigActivity, Pipeline, S3Compression, S3DataNode, Schedule, WorkerGroup } from '../../src';

/** What activities on a cluster read and write, and the scripts that they run. */
export class EverythingOnHiveStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', { encryptionKey: new Key(this, 'BucketKey') });
    const table = new Table(this, 'Orders', {
      partitionKey: { name: 'id', type: AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    const pipeline = new Pipeline(this, 'Pipeline', { schedule: Schedule.rate(Duration.days(1), { startDateTime: new Date('2026-12-01T00:00:00Z') }), logBucket: bucket });
    const cluster = (name: string) => new EmrCluster(pipeline, name);
    const raw = new S3DataNode(pipeline, 'Raw', { bucket, directoryPath: 'raw/#{format(@scheduledStartTime, "YYYY")}/' });
    const items = new DynamoDBDataNode(pipeline, 'Items', { table, dataFormat: DataFormat.dynamoDbExport({ columns: ['id'] }) });
    const copies = new DynamoDBDataNode(pipeline, 'Copies', { tableName: 'copies-#{format(@scheduledStartTime, "YYYY")}', region: 'eu-west-1' });
    const sums = new S3DataNode(pipeline, 'Sums', { bucket, directoryPath: 'sums/', dataFormat: DataFormat.tsv({ columns: ['day', 'n BIGINT'] }), compression: S3Compression.GZIP });
    const lines = new S3DataNode(pipeline, 'Lines', { bucket, directoryPath: 'lines/', dataFormat: DataFormat.csv({ columns: ['host', 'n INT'], escapeChar: '\\' }) });
    const log = new S3DataNode(pipeline, 'Log', { bucket, directoryPath: 'log/', dataFormat: DataFormat.regEx({ columns: ['host', 'n INT'], inputRegEx: '(\\S+) "([^"]*)";$' }) });
    const config = { scriptUri: 's3://scripts/prepare.sh', scriptArgument: ['#{@scheduledStartTime}'] };

    new HiveActivity(pipeline, 'Query', {
      runsOn: cluster('First'),
      input: [raw, items, lines, log],
      output: [sums, copies],
      hiveScript: "INSERT OVERWRITE TABLE ${output1} SELECT '#{@scheduledStartTime}', count(*) FROM ${input1}, ${input2};",
      hadoopQueue: 'high',
      preActivityTaskConfig: config,
    });
    new HiveActivity(pipeline, 'QueryToo', {
      runsOn: cluster('Second'), input: [items], scriptUri: 's3://scripts/query.q', scriptVariable: ['day=#{@scheduledEndTime}'],
    });
    new HiveCopyActivity(pipeline, 'Copy', { runsOn: cluster('Fourth'), input: items, output: copies, filterSql: '`id` > "#{@scheduledStartTime}"' });
    new PigActivity(pipeline, 'Pick', {
      runsOn: cluster('Sixth'),
      input: [new S3DataNode(pipeline, 'Rows', { bucket, directoryPath: 'rows/', dataFormat: DataFormat.csv({ columns: ['host', 'n INT'] }) }), log],
      output: [new S3DataNode(pipeline, 'Picked', { bucket, directoryPath: 'picked/', dataFormat: DataFormat.tsv({ columns: ['host'] }) })],
      scriptUri: 's3://scripts/pick.pig',
      scriptVariable: ['day=#{@scheduledEndTime}'],
    });
    new HadoopActivity(pipeline, 'Job', { runsOn: cluster('Fifth'), jarUri: 's3://scripts/job.jar', argument: ['#{@scheduledStartTime}'], input: [raw], hadoopQueue: 'low' });
    new HiveActivity(pipeline, 'QueryOnHosts', {
      runsOn: new WorkerGroup(pipeline, 'Hadoop'),
      input: [raw, items],
      output: [copies],
      hiveScript: "INSERT OVERWRITE TABLE ${output1} SELECT * FROM ${input2} WHERE '#{@scheduledStartTime}' < 'b'",
      preActivityTaskConfig: config,
    });
    new EmrActivity(pipeline, 'Steps', {
      runsOn: cluster('Third'),
      steps: [EmrStep.command(['true'])],
      preStepCommand: ['mkdir /tmp/#{@scheduledStartTime}'],
      postActivityTaskConfig: config,
    });
  }
}
