import { HiveReader, literals, shape } from './hive-reader';
import {
  DataFormat, DynamoDBDataNode, DynamoDBDataNodeProps, EmrCluster, HiveCopyActivity, HiveCopyActivityProps, Pipeline, S3DataNode,
} from '../../src';
import { folder, pipeline } from '../compiler/fixture';

const items = (scope: Pipeline, id: string, props: Partial<DynamoDBDataNodeProps> = {}) =>
  new DynamoDBDataNode(scope, id, { tableName: id, ...props });
const backup = (scope: Pipeline) => new S3DataNode(scope, 'Backup', { directoryPath: 's3://data/backup/', dataFormat: DataFormat.dynamoDbExport() });

function copy(scope: Pipeline, props: Partial<HiveCopyActivityProps> = {}): HiveCopyActivity {
  return new HiveCopyActivity(scope, 'Copy', {
    runsOn: new EmrCluster(scope, 'Cluster'), input: props.input ?? items(scope, 'from'), output: props.output ?? items(scope, 'into', { region: 'us-west-1' }), ...props,
  });
}

test('copies whole items from table to table', async () => {
  const { statements } = await HiveReader.of(copy(pipeline()));
  const [from, into] = statements.filter((statement) => statement.startsWith('CREATE'));
  expect([from, into].map((statement) => literals(statement).slice(2))).toEqual([['from'], ['into', 'dynamodb.region', 'us-west-1']]);
  expect(statements.at(-1)).toBe(`INSERT OVERWRITE TABLE ${into.split(' ')[3]} SELECT \`item\` FROM ${from.split(' ')[3]}`);
});

test('copies those that a filter lets through', async () => {
  const scope = pipeline({ parameters: { limit: '5' } });
  const input = items(scope, 'from', { dataFormat: DataFormat.dynamoDbExport({ columns: ['timeStamp BIGINT'] }) });
  const activity = copy(scope, { input, filterSql: '`timeStamp` > unix_timestamp("#{limit}", "yyyy-MM-dd\'T\'HH:mm:ss") -- newer' });
  const [last] = (await HiveReader.of(activity, { limit: '") or (""="' })).statements.slice(-1);
  expect(shape(last)).toMatch(/ SELECT `item` FROM input1_copy_[0-9a-f]{8} WHERE \(\n`timeStamp` > unix_timestamp\('', ''\) -- newer\n\)$/);
  expect(literals(last)).toEqual(['") or (""="', "yyyy-MM-dd'T'HH:mm:ss"]);
});

test.each<[string, (scope: Pipeline) => Partial<HiveCopyActivityProps>]>([
  ['to S3', (scope) => ({ output: backup(scope) })], ['from S3', (scope) => ({ input: backup(scope) })],
])('copies items %s as maps of their attributes', async (_, props) => {
  const scope = pipeline();
  const { statements } = await HiveReader.of(copy(scope, props(scope)));
  const inS3 = statements.find((statement) => statement.includes('LOCATION'));
  expect(inS3).toContain("(`item` MAP<STRING,STRING>)\nROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n'\nSTORED AS TEXTFILE\nLOCATION 's3://data/backup/'");
});

const ATTRIBUTES = { dataFormat: DataFormat.dynamoDb({ columns: ['a'] }) };
const EXPORT = 'give it DataFormat.dynamoDbExport()';

test.each<[string, (scope: Pipeline) => Partial<HiveCopyActivityProps>, string]>([
  ['without a cluster', () => ({ runsOn: undefined }), 'runsOn: steps need a cluster to run on; got: nothing; give an EmrCluster, or a WorkerGroup of hosts with Hadoop'],
  ['of lines', (scope) => ({ input: folder(scope, 'Raw') }), `input: items are whole; got: Stack/P/Raw with no dataFormat; ${EXPORT}`],
  ['of some attributes', (scope) => ({ input: items(scope, 'some', ATTRIBUTES) }), `input: items are whole; got: Stack/P/some with DataFormat.dynamoDb; ${EXPORT}`],
  ['into some attributes', (scope) => ({ output: items(scope, 'some', ATTRIBUTES) }), `output: items are whole; got: Stack/P/some with DataFormat.dynamoDb; ${EXPORT}`],
  ['into columns beside the item', (scope) => ({ output: items(scope, 'some', { dataFormat: DataFormat.dynamoDbExport({ columns: ['a'] }) }) }),
    `output: whole items are written; got: Stack/P/some with columns; ${EXPORT}`],
  ['from S3 to S3', (scope) => {
    const node = backup(scope);
    return { input: node, output: node };
  }, 'output: items from S3 go to a table in DynamoDB; got: Stack/P/Backup; give a DynamoDBDataNode'],
  ['with WHERE', () => ({ filterSql: ' where a = 1' }), 'filterSql: is predicates, without WHERE and ";"; got: " where a = 1"'],
  ['with another statement', () => ({ filterSql: "a = ';'; DROP TABLE b" }), 'filterSql: is predicates, without WHERE and ";"; got: "a = \';\'; DROP TABLE b"'],
  ['with no predicate', () => ({ filterSql: ' ' }), 'filterSql: is predicates, without WHERE and ";"; got: " "'],
])('a copy %s is refused', (_, props, message) => {
  const scope = pipeline();
  expect(() => copy(scope, props(scope))).toThrow(new Error(`Stack/P/Copy: ${message}`));
});
