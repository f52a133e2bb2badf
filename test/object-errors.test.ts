/**
 * The table of errors: what each object says of each kind of bad input, or why it cannot be given that.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Subnet } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import * as library from '../src';
import { Pipeline, PipelineObject } from '../src';
import { folder, hosts, pipeline, shell } from './compiler/fixture';

type Kind = 'a required field is missing' | 'two fields exclude each other' | 'a value is out of its range' | 'a reference is to another kind' | 'a reference is to another pipeline';
/** Props beside those that the object needs, and the error after the object's path; or why there is none. */
type Row = [props: (scope: Pipeline) => object, message: string] | string;

interface ObjectErrors {
  /** With props that nothing is wrong with, and these. */
  readonly make: (scope: Pipeline, id: string, props: object) => PipelineObject;
  readonly rows: Record<Kind, Row>;
}

/** Of what a caller without types leaves out. */
const without = (...names: string[]) => () => Object.fromEntries(names.map((name) => [name, undefined]));
const another = (scope: Pipeline): Pipeline => Stack.of(scope).node.tryFindChild('Other') as Pipeline ?? pipelineBeside(scope);
const pipelineBeside = (scope: Pipeline) => new Pipeline(Stack.of(scope), 'Other', { schedule: library.Schedule.onDemand() });
const secret = (scope: Construct) => Secret.fromSecretNameV2(scope, 'Secret', 'credentials');
const cluster = (scope: Pipeline) => scope.node.tryFindChild('Cluster') as library.EmrCluster ?? new library.EmrCluster(scope, 'Cluster');
const warehouse = (scope: Pipeline) => new library.RedshiftDatabase(scope, 'Warehouse', { workgroupName: 'w', databaseName: 'dev' });
const facts = (scope: Pipeline) => new library.RedshiftDataNode(scope, 'Facts', { database: warehouse(scope), tableName: 'facts' });
const shop = (scope: Pipeline) => new library.JdbcDatabase(scope, 'Shop', { connectionString: 'jdbc:mysql://h/shop', password: secret(scope) });
const items = (scope: Pipeline, id: string) => new library.DynamoDBDataNode(scope, id, { tableName: 'items', dataFormat: library.DataFormat.dynamoDbExport() });
const tableOf = (scope: Pipeline) => Table.fromTableName(scope, 'Named', 'items');
const subnet = (scope: Pipeline) => Subnet.fromSubnetId(scope, 'Subnet', 'subnet-1');

const elsewhere = (path: string): string => `belongs to another pipeline; got: Stack/Other/${path}, not in Stack/P; create it in this pipeline`;
const RETRIES: Row = [() => ({ maximumRetries: 101 }), 'maximumRetries: is a whole number from 0 to 100; got: 101'];
const GUARDED_ELSEWHERE: Row = [
  (scope) => ({ preconditions: [new library.S3KeyExistsPrecondition(another(scope), 'There', { s3Key: 's3://data/key' })] }),
  `preconditions: ${elsewhere('There')}`,
];
const DEPENDS_ON_HOSTS: Row = [
  (scope) => ({ dependsOn: [hosts(scope)] }), 'dependsOn: takes activities, such as an EmrActivity; got: Stack/P/Hosts, a WorkerGroup; give one',
];
const GUARDED_BY_HOSTS: Row = [
  (scope) => ({ preconditions: [hosts(scope)] }),
  'preconditions: takes preconditions, such as an S3KeyExistsPrecondition; got: Stack/P/Hosts, a WorkerGroup; give one',
];
const WAITS_ELSEWHERE: Row = [(scope) => ({ dependsOn: [shell(another(scope), 'Before')] }), `dependsOn: ${elsewhere('Before')}`];
const ON_HOSTS_ELSEWHERE: Row = [(scope) => ({ runsOn: hosts(another(scope)) }), `runsOn: ${elsewhere('Hosts')}`];
const PROGRESS_OF_CLUSTER: Row = [
  (scope) => ({ runsOn: cluster(scope), reportProgressTimeout: Duration.minutes(1) }),
  'reportProgressTimeout: goes with a WorkerGroup; got: it and Stack/P/Cluster, which the run itself asks; give attemptTimeout',
];
/** Of what refers to no other object but its parent. */
const parents = (kind: string, make: (scope: Pipeline) => PipelineObject): Pick<ObjectErrors['rows'], 'a reference is to another kind' | 'a reference is to another pipeline'> => ({
  'a reference is to another kind': [
    (scope) => ({ parent: hosts(scope) }), `parent: is an object of the same kind; got: Stack/P/Hosts, which is no ${kind}; give one, or leave it out`,
  ],
  'a reference is to another pipeline': [
    (scope) => ({ parent: make(another(scope)) }), 'parent: belongs to another pipeline; got: Stack/Other/Base, not in Stack/P; give one of this pipeline',
  ],
});

