import { Duration, Size } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, KeyPair } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmrCreateCluster } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Bench, Field, Fields, ObjectType, PropField } from './ledger';
import {
  ActionOnResourceFailure, ActionOnTaskFailure, CopyActivity, CopyActivityProps, CustomProps, DataFormat, DynamoDBDataExistsPrecondition,
  DynamoDBDataNode, DynamoDBDataNodeProps, DynamoDBTableExistsPrecondition, Ec2Resource, EmrActivity, EmrCluster, EmrClusterProps, EmrStep,
  ExistsPrecondition, FailureAndRerunMode, HadoopActivity, HadoopSchedulerType, HiveActivity, HiveActivityProps, HiveCopyActivity, HttpProxy,
  JdbcDatabase, MySqlDataNode, PigActivity, PigActivityProps, Pipeline, Precondition,
  RdsDatabase, RedshiftCopyActivity, RedshiftCopyActivityProps, RedshiftDatabase, RedshiftDataNode,
  RedshiftInsertMode, S3Compression, S3DataNode, S3DataNodeProps, S3KeyExistsPrecondition,
  S3PrefixNotEmptyPrecondition, Schedule, ScheduleType, ShellCommandActivity, ShellCommandActivityProps, ShellCommandPrecondition, SnsAlarm,
  SqlActivity, SqlActivityProps, SqlDataNode, SqlDataNodeProps, StartAt, Terminate, TsvProps, WorkerGroup,
} from '../../src';

const topic = ({ stack }: Bench, id: string): ITopic => Topic.fromTopicArn(stack, id, `arn:aws:sns:us-east-1:111111111111:${id}`);
const alarm = (bench: Bench): SnsAlarm => new SnsAlarm({ topic: topic(bench, 'Topic') });
const shell = (bench: Bench, id: string, props: Partial<ShellCommandActivityProps> = {}): ShellCommandActivity =>
  new ShellCommandActivity(bench.pipeline, id, { runsOn: bench.hosts, ...props.scriptUri ? {} : { command: 'true' }, ...props });
const folder = (bench: Bench, id: string): S3DataNode =>
  new S3DataNode(bench.pipeline, id, { directoryPath: `s3://data/${id}/`, dataFormat: DataFormat.csv() });

/** A prop of the field's own name. */
const prop = (name: string, value: unknown, more: Partial<PropField> = {}): Field => ({ prop: name, given: () => ({ [name]: value }), ...more });

/** One that guards nothing is refused: it is there with the prop only. */
const guards = (used: boolean, bench: Bench) => used ? [new S3KeyExistsPrecondition(bench.pipeline, 'Guard', { s3Key: 's3://data/ready' })] : [];
const guarded = (bench: Bench) => ({ preconditions: guards(true, bench) });

const LATE: Fields = {
  lateAfterTimeout: { prop: 'lateAfterTimeout', given: () => ({ lateAfterTimeout: Duration.hours(2) }), without: (bench) => ({ lateAfterTimeout: Duration.hours(1), onLateAction: [alarm(bench)] }) },
  onLateAction: { prop: 'onLateAction', given: (bench) => ({ lateAfterTimeout: Duration.hours(1), onLateAction: [alarm(bench)] }) },
};
const OUTCOME: Fields = {
  onFail: { prop: 'onFail', given: (bench) => ({ onFail: [alarm(bench)] }) },
  onSuccess: { prop: 'onSuccess', given: (bench) => ({ onSuccess: [alarm(bench)] }) },
  failureAndRerunMode: prop('failureAndRerunMode', FailureAndRerunMode.CASCADE),
};
const RETRIES: Fields = { maximumRetries: prop('maximumRetries', 7), retryDelay: prop('retryDelay', Duration.minutes(3)) };
const ONE_INSTANCE: Field = {
  reason: 'Deprecated in AWS Data Pipeline, where an Ec2Resource is one instance.', instead: 'Several Ec2Resources, each the host of some of the activities.',
};
const NO_HOST_OF_HOSTS: Field = { reason: 'AWS itself launches it for the run: no host takes part.', instead: 'Nothing: it is not needed.' };
const NO_WORKER: Field = { reason: 'No worker reports progress: the run itself asks the service.', instead: '`attemptTimeout`.' };
const PRECONDITION: Field = {
  prop: 'preconditions',
  given: (bench, used) => ({ preconditions: guards(used, bench) }),
};
const EVERYWHERE: Fields = {
  // AWS Data Pipeline itself wrote it, for expressions to read.
  attemptStatus: {
    prop: '#{node.attemptStatus} in the text of an action',
    without: (bench) => ({ onSuccess: [alarm(bench)] }),
    given: (bench) => ({ onSuccess: [new SnsAlarm({ topic: topic(bench, 'Told'), message: '#{node.attemptStatus}' })] }),
  },
};
/** One of the same kind that has what the object has not. */
const parent = (make: (bench: Bench) => unknown): Field => ({ prop: 'parent', given: (bench) => ({ parent: make(bench) }) });
const MORE = { maximumRetries: 7 };
const LOGS: Field = { prop: 'pipelineLogUri of the Pipeline', pipeline: { pipelineLogUri: 's3://elsewhere/' } };
/** For the commands that guard it. */
const ON_HOSTS: Field = {
  prop: 'runsOn',
  without: (bench) => ({ runsOn: bench.hosts, preconditions: [new ShellCommandPrecondition(bench.pipeline, 'Ask', { command: 'true' })] }),
  given: ({ pipeline }) => ({ runsOn: new Ec2Resource(pipeline, 'Instance') }),
};
const ACTIVITY: Fields = {
  ...EVERYWHERE,
  ...LATE,
  ...OUTCOME,
  ...RETRIES,
  attemptTimeout: prop('attemptTimeout', Duration.hours(2)),
  dependsOn: { prop: 'dependsOn', given: (bench) => ({ dependsOn: [shell(bench, 'Before')] }) },
  maxActiveInstances: prop('maxActiveInstances', 2),
  pipelineLogUri: LOGS,
  precondition: PRECONDITION,
  schedule: prop('schedule', Schedule.cron({ minute: '30' })),
  scheduleType: {
    prop: 'scheduleType of the Schedule',
    without: () => ({ schedule: Schedule.cron({ minute: '30', scheduleName: 'own' }) }),
    given: () => ({ schedule: Schedule.cron({ minute: '30', scheduleName: 'own', scheduleType: ScheduleType.TIMESERIES }) }),
  },
};
const PRECONDITIONS: Fields = {
  ...EVERYWHERE,
  ...LATE,
  ...OUTCOME,
  ...RETRIES,
  attemptTimeout: prop('attemptTimeout', Duration.minutes(2)),
  preconditionTimeout: prop('preconditionTimeout', Duration.hours(1)),
  reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(2)),
};
/** A data node that nothing writes is late only if something has to hold there. */
const DATA_NODE: Fields = {
  ...EVERYWHERE,
  lateAfterTimeout: {
    prop: 'lateAfterTimeout',
    given: () => ({ lateAfterTimeout: Duration.hours(2) }),
    without: (bench) => ({ ...guarded(bench), lateAfterTimeout: Duration.hours(1), onLateAction: [alarm(bench)] }),
  },
  onLateAction: { prop: 'onLateAction', given: (bench) => ({ lateAfterTimeout: Duration.hours(1), onLateAction: [alarm(bench)] }), without: guarded },
  ...OUTCOME,
  attemptTimeout: prop('attemptTimeout', Duration.minutes(2), { without: guarded }),
  dependsOn: { prop: 'dependsOn', given: (bench) => ({ dependsOn: [shell(bench, 'Before')] }) },
  maxActiveInstances: prop('maxActiveInstances', 2),
  maximumRetries: prop('maximumRetries', 7, { without: guarded }),
  pipelineLogUri: LOGS,
  precondition: PRECONDITION,
  reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(2), { without: guarded }),
  retryDelay: prop('retryDelay', Duration.minutes(3), { without: guarded }),
  runsOn: ON_HOSTS,
  schedule: { prop: 'schedule of the activities that name it, or of the Pipeline', pipeline: { schedule: Schedule.cron({ minute: '30' }) } },
  scheduleType: { prop: 'scheduleType of that Schedule', pipeline: { schedule: Schedule.cron({ minute: '0', scheduleType: ScheduleType.TIMESERIES }) } },
  workerGroup: ON_HOSTS,
};

