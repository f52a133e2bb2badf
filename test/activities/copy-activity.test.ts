import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CopyActivity, CopyActivityProps, DataFormat, HostDataNode, HostDataNodeProps, JdbcDatabase, Pipeline, RedshiftDatabase, RedshiftDataNode, S3Compression, S3DataNode, S3DataNodeProps, SqlDataNode, SqlDataNodeProps } from '../../src';
import { TaskRunnerWork } from '../../src/compiler/work';
import { folder, hosts, pipeline } from '../compiler/fixture';

const CSV = DataFormat.csv();
const inS3 = (scope: Pipeline, id: string, props: Partial<S3DataNodeProps> = {}) =>
  new S3DataNode(scope, id, { ...props.filePath || props.manifestFilePath ? {} : { directoryPath: `s3://data/${id}/` }, ...props });
const onHost = (scope: Pipeline, id: string, props: Partial<HostDataNodeProps> = {}) =>
  new HostDataNode(scope, id, { ...props.filePath ? {} : { directoryPath: `/data/${id}` }, ...props });
const table = (scope: Pipeline, id: string, props: Partial<SqlDataNodeProps> = {}) => new SqlDataNode(scope, id, {
  table: 't',
  database: new JdbcDatabase(scope, 'Db', { connectionString: 'jdbc:postgresql://h/d', password: Secret.fromSecretNameV2(scope, 'Password', 'p') }),
  ...props,
});
const copy = (scope: Pipeline, props: Partial<CopyActivityProps> = {}) =>
  new CopyActivity(scope, 'Copy', { runsOn: hosts(scope), input: props.input ?? folder(scope, 'In'), output: props.output ?? folder(scope, 'Out'), ...props });
const taskOf = (activity: CopyActivity) => JSON.parse(JSON.stringify((activity._work() as TaskRunnerWork).task, (name, value) => name === 'object' && typeof value === 'object' ? undefined : value));

