import * as path from 'path';
import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import {
  DataFormat, EmrActivity, EmrCluster, EmrStep, Expression, FailureAndRerunMode, Pipeline, RedshiftCopyActivity, RedshiftDatabase,
  RedshiftDataNode, RedshiftInsertMode, S3DataNode, S3KeyExistsPrecondition, Schedule, ScheduleType, ShellCommandActivity,
  ShellCommandPrecondition, SnsAlarm, WorkerGroup,
} from 'cdk-data-pipeline';
import { Construct } from 'constructs';

/**
 * Every hour, a host in the plant sends the last hour's web server log to S3 as soon as the log is there, a transient EMR cluster
 * validates and counts it, and Redshift loads the counts.
 */
export class LogEtlStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true); // as in every new CDK app's cdk.json
    const closed = { encryption: BucketEncryption.S3_MANAGED, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true };
    const bucket = new Bucket(this, 'Data', { ...closed, serverAccessLogsBucket: new Bucket(this, 'AccessLogs', closed) });
    const pipeline = new Pipeline(this, 'LogEtl', {
      pipelineName: 'log-etl',
      schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }),
      failureAndRerunMode: FailureAndRerunMode.CASCADE,
      maximumRetries: 2,
      retryDelay: Duration.minutes(5),
      onFail: [new SnsAlarm({ topic: new Topic(this, 'Alarms', { enforceSSL: true }) })],
    });
    const hour = Expression.format(Expression.SCHEDULED_START_TIME, 'YYYY/MM/dd/HH');
    const log = `\${SHOP_LOGS:-/var/log/shop}/access-${Expression.format(Expression.SCHEDULED_START_TIME, 'YYYYMMddHH')}.log`;

    const plant = new WorkerGroup(pipeline, 'Plant');
    const raw = new S3DataNode(pipeline, 'RawLogs', { bucket, directoryPath: `raw/${hour}/` });
    const clean = new S3DataNode(pipeline, 'CleanLogs', { bucket, directoryPath: `clean/${hour}/`, dataFormat: DataFormat.csv() });

    new ShellCommandActivity(pipeline, 'Extract', {
      runsOn: plant,
      stage: true,
      output: [raw],
      command: `cp "${log}" "$OUTPUT1_STAGING_DIR"`,
      attemptTimeout: Duration.minutes(30),
      preconditions: [
        new ShellCommandPrecondition(pipeline, 'LogsWaiting', { runsOn: plant, command: `test -s "${log}"`, preconditionTimeout: Duration.hours(6) }),
      ],
    });

    const [mapper, reducer] = ['mapper', 'reducer'].map((name) => new Asset(this, name, { path: path.join(__dirname, 'streaming', `${name}.awk`) }));
    const cluster = new EmrCluster(pipeline, 'Cluster', { releaseLabel: 'emr-7.14.0', applications: ['Hadoop'], coreInstanceCount: 2, terminateAfter: Duration.hours(2) });
    mapper.grantRead(cluster);
    reducer.grantRead(cluster);
    new EmrActivity(pipeline, 'Transform', {
      runsOn: cluster,
      input: [raw],
      output: [clean],
      // Hadoop writes no output where there is any: what an attempt that failed has left goes first.
      steps: [EmrStep.command(['hadoop', 'fs', '-rm', '-r', '-f', clean.uri]), EmrStep.hadoopStreaming({
        files: [`${mapper.s3ObjectUrl}#mapper.awk`, `${reducer.s3ObjectUrl}#reducer.awk`],
        mapper: 'awk -f mapper.awk',
        reducer: 'awk -f reducer.awk',
        input: [raw.uri],
        output: clean.uri,
        properties: { 'mapreduce.job.reduces': '1', 'mapreduce.output.textoutputformat.separator': ',' },
      })],
    });

    const warehouse = new RedshiftDatabase(pipeline, 'Warehouse', {
      workgroupName: 'analytics',
      databaseName: 'shop',
      iamRole: new Role(this, 'CopyRole', { assumedBy: new ServicePrincipal('redshift.amazonaws.com') }),
    });
    const hits = new RedshiftDataNode(pipeline, 'PageHits', {
      database: warehouse,
      tableName: 'page_hits',
      createTableSql: 'CREATE TABLE page_hits (hour TIMESTAMP, method VARCHAR(16), path VARCHAR(2048), status SMALLINT, requests BIGINT, bytes BIGINT)',
      primaryKeys: ['hour', 'method', 'path', 'status'],
    });
    new RedshiftCopyActivity(pipeline, 'Load', {
      input: clean,
      output: hits,
      insertMode: RedshiftInsertMode.OVERWRITE_EXISTING,
      // What Hadoop writes last.
      preconditions: [new S3KeyExistsPrecondition(pipeline, 'CleanComplete', { bucket, s3Key: `clean/${hour}/_SUCCESS`, preconditionTimeout: Duration.hours(1) })],
    });
  }
}
