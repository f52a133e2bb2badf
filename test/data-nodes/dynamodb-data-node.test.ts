import { Table, AttributeType, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DataFormat, DynamoDBDataNode, DynamoDBDataNodeProps, EmrActivity, EmrCluster, EmrStep, Pipeline } from '../../src';
import { pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const table = (scope: Pipeline, encryptionKey?: Key) => new Table(scope, 'T', {
  partitionKey: { name: 'id', type: AttributeType.STRING }, ...encryptionKey ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey } : {},
});

test('is granted, with its key, to the cluster that reads or writes it', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  const node = new DynamoDBDataNode(scope, 'Orders', { table: table(scope, new Key(scope, 'Key')) });
  new EmrActivity(scope, 'Read', { runsOn: cluster, input: [node], steps: [EmrStep.command(['ls'])] });
  const grants = () => granted(cluster.resourceRole as Role).filter((line) => /^(dynamodb|kms):/.test(line));
  expect(grants()).toEqual(['dynamodb:DescribeTable PT.Arn', 'dynamodb:Query PT.Arn', 'dynamodb:Scan PT.Arn', 'kms:Decrypt PKey.Arn']);
});

test.each<[string, (scope: Pipeline) => DynamoDBDataNodeProps, string]>([
  ['of no table', () => ({}), 'tableName: exactly one of table and tableName names the table; got: none'],
  ['of two tables', (scope) => ({ table: table(scope), tableName: 'orders' }), 'tableName: exactly one of table and tableName names the table; got: both'],
  ['of a table that has no such name', () => ({ tableName: "a'b" }), 'tableName: is 3 to 255 letters, digits, "-", "_" and "."; got: "a\'b"'],
  ['of a table elsewhere', (scope) => ({ table: table(scope), region: 'eu-west-1' }),
    'region: is that of a table by its name; got: "eu-west-1" and table; leave it out, or give tableName'],
  ['in no Region', () => ({ tableName: 'orders', region: 'us_west_1' }), 'region: is a Region, such as "eu-west-1"; got: "us_west_1"'],
  ['of no capacity', () => ({ tableName: 'orders', readThroughputPercent: 0.05 }), 'readThroughputPercent: is from 0.1 to 1; got: 0.05'],
  ['of more than its capacity', () => ({ tableName: 'orders', writeThroughputPercent: 1.5 }), 'writeThroughputPercent: is from 0.1 to 1; got: 1.5'],
  ['of lines', () => ({ tableName: 'orders', dataFormat: DataFormat.csv() }),
    'dataFormat: a table has items; got: DataFormat.csv; give DataFormat.dynamoDb or DataFormat.dynamoDbExport'],
])('a data node %s is refused', (_, props, message) => {
  const scope = pipeline();
  expect(() => new DynamoDBDataNode(scope, 'Orders', props(scope))).toThrow(new Error(`Stack/P/Orders: ${message}`));
});
