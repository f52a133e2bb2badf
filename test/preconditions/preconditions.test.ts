import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  DynamoDBDataExistsPrecondition, DynamoDBTableExistsPrecondition, ExistsPrecondition, Pipeline, Precondition, S3DataNode, S3DataNodeProps,
} from '../../src';
import { pipeline, shell } from '../compiler/fixture';
import { granted } from '../compiler/grants';
import { runMachine } from '../compiler/machines';

function checked(scope: Pipeline, id: string) {
  return (runMachine(scope).States[id].Arguments as { Payload: unknown }).Payload;
}

function allowed(scope: Pipeline): string[] {
  return granted(scope._preconditionChecker().role as never);
}

test.each<[string, S3DataNodeProps, object, string]>([
  ['an object', { filePath: 's3://data/key' }, { kind: 's3KeyExists', uri: 's3://data/key' }, 's3:GetObject arn:aws:s3:::data/key'],
  ['a manifest', { manifestFilePath: 's3://data/list' }, { kind: 's3KeyExists', uri: 's3://data/list' }, 's3:GetObject arn:aws:s3:::data/list'],
  ['an object in a directory', { directoryPath: 's3://data/in' }, { kind: 's3PrefixNotEmpty', uri: 's3://data/in/' }, 's3:ListBucket arn:aws:s3:::data if'],
])('exists: looks for %s', (_, props, payload, grant) => {
  const scope = pipeline();
  const input = new S3DataNode(scope, 'In', { ...props, preconditions: [new ExistsPrecondition(scope, 'There')] });
  shell(scope, 'A', { input: [input] });
  expect(checked(scope, 'There')).toEqual(payload);
  expect(allowed(scope).find((line) => line.startsWith(grant))).toBeDefined();
});

test.each<[string, (scope: Pipeline) => Precondition, object, string]>([
  ['a table by name', (scope) => new DynamoDBTableExistsPrecondition(scope, 'There', { tableName: 'orders' }),
    { kind: 'dynamoDBTableExists', tableName: 'orders' }, 'dynamodb:DescribeTable arn:aws:dynamodb:us-east-1:111111111111:table/orders'],
  ['items of a table', (scope) => new DynamoDBDataExistsPrecondition(scope, 'There', { table: Table.fromTableName(scope, 'Table', 'orders') }),
    { kind: 'dynamoDBDataExists', tableName: 'orders' }, 'dynamodb:Scan arn:aws:dynamodb:us-east-1:111111111111:table/orders'],
  ['a table of the interval', (scope) => new DynamoDBDataExistsPrecondition(scope, 'There', { tableName: 'orders-#{format(@scheduledStartTime, "YYYY")}' }),
    { kind: 'dynamoDBDataExists', tableName: expect.stringMatching(/^\{% .*"orders-".*\$scheduledStartTime.* %\}$/) },
    'dynamodb:Scan arn:aws:dynamodb:us-east-1:111111111111:table/orders-*'],
])('DynamoDB: looks for %s', (_, precondition, payload, grant) => {
  const scope = pipeline();
  shell(scope, 'A', { preconditions: [precondition(scope)] });
  expect(checked(scope, 'There')).toEqual(payload);
  expect(allowed(scope)).toContain(grant);
});

test('DynamoDB: may use the key of the table', () => {
  const scope = pipeline();
  const table = Table.fromTableAttributes(scope, 'Table', { tableName: 'orders', encryptionKey: Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1') });
  shell(scope, 'A', { preconditions: [new DynamoDBDataExistsPrecondition(scope, 'There', { table })] });
  expect(allowed(scope)).toContain('kms:Decrypt arn:aws:kms:us-east-1:111111111111:key/1');
});
