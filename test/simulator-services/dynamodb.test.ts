import { Caller } from './tasks';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Json } from '../../simulator/task';

const TableName = 'Runs';
const Key = { run: { S: 'r1' }, item: { S: 'object#A' } };
let table: DynamoDb;
let caller: Caller;

beforeEach(() => {
  table = new DynamoDb([{ tableName: TableName, partitionKey: 'run', sortKey: 'item' }, { tableName: 'Flat', partitionKey: 'id' }]);
  caller = new Caller(table.handlers());
});

const call = (action: string, args: Record<string, Json>) => caller.call<Record<string, Json>>(`aws-sdk:dynamodb:${action}`, { TableName, ...args });
const put = (item: string, rest: Record<string, Json> = {}) => call('putItem', { Item: { run: { S: 'r1' }, item: { S: item }, ...rest } });
const finish = (status: string) => call('updateItem', {
  Key,
  UpdateExpression: 'SET #s = :s, attempts = if_not_exists(attempts, :zero) + :one, seen = list_append(if_not_exists(seen, :none), :seen)',
  ConditionExpression: 'attribute_not_exists(#s)',
  ExpressionAttributeNames: { '#s': 'status' },
  ExpressionAttributeValues: { ':s': { S: status }, ':zero': { N: '0' }, ':one': { N: '1' }, ':none': { L: [] }, ':seen': { L: [{ S: 'x' }] } },
  ReturnValues: 'ALL_NEW',
});

test('an update on a condition holds once, and returns the item', async () => {
  const item = { ...Key, status: { S: 'FINISHED' }, attempts: { N: '1' }, seen: { L: [{ S: 'x' }] } };
  expect(await finish('FINISHED')).toEqual({ Attributes: item });
  await expect(finish('FAILED')).rejects.toMatchObject({
    error: 'DynamoDb.ConditionalCheckFailedException', cause: expect.stringMatching(/^The conditional request failed \(Service: DynamoDb, Status Code: 400/),
  });
  expect(await call('getItem', { Key, ConsistentRead: true })).toEqual({ Item: item });
  expect(await table.items(TableName)).toEqual([item]);
});

test('what comes out has the names of the SDK, and what has another name there does not go in', async () => {
  await table.call('putItem', { TableName, Item: { ...Key, tokens: { SS: ['x'] }, active: { BOOL: false }, SS: { N: '1' } } });
  expect(await call('getItem', { Key })).toEqual({ Item: { ...Key, tokens: { Ss: ['x'] }, active: { Bool: false }, SS: { N: '1' } } });
  await expect(put('object#B', { tokens: { SS: ['x'] } })).rejects.toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining("'SS' may be 'Ss'") });
});

test('of many at once, one wins', async () => {
  const begun = Array.from({ length: 50 }, (_, n) => caller.begin('aws-sdk:dynamodb:putItem', {
    TableName, Item: { ...Key, n: { N: `${n}` } }, ConditionExpression: 'attribute_not_exists(run)',
  }));
  const results = await caller.run(Promise.allSettled(begun));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', ...Array(49).fill('rejected')]);
});

test('an absent item is an answer without Item', async () => {
  expect(await call('getItem', { Key })).toEqual({});
});

test('a transaction of reads answers in the order of its items, what is absent with nothing', async () => {
  await put('run', { n: { N: '1' } });
  const get = (item: string): Json => ({ Get: { TableName, Key: { run: { S: 'r1' }, item: { S: item } } } });
  expect(await caller.call('aws-sdk:dynamodb:transactGetItems', { TransactItems: [get('object#A'), get('run')] }))
    .toEqual({ Responses: [{}, { Item: { run: { S: 'r1' }, item: { S: 'run' }, n: { N: '1' } } }] });
  await expect(caller.call('aws-sdk:dynamodb:transactGetItems', { TransactItems: [] })).rejects.toMatchObject({ error: 'DynamoDb.ValidationException' });
});