test('tells Task Runner of files in S3 and on the host, each with its format', () => {
  const scope = pipeline();
  const input = inS3(scope, 'In', { filePath: 's3://data/in.csv.gz', compression: S3Compression.GZIP, dataFormat: CSV });
  const output = onHost(scope, 'Out', { dataFormat: DataFormat.tsv({ escapeChar: '\\' }) });
  expect(taskOf(copy(scope, { input, output }))).toEqual({
    kind: 'copy',
    input: {
      kind: 'files',
      object: 'In',
      uri: { prop: 'filePath', text: 's3://data/in.csv.gz' },
      manifest: false,
      compression: 'gzip',
      format: { kind: 'delimited', quoted: true, columnSeparator: ',', recordSeparator: '\n' },
    },
    output: {
      kind: 'files',
      object: 'Out',
      uri: { prop: 'directoryPath', text: 'file:///data/Out/' },
      manifest: false,
      compression: 'none',
      format: { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n', escapeChar: '\\' },
    },
  });
});

test('a run hands the task over, and the hosts may read the one and write the other', () => {
  const scope = pipeline();
  copy(scope, { input: inS3(scope, 'In', { manifestFilePath: 's3://data/list-#{@scheduledStartTime}' }) });
  const template = Template.fromStack(Stack.of(scope));
  const definition = JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'));
  expect(definition).toContain('\\"manifest\\":true');
  const allows = (Action: unknown, object: string) => Match.objectLike({
    Action, Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::data/${object}`]] },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([allows('s3:GetObject', 'list-*'), allows(['s3:PutObject', 's3:AbortMultipartUpload'], 'Out/*')]) },
  });
});

test('data without formats is copied as it is, whatever it is', () => {
  const scope = pipeline();
  const exported = (id: string) => inS3(scope, id, { dataFormat: DataFormat.dynamoDbExport() });
  const { input, output } = taskOf(copy(scope, { input: exported('In'), output: exported('Out') }));
  expect([input.format, output.format]).toEqual([undefined, undefined]);
});

test('tells Task Runner of tables, whose other side has records', () => {
  const scope = pipeline();
  const { input, output } = taskOf(copy(scope, {
    input: inS3(scope, 'Csv', { dataFormat: CSV }),
    output: table(scope, 'T', { insertQuery: 'INSERT INTO t VALUES (?)', createTableSql: 'CREATE TABLE t (id INT)', schemaName: 's' }),
  }));
  expect(input.format.kind).toBe('delimited');
  expect(output).toEqual({
    kind: 'table',
    object: 'T',
    database: expect.objectContaining({ object: 'Db', properties: [] }),
    table: 't',
    schemaName: 's',
    insertQuery: [{ sql: 'INSERT INTO t VALUES (?)' }],
    createTableSql: [{ sql: 'CREATE TABLE t (id INT)' }],
  });
  const policies = JSON.stringify(Template.fromStack(Stack.of(scope)).findResources('AWS::IAM::Policy'));
  expect(policies).toContain('secretsmanager:GetSecretValue');
});

const REGEX = DataFormat.regEx({ inputRegEx: '(a)' });

test.each<[string, (scope: Pipeline) => Partial<CopyActivityProps>, string]>([
  ['without a host', () => ({ runsOn: undefined }), 'runsOn: a copy needs a host to be made on; got: nothing; give a WorkerGroup'],
  ['from a table of Redshift', (scope) => ({
    input: new RedshiftDataNode(scope, 'T', { tableName: 't', database: new RedshiftDatabase(scope, 'D', { workgroupName: 'w', databaseName: 'd' }) }),
  }), 'input: is an S3DataNode, a HostDataNode or a SqlDataNode; got: Stack/P/T, a RedshiftDataNode; RedshiftCopyActivity copies tables'],
  ['from a table that only the Data API reaches', (scope) => ({
    input: new SqlDataNode(scope, 'T', { table: 't', database: new RedshiftDatabase(scope, 'D', { workgroupName: 'w', databaseName: 'd' }) }),
  }), 'input: is a table of MySQL, MariaDB or PostgreSQL; got: Stack/P/T in Stack/P/D, which is Amazon Redshift'],
  ['from a table to no format', (scope) => ({ input: table(scope, 'T') }), 'output: has a dataFormat, since the other side is a table; got: none on Stack/P/Out'],
  ['from no format to a table', (scope) => ({ output: table(scope, 'T') }), 'input: has a dataFormat, since the other side is a table; got: none on Stack/P/In'],
  ['to a manifest', (scope) => ({ output: inS3(scope, 'List', { manifestFilePath: 's3://data/list' }) }),
    'output: is a file or a directory; got: Stack/P/List with manifestFilePath; give it a directoryPath'],
  ['from a format to none', (scope) => ({ input: inS3(scope, 'Csv', { dataFormat: CSV }) }),
    'output: has a dataFormat if the other side has one; got: none on Stack/P/Out, and DataFormat.csv on Stack/P/Csv; give it one, or leave out both'],
  ['from no format to one', (scope) => ({ output: inS3(scope, 'Csv', { dataFormat: CSV }) }),
    'input: has a dataFormat if the other side has one; got: none on Stack/P/In, and DataFormat.csv on Stack/P/Csv'],
  ['of other columns', (scope) => ({
    input: inS3(scope, 'A', { dataFormat: DataFormat.csv({ columns: ['a'] }) }), output: inS3(scope, 'B', { dataFormat: DataFormat.tsv({ columns: ['a', 'b'] }) }),
  }), 'output: has as many columns as the input; got: 2 and 1'],
  ['of items', (scope) => ({ input: inS3(scope, 'A', { dataFormat: DataFormat.dynamoDbExport() }), output: inS3(scope, 'B', { dataFormat: CSV }) }),
    'input: is records of CSV, TSV, Custom or RegEx; got: Stack/P/A with DataFormat.dynamoDbExport; HiveCopyActivity reads it'],
  ['into items', (scope) => ({ input: inS3(scope, 'A', { dataFormat: CSV }), output: inS3(scope, 'B', { dataFormat: DataFormat.dynamoDbExport() }) }),
    'output: is records of CSV, TSV, Custom or RegEx; got: Stack/P/B with DataFormat.dynamoDbExport; HiveCopyActivity writes it'],
  ['into lines of no form', (scope) => ({ input: inS3(scope, 'A', { dataFormat: CSV }), output: inS3(scope, 'B', { dataFormat: REGEX }) }),
    'output: is written as its outputFormat says; got: none on Stack/P/B; give DataFormat.regEx an outputFormat'],
  ['by an expression of Java only', (scope) => ({
    input: inS3(scope, 'A', { dataFormat: DataFormat.regEx({ inputRegEx: '(\\p{Alpha}+)' }) }), output: inS3(scope, 'B', { dataFormat: CSV }),
  }), 'which has "\\p" of Java\'s; write it without'],
  ['by an expression that is none', (scope) => ({
    input: inS3(scope, 'A', { dataFormat: DataFormat.regEx({ inputRegEx: '(' }) }), output: inS3(scope, 'B', { dataFormat: CSV }),
  }), 'input: has an inputRegEx that Task Runner can read'],
])('a copy %s is refused', (_, props, message) => {
  const scope = pipeline();
  expect(() => copy(scope, props(scope))).toThrow(message);
});

test.each<[string, HostDataNodeProps, string]>([
  ['nowhere', {}, 'Stack/P/Data: directoryPath: exactly one of directoryPath and filePath says where the data is; got: none'],
  ['in two places', { filePath: '/a', directoryPath: '/b' }, 'got: both'],
  ['at a relative path', { directoryPath: 'data' }, 'Stack/P/Data: directoryPath: is an absolute path without "." and ".."; got: "data"'],
  ['above its directory', { filePath: '/data/../etc/passwd' }, 'Stack/P/Data: filePath: is an absolute path without "." and ".."'],
  ['in a file that is a directory', { filePath: '/data/' }, 'Stack/P/Data: filePath: is a file; got: "/data/"'],
])('data %s of a host is refused', (_, props, message) => {
  expect(() => new HostDataNode(pipeline(), 'Data', props)).toThrow(message);
});