const OBJECTS: Record<string, ObjectErrors> = {
  CopyActivity: {
    make: (scope, id, props) => new library.CopyActivity(scope, id, { runsOn: hosts(scope), input: folder(scope, 'In'), output: folder(scope, 'Out'), ...props }),
    rows: {
      'a required field is missing': [without('runsOn'),
        'runsOn: a copy needs a host to be made on; got: nothing; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': RETRIES,
      'a reference is to another kind': [(scope) => ({ input: facts(scope) }),
        'input: is an S3DataNode, a HostDataNode or a SqlDataNode; got: Stack/P/Facts, a RedshiftDataNode; RedshiftCopyActivity copies tables of Amazon Redshift, HiveCopyActivity those of Amazon DynamoDB'],
      'a reference is to another pipeline': ON_HOSTS_ELSEWHERE,
    },
  },
  DynamoDBDataExistsPrecondition: {
    make: (scope, id, props) => new library.DynamoDBDataExistsPrecondition(scope, id, { tableName: 'items', ...props }),
    rows: {
      'a required field is missing': [without('tableName'), 'tableName: exactly one of table and tableName names the table; got: none'],
      'two fields exclude each other': [(scope) => ({ table: tableOf(scope) }),
        'tableName: exactly one of table and tableName names the table; got: both'],
      'a value is out of its range': [() => ({ preconditionTimeout: Duration.seconds(0) }),
        'preconditionTimeout: is a whole number of seconds, at least 1; got: 0 s'],
      ...parents('DynamoDBDataExistsPrecondition', (scope) => new library.DynamoDBDataExistsPrecondition(scope, 'Base', { tableName: 'items' })),
    },
  },
  DynamoDBTableExistsPrecondition: {
    make: (scope, id, props) => new library.DynamoDBTableExistsPrecondition(scope, id, { tableName: 'items', ...props }),
    rows: {
      'a required field is missing': [without('tableName'), 'tableName: exactly one of table and tableName names the table; got: none'],
      'two fields exclude each other': [(scope) => ({ table: tableOf(scope) }),
        'tableName: exactly one of table and tableName names the table; got: both'],
      'a value is out of its range': [() => ({ tableName: 'a table' }), 'tableName: is 3 to 255 letters, digits, "-", "_" and "."; got: "a table"'],
      ...parents('DynamoDBTableExistsPrecondition', (scope) => new library.DynamoDBTableExistsPrecondition(scope, 'Base', { tableName: 'items' })),
    },
  },
  DynamoDBDataNode: {
    make: (scope, id, props) => new library.DynamoDBDataNode(scope, id, { tableName: 'items', ...props }),
    rows: {
      'a required field is missing': [without('tableName'), 'tableName: exactly one of table and tableName names the table; got: none'],
      'two fields exclude each other': [(scope) => ({ table: tableOf(scope) }),
        'tableName: exactly one of table and tableName names the table; got: both'],
      'a value is out of its range': [() => ({ readThroughputPercent: 1.5 }), 'readThroughputPercent: is from 0.1 to 1; got: 1.5'],
      'a reference is to another kind': DEPENDS_ON_HOSTS,
      'a reference is to another pipeline': GUARDED_ELSEWHERE,
    },
  },
  Ec2Resource: {
    make: (scope, id, props) => new library.Ec2Resource(scope, id, props),
    rows: {
      'a required field is missing': 'it has none',
      'two fields exclude each other': [(scope) => ({ availabilityZone: 'us-east-1a', subnet: subnet(scope) }),
        'availabilityZone: got: "us-east-1a" and subnet, which lies in one; give one of the two'],
      'a value is out of its range': [() => ({ terminateAfter: Duration.minutes(5) }),
        'terminateAfter: is a whole number of seconds, at least 600; got: 300 s'],
      ...parents('Ec2Resource', (scope) => new library.Ec2Resource(scope, 'Base')),
    },
  },
  EmrActivity: {
    make: (scope, id, props) => new library.EmrActivity(scope, id, { runsOn: cluster(scope), steps: [library.EmrStep.command(['true'])], ...props }),
    rows: {
      'a required field is missing': [without('steps'), 'steps: is empty; got: nothing; give at least one EmrStep'],
      'two fields exclude each other': PROGRESS_OF_CLUSTER,
      'a value is out of its range': [() => ({ attemptTimeout: Duration.millis(10) }),
        'attemptTimeout: is a whole number of seconds, at least 1; got: 0.01 s'],
      'a reference is to another kind': [(scope) => ({ runsOn: new library.Ec2Resource(scope, 'Instance') }),
        'runsOn: steps need a cluster to run on; got: Stack/P/Instance, an Ec2Resource; give an EmrCluster, or a WorkerGroup of hosts with Hadoop'],
      'a reference is to another pipeline': [(scope) => ({ runsOn: cluster(another(scope)) }),
        'runsOn: belongs to another pipeline; got: Stack/Other/Cluster, not in Stack/P; create it in this pipeline'],
    },
  },
  EmrCluster: {
    make: (scope, id, props) => new library.EmrCluster(scope, id, props),
    rows: {
      'a required field is missing': 'it has none',
      'two fields exclude each other': [() => ({ instanceFleets: [], coreInstanceCount: 1 }),
        'instanceFleets: got: it and coreInstanceCount, which are of instance groups; give fleets or groups'],
      'a value is out of its range': [() => ({ taskConcurrency: 0 }), 'taskConcurrency: is a whole number from 1 to 256; got: 0'],
      ...parents('EmrCluster', (scope) => new library.EmrCluster(scope, 'Base')),
    },
  },
  ExistsPrecondition: {
    make: (scope, id, props) => new library.ExistsPrecondition(scope, id, props),
    rows: {
      'a required field is missing': 'it has none',
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': RETRIES,
      ...parents('ExistsPrecondition', (scope) => new library.ExistsPrecondition(scope, 'Base')),
    },
  },
  HadoopActivity: {
    make: (scope, id, props) => new library.HadoopActivity(scope, id, { runsOn: cluster(scope), jarUri: 's3://code/a.jar', ...props }),
    rows: {
      'a required field is missing': [without('runsOn'),
        'runsOn: steps need a cluster to run on; got: nothing; give an EmrCluster, or a WorkerGroup of hosts with Hadoop'],
      'two fields exclude each other': PROGRESS_OF_CLUSTER,
      'a value is out of its range': [() => ({ jarUri: 'https://example.com/a.jar' }),
        'jarUri: is an S3 URI, or a path on the cluster; got: "https://example.com/a.jar"; give "s3://<bucket>/<key>"'],
      'a reference is to another kind': GUARDED_BY_HOSTS,
      'a reference is to another pipeline': WAITS_ELSEWHERE,
    },
  },
  HiveActivity: {
    make: (scope, id, props) => new library.HiveActivity(scope, id, { runsOn: cluster(scope), hiveScript: 'SELECT 1', ...props }),
    rows: {
      'a required field is missing': [without('hiveScript'), 'hiveScript: exactly one of hiveScript and scriptUri says what to run; got: none'],
      'two fields exclude each other': [() => ({ scriptUri: 's3://code/a.q' }),
        'hiveScript: exactly one of hiveScript and scriptUri says what to run; got: both'],
      'a value is out of its range': [() => ({ scriptVariable: ['no value'] }),
        'scriptVariable: is "<name>=<value>", the name of letters, digits and "_"; got: "no value"'],
      'a reference is to another kind': [(scope) => ({ input: [hosts(scope)] }),
        'input: takes data nodes, such as an S3DataNode; got: Stack/P/Hosts, a WorkerGroup; give one'],
      'a reference is to another pipeline': [(scope) => ({ output: [folder(another(scope), 'Far')] }),
        'output: belongs to another pipeline; got: Stack/Other/Far, not in Stack/P; create it in this pipeline'],
    },
  },
  HiveCopyActivity: {
    make: (scope, id, props) => new library.HiveCopyActivity(scope, id, { runsOn: cluster(scope), input: items(scope, 'In'), output: items(scope, 'Out'), ...props }),
    rows: {
      'a required field is missing': [without('input'), 'input: items are in DynamoDB or S3; got: nothing; give a DynamoDBDataNode or an S3DataNode'],
      'two fields exclude each other': PROGRESS_OF_CLUSTER,
      'a value is out of its range': [() => ({ filterSql: 'WHERE true' }), 'filterSql: is predicates, without WHERE and ";"; got: "WHERE true"'],
      'a reference is to another kind': [(scope) => ({ output: facts(scope) }),
        'output: items are in DynamoDB or S3; got: Stack/P/Facts, a RedshiftDataNode; give a DynamoDBDataNode or an S3DataNode'],
      'a reference is to another pipeline': [(scope) => ({ output: items(another(scope), 'Far') }),
        'output: belongs to another pipeline; got: Stack/Other/Far, not in Stack/P; create it in this pipeline'],
    },
  },
  HostDataNode: {
    make: (scope, id, props) => new library.HostDataNode(scope, id, { filePath: '/var/a.csv', ...props }),
    rows: {
      'a required field is missing': [without('filePath'),
        'directoryPath: exactly one of directoryPath and filePath says where the data is; got: none'],
      'two fields exclude each other': [() => ({ directoryPath: '/var/' }),
        'directoryPath: exactly one of directoryPath and filePath says where the data is; got: both'],
      'a value is out of its range': [() => ({ filePath: '../a.csv' }),
        'filePath: is an absolute path without "." and ".."; got: "../a.csv"; give one that begins with "/"'],
      'a reference is to another kind': GUARDED_BY_HOSTS,
      'a reference is to another pipeline': WAITS_ELSEWHERE,
    },
  },
  HttpProxy: {
    make: (scope, id, props) => new library.HttpProxy(scope, id, { hostname: 'proxy.example.com', port: 3128, ...props }),
    rows: {
      'a required field is missing': [without('hostname'), 'hostname: is a host name or an address, such as "proxy.example.com"; got: nothing'],
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': [() => ({ port: 0 }), 'port: is a whole number from 1 to 65535; got: 0'],
      ...parents('HttpProxy', (scope) => new library.HttpProxy(scope, 'Base', { hostname: 'proxy.example.com', port: 3128 })),
    },
  },
  JdbcDatabase: {
    make: (scope, id, props) => new library.JdbcDatabase(scope, id, { connectionString: 'jdbc:mysql://h/d', password: secret(scope), ...props }),
    rows: {
      'a required field is missing': [without('password'), 'password: is the secret that Task Runner connects with; got: nothing; give an ISecret'],
      'two fields exclude each other': [() => ({ connectionString: 'jdbc:mysql://h/d?password=p' }),
        'connectionString: has no credentials in it; got: password; keep them in the secret'],
      'a value is out of its range': [() => ({ connectionString: 'jdbc:oracle:thin:@h' }),
        'connectionString: Task Runner has drivers of mysql, mariadb, postgresql, redshift; got: "jdbc:oracle:thin:@h"; give one that begins with "jdbc:mysql://", or the like'],
      ...parents('JdbcDatabase', (scope) => new library.JdbcDatabase(scope, 'Base', { connectionString: 'jdbc:mysql://h/d', password: secret(scope) })),
    },
  },
  MySqlDataNode: {
    make: (scope, id, props) => new library.MySqlDataNode(scope, id, { database: shop(scope), table: 't', ...props }),
    rows: {
      'a required field is missing': [without('database'),
        'database: is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase; got: nothing; give one'],
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': [() => ({ table: '' }), 'table: is a name of 1 to 127 characters, without expressions; got: ""'],
      'a reference is to another kind': [(scope) => ({ database: hosts(scope) }),
        'database: is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase; got: Stack/P/Hosts, a WorkerGroup; give one'],
      'a reference is to another pipeline': [(scope) => ({ database: shop(another(scope)) }),
        'database: belongs to another pipeline; got: Stack/Other/Shop, not in Stack/P; create it in this pipeline'],
    },
  },
  PigActivity: {
    make: (scope, id, props) => new library.PigActivity(scope, id, { runsOn: cluster(scope), script: 'A = LIMIT B 1;', ...props }),
    rows: {
      'a required field is missing': [without('script'), 'script: exactly one of script and scriptUri says what to run; got: none'],
      'two fields exclude each other': [() => ({ scriptUri: 's3://code/a.pig' }),
        'script: exactly one of script and scriptUri says what to run; got: both'],
      'a value is out of its range': [() => ({ scriptVariable: ['no value'] }),
        'scriptVariable: is "<name>=<value>", the name of letters, digits and "_"; got: "no value"'],
      'a reference is to another kind': [(scope) => ({ output: [hosts(scope)] }),
        'output: takes data nodes, such as an S3DataNode; got: Stack/P/Hosts, a WorkerGroup; give one'],
      'a reference is to another pipeline': [(scope) => ({ runsOn: cluster(another(scope)) }),
        'runsOn: belongs to another pipeline; got: Stack/Other/Cluster, not in Stack/P; create it in this pipeline'],
    },
  },
  RdsDatabase: {
    make: (scope, id, props) => new library.RdsDatabase(scope, id, { rdsInstanceId: 'shop', password: secret(scope), ...props }),
    rows: {
      'a required field is missing': [without('rdsInstanceId'),
        "rdsInstanceId: exactly one of instance and rdsInstanceId names the database's host; got: none"],
      'two fields exclude each other': [() => ({ instance: { instanceIdentifier: 'shop' } }),
        "rdsInstanceId: exactly one of instance and rdsInstanceId names the database's host; got: both"],
      'a value is out of its range': [() => ({ rdsInstanceId: '#{@id}' }), 'rdsInstanceId: is a name without expressions; got: "#{@id}"'],
      ...parents('RdsDatabase', (scope) => new library.RdsDatabase(scope, 'Base', { rdsInstanceId: 'shop', password: secret(scope) })),
    },
  },
  RedshiftCopyActivity: {
    make: (scope, id, props) => new library.RedshiftCopyActivity(scope, id, {
      insertMode: library.RedshiftInsertMode.APPEND, ...'input' in props ? {} : { input: folder(scope, 'In') }, output: facts(scope), ...props,
    } as library.RedshiftCopyActivityProps),
    rows: {
      'a required field is missing': [without('input'), 'input: is what to copy; got: nothing; give an S3DataNode or a RedshiftDataNode'],
      'two fields exclude each other': [(scope) => ({ runsOn: hosts(scope) }),
        'runsOn: is for what Task Runner does; got: Stack/P/Warehouse, which the Redshift Data API reaches; leave it out'],
      'a value is out of its range': [() => ({ insertMode: 'MERGE' }),
        'insertMode: is one of KEEP_EXISTING, OVERWRITE_EXISTING, TRUNCATE, APPEND; got: MERGE'],
      'a reference is to another kind': [(scope) => ({ input: hosts(scope) }),
        'input: is what to copy; got: Stack/P/Hosts, a WorkerGroup; give an S3DataNode or a RedshiftDataNode'],
      'a reference is to another pipeline': [(scope) => ({ input: folder(another(scope), 'Far') }),
        'input: belongs to another pipeline; got: Stack/Other/Far, not in Stack/P; create it in this pipeline'],
    },
  },
  RedshiftDatabase: {
    make: (scope, id, props) => new library.RedshiftDatabase(scope, id, { workgroupName: 'w', databaseName: 'dev', ...props }),
    rows: {
      'a required field is missing': [without('databaseName'), 'databaseName: is missing; got: nothing; give the name of the database'],
      'two fields exclude each other': [() => ({ clusterId: 'c' }),
        'clusterId: exactly one of clusterId, workgroupName and connectionString says where the database is; got: clusterId and workgroupName'],
      'a value is out of its range': [(scope) => ({ workgroupName: undefined, connectionString: 'jdbc:mysql://h/d', password: secret(scope) }),
        'connectionString: begins with "jdbc:redshift://"; got: "jdbc:mysql://h/d"; else give a JdbcDatabase'],
      ...parents('RedshiftDatabase', (scope) => new library.RedshiftDatabase(scope, 'Base', { workgroupName: 'w', databaseName: 'dev' })),
    },
  },
  RedshiftDataNode: {
    make: (scope, id, props) => new library.RedshiftDataNode(scope, id, { database: warehouse(scope), tableName: 't', ...props }),
    rows: {
      'a required field is missing': [without('tableName'), 'tableName: is a name of 1 to 127 characters, without expressions; got: nothing'],
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': [() => ({ createTableSql: 'DROP TABLE t' }),
        'createTableSql: is one CREATE TABLE statement, without expressions; got: "DROP TABLE t"'],
      'a reference is to another kind': [(scope) => ({ database: shop(scope) }),
        'database: is a RedshiftDatabase; got: Stack/P/Shop, a JdbcDatabase; give one'],
      'a reference is to another pipeline': [(scope) => ({ database: warehouse(another(scope)) }),
        'database: belongs to another pipeline; got: Stack/Other/Warehouse, not in Stack/P; create it in this pipeline'],
    },
  },
  S3DataNode: {
    make: (scope, id, props) => new library.S3DataNode(scope, id, { filePath: 's3://data/a', ...props }),
    rows: {
      'a required field is missing': [without('filePath'),
        'directoryPath: exactly one of directoryPath, filePath, manifestFilePath says where the data is; got: none'],
      'two fields exclude each other': [() => ({ directoryPath: 's3://data/' }),
        'directoryPath: exactly one of directoryPath, filePath, manifestFilePath says where the data is; got: directoryPath and filePath'],
      'a value is out of its range': [() => ({ maxActiveInstances: 0 }), 'maxActiveInstances: is a whole number from 1 to 100; got: 0'],
      'a reference is to another kind': [(scope) => ({ runsOn: folder(scope, 'Raw') }),
        'runsOn: is where preconditions run their commands; got: Stack/P/Raw, an S3DataNode; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
      'a reference is to another pipeline': ON_HOSTS_ELSEWHERE,
    },
  },
  S3KeyExistsPrecondition: {
    make: (scope, id, props) => new library.S3KeyExistsPrecondition(scope, id, { s3Key: 's3://data/key', ...props }),
    rows: {
      'a required field is missing': [without('s3Key'),
        's3Key: is not an S3 URI; got: nothing; give "s3://<bucket>/<key>", the bucket without #{...}, or a key and `bucket`'],
      'two fields exclude each other': [(scope) => ({ bucket: Bucket.fromBucketName(scope, 'B', 'data') }),
        's3Key: is a key where `bucket` is given; got: "s3://data/key"; leave out `bucket`, or "s3://<bucket>/"'],
      'a value is out of its range': [() => ({ preconditionTimeout: Duration.seconds(0) }),
        'preconditionTimeout: is a whole number of seconds, at least 1; got: 0 s'],
      ...parents('S3KeyExistsPrecondition', (scope) => new library.S3KeyExistsPrecondition(scope, 'Base', { s3Key: 's3://data/key' })),
    },
  },
  S3PrefixNotEmptyPrecondition: {
    make: (scope, id, props) => new library.S3PrefixNotEmptyPrecondition(scope, id, { s3Prefix: 's3://data/', ...props }),
    rows: {
      'a required field is missing': [without('s3Prefix'),
        's3Prefix: is not an S3 URI; got: nothing; give "s3://<bucket>/<key>", the bucket without #{...}, or a key and `bucket`'],
      'two fields exclude each other': [(scope) => ({ bucket: Bucket.fromBucketName(scope, 'B', 'data') }),
        's3Prefix: is a key where `bucket` is given; got: "s3://data/"; leave out `bucket`, or "s3://<bucket>/"'],
      'a value is out of its range': [() => ({ retryDelay: Duration.seconds(0) }), 'retryDelay: is a whole number of seconds, at least 1; got: 0 s'],
      ...parents('S3PrefixNotEmptyPrecondition', (scope) => new library.S3PrefixNotEmptyPrecondition(scope, 'Base', { s3Prefix: 's3://data/' })),
    },
  },
  ShellCommandActivity: {
    make: (scope, id, props) => new library.ShellCommandActivity(scope, id, { runsOn: hosts(scope), command: 'ls', ...props }),
    rows: {
      'a required field is missing': [without('command'), 'command: exactly one of command and scriptUri says what to run; got: none'],
      'two fields exclude each other': [() => ({ scriptUri: 's3://code/a.sh' }),
        'command: exactly one of command and scriptUri says what to run; got: both'],
      'a value is out of its range': [() => ({ reportProgressTimeout: Duration.seconds(9) }),
        'reportProgressTimeout: is a whole number of seconds, at least 10; got: 9 s'],
      'a reference is to another kind': [(scope) => ({ runsOn: folder(scope, 'Raw') }),
        'runsOn: a command needs hosts to run on; got: Stack/P/Raw, an S3DataNode; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
      'a reference is to another pipeline': ON_HOSTS_ELSEWHERE,
    },
  },
  ShellCommandPrecondition: {
    make: (scope, id, props) => {
      const check = new library.ShellCommandPrecondition(scope, id, { runsOn: hosts(scope), command: 'ls', ...props });
      return shell(scope, 'Guarded', { preconditions: [check] });
    },
    rows: {
      'a required field is missing': [without('command'), 'command: exactly one of command and scriptUri says what to run; got: none'],
      'two fields exclude each other': [() => ({ scriptUri: 's3://code/a.sh' }),
        'command: exactly one of command and scriptUri says what to run; got: both'],
      'a value is out of its range': RETRIES,
      'a reference is to another kind': [(scope) => ({ runsOn: folder(scope, 'Raw') }),
        'runsOn: a command needs hosts to run on; got: Stack/P/Raw, an S3DataNode; give a WorkerGroup, an Ec2Resource or an EmrCluster'],
      'a reference is to another pipeline': ON_HOSTS_ELSEWHERE,
    },
  },
  SqlActivity: {
    make: (scope, id, props) => new library.SqlActivity(scope, id, { database: shop(scope), runsOn: hosts(scope), script: 'SELECT 1', ...props }),
    rows: {
      'a required field is missing': [without('database'),
        'database: is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase; got: nothing; give one'],
      'two fields exclude each other': [() => ({ scriptUri: 's3://code/a.sql' }),
        'script: exactly one of script and scriptUri says what to run; got: both'],
      'a value is out of its range': [() => ({ script: '-- nothing' }), 'script: has a statement; got: "-- nothing"'],
      'a reference is to another kind': [(scope) => ({ database: hosts(scope) }),
        'database: is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase; got: Stack/P/Hosts, a WorkerGroup; give one'],
      'a reference is to another pipeline': [(scope) => ({ database: shop(another(scope)) }),
        'database: belongs to another pipeline; got: Stack/Other/Shop, not in Stack/P; create it in this pipeline'],
    },
  },
  SqlDataNode: {
    make: (scope, id, props) => new library.SqlDataNode(scope, id, { database: shop(scope), table: 't', ...props }),
    rows: {
      'a required field is missing': [without('table'), 'table: is a name of 1 to 127 characters, without expressions; got: nothing'],
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': [() => ({ selectQuery: 'DELETE FROM t' }), 'selectQuery: is a SELECT, one statement; got: "DELETE FROM t"'],
      'a reference is to another kind': [(scope) => ({ database: hosts(scope) }),
        'database: is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase; got: Stack/P/Hosts, a WorkerGroup; give one'],
      'a reference is to another pipeline': [(scope) => ({ database: shop(another(scope)) }),
        'database: belongs to another pipeline; got: Stack/Other/Shop, not in Stack/P; create it in this pipeline'],
    },
  },
  StepFunctionsActivity: {
    make: (scope, id, props) => new library.StepFunctionsActivity(scope, id, { definition: Pass.jsonata(scope, 'Nothing'), ...props }),
    rows: {
      'a required field is missing': [without('definition'), 'definition: is missing; got: nothing; give a task or a chain of aws-stepfunctions'],
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': RETRIES,
      'a reference is to another kind': [() => ({ onFail: ['mail'] }), 'onFail: takes actions; got: "mail"; give an SnsAlarm'],
      'a reference is to another pipeline': WAITS_ELSEWHERE,
    },
  },
  TimeWindowPrecondition: {
    make: (scope, id, props) => new library.TimeWindowPrecondition(scope, id, { notBefore: '2026-12-01T06:00:00Z', ...props }),
    rows: {
      'a required field is missing': [without('notBefore'), 'notBefore: at least one of notBefore and notAfter says when; got: none'],
      'two fields exclude each other': [() => ({ notAfter: '2026-12-01T05:00Z' }),
        'notAfter: is no earlier than notBefore; got: "2026-12-01T05:00Z" and "2026-12-01T06:00:00Z"'],
      'a value is out of its range': [() => ({ notBefore: '06:00' }),
        'notBefore: is a time such as "2026-12-01T06:00:00Z", or an expression; got: "06:00"'],
      ...parents('TimeWindowPrecondition', (scope) => new library.TimeWindowPrecondition(scope, 'Base', { notBefore: '2026-12-01T06:00:00Z' })),
    },
  },
  WorkerGroup: {
    make: (scope, id, props) => new library.WorkerGroup(scope, id, props),
    rows: {
      'a required field is missing': 'it has none',
      'two fields exclude each other': 'none of its fields do',
      'a value is out of its range': [() => ({ hosts: { tasks: 0 } }), 'hosts.tasks: is a whole number from 1 to 100; got: 0'],
      'a reference is to another kind': 'it refers to no other object',
      'a reference is to another pipeline': 'it refers to no other object',
    },
  },
};

const ABSTRACT = ['Activity', 'DataNode', 'Precondition', 'SqlDatabase'];

test('every object of the library is in the table', () => {
  const objects = Object.entries(library).filter(([, value]) => typeof value === 'function' && value.prototype instanceof PipelineObject);
  expect(objects.map(([name]) => name).filter((name) => !ABSTRACT.includes(name)).sort()).toEqual(Object.keys(OBJECTS).sort());
});

describe.each(Object.entries(OBJECTS))('%s', (_, { make, rows }) => {
  const given = Object.entries(rows).flatMap(([kind, row]) => typeof row === 'string' ? [] : [[kind, ...row] as const]);

  test('can be made', () => {
    expect(make(pipeline(), 'X', {})).toBeInstanceOf(PipelineObject);
  });

  if (given.length > 0) {
    test.each(given)('says that %s', (_kind, props, message) => {
      const scope = pipeline();
      expect(() => make(scope, 'X', props(scope))).toThrow(new Error(`Stack/P/X: ${message}`));
    });
  }
});