const credentials = ({ stack }: Bench, name: string) => Secret.fromSecretNameV2(stack, `Secret-${name}`, name);
const shop = (bench: Bench, id = 'Shop', props: object = {}): JdbcDatabase =>
  new JdbcDatabase(bench.pipeline, id, { connectionString: 'jdbc:mysql://h/shop', password: credentials(bench, id), ...props });
const connected = (bench: Bench) => ({ connectionString: 'jdbc:redshift://h/dev', password: credentials(bench, 'warehouse') });
const sql = (bench: Bench, props: SqlActivityProps): SqlActivity =>
  new SqlActivity(bench.pipeline, 'Sql', { ...props.scriptUri ? {} : { script: 'SELECT 1' }, ...props });
/** The field `runsOn` where `workerGroup` is another. */
const ON_INSTANCE: Field = { prop: 'runsOn', given: ({ pipeline }) => ({ runsOn: new Ec2Resource(pipeline, 'Instance') }) };
const NO_JAVA: Field = {
  reason: 'No Java runs: Task Runner has drivers of MySQL, MariaDB, PostgreSQL and Amazon Redshift of its own.',
  instead: 'Nothing, with these; for other engines a `ShellCommandActivity`.',
};
/** What databases have that Task Runner connects to. */
const CONNECTION: Fields = {
  '*password': { prop: 'password', given: (bench) => ({ password: credentials(bench, 'another') }) },
  'databaseName': prop('databaseName', 'prod'),
  'jdbcDriverJarUri': NO_JAVA,
  'jdbcProperties': prop('jdbcProperties', ['sslMode=REQUIRED']),
  'username': prop('username', 'another'),
};

/** A precondition, on an activity. */
function precondition(construct: string, make: (bench: Bench, id: string, props: object) => Precondition, fields: Fields): ObjectType {
  return {
    construct,
    make: (bench, props) => void shell(bench, 'Guarded', { preconditions: [make(bench, 'Check', props)] }),
    fields: {
      ...PRECONDITIONS,
      parent: parent((bench) => shell(bench, 'Other', { preconditions: [make(bench, 'First', MORE)] }).preconditions[0]),
      ...fields,
    },
  };
}

