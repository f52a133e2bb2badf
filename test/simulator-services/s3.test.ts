import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller } from './tasks';
import { S3Store } from '../../simulator/servers/s3-store';
import { S3 } from '../../simulator/services/s3';
import { Json } from '../../simulator/task';

const Bucket = 'logs';
let folder: string;
let caller: Caller;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 's3-'));
  const store = new S3Store(folder);
  store.createBucket(Bucket);
  caller = new Caller(new S3(store).handlers());
});

afterEach(() => rmSync(folder, { recursive: true }));

const call = (action: string, args: Record<string, Json>) => caller.call<Record<string, Json>>(`aws-sdk:s3:${action}`, { Bucket, ...args });

test.each<[string, Json, string]>([
  ['text', 'plain {text}', 'plain {text}'],
  ['an object', { a: [1, 'é'] }, '{"a":[1,"é"]}'],
  ['an array', [1, null], '[1,null]'],
  ['a number', 1, '1'],
])('%s is put and got', async (_, Body, stored) => {
  const { ETag } = await call('putObject', { Key: 'a/b.json', Body, ContentType: 'application/json' });
  const got = await call('getObject', { Key: 'a/b.json' });
  expect(got).toMatchObject({ Body: stored, ContentType: 'application/json', ContentLength: Buffer.byteLength(stored), ETag });
  const { Body: _body, ...head } = got;
  expect(await call('headObject', { Key: 'a/b.json' })).toEqual(head);
});

test('a put may be conditional', async () => {
  await call('putObject', { Key: 'a', Body: '1', IfNoneMatch: '*' });
  await expect(call('putObject', { Key: 'a', Body: '2', IfNoneMatch: '*' })).rejects.toMatchObject({ error: 'S3.S3Exception', cause: expect.stringContaining('412') });
});

test('a listing has Contents only where there are any', async () => {
  for (const Key of ['raw/a', 'raw/b', 'raw/c/d']) await call('putObject', { Key, Body: '' });
  expect(await call('listObjectsV2', { Prefix: 'raw/', Delimiter: '/', MaxKeys: 2 })).toMatchObject({
    Name: Bucket, Prefix: 'raw/', KeyCount: 2, IsTruncated: true, Contents: [{ Key: 'raw/a', Size: 0 }, { Key: 'raw/b' }],
  });
  expect(await call('listObjectsV2', { Prefix: 'none/' })).toEqual({ Name: Bucket, Prefix: 'none/', KeyCount: 0, IsTruncated: false, MaxKeys: 1000 });
});

test('pages follow each other', async () => {
  for (const Key of ['a', 'b', 'c']) await call('putObject', { Key, Body: '' });
  const { NextContinuationToken } = await call('listObjectsV2', { MaxKeys: 2 });
  expect(await call('listObjectsV2', { ContinuationToken: NextContinuationToken })).toMatchObject({ Contents: [{ Key: 'c' }], IsTruncated: false });
});

test('what is deleted is gone', async () => {
  await call('putObject', { Key: 'a', Body: '' });
  expect(await call('deleteObject', { Key: 'a' })).toEqual({});
  expect(await call('listObjectsV2', {})).toMatchObject({ KeyCount: 0 });
});

test.each<[string, string, Record<string, Json>]>([
  ['S3.NoSuchKeyException', 'getObject', { Key: 'absent' }],
  ['S3.NoSuchKeyException', 'headObject', { Key: 'absent' }],
  ['S3.NoSuchBucketException', 'putObject', { Bucket: 'absent', Key: 'a', Body: '' }],
  ['S3.NoSuchBucketException', 'listObjectsV2', { Bucket: '../logs' }],
  ['States.Runtime', 'getObject', {}],
  ['States.Runtime', 'putObject', { Key: 'a' }],
])('%s from %s %j', async (error, action, args) => {
  await expect(call(action, args)).rejects.toMatchObject({ error });
});
