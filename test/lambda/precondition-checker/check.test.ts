import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { check } from '../../../lambda/precondition-checker/check';
import { handler, readCheckRequest } from '../../../lambda/precondition-checker/handler';
import { CheckRequest, DynamoDBCheck } from '../../../src/contract/checker';
import { INVALID_TASK, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../../src/contract/errors';

const NOW = Date.parse('2026-12-01T01:00:00Z');

function serviceError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('UnknownError'), { name, $metadata: { httpStatusCode } });
}

function ask(request: CheckRequest, answer: unknown) {
  const send = jest.fn(async (_command: unknown) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { result: check(request, { s3: { send } as never, dynamoDb: { send } as never, now: () => NOW }), send };
}

describe('s3KeyExists', () => {
  const request: CheckRequest = { kind: 's3KeyExists', uri: 's3://logs/raw/a=1/ready flag' };

  test('holds for an object', async () => {
    const { result, send } = ask(request, {});
    await expect(result).resolves.toEqual({ held: true });
    expect(send.mock.calls[0][0]).toBeInstanceOf(HeadObjectCommand);
    expect(send.mock.calls[0][0]).toMatchObject({ input: { Bucket: 'logs', Key: 'raw/a=1/ready flag' } });
  });

  test('does not hold yet for a missing one', async () => {
    await expect(ask(request, serviceError('NotFound', 404)).result)
      .rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: 'there is no object s3://logs/raw/a=1/ready flag' });
  });

  test.each([
    ['2026-12-01T01:00:00.001Z', PRECONDITION_NOT_HELD],
    ['2026-12-01T01:00:00Z', PRECONDITION_TIMED_OUT],
    ['2026-12-01T01:30:00+01:00', PRECONDITION_TIMED_OUT],
  ])('with the deadline %s is %s', async (deadline, name) => {
    await expect(ask({ ...request, deadline }, serviceError('NotFound', 404)).result).rejects.toMatchObject({ name });
  });

  test('says what permission may be missing when it is denied', async () => {
    await expect(ask(request, serviceError('Forbidden', 403)).result)
      .rejects.toMatchObject({ name: 'Forbidden', message: expect.stringMatching(/s3:GetObject .* s3:ListBucket/) });
  });

  test('leaves other errors as they are', async () => {
    const busy = serviceError('SlowDown', 503);
    await expect(ask(request, busy).result).rejects.toBe(busy);
  });
});

describe('time', () => {
  test.each<[string, object, string | undefined]>([
    ['before its window', { notBefore: '2026-12-01T01:00:00.001Z' }, PRECONDITION_NOT_HELD],
    ['before it and beyond the deadline', { notBefore: '2026-12-01T02:30:00+01:00', deadline: '2026-12-01T01:00:00Z' }, PRECONDITION_TIMED_OUT],
    ['as it begins', { notBefore: '2026-12-01T01:00:00Z' }, undefined],
    ['as it ends', { notBefore: '2026-12-01T00:00:00Z', notAfter: '2026-12-01T01:00:00Z' }, undefined],
    ['after it', { notAfter: '2026-12-01T00:59:59Z' }, PRECONDITION_TIMED_OUT],
  ])('%s', async (_, window, name) => {
    const { result } = ask(readCheckRequest({ kind: 'time', ...window }), {});
    if (name) await expect(result).rejects.toMatchObject({ name });
    else await expect(result).resolves.toEqual({ held: true });
  });
});

