import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  CatchUp, ActionOnTaskFailure, DataFormat, EmrActivity, EmrCluster, EmrStep, Pipeline, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode,
  RedshiftInsertMode, S3DataNode, S3KeyExistsPrecondition, S3PrefixNotEmptyPrecondition, Schedule, ShellCommandActivity, SnsAlarm,
  StepFunctionsActivity, Terminate, WorkerGroup,
} from '../../src';

/** What no example has, so that the checks see every call and every grant of the library. */
export class EverythingStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { masterKey: new Key(this, 'TopicKey') });
    const bucket = new Bucket(this, 'Bucket', { encryptionKey: new Key(this, 'BucketKey') });
    const pipeline = new Pipeline(this, 'Pipeline', {
      schedule: Schedule.cron({ minute: '0', hour: '6', timeZone: TimeZone.EUROPE_BERLIN }),
      logBucket: bucket,
      attemptTimeout: Duration.hours(1),
      catchUp: CatchUp.last(3),
      onSuccess: [new SnsAlarm({ topic })],
    });
    const plant = new WorkerGroup(pipeline, 'Plant');
    const flag = new S3KeyExistsPrecondition(pipeline, 'Flag', { bucket, s3Key: 'flags/ready' });
    const some = new S3PrefixNotEmptyPrecondition(pipeline, 'Some', {
      bucket, s3Prefix: 'in/', lateAfterTimeout: Duration.hours(1), onLateAction: [new SnsAlarm({ topic })],
    });
    const input = new S3DataNode(pipeline, 'Input', { bucket, directoryPath: 'in/', preconditions: [flag, some] });
    const staged = new S3DataNode(pipeline, 'Staged', { bucket, directoryPath: 'staged/#{format(@scheduledStartTime, "YYYY")}/', dataFormat: DataFormat.csv() });
    new ShellCommandActivity(pipeline, 'Fetch', {
      runsOn: plant,
      stage: true,
      input: [input],
      output: [staged],
      scriptUri: 's3://scripts/fetch.sh',
      lateAfterTimeout: Duration.hours(2),
      onLateAction: [new SnsAlarm({ topic }), new Terminate()],
    });

    const cluster = new EmrCluster(pipeline, 'Cluster', { coreInstanceCount: 1, taskInstanceCount: 1, terminateAfter: Duration.hours(4) });
    const count = EmrStep.command(['hdfs', 'dfs', '-count', staged.uri]);
    const one = new EmrActivity(pipeline, 'One', { runsOn: cluster, input: [staged], steps: [count, EmrStep.command(['hdfs', 'dfsadmin', '-report'])] });
    new EmrActivity(pipeline, 'Two', { runsOn: cluster, input: [staged], steps: [count], dependsOn: [one] });

    const shared = new EmrCluster(pipeline, 'Shared', { taskConcurrency: 3, terminateAfter: Duration.hours(5), actionOnTaskFailure: ActionOnTaskFailure.TERMINATE });
    for (const side of ['Left', 'Right']) new EmrActivity(pipeline, side, { runsOn: shared, input: [staged], steps: [count] });

    const ended = { lateAfterTimeout: Duration.hours(3), onLateAction: [new Terminate()] };
    const warehouse = new RedshiftDatabase(pipeline, 'Provisioned', { clusterId: 'dwh', databaseName: 'dev', password: new Secret(this, 'Password') });
    const table = new RedshiftDataNode(pipeline, 'Table', { database: warehouse, tableName: 'facts' });
    new RedshiftCopyActivity(pipeline, 'Load', { input: staged, output: table, insertMode: RedshiftInsertMode.APPEND, ...ended });

    new StepFunctionsActivity(pipeline, 'Own', { definition: Pass.jsonata(this, 'Nothing'), input: [staged, table], ...ended });
  }
}
