import { Duration, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import {
  ActionOnResourceFailure, ActionOnTaskFailure, CatchUp, CopyActivity, DataFormat, DynamoDBDataExistsPrecondition, DynamoDBTableExistsPrecondition,
  EmrActivity, EmrCluster, EmrStep, ExistsPrecondition, HadoopSchedulerType, HostDataNode, Pipeline, RdsDatabase, RedshiftCopyActivity,
  RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3DataNode, S3KeyExistsPrecondition, S3PrefixNotEmptyPrecondition, Schedule,
  ShellCommandActivity, SnsAlarm, SqlActivity, SqlDataNode, StartAt, StepFunctionsActivity, Terminate, TimeWindowPrecondition, WorkerGroup,
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
      parameters: { myStep: 'command-runner.jar,hdfs,dfsadmin,-report' },
      arrayParameters: { myTables: ['orders', 'carts'] },
      onSuccess: [new SnsAlarm({ topic })],
    });
    const plant = new WorkerGroup(pipeline, 'Plant');
    const flag = new S3KeyExistsPrecondition(pipeline, 'Flag', { bucket, s3Key: 'flags/ready' });
    const some = new S3PrefixNotEmptyPrecondition(pipeline, 'Some', {
      bucket, s3Prefix: 'in/', lateAfterTimeout: Duration.hours(1), onLateAction: [new SnsAlarm({ topic })],
    });
    const orders = new Table(this, 'Orders', {
      partitionKey: { name: 'id', type: AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    const there = new DynamoDBTableExistsPrecondition(pipeline, 'There', { table: orders });
    const filled = new DynamoDBDataExistsPrecondition(pipeline, 'Filled', { tableName: 'customers' });
    const exists = new ExistsPrecondition(pipeline, 'Exists');
    const morning = new TimeWindowPrecondition(pipeline, 'Morning', { notBefore: '#{plusHours(@scheduledStartTime, 6)}', notAfter: '#{@scheduledEndTime}' });
    const input = new S3DataNode(pipeline, 'Input', { bucket, directoryPath: 'in/', preconditions: [flag, some, there, filled, exists, morning] });
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

    new CopyActivity(pipeline, 'Archive', {
      runsOn: plant,
      input: staged,
      output: new HostDataNode(pipeline, 'Archived', { directoryPath: '/archive/#{format(@scheduledStartTime, "YYYY")}', dataFormat: DataFormat.tsv({ escapeChar: '\\' }) }),
    });

    const cluster = new EmrCluster(pipeline, 'Cluster', { coreInstanceCount: 1, taskInstanceCount: 1, terminateAfter: Duration.hours(4) });
    const count = EmrStep.command(['hdfs', 'dfs', '-count', staged.uri, '#{myTables}']);
    const one = new EmrActivity(pipeline, 'One', { runsOn: cluster, input: [staged], steps: [count, EmrStep.fromString('#{myStep}')] });
    new EmrActivity(pipeline, 'Two', { runsOn: cluster, input: [staged], steps: [count], dependsOn: [one] });

    new ShellCommandActivity(pipeline, 'OnPrimary', { runsOn: cluster, scriptUri: 's3://scripts/primary.sh', scriptArgument: ['#{@scheduledStartTime}', '#{myTables}'], dependsOn: [one] });

    const { MASTER, TASK } = EmrCreateCluster.InstanceRoleType;
    const { SWITCH_TO_ON_DEMAND } = EmrCreateCluster.SpotTimeoutAction;
    const fleets = new EmrCluster(pipeline, 'Fleets', {
      instanceFleets: [
        { instanceFleetType: MASTER, targetOnDemandCapacity: 1, instanceTypeConfigs: [{ instanceType: 'm5.xlarge' }] },
        {
          instanceFleetType: TASK,
          targetSpotCapacity: 2,
          instanceTypeConfigs: [{ instanceType: 'm5.xlarge', weightedCapacity: 1, bidPriceAsPercentageOfOnDemandPrice: 80 }],
          launchSpecifications: { spotSpecification: { timeoutAction: SWITCH_TO_ON_DEMAND, timeout: Duration.minutes(20) } },
        },
      ],
      useOnDemandOnLastAttempt: true,
      configuration: [{ classification: 'spark-defaults', properties: { 'spark.app.name': '#{format(@scheduledStartTime, "YYYY")}' } }],
      hadoopSchedulerType: HadoopSchedulerType.PARALLEL_CAPACITY_SCHEDULING,
      bootstrapActions: [{ name: 'tools', scriptBootstrapAction: { path: 's3://scripts/tools.sh', args: ['#{inTimeZone(@scheduledEndTime, "Europe/Berlin")}'] } }],
      managedScalingPolicy: {
        computeLimits: { unitType: EmrCreateCluster.ComputeLimitsUnitType.INSTANCE_FLEET_UNITS, minimumCapacityUnits: 1, maximumCapacityUnits: 4 },
      },
      ebsRootVolumeSize: Size.gibibytes(30),
      customAmiId: 'ami-0123456789abcdef0',
      securityConfiguration: 'encrypted',
      lateAfterTimeout: Duration.hours(6),
      onLateAction: [new SnsAlarm({ topic }), new Terminate()],
    });
    new EmrActivity(pipeline, 'OnFleets', { runsOn: fleets, steps: [count] });

    const group = (name: string) => SecurityGroup.fromSecurityGroupId(this, name, `sg-${name}`);
    const groups = new EmrCluster(pipeline, 'Groups', {
      masterInstanceBidPrice: 'OnDemandPrice',
      coreInstanceCount: 1,
      coreInstanceBidPrice: '0.35',
      coreGroupConfiguration: [{ classification: 'mapred-site', properties: { 'mapreduce.map.memory.mb': '2048' } }],
      coreEbsConfiguration: {
        ebsOptimized: true,
        ebsBlockDeviceConfigs: [{
          volumesPerInstance: 2, volumeSpecification: { volumeSize: Size.gibibytes(64), volumeType: EmrCreateCluster.EbsBlockDeviceVolumeType.GP3 },
        }],
      },
      availabilityZone: 'us-east-1b',
      emrManagedMasterSecurityGroup: group('a'),
      emrManagedSlaveSecurityGroup: group('b'),
      serviceAccessSecurityGroup: group('c'),
      additionalMasterSecurityGroups: [group('d')],
      overrides: { PlacementGroupConfigs: [{ InstanceRole: 'MASTER', PlacementStrategy: 'SPREAD' }] },
    });
    new EmrActivity(pipeline, 'OnGroups', { runsOn: groups, steps: [count] });

    const shared = new EmrCluster(pipeline, 'Shared', {
      taskConcurrency: 3,
      terminateAfter: Duration.hours(5),
      actionOnTaskFailure: ActionOnTaskFailure.TERMINATE,
      actionOnResourceFailure: ActionOnResourceFailure.RETRY_ALL,
    });
    const ended = { lateAfterTimeout: Duration.hours(3), onLateAction: [new Terminate()] };
    for (const [side, more] of Object.entries({ Left: {}, Right: ended })) {
      new EmrActivity(pipeline, side, { runsOn: shared, input: [staged], steps: [count], ...more });
    }

    const warehouse = new RedshiftDatabase(pipeline, 'Provisioned', { clusterId: 'dwh', databaseName: 'dev', password: new Secret(this, 'Password') });
    const table = new RedshiftDataNode(pipeline, 'Table', { database: warehouse, tableName: 'facts' });
    new RedshiftCopyActivity(pipeline, 'Load', { input: staged, output: table, insertMode: RedshiftInsertMode.APPEND, ...ended });

    const far = new RedshiftDatabase(pipeline, 'Far', { connectionString: 'jdbc:redshift://h/dev', password: new Secret(this, 'FarPassword') });
    const copied = new RedshiftDataNode(pipeline, 'Copied', { database: far, tableName: 'facts' });
    new RedshiftCopyActivity(pipeline, 'LoadFar', { input: staged, output: copied, insertMode: RedshiftInsertMode.APPEND, runsOn: plant });

    const iamRole = new Role(this, 'Unloads', { assumedBy: new ServicePrincipal('redshift.amazonaws.com') });
    const reporting = new RedshiftDatabase(pipeline, 'Reporting', { workgroupName: 'reports', databaseName: 'dev', iamRole });
    new RedshiftCopyActivity(pipeline, 'Unload', {
      input: new RedshiftDataNode(pipeline, 'Totals', { database: reporting, tableName: 'totals' }),
      output: new S3DataNode(pipeline, 'Report', { bucket, directoryPath: 'report/', dataFormat: DataFormat.csv() }),
      insertMode: RedshiftInsertMode.TRUNCATE,
      queue: 'reports',
      transformSql: "SELECT * FROM staging WHERE day = '#{format(@scheduledStartTime, \"YYYY-MM-dd\")}'",
    });

    new SqlActivity(pipeline, 'Vacuum', { database: reporting, input: [table], script: "DELETE FROM totals WHERE day < '#{@scheduledStartTime}'; ANALYZE totals" });
    const shop = new RdsDatabase(pipeline, 'Shop', { rdsInstanceId: 'shop', password: new Secret(this, 'Credentials') });
    new SqlActivity(pipeline, 'Prune', { database: shop, runsOn: plant, script: 'DELETE FROM carts WHERE day < ?', scriptArgument: ['#{@scheduledStartTime}'] });
    new CopyActivity(pipeline, 'Dump', {
      runsOn: plant,
      input: new SqlDataNode(pipeline, 'Sales', { database: shop, table: 'sales', selectQuery: "SELECT * FROM sales WHERE day = '#{@scheduledStartTime}'" }),
      output: new S3DataNode(pipeline, 'Dumped', { bucket, directoryPath: 'dumped/', dataFormat: DataFormat.csv() }),
    });

    const yearly = Schedule.rate(Duration.days(365), { startAt: StartAt.FIRST_ACTIVATION_DATE_TIME, scheduleName: 'yearly' });
    const subject = '#{node.name} of #{inTimeZone(@scheduledStartTime, "Asia/Tokyo")} is late';
    const late = { lateAfterTimeout: Duration.hours(1), onLateAction: [new SnsAlarm({ topic, subject })] };
    new ShellCommandActivity(pipeline, 'Yearly', { runsOn: plant, command: 'true', schedule: yearly, ...late });
    const weekly = Schedule.cron({ minute: '0', hour: '7', weekDay: 'MON', timeZone: TimeZone.EUROPE_BERLIN, scheduleName: 'weekly' });
    new EmrActivity(pipeline, 'Weekly', {
      schedule: weekly,
      runsOn: cluster,
      steps: [count],
      dependsOn: [one],
      lateAfterTimeout: Duration.hours(6),
      onLateAction: [new SnsAlarm({ topic })],
    });

    new StepFunctionsActivity(pipeline, 'Own', { definition: Pass.jsonata(this, 'Nothing'), input: [staged, table], ...ended });
  }
}