describe('s3PrefixNotEmpty', () => {
  const request: CheckRequest = { kind: 's3PrefixNotEmpty', uri: 's3://logs/raw/' };

  test.each([
    ['an object', [{ Key: 'raw/a.log', Size: 0 }]],
    ['an object beside the folder marker', [{ Key: 'raw/', Size: 0 }, { Key: 'raw/a.log', Size: 9 }]],
    ['data in the key of the folder itself', [{ Key: 'raw/', Size: 9 }]],
    ['a folder in it', [{ Key: 'raw/2026/', Size: 0 }]],
  ])('holds for %s', async (_, Contents) => {
    const { result, send } = ask(request, { Contents });
    await expect(result).resolves.toEqual({ held: true });
    expect(send.mock.calls[0][0]).toBeInstanceOf(ListObjectsV2Command);
    expect(send.mock.calls[0][0]).toMatchObject({ input: { Bucket: 'logs', Prefix: 'raw/', MaxKeys: 2 } });
  });

  test.each([['nothing', {}], ['a folder marker', { Contents: [{ Key: 'raw/', Size: 0 }] }]])('does not hold for %s', async (_, answer) => {
    await expect(ask(request, answer).result).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: 'there is nothing under s3://logs/raw/' });
  });

  test('an object that has the prefix as its name counts where the prefix is no folder', async () => {
    await expect(ask({ ...request, uri: 's3://logs/raw' }, { Contents: [{ Key: 'raw', Size: 0 }] }).result).resolves.toEqual({ held: true });
  });

  test('says what permission is missing when it is denied', async () => {
    await expect(ask(request, serviceError('AccessDenied', 403)).result)
      .rejects.toMatchObject({ name: 'AccessDenied', message: expect.stringContaining('s3:ListBucket') });
  });
});

describe.each<[DynamoDBCheck['kind'], string, unknown, unknown, string]>([
  ['dynamoDBTableExists', 'dynamodb:DescribeTable', { Table: { TableStatus: 'UPDATING' } }, { Table: { TableStatus: 'CREATING' } }, 'table orders is CREATING'],
  ['dynamoDBDataExists', 'dynamodb:Scan', { Count: 1 }, { Count: 0 }, 'table orders has no items'],
])('%s', (kind, action, there, notThere, problem) => {
  const request: CheckRequest = { kind, tableName: 'orders' };

  test('holds, or does not yet', async () => {
    const { result, send } = ask(request, there);
    await expect(result).resolves.toEqual({ held: true });
    expect(send.mock.calls[0][0]).toMatchObject({ input: { TableName: 'orders' } });
    await expect(ask(request, notThere).result).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: problem });
  });

  test('does not hold where there is no table', async () => {
    await expect(ask(request, serviceError('ResourceNotFoundException', 400)).result)
      .rejects.toMatchObject({ name: PRECONDITION_NOT_HELD, message: 'there is no table orders' });
  });

  test('says what permission is missing, and leaves other errors as they are', async () => {
    await expect(ask(request, serviceError('AccessDeniedException', 400)).result)
      .rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining(action) });
    const busy = serviceError('ThrottlingException', 400);
    await expect(ask(request, busy).result).rejects.toBe(busy);
  });
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'check request: document: is undefined'],
  ['no kind', { uri: 's3://abc/b' }, 'kind: is missing; it must be one of "s3KeyExists", "s3PrefixNotEmpty", "dynamoDBTableExists", "dynamoDBDataExists"'],
  ['no URI', { kind: 's3KeyExists' }, "uri: is missing; it must be an S3 URI, such as 's3://bucket/key'"],
  ['another scheme', { kind: 's3KeyExists', uri: 'https://abc/b' }, 'uri: is "https://abc/b"'],
  ['a bucket without a key', { kind: 's3KeyExists', uri: 's3://abc/' }, 'it must be the S3 URI of an object, with a key'],
  ['no table', { kind: 'dynamoDBDataExists' }, 'tableName: is missing'],
  ['a deadline that is none', { kind: 's3KeyExists', uri: 's3://abc/b', deadline: 'soon' }, 'deadline: is "soon"'],
])('the handler refuses %s', async (_, event, message) => {
  await expect(handler(event)).rejects.toMatchObject({ name: INVALID_TASK, message: expect.stringContaining(message) });
});

test('a whole bucket is a prefix', () => {
  expect(readCheckRequest({ kind: 's3PrefixNotEmpty', uri: 's3://abc/' })).toEqual({ kind: 's3PrefixNotEmpty', uri: 's3://abc/' });
});