const table = (bench: Bench, id = 'Table', props: object = {}): RedshiftDataNode => new RedshiftDataNode(bench.pipeline, id, {
  database: new RedshiftDatabase(bench.pipeline, `Of${id}`, { clusterId: 'dwh', databaseName: 'dev', username: 'loader' }), tableName: 'facts', ...props,
});
const load = (bench: Bench, props: Partial<RedshiftCopyActivityProps>): RedshiftCopyActivity => new RedshiftCopyActivity(bench.pipeline, 'Load', {
  insertMode: RedshiftInsertMode.APPEND, ...props, input: props.input ?? folder(bench, 'Data'), output: props.output ?? table(bench),
});
/** To where the Data API does not reach. */
const elsewhere = (bench: Bench) => ({
  output: table(bench, 'Far', { database: new RedshiftDatabase(bench.pipeline, 'Elsewhere', connected(bench)) }), runsOn: bench.hosts,
});
/** Two activities, so that the second's cluster may outlive the first's failure. */
const onCluster = (bench: Bench, props: EmrClusterProps): void => {
  const work = { runsOn: new EmrCluster(bench.pipeline, 'Cluster', props), steps: [EmrStep.command(['true'])] };
  new EmrActivity(bench.pipeline, 'Work', work);
  shell(bench, 'After', { dependsOn: [new EmrActivity(bench.pipeline, 'More', work)] });
};
const group = (bench: Bench, id: string) => SecurityGroup.fromSecurityGroupId(bench.stack, id, `sg-${id}`);
const SUBNET = ({ stack }: Bench) => ({ subnet: Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1') });
const EBS = { ebsOptimized: true };
const volume = (size: number) => ({ volumeSize: Size.gibibytes(size), volumeType: EmrCreateCluster.EbsBlockDeviceVolumeType.GP3 });
const CORE = () => ({ coreInstanceCount: 1 });
const TASKS = () => ({ coreInstanceCount: 1, taskInstanceCount: 1 });
const CONFIGURATION = [{ classification: 'spark', properties: { maximizeResourceAllocation: 'true' } }];
const SECURITY_GROUPS = (bench: Bench) => ({ emrManagedMasterSecurityGroup: group(bench, 'a'), emrManagedSlaveSecurityGroup: group(bench, 'b') });

const emr = (bench: Bench): EmrCluster => bench.pipeline.node.tryFindChild('Cluster') as EmrCluster ?? new EmrCluster(bench.pipeline, 'Cluster');
const hive = (bench: Bench, props: Partial<HiveActivityProps>): HiveActivity =>
  new HiveActivity(bench.pipeline, 'Query', { runsOn: props.runsOn ?? emr(bench), ...props.scriptUri ? {} : { hiveScript: 'SELECT 1' }, ...props });
/** A format, as a table of Hive has it. */
const staged = (bench: Bench, dataFormat: DataFormat): void => {
  hive(bench, { input: [new S3DataNode(bench.pipeline, 'Staged', { directoryPath: 's3://data/staged/', dataFormat })] });
};
const items = (bench: Bench, id: string, props: Partial<DynamoDBDataNodeProps> = {}): DynamoDBDataNode =>
  new DynamoDBDataNode(bench.pipeline, id, { tableName: id, ...props });
const CSV = DataFormat.csv();
const copy = (bench: Bench, props: Partial<CopyActivityProps> = {}): CopyActivity => new CopyActivity(bench.pipeline, 'Copied', {
  runsOn: bench.hosts, input: folder(bench, 'Rows'), output: props.output ?? folder(bench, 'Copy'), ...props,
});
/** A format of files that are copied: tables know one character after a record. */
const copied = (bench: Bench, dataFormat: DataFormat): void => {
  copy(bench, { input: new S3DataNode(bench.pipeline, 'Formed', { directoryPath: 's3://data/formed/', dataFormat }) });
};
const RECORDS = prop('recordSeparator', ';', { without: () => ({ recordSeparator: '\r' }) });
/** Both what is read and what is written are such a table. */
const sqlDataNode = (construct: string, make: (scope: Pipeline, id: string, props: SqlDataNodeProps) => SqlDataNode): ObjectType => ({
  construct,
  make: (bench, props) => {
    const node = (id: string, given: object) => make(bench.pipeline, id, { database: shop(bench, `Of${id}`), table: 'sales', ...given });
    // What guards is one object's.
    copy(bench, { input: node('From', props), output: node('To', { ...props, preconditions: undefined }) });
  },
  fields: {
    ...DATA_NODE,
    createTableSql: prop('createTableSql', 'CREATE TABLE sales (id INT)'),
    database: { prop: 'database', given: (bench) => ({ database: shop(bench, 'Another') }) },
    insertQuery: prop('insertQuery', 'INSERT INTO sales (id) VALUES (?)'),
    parent: parent((bench) => make(bench.pipeline, 'Base', { database: shop(bench, 'OfBase'), table: 'sales', selectQuery: 'SELECT id FROM sales' })),
    schemaName: prop('schemaName', 'archive'),
    selectQuery: prop('selectQuery', 'SELECT id FROM sales'),
    table: prop('table', 'returns'),
  },
});
/** Where an EmrCluster is another. */
const HOSTED: Fields = {
  reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(2), { without: (bench) => ({ runsOn: bench.hosts }) }),
  workerGroup: { prop: 'runsOn', given: (bench) => ({ runsOn: bench.hosts }) },
};
const ON_CLUSTER: Fields = {
  ...ACTIVITY,
  postActivityTaskConfig: prop('postActivityTaskConfig', { scriptUri: 's3://scripts/after.sh' }),
  preActivityTaskConfig: prop('preActivityTaskConfig', { scriptUri: 's3://scripts/before.sh' }),
  ...HOSTED,
  runsOn: { prop: 'runsOn', given: (bench) => ({ runsOn: new EmrCluster(bench.pipeline, 'Another') }) },
};
const READS_AND_WRITES: Fields = {
  input: { prop: 'input', given: (bench) => ({ input: [folder(bench, 'In')] }) },
  output: { prop: 'output', given: (bench) => ({ output: [folder(bench, 'Out')] }) },
};
const STAGE: Field = {
  prop: 'stage',
  without: ({ pipeline }) => ({ input: [pipeline.node.findChild('In') as S3DataNode] }),
  given: (bench) => ({ input: [folder(bench, 'In')], stage: false }),
};
const VALUE: Field = { reason: 'It is a plain value, written where it is used, and not an object with an identity.', instead: 'A constant of the program that defines the pipeline.' };
/** A cluster that can be resized, and a table that it is resized for. */
const sized = (bench: Bench) => ({ runsOn: new EmrCluster(bench.pipeline, 'Sized', { coreInstanceCount: 1 }) });
const resize = (work: (bench: Bench) => object): Fields => ({
  resizeClusterBeforeRunning: prop('resizeClusterBeforeRunning', true, { without: work }),
  resizeClusterMaxInstances: prop('resizeClusterMaxInstances', 8, { without: (bench) => ({ ...work(bench), resizeClusterBeforeRunning: true }) }),
});
const RESIZE = resize((bench) => ({ ...sized(bench), input: [items(bench, 'sizes')], stage: false }));

/** The types that have constructs, and where each of their fields is. */
export const OBJECT_TYPES: Readonly<Record<string, ObjectType>> = {
  CSV: {
    construct: 'DataFormat.csv',
    make: (bench, props) => void load(bench, { input: new S3DataNode(bench.pipeline, 'Csv', { directoryPath: 's3://data/csv/', dataFormat: DataFormat.csv(props) }) }),
    fields: { column: prop('columns', ['id INT']), escapeChar: prop('escapeChar', '\\'), parent: parent(() => DataFormat.csv({ columns: ['id INT'] })) },
  },
  Custom: {
    construct: 'DataFormat.custom',
    make: (bench, props: Partial<CustomProps>) => props.recordSeparator
      ? copied(bench, DataFormat.custom({ columnSeparator: '|', ...props }))
      : staged(bench, DataFormat.custom({ columnSeparator: '|', ...'parent' in props ? {} : { columns: ['id'] }, ...props })),
    fields: {
      column: prop('columns', ['id INT']),
      columnSeparator: prop('columnSeparator', ';'),
      parent: parent(() => DataFormat.custom({ columns: ['id INT'], columnSeparator: '|' })),
      recordSeparator: RECORDS,
    },
  },
  DynamoDBDataFormat: {
    construct: 'DataFormat.dynamoDb',
    make: (bench, props) => void hive(bench, { input: [items(bench, 'items', { dataFormat: DataFormat.dynamoDb({ ...'parent' in props ? {} : { columns: ['id'] }, ...props }) })] }),
    fields: { column: prop('columns', ['id BIGINT']), parent: parent(() => DataFormat.dynamoDb({ columns: ['id BIGINT'] })) },
  },
  DynamoDBDataNode: {
    construct: 'DynamoDBDataNode',
    make: (bench, props) => void hive(bench, { input: [items(bench, 'items', props)] }),
    fields: {
      ...DATA_NODE,
      dataFormat: prop('dataFormat', DataFormat.dynamoDb({ columns: ['id'] })),
      parent: parent((bench) => items(bench, 'base', { readThroughputPercent: 0.25 })),
      readThroughputPercent: prop('readThroughputPercent', 0.25),
      region: prop('region', 'eu-west-1'),
      tableName: prop('tableName', 'others'),
      writeThroughputPercent: prop('writeThroughputPercent', 0.25),
    },
  },
  DynamoDBExportDataFormat: {
    construct: 'DataFormat.dynamoDbExport',
    make: (bench, props) => void hive(bench, { input: [items(bench, 'items', { dataFormat: DataFormat.dynamoDbExport(props) })] }),
    fields: { column: prop('columns', ['id BIGINT']), parent: parent(() => DataFormat.dynamoDbExport({ columns: ['id BIGINT'] })) },
  },
  DynamoDBDataExists: precondition('DynamoDBDataExistsPrecondition',
    ({ pipeline }, id, props) => new DynamoDBDataExistsPrecondition(pipeline, id, { tableName: 'orders', ...props }),
    { role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Checks', 'checks') }) }, tableName: prop('tableName', 'customers') }),
  DynamoDBTableExists: precondition('DynamoDBTableExistsPrecondition',
    ({ pipeline }, id, props) => new DynamoDBTableExistsPrecondition(pipeline, id, { tableName: 'orders', ...props }),
    { role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Checks', 'checks') }) }, tableName: prop('tableName', 'customers') }),
  Ec2Resource: {
    construct: 'Ec2Resource',
    make: (bench, props) => {
      const work = { runsOn: new Ec2Resource(bench.pipeline, 'Host', props) };
      shell(bench, 'Work', work);
      shell(bench, 'After', { dependsOn: [shell(bench, 'More', work)] });
    },
    fields: {
      ...EVERYWHERE,
      ...LATE,
      ...OUTCOME,
      ...RETRIES,
      actionOnResourceFailure: prop('actionOnResourceFailure', ActionOnResourceFailure.RETRY_NONE),
      actionOnTaskFailure: prop('actionOnTaskFailure', ActionOnTaskFailure.TERMINATE),
      associatePublicIpAddress: prop('associatePublicIpAddress', true, { without: SUBNET }),
      attemptTimeout: { prop: 'initTimeout', given: () => ({ initTimeout: Duration.minutes(50) }) },
      availabilityZone: prop('availabilityZone', 'us-east-1b'),
      httpProxy: { prop: 'httpProxy', given: ({ pipeline }) => ({ httpProxy: new HttpProxy(pipeline, 'Proxy', { hostname: 'proxy', port: 3128 }) }) },
      imageId: prop('imageId', 'ami-0123456789abcdef0'),
      initTimeout: prop('initTimeout', Duration.minutes(40)),
      instanceCount: ONE_INSTANCE,
      instanceType: prop('instanceType', 'm6g.large'),
      keyPair: { prop: 'keyPair', given: ({ stack }) => ({ keyPair: KeyPair.fromKeyPairName(stack, 'Key', 'operators') }) },
      maxActiveInstances: prop('maxActiveInstances', 2),
      minInstanceCount: ONE_INSTANCE,
      parent: parent(({ pipeline }) => new Ec2Resource(pipeline, 'Base', { instanceType: 'm6g.large' })),
      pipelineLogUri: { prop: 'pipelineLogUri of the Pipeline', pipeline: { pipelineLogUri: 's3://elsewhere/' } },
      region: { reason: 'Step Functions calls Amazon EC2 and AWS Systems Manager in its own Region only.', instead: 'A stack with a pipeline in that Region.' },
      reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(2)),
      resourceRole: { prop: 'resourceRole', given: ({ stack }) => ({ resourceRole: Role.fromRoleName(stack, 'Instances', 'instances') }) },
      role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Launches', 'launches') }) },
      runAsUser: prop('runAsUser', 'ec2-user'),
      runsOn: NO_HOST_OF_HOSTS,
      schedule: { prop: 'schedule of the activities on it, or of the Pipeline', pipeline: { schedule: Schedule.cron({ minute: '30' }) } },
      scheduleType: { prop: 'scheduleType of that Schedule', pipeline: { schedule: Schedule.cron({ minute: '0', scheduleType: ScheduleType.TIMESERIES }) } },
      securityGroupIds: { prop: 'securityGroups', given: (bench) => ({ securityGroups: [group(bench, 'a')] }) },
      securityGroups: prop('securityGroupNames', ['web']),
      spotBidPrice: prop('spotBidPrice', '0.01'),
      subnetId: { prop: 'subnet', given: SUBNET },
      terminateAfter: prop('terminateAfter', Duration.hours(3)),
      useOnDemandOnLastAttempt: prop('useOnDemandOnLastAttempt', true, { without: () => ({ spotBidPrice: '0.01' }) }),
      workerGroup: NO_HOST_OF_HOSTS,
    },
  },
  EmrActivity: {
    construct: 'EmrActivity',
    make: (bench, props) => void new EmrActivity(bench.pipeline, 'Work', {
      runsOn: emr(bench), steps: [EmrStep.command(['true'])], ...props,
    }),
    fields: {
      ...ACTIVITY,
      input: { prop: 'input', given: (bench) => ({ input: [folder(bench, 'In')] }) },
      output: { prop: 'output', given: (bench) => ({ output: [folder(bench, 'Out')] }) },
      parent: parent((bench) => new EmrActivity(bench.pipeline, 'Base', { runsOn: emr(bench), steps: [EmrStep.command(['true'])], ...MORE })),
      postStepCommand: prop('postStepCommand', ['true']),
      preStepCommand: prop('preStepCommand', ['true']),
      ...HOSTED,
      ...RESIZE,
      runsOn: { prop: 'runsOn', given: (bench) => ({ runsOn: new EmrCluster(bench.pipeline, 'Another') }) },
      step: prop('steps', [EmrStep.command(['false'])]),
    },
  },
  EmrCluster: {
    construct: 'EmrCluster',
    make: (bench, props) => onCluster(bench, props),
    fields: {
      ...EVERYWHERE,
      ...LATE,
      ...OUTCOME,
      ...RETRIES,
      actionOnResourceFailure: prop('actionOnResourceFailure', ActionOnResourceFailure.RETRY_NONE),
      actionOnTaskFailure: prop('actionOnTaskFailure', ActionOnTaskFailure.TERMINATE),
      additionalMasterSecurityGroupIds: { prop: 'additionalMasterSecurityGroups', without: SECURITY_GROUPS, given: (bench) => ({ additionalMasterSecurityGroups: [group(bench, 'd')] }) },
      additionalSlaveSecurityGroupIds: { prop: 'additionalSlaveSecurityGroups', without: SECURITY_GROUPS, given: (bench) => ({ additionalSlaveSecurityGroups: [group(bench, 'd')] }) },
      amiVersion: { reason: 'Amazon EMR launches no cluster of an AMI version (2.x and 3.x) any more.', instead: '`releaseLabel`, or `customAmiId`.' },
      applications: prop('applications', ['Spark', 'Hive']),
      attemptTimeout: { prop: 'initTimeout', given: () => ({ initTimeout: Duration.minutes(50) }) },
      availabilityZone: prop('availabilityZone', 'us-east-1b'),
      bootstrapAction: prop('bootstrapActions', [{ name: 'tools', scriptBootstrapAction: { path: 's3://scripts/tools.sh' } }]),
      configuration: prop('configuration', CONFIGURATION),
      coreEbsConfiguration: prop('coreEbsConfiguration', EBS, { without: CORE }),
      coreGroupConfiguration: prop('coreGroupConfiguration', CONFIGURATION, { without: CORE }),
      coreInstanceBidPrice: prop('coreInstanceBidPrice', '0.1', { without: CORE }),
      coreInstanceCount: prop('coreInstanceCount', 2, { without: CORE }),
      coreInstanceType: prop('coreInstanceType', 'm6g.2xlarge', { without: CORE }),
      EbsBlockDeviceConfig: {
        prop: 'ebsBlockDeviceConfigs of an EBS configuration',
        without: () => ({ masterEbsConfiguration: EBS }),
        given: () => ({ masterEbsConfiguration: { ...EBS, ebsBlockDeviceConfigs: [{ volumeSpecification: volume(32) }] } }),
      },
      emrManagedMasterSecurityGroupId: { prop: 'emrManagedMasterSecurityGroup', without: SECURITY_GROUPS, given: (bench) => ({ emrManagedMasterSecurityGroup: group(bench, 'm') }) },
      emrManagedSlaveSecurityGroupId: { prop: 'emrManagedSlaveSecurityGroup', without: SECURITY_GROUPS, given: (bench) => ({ emrManagedSlaveSecurityGroup: group(bench, 'm') }) },
      enableDebugging: { reason: 'The debugging tool of Amazon EMR that it switches on is gone.', instead: "The cluster's logs (`emrLogUri`) and the persistent application interfaces of Amazon EMR." },
      hadoopSchedulerType: prop('hadoopSchedulerType', HadoopSchedulerType.PARALLEL_FAIR_SCHEDULING),
      httpProxy: { prop: 'httpProxy', given: ({ pipeline }) => ({ httpProxy: new HttpProxy(pipeline, 'Proxy', { hostname: 'proxy', port: 3128 }) }) },
      initTimeout: prop('initTimeout', Duration.minutes(40)),
      keyPair: { prop: 'keyPair', given: ({ stack }) => ({ keyPair: KeyPair.fromKeyPairName(stack, 'Key', 'operators') }) },
      masterEbsConfiguration: prop('masterEbsConfiguration', EBS),
      masterGroupConfiguration: prop('masterGroupConfiguration', CONFIGURATION),
      masterInstanceBidPrice: prop('masterInstanceBidPrice', '0.1'),
      masterInstanceType: prop('masterInstanceType', 'm6g.2xlarge'),
      maxActiveInstances: prop('maxActiveInstances', 2),
      parent: parent((bench) => new EmrCluster(bench.pipeline, 'Base', { masterInstanceType: 'm6g.2xlarge' })),
      pipelineLogUri: { prop: 'emrLogUri', given: () => ({ emrLogUri: 's3://elsewhere/' }) },
      region: { reason: 'Step Functions calls Amazon EMR in its own Region only.', instead: 'A stack with a pipeline in that Region.' },
      releaseLabel: prop('releaseLabel', 'emr-7.0.0'),
      reportProgressTimeout: NO_WORKER,
      resourceRole: { prop: 'resourceRole', given: ({ stack }) => ({ resourceRole: Role.fromRoleName(stack, 'Instances', 'instances') }) },
      role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Service', 'service') }) },
      runsOn: NO_HOST_OF_HOSTS,
      schedule: { prop: 'schedule of the activities on it, or of the Pipeline', pipeline: { schedule: Schedule.cron({ minute: '30' }) } },
      scheduleType: { prop: 'scheduleType of that Schedule', pipeline: { schedule: Schedule.cron({ minute: '0', scheduleType: ScheduleType.TIMESERIES }) } },
      serviceAccessSecurityGroupId: { prop: 'serviceAccessSecurityGroup', without: SECURITY_GROUPS, given: (bench) => ({ serviceAccessSecurityGroup: group(bench, 's') }) },
      subnetId: { prop: 'subnet', given: ({ stack }) => ({ subnet: Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1') }) },
      supportedProducts: { reason: 'Third-party software that Amazon EMR installed (MapR) is not offered any more.', instead: '`applications` and `bootstrapActions`.' },
      taskEbsConfiguration: prop('taskEbsConfiguration', EBS, { without: TASKS }),
      taskGroupConfiguration: prop('taskGroupConfiguration', CONFIGURATION, { without: TASKS }),
      taskInstanceBidPrice: prop('taskInstanceBidPrice', '0.1', { without: TASKS }),
      taskInstanceCount: prop('taskInstanceCount', 2, { without: TASKS }),
      taskInstanceType: prop('taskInstanceType', 'm6g.2xlarge', { without: TASKS }),
      terminateAfter: prop('terminateAfter', Duration.hours(3)),
      useOnDemandOnLastAttempt: prop('useOnDemandOnLastAttempt', true, { without: () => ({ masterInstanceBidPrice: '0.1' }) }),
      VolumeSpecification: {
        prop: 'volumeSpecification of an EBS block device',
        without: () => ({ masterEbsConfiguration: { ebsBlockDeviceConfigs: [{ volumeSpecification: volume(32) }] } }),
        given: () => ({ masterEbsConfiguration: { ebsBlockDeviceConfigs: [{ volumeSpecification: volume(64) }] } }),
      },
      workerGroup: NO_HOST_OF_HOSTS,
    },
  },
  EmrConfiguration: {
    construct: 'EmrCreateCluster.ConfigurationProperty of aws-cdk-lib',
    make: (bench, props) => onCluster(bench, { configuration: [{ classification: 'hive-site', ...props }] }),
    fields: {
      classification: prop('classification', 'hive-env'),
      configuration: prop('configurations', [{ classification: 'export', properties: { A: 'b' } }]),
      parent: VALUE,
      property: prop('properties', { a: 'b' }),
    },
  },
  Exists: {
    construct: 'ExistsPrecondition',
    make: (bench, props) => {
      const there = new ExistsPrecondition(bench.pipeline, 'Check', props);
      shell(bench, 'Reader', { input: [new S3DataNode(bench.pipeline, 'Data', { directoryPath: 's3://data/', preconditions: [there] })] });
    },
    fields: {
      ...PRECONDITIONS,
      parent: parent(({ pipeline }) => {
        const first = new ExistsPrecondition(pipeline, 'First', MORE);
        new S3DataNode(pipeline, 'Else', { directoryPath: 's3://data/', preconditions: [first] });
        return first;
      }),
    },
  },
  HadoopActivity: {
    construct: 'HadoopActivity',
    make: (bench, props) => void new HadoopActivity(bench.pipeline, 'Job', { runsOn: emr(bench), jarUri: 's3://code/job.jar', ...props }),
    fields: {
      ...ON_CLUSTER,
      ...READS_AND_WRITES,
      argument: prop('argument', ['-v']),
      hadoopQueue: prop('hadoopQueue', 'high'),
      jarUri: prop('jarUri', 's3://code/other.jar'),
      mainClass: prop('mainClass', 'Main'),
      parent: parent((bench) => new HadoopActivity(bench.pipeline, 'Base', { runsOn: emr(bench), jarUri: 's3://code/job.jar', ...MORE })),
    },
  },
  HiveActivity: {
    construct: 'HiveActivity',
    make: (bench, props) => void hive(bench, props),
    fields: {
      ...ON_CLUSTER,
      ...READS_AND_WRITES,
      ...RESIZE,
      hadoopQueue: prop('hadoopQueue', 'high'),
      hiveScript: prop('hiveScript', 'SELECT 2'),
      parent: parent((bench) => new HiveActivity(bench.pipeline, 'Base', { runsOn: emr(bench), hiveScript: 'SELECT 1', ...MORE })),
      scriptUri: prop('scriptUri', 's3://code/query.q'),
      scriptVariable: prop('scriptVariable', ['day=monday']),
      stage: STAGE,
    },
  },
  HiveCopyActivity: {
    construct: 'HiveCopyActivity',
    make: (bench, props) => void new HiveCopyActivity(bench.pipeline, 'Copy', {
      runsOn: emr(bench), input: items(bench, 'from'), output: items(bench, 'into'), ...props,
    }),
    fields: {
      ...ON_CLUSTER,
      ...resize(sized),
      filterSql: prop('filterSql', 'true'),
      parent: parent((bench) => new HiveCopyActivity(bench.pipeline, 'Base', { runsOn: emr(bench), input: items(bench, 'here'), output: items(bench, 'there'), ...MORE })),
      input: { prop: 'input', given: (bench) => ({ input: items(bench, 'other') }) },
      output: { prop: 'output', given: (bench) => ({ output: items(bench, 'other') }) },
    },
  },
  HttpProxy: {
    construct: 'HttpProxy',
    make: (bench, props) => {
      const httpProxy = new HttpProxy(bench.pipeline, 'Proxy', { hostname: 'proxy', port: 3128, ...props });
      shell(bench, 'Work', { runsOn: new Ec2Resource(bench.pipeline, 'Host', { httpProxy }) });
    },
    fields: {
      '*password': { prop: 'password', given: (bench) => ({ password: credentials(bench, 'proxy') }) },
      'hostname': prop('hostname', 'another'),
      'parent': parent(({ pipeline }) => new HttpProxy(pipeline, 'Base', { hostname: 'proxy', port: 3128, s3NoProxy: true })),
      'port': prop('port', 8080),
      's3NoProxy': prop('s3NoProxy', true),
      'username': { prop: 'username', given: () => ({ username: 'loader' }), without: (bench) => ({ password: credentials(bench, 'proxy') }) },
      'windowsDomain': prop('windowsDomain', 'CORP', { without: (bench) => ({ password: credentials(bench, 'proxy'), username: 'loader' }) }),
      'windowsWorkgroup': { reason: 'It is of NTLM, which Node.js and SSM Agent do not speak.', instead: 'A proxy that takes basic authentication: `username`, and `windowsDomain`.' },
    },
  },
  JdbcDatabase: {
    construct: 'JdbcDatabase',
    make: (bench, props) => void sql(bench, { database: shop(bench, 'Db', props), runsOn: bench.hosts }),
    fields: {
      ...CONNECTION,
      connectionString: prop('connectionString', 'jdbc:mysql://h/another'),
      jdbcDriverClass: NO_JAVA,
      parent: parent((bench) => shop(bench, 'Base', { username: 'base' })),
    },
  },
  PigActivity: {
    construct: 'PigActivity',
    make: (bench, props: Partial<PigActivityProps>) => void new PigActivity(bench.pipeline, 'Pick', { runsOn: emr(bench), ...props.scriptUri ? {} : { script: 'A = 1' }, ...props }),
    fields: {
      ...ON_CLUSTER,
      ...READS_AND_WRITES,
      ...RESIZE,
      parent: parent((bench) => new PigActivity(bench.pipeline, 'Base', { runsOn: emr(bench), script: 'A = 1', ...MORE })),
      script: prop('script', 'B = 2'),
      scriptUri: prop('scriptUri', 's3://code/pick.pig'),
      scriptVariable: prop('scriptVariable', ['day=monday']),
      stage: STAGE,
    },
  },
  CopyActivity: {
    construct: 'CopyActivity',
    make: (bench, props) => void copy(bench, props),
    fields: {
      ...ACTIVITY,
      input: { prop: 'input', given: (bench) => ({ input: folder(bench, 'In') }) },
      output: { prop: 'output', given: (bench) => ({ output: folder(bench, 'Out') }) },
      parent: parent((bench) => new CopyActivity(bench.pipeline, 'Base', { runsOn: bench.hosts, input: folder(bench, 'First'), output: folder(bench, 'Last'), ...MORE })),
      reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(20)),
      runsOn: ON_INSTANCE,
      workerGroup: { prop: 'runsOn', given: ({ pipeline }) => ({ runsOn: new WorkerGroup(pipeline, 'Others') }) },
    },
  },
  RegEx: {
    construct: 'DataFormat.regEx',
    make: (bench, props) => {
      const dataFormat = DataFormat.regEx({ ...'parent' in props ? {} : { columns: ['id'] }, inputRegEx: '(.*)', ...props });
      staged(bench, dataFormat);
      copy(bench, { output: new S3DataNode(bench.pipeline, 'Lines', { directoryPath: 's3://data/lines/', dataFormat: 'outputFormat' in props ? dataFormat : CSV }) });
    },
    fields: {
      column: prop('columns', ['id INT']),
      inputRegEx: prop('inputRegEx', '(a.*)'),
      outputFormat: prop('outputFormat', '%1$s', { without: () => ({ outputFormat: '%1$s %1$s' }) }),
      parent: parent(() => DataFormat.regEx({ columns: ['id INT'], inputRegEx: '(.*)' })),
    },
  },
  ShellScriptConfig: {
    construct: 'ShellScriptConfig',
    make: (bench, props) => void hive(bench, { preActivityTaskConfig: { scriptUri: 's3://scripts/before.sh', ...props } }),
    fields: { parent: prop('parent', { scriptUri: 's3://scripts/base.sh', scriptArgument: ['a'] }), scriptArgument: prop('scriptArgument', ['a']), scriptUri: prop('scriptUri', 's3://scripts/other.sh') },
  },
  Property: {
    construct: 'an entry of properties',
    make: (bench, props) => {
      const { key = 'a', value = 'b' } = props as { key?: string; value?: string };
      onCluster(bench, { configuration: [{ classification: 'hive-site', properties: { [key]: value } }] });
    },
    fields: { key: prop('key', 'c'), parent: VALUE, value: prop('value', 'd') },
  },
  RdsDatabase: {
    construct: 'RdsDatabase',
    make: (bench, props) => {
      const database = new RdsDatabase(bench.pipeline, 'Db', { rdsInstanceId: 'shop', password: credentials(bench, 'shop'), ...props });
      sql(bench, { database, runsOn: bench.hosts });
    },
    fields: {
      ...CONNECTION,
      parent: parent((bench) => new RdsDatabase(bench.pipeline, 'Base', { rdsInstanceId: 'base', password: credentials(bench, 'base'), username: 'base' })),
      rdsInstanceId: prop('rdsInstanceId', 'another'),
      region: prop('region', 'eu-west-1'),
    },
  },
  RedshiftCopyActivity: {
    construct: 'RedshiftCopyActivity',
    make: (bench, props) => void load(bench, props),
    fields: {
      ...ACTIVITY,
      commandOptions: {
        prop: 'commandOptions',
        without: ({ pipeline }) => ({ commandOptions: ['CSV'], input: new S3DataNode(pipeline, 'Raw', { directoryPath: 's3://data/raw/' }) }),
        given: () => ({ commandOptions: ['CSV', 'EMPTYASNULL'] }),
      },
      input: { prop: 'input', given: (bench) => ({ input: folder(bench, 'Other') }) },
      insertMode: prop('insertMode', RedshiftInsertMode.TRUNCATE),
      output: {
        prop: 'output',
        given: ({ pipeline }) => ({
          output: new RedshiftDataNode(pipeline, 'Other', { tableName: 'other', database: new RedshiftDatabase(pipeline, 'Dwh', { clusterId: 'dwh', databaseName: 'dev', username: 'loader' }) }),
        }),
      },
      parent: parent((bench) => new RedshiftCopyActivity(bench.pipeline, 'Base', { insertMode: RedshiftInsertMode.APPEND, input: folder(bench, 'First'), output: table(bench, 'Facts'), ...MORE })),
      queue: prop('queue', 'nightly'),
      reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(20), { without: elsewhere }),
      runsOn: { ...ON_INSTANCE, without: elsewhere },
      transformSql: prop('transformSql', 'SELECT * FROM staging'),
      workerGroup: { prop: 'runsOn', without: elsewhere, given: ({ pipeline }) => ({ runsOn: new WorkerGroup(pipeline, 'Others') }) },
    },
  },
  RedshiftDatabase: {
    construct: 'RedshiftDatabase',
    make: (bench, props) => {
      const place = 'connectionString' in props ? {} : { clusterId: 'dwh', ...'parent' in props ? {} : { username: 'loader' } };
      const database = new RedshiftDatabase(bench.pipeline, 'Db', { databaseName: 'dev', ...place, ...props });
      sql(bench, { database, runsOn: 'connectionString' in props ? bench.hosts : undefined });
    },
    fields: {
      '*password': { prop: 'password', given: ({ stack }) => ({ username: undefined, password: Secret.fromSecretNameV2(stack, 'Password', 'warehouse') }) },
      'clusterId': prop('clusterId', 'another'),
      'connectionString': { prop: 'connectionString', given: connected },
      'databaseName': prop('databaseName', 'prod'),
      'jdbcProperties': prop('jdbcProperties', ['sslmode=require'], { without: connected }),
      'parent': parent(({ pipeline }) => new RedshiftDatabase(pipeline, 'Base', { clusterId: 'dwh', databaseName: 'dev', username: 'another' })),
      'region': {
        reason: 'Step Functions asks the Data API of the pipeline\'s own Region only.',
        instead: '`connectionString`: its host says where it is.',
      },
      'username': prop('username', 'another'),
    },
  },
  RedshiftDataNode: {
    construct: 'RedshiftDataNode',
    make: (bench, props) => {
      const output = table(bench, 'Table', { schemaName: 'public', primaryKeys: ['id'], ...props });
      load(bench, { output, insertMode: RedshiftInsertMode.OVERWRITE_EXISTING });
      shell(bench, 'Reader', { input: [output] });
    },
    fields: {
      ...DATA_NODE,
      createTableSql: prop('createTableSql', 'create table if not exists facts (id int)'),
      database: {
        prop: 'database',
        given: ({ pipeline }) => ({ database: new RedshiftDatabase(pipeline, 'Dwh', { clusterId: 'another', databaseName: 'dev', username: 'loader' }) }),
      },
      parent: parent((bench) => table(bench, 'Base', { createTableSql: 'create table facts (id int)' })),
      primaryKeys: prop('primaryKeys', ['id', 'day']),
      schemaName: prop('schemaName', 'staging'),
      tableName: prop('tableName', 'other'),
    },
  },
  S3DataNode: {
    construct: 'S3DataNode',
    make: (bench, props) => {
      const path: S3DataNodeProps = 'filePath' in props || 'manifestFilePath' in props ? {} : { directoryPath: 's3://data/in/' };
      load(bench, { input: new S3DataNode(bench.pipeline, 'Node', { dataFormat: DataFormat.csv(), ...path, ...props }) });
    },
    fields: {
      ...DATA_NODE,
      compression: prop('compression', S3Compression.GZIP),
      dataFormat: prop('dataFormat', DataFormat.tsv()),
      directoryPath: prop('directoryPath', 's3://data/other/'),
      filePath: prop('filePath', 's3://data/file.csv'),
      parent: parent(({ pipeline }) => new S3DataNode(pipeline, 'Base', { directoryPath: 's3://data/base/', compression: S3Compression.GZIP })),
      manifestFilePath: prop('manifestFilePath', 's3://data/manifest.json'),
      s3EncryptionType: {
        reason: 'Amazon S3 encrypts all that is written to it, and NONE is not to be had.',
        instead: 'Default encryption of the bucket, which says with what key.',
      },
    },
  },
  S3KeyExists: precondition('S3KeyExistsPrecondition',
    ({ pipeline }, id, props) => new S3KeyExistsPrecondition(pipeline, id, { s3Key: 's3://data/key', ...props }),
    { role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Checks', 'checks') }) }, s3Key: prop('s3Key', 's3://data/another') }),
  S3PrefixNotEmpty: precondition('S3PrefixNotEmptyPrecondition',
    ({ pipeline }, id, props) => new S3PrefixNotEmptyPrecondition(pipeline, id, { s3Prefix: 's3://data/in/', ...props }),
    { role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Checks', 'checks') }) }, s3Prefix: prop('s3Prefix', 's3://data/other/') }),
  Schedule: {
    construct: 'Schedule',
    make: (bench, props) => {
      const { period = Duration.hours(1), ...options } = props as { period?: Duration };
      shell(bench, 'Work', {
        schedule: Schedule.rate(period, { scheduleName: 'own', ...'startAt' in options ? {} : { startDateTime: new Date('2030-01-01') }, ...options }),
      });
    },
    fields: {
      endDateTime: prop('endDateTime', new Date('2031-01-01')),
      occurrences: prop('occurrences', 5),
      parent: parent(() => Schedule.rate(Duration.hours(1), { startDateTime: new Date('2029-01-01'), occurrences: 5 })),
      period: prop('period', Duration.hours(2)),
      startAt: prop('startAt', StartAt.FIRST_ACTIVATION_DATE_TIME),
      startDateTime: prop('startDateTime', new Date('2030-02-01')),
    },
  },
  ShellCommandActivity: {
    construct: 'ShellCommandActivity',
    make: (bench, props) => void shell(bench, 'Work', props),
    fields: {
      ...ACTIVITY,
      command: prop('command', 'false'),
      input: { prop: 'input', given: (bench) => ({ input: [folder(bench, 'In')] }), without: (bench) => ({ stage: true, output: [folder(bench, 'Out')] }) },
      output: { prop: 'output', given: (bench) => ({ output: [folder(bench, 'Out')] }), without: (bench) => ({ stage: true, input: [folder(bench, 'In')] }) },
      parent: parent((bench) => shell(bench, 'Base', MORE)),
      reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(20)),
      runsOn: ON_INSTANCE,
      scriptArgument: prop('scriptArgument', ['one']),
      scriptUri: prop('scriptUri', 's3://scripts/do.sh'),
      stage: { prop: 'stage', given: () => ({ stage: true }), without: (bench) => ({ input: [folder(bench, 'In')] }) },
      stderr: prop('stderr', '/var/log/err'),
      stdout: prop('stdout', '/var/log/out'),
      workerGroup: { prop: 'runsOn', given: ({ pipeline }) => ({ runsOn: new WorkerGroup(pipeline, 'Others') }) },
    },
  },
  ShellCommandPrecondition: precondition('ShellCommandPrecondition',
    (bench, id, props) => new ShellCommandPrecondition(bench.pipeline, id, { runsOn: bench.hosts, ...'scriptUri' in props ? {} : { command: 'true' }, ...props }),
    {
      command: prop('command', 'false'),
      reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(20)),
      scriptArgument: prop('scriptArgument', ['one']),
      scriptUri: prop('scriptUri', 's3://scripts/do.sh'),
      stderr: prop('stderr', '/var/log/err'),
      stdout: prop('stdout', '/var/log/out'),
    }),
  SnsAlarm: {
    construct: 'SnsAlarm',
    make: (bench, props) => {
      shell(bench, 'Work', { onFail: [new SnsAlarm({ topic: topic(bench, 'Alarms'), ...props })] });
    },
    fields: {
      message: prop('message', 'what happened'),
      parent: parent((bench) => new SnsAlarm({ topic: topic(bench, 'Base'), subject: 'look' })),
      role: { prop: 'role', given: ({ stack }) => ({ role: Role.fromRoleName(stack, 'Alarm', 'alarm') }) },
      subject: prop('subject', 'look'),
      topicArn: { prop: 'topic', given: (bench) => ({ topic: topic(bench, 'Other') }) },
    },
  },
  SqlActivity: {
    construct: 'SqlActivity',
    make: (bench, props) => void sql(bench, { database: shop(bench), runsOn: bench.hosts, ...props }),
    fields: {
      ...ACTIVITY,
      parent: parent((bench) => new SqlActivity(bench.pipeline, 'Base', { script: 'SELECT 1', database: shop(bench, 'Else'), runsOn: bench.hosts, ...MORE })),
      database: { prop: 'database', given: (bench) => ({ database: shop(bench, 'Another') }) },
      input: {
        prop: 'input',
        given: (bench) => {
          const written = folder(bench, 'In');
          shell(bench, 'Writer', { output: [written] });
          return { input: [written] };
        },
      },
      output: {
        prop: 'output',
        given: (bench) => {
          const read = folder(bench, 'Out');
          shell(bench, 'Reader', { input: [read] });
          return { output: [read] };
        },
      },
      queue: prop('queue', 'nightly', {
        without: (bench) => ({ database: new RedshiftDatabase(bench.pipeline, 'Dwh', { databaseName: 'dev', workgroupName: 'w' }), runsOn: undefined }),
      }),
      reportProgressTimeout: prop('reportProgressTimeout', Duration.minutes(20)),
      runsOn: ON_INSTANCE,
      script: prop('script', 'SELECT 2'),
      scriptArgument: prop('scriptArgument', ['one'], { without: () => ({ script: 'SELECT ?' }) }),
      scriptUri: prop('scriptUri', 's3://scripts/do.sql'),
      workerGroup: { prop: 'runsOn', given: ({ pipeline }) => ({ runsOn: new WorkerGroup(pipeline, 'Others') }) },
    },
  },
  SqlDataNode: sqlDataNode('SqlDataNode', (scope, id, props) => new SqlDataNode(scope, id, props)),
  MySqlDataNode: sqlDataNode('MySqlDataNode', (scope, id, props) => new MySqlDataNode(scope, id, props)),
  Terminate: {
    construct: 'Terminate',
    make: (bench) => void shell(bench, 'Work', { lateAfterTimeout: Duration.hours(1), onLateAction: [new Terminate()] }),
    fields: { parent: { reason: 'It has no other fields that could be taken from one.', instead: 'The same Terminate, which can serve many objects.' } },
  },
  TSV: {
    construct: 'DataFormat.tsv',
    make: (bench, props: Partial<TsvProps>) => props.recordSeparator
      ? copied(bench, DataFormat.tsv(props))
      : void load(bench, { input: new S3DataNode(bench.pipeline, 'Tsv', { directoryPath: 's3://data/tsv/', dataFormat: DataFormat.tsv(props) }) }),
    fields: {
      column: prop('columns', ['id INT']),
      columnSeparator: prop('columnSeparator', ';'),
      escapeChar: prop('escapeChar', '\\'),
      parent: parent(() => DataFormat.tsv({ columns: ['id INT'] })),
      recordSeparator: RECORDS,
    },
  },
};
