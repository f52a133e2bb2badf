/// <reference path="../../simulator-services/dynalite.d.ts" />
import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { check } from '../../../lambda/precondition-checker/check';
import { DynamoDBCheck } from '../../../src/contract/checker';
import { PRECONDITION_NOT_HELD } from '../../../src/contract/errors';

test('the SDK\'s answers from a server mean what the checks take them for', async () => {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as { port: number };
  const dynamoDb = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const ask = async (kind: DynamoDBCheck['kind']) => check({ kind, tableName: 'orders' }, { s3: {} as never, dynamoDb, now: Date.now });
  try {
    await expect(ask('dynamoDBTableExists')).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: 'there is no table orders' });
    await expect(ask('dynamoDBDataExists')).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: 'there is no table orders' });
    await dynamoDb.send(new CreateTableCommand({
      TableName: 'orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }));
    await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 10, minDelay: 1 }, { TableName: 'orders' });
    await expect(ask('dynamoDBTableExists')).resolves.toEqual({ held: true });
    await expect(ask('dynamoDBDataExists')).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: 'table orders has no items' });
    await dynamoDb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: '1' } } }));
    await expect(ask('dynamoDBDataExists')).resolves.toEqual({ held: true });
  } finally {
    dynamoDb.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});