test('a query reads one partition in the order of the sort key', async () => {
  for (const item of ['run', 'object#B', 'object#A']) await put(item);
  await call('putItem', { Item: { run: { S: 'r2' }, item: { S: 'object#A' } } });
  const answer = await call('query', {
    KeyConditionExpression: '#r = :r AND begins_with(#i, :p)',
    ExpressionAttributeNames: { '#r': 'run', '#i': 'item' },
    ExpressionAttributeValues: { ':r': { S: 'r1' }, ':p': { S: 'object#' } },
  });
  expect(answer).toMatchObject({ Count: 2, Items: [{ item: { S: 'object#A' } }, { item: { S: 'object#B' } }] });
});

test('a deletion returns what was', async () => {
  await put('run', { status: { S: 'x' } });
  const gone = await call('deleteItem', { Key: { run: { S: 'r1' }, item: { S: 'run' } }, ReturnValues: 'ALL_OLD' });
  expect(gone).toMatchObject({ Attributes: { status: { S: 'x' } } });
  expect(await table.items(TableName)).toEqual([]);
});

test('a table with a partition key only', async () => {
  await call('putItem', { TableName: 'Flat', Item: { id: { S: 'a' } } });
  expect(await call('getItem', { TableName: 'Flat', Key: { id: { S: 'a' } } })).toEqual({ Item: { id: { S: 'a' } } });
});

test.each<[string, string, string, Record<string, Json>]>([
  ['DynamoDb.ResourceNotFoundException', 'not found', 'getItem', { TableName: 'Absent', Key }],
  ['DynamoDb.ValidationException', 'does not match the schema', 'getItem', { Key: { run: { S: 'r1' } } }],
  ['DynamoDb.ValidationException', 'Syntax error', 'updateItem', { Key, UpdateExpression: 'SET' }],
  ['DynamoDb.ValidationException', 'reserved keyword', 'updateItem', { Key, UpdateExpression: 'REMOVE status' }],
  ['States.Runtime', "The field 'UpdatExpression' is not supported by updateItem", 'updateItem', { Key, UpdatExpression: 'REMOVE x' }],
])('%s: %s', async (error, cause, action, args) => {
  await expect(call(action, args)).rejects.toMatchObject({ error, cause: expect.stringContaining(cause) });
});

describe('a transaction', () => {
  const putOf = (item: string) => ({ Put: { TableName, Item: { run: { S: 'r1' }, item: { S: item } }, ConditionExpression: 'attribute_not_exists(run)' } });
  const transact = (TransactItems: Json) => caller.call('aws-sdk:dynamodb:transactWriteItems', { TransactItems });
  const keyOf = (item: string) => ({ run: { S: 'r1' }, item: { S: item } });

  test('makes all of its writes', async () => {
    await put('old', { n: { N: '1' } });
    await transact([
      putOf('a'),
      { Update: { TableName, Key: keyOf('b'), UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } } } },
      { ConditionCheck: { TableName, Key: keyOf('absent'), ConditionExpression: 'attribute_not_exists(run)' } },
      { Delete: { TableName, Key: keyOf('old') } },
    ]);
    expect((await table.items(TableName)).map(({ item }) => item)).toEqual([{ S: 'a' }, { S: 'b' }]);
  });

  test('makes none of them when one fails, and says which', async () => {
    await put('old', { n: { N: '1' } });
    const before = await table.items(TableName);
    await expect(transact([
      putOf('a'),
      { Update: { TableName, Key: keyOf('old'), UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '2' } } } },
      { ConditionCheck: { TableName, Key: keyOf('absent'), ConditionExpression: 'attribute_exists(run)' } },
    ])).rejects.toMatchObject({ error: 'DynamoDb.TransactionCanceledException', cause: expect.stringContaining('[None, None, ConditionalCheckFailed]') });
    expect(await table.items(TableName)).toEqual(before);
  });

  test('touches an item once', async () => {
    await expect(transact([putOf('a'), { Delete: { TableName, Key: keyOf('a') } }])).rejects.toMatchObject({
      error: 'DynamoDb.ValidationException', cause: expect.stringContaining('multiple operations on one item'),
    });
  });
});
