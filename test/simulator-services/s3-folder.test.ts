import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, DeleteObjectCommand, DeleteObjectsCommand, GetObjectAclCommand,
  GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, paginateListObjectsV2, PutObjectCommand, S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';

const Bucket = 'logs';
let folder: string;
let server: S3Folder;
let s3: S3Client;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3-folder-'));
  const store = new S3Store(folder);
  store.createBucket(Bucket);
  server = await S3Folder.start(store);
  s3 = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
  });
});

afterEach(async () => {
  s3.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

const put = (Key: string, Body: string | Buffer = Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string, options: object = {}) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...options }));
  return Body!.transformToString();
};
const list = (options: object = {}) => s3.send(new ListObjectsV2Command({ Bucket, ...options }));
const keys = async (options: object = {}) => (await list(options)).Contents?.map(({ Key }) => Key) ?? [];

/** A request that no SDK would make. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(server.endpoint + '/', { method, path, headers }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }));
    });
    call.on('error', reject).end(body);
  });
}

describe('objects', () => {
  test('keep their bytes, type, encoding and metadata, and are files under their own names', async () => {
    const Body = Buffer.from([0, 255, 13, 10, 128]);
    const { ETag } = await s3.send(new PutObjectCommand({
      Bucket, Key: 'raw/2026/a.bin', Body, ContentType: 'text/x', ContentEncoding: 'gzip', Metadata: { colour: 'blue' },
    }));
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'raw/2026/a.bin' }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/x', ContentEncoding: 'gzip', Metadata: { colour: 'blue' }, ETag });
    expect(ETag).toBe('"99eb3ea29447db6011d3f5eb9d1ba147"');
    expect(readFileSync(join(folder, Bucket, 'raw', '2026', 'a.bin'))).toEqual(Body);
    const { Body: got } = await s3.send(new GetObjectCommand({ Bucket, Key: 'raw/2026/a.bin' }));
    expect(Buffer.from(await got!.transformToByteArray())).toEqual(Body);
  });

  test('may be empty, and may be replaced', async () => {
    await put('a', '');
    expect(await get('a')).toBe('');
    await put('a', 'more');
    expect(await get('a')).toBe('more');
  });

  test('may be streamed, in the framing with a trailing checksum that the SDK uses', async () => {
    const chunks = Array.from({ length: 20 }, (_, n) => Buffer.alloc(10_000, n));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from(chunks), ContentLength: 200_000 }));
    const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(Buffer.from(await Body!.transformToByteArray())).toEqual(Buffer.concat(chunks));
    expect(ContentEncoding).toBeUndefined();
  });

  test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('are accepted with a %s checksum', async ChecksumAlgorithm => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'text', ChecksumAlgorithm }));
    expect(await get('a')).toBe('text');
  });

  test.each<[string, Record<string, string>, string]>([
    ['header', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'text'],
    ['trailer', { 'content-encoding': 'aws-chunked', 'x-amz-trailer': 'x-amz-checksum-crc32' }, '4\r\ntext\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'],
  ])('are refused with a wrong checksum in the %s', async (_, headers, body) => {
    expect(await raw('PUT', '/logs/a', headers, body)).toMatchObject({ status: 400, body: expect.stringContaining('<Code>BadDigest</Code>') });
    expect(await keys()).toEqual([]);
  });

  test('are refused when their framing ends early', async () => {
    const answer = await raw('PUT', '/logs/a', { 'content-encoding': 'aws-chunked' }, 'ff\r\nshort');
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('<Code>IncompleteBody</Code>') });
  });

  test.each([['bytes=2-4', 'cde'], ['bytes=7-', 'hij'], ['bytes=-2', 'ij'], ['bytes=8-99', 'ij'], ['bytes=-99', 'abcdefghij']])(
    'are read in part: %s', async (Range, expected) => {
      await put('a', 'abcdefghij');
      expect(await get('a', { Range })).toBe(expected);
    });

  test('are copied with their attributes, or with others', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a b/ü', Body: 'text', ContentType: 'text/x' }));
    const CopySource = `/${Bucket}/${encodeURIComponent('a b/ü')}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource }));
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'other', CopySource, MetadataDirective: 'REPLACE', ContentType: 'text/y' }));
    expect(await get('kept')).toBe('text');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'kept' }))).ContentType).toBe('text/x');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'other' }))).ContentType).toBe('text/y');
  });

  test('are deleted, one or many, there or not, and leave no directories behind', async () => {
    for (const key of ['a/b/c', 'a/b/d', 'x & <y>', 'z']) await put(key);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a/b/c' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'absent' }));
    const { Deleted } = await s3.send(new DeleteObjectsCommand({
      Bucket, Delete: { Objects: [{ Key: 'a/b/d' }, { Key: 'x & <y>' }, { Key: 'absent' }] },
    }));
    expect(Deleted!.map(({ Key }) => Key)).toEqual(['a/b/d', 'x & <y>', 'absent']);
    expect(await keys()).toEqual(['z']);
    expect(() => readFileSync(join(folder, Bucket, 'a'))).toThrow('ENOENT');
  });

  test('put there by hand are objects too', async () => {
    writeFileSync(join(folder, Bucket, 'by-hand.txt'), 'text');
    expect((await list()).Contents).toMatchObject([{ Key: 'by-hand.txt', ETag: '"1cb251ec0d568de6a929b520c4aed8d1"' }]);
    writeFileSync(join(folder, Bucket, 'by-hand.txt'), 'changed');
    expect(await get('by-hand.txt')).toBe('changed');
  });
});

describe('keys', () => {
  const awkward = [
    'with space', 'ünï/cödé/日本 😀', '../../escape', 'a/../b', './.', 'a//b', 'trailing/', '%2E', 'p%', 'p%/q', 'p', 'a', 'a/b/c', 'a/b',
    'back\\slash', '?query=1&x#y', "quote'\"<>&", '+plus', '.staging', '..', '__proto__',
  ];

  test('may be anything, and stay within the folder', async () => {
    for (const key of awkward) await put(key);
    for (const key of awkward) expect(await get(key)).toBe(key);
    const inOrder = awkward.map(key => Buffer.from(key)).sort(Buffer.compare).map(String);
    expect(await keys()).toEqual(inOrder);
    expect(() => readFileSync(join(folder, '..', 'escape'))).toThrow('ENOENT');
    for (const key of awkward) await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    expect(await keys()).toEqual([]);
  });

  test.each(['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/.staging/x'])('%s reads nothing outside the buckets', async path => {
    expect(await raw('GET', path)).toMatchObject({ status: 404, body: expect.stringContaining('<Code>NoSuchBucket</Code>') });
  });

  test('too long are refused', async () => {
    await expect(put('k'.repeat(1025))).rejects.toMatchObject({ name: 'KeyTooLongError' });
    await expect(put('k'.repeat(300))).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });
});

describe('listing', () => {
  beforeEach(async () => {
    for (const key of ['raw/a', 'raw/b/1', 'raw/b/2', 'raw/c', 'raws', 'x']) await put(key);
  });

  test('takes a prefix, whole or in part', async () => {
    expect(await keys({ Prefix: 'raw/' })).toEqual(['raw/a', 'raw/b/1', 'raw/b/2', 'raw/c']);
    expect(await keys({ Prefix: 'raw/b' })).toEqual(['raw/b/1', 'raw/b/2']);
    expect(await list({ Prefix: 'absent/' })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('groups by a delimiter', async () => {
    const { Contents, CommonPrefixes, KeyCount } = await list({ Prefix: 'raw/', Delimiter: '/' });
    expect([Contents!.map(({ Key }) => Key), CommonPrefixes, KeyCount]).toEqual([['raw/a', 'raw/c'], [{ Prefix: 'raw/b/' }], 3]);
  });

  test.each([[1, undefined], [1, '/'], [2, '/'], [3, undefined]])('comes in pages of %s (delimiter %s)', async (pageSize, Delimiter) => {
    const found: (string | undefined)[] = [];
    const sizes: number[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket, Delimiter })) {
      found.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      sizes.push(page.KeyCount!);
    }
    const all = Delimiter ? ['raw/', 'raws', 'x'] : ['raw/a', 'raw/b/1', 'raw/b/2', 'raw/c', 'raws', 'x'];
    expect(found.sort()).toEqual(all);
    expect(sizes.every(size => size <= pageSize)).toBe(true);
    expect(sizes).toHaveLength(Math.ceil(all.length / pageSize));
  });

  test('begins after a key', async () => {
    expect(await keys({ StartAfter: 'raw/c' })).toEqual(['raws', 'x']);
  });

  test('of nothing: MaxKeys 0', async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

describe('conditions', () => {
  test('If-None-Match: * writes only what is not there', async () => {
    const create = () => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1', IfNoneMatch: '*' }));
    const results = await Promise.allSettled([create(), create(), create()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(create()).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  test('If-Match writes only over what was read', async () => {
    const { ETag } = await put('a', '1');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '2', IfMatch: ETag }));
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '3', IfMatch: ETag }))).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'b', Body: '3', IfMatch: ETag }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await get('a')).toBe('2');
  });

  test('of reads', async () => {
    const { ETag } = await put('a', '1');
    await expect(get('a', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('a', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await get('a', { IfMatch: ETag })).toBe('1');
  });
});

describe('multipart uploads', () => {
  const MiB = 1024 * 1024;

  test('by lib-storage', async () => {
    const Body = Buffer.alloc(12 * MiB, 'abcdefg');
    await new Upload({ client: s3, params: { Bucket, Key: 'big', Body: Readable.from([Body]), ContentType: 'text/x' } }).done();
    const { Body: got, ETag, ContentType } = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    expect(Buffer.compare(Buffer.from(await got!.transformToByteArray()), Body)).toBe(0);
    expect([ETag, ContentType]).toEqual([expect.stringMatching(/^"[0-9a-f]{32}-3"$/), 'text/x']);
  });

  async function begun(parts: Record<number, Buffer>): Promise<string> {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    for (const [number, Body] of Object.entries(parts)) {
      await s3.send(new UploadPartCommand({ Bucket, Key: 'a', UploadId, PartNumber: Number(number), Body }));
    }
    return UploadId!;
  }

  const complete = (id: string, parts: [number, Buffer][]) => {
    const nodes = parts.map(([n, body]) => `<Part><PartNumber>${n}</PartNumber><ETag>&quot;${createHash('md5').update(body).digest('hex')}&quot;</ETag></Part>`);
    return raw('POST', `/logs/a?uploadId=${id}`, {}, `<CompleteMultipartUpload>${nodes.join('')}</CompleteMultipartUpload>`);
  };

  const large = Buffer.alloc(5 * MiB, 'a');
  const small = Buffer.from('small');

  test.each<[string, Record<number, Buffer>, [number, Buffer][]]>([
    ['InvalidPart', { 1: large }, [[1, small]]],
    ['InvalidPart', { 1: large }, [[1, large], [3, small]]],
    ['InvalidPartOrder', { 1: small, 2: large }, [[2, large], [1, small]]],
    ['EntityTooSmall', { 2: small, 4: small }, [[2, small], [4, small]]],
  ])('that do not fit are refused: %s', async (code, uploaded, parts) => {
    const id = await begun(uploaded);
    expect((await complete(id, parts)).body).toContain(`<Code>${code}</Code>`);
    expect(await keys()).toEqual([]);
  });

  test('leave nothing when aborted', async () => {
    const id = await begun({ 1: small });
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId: id }));
    expect((await complete(id, [[1, small]])).body).toContain('<Code>NoSuchUpload</Code>');
    expect(await keys()).toEqual([]);
  });
});

describe('errors', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['NoSuchKey', () => get('absent')],
    ['NoSuchKey', () => put('a').then(() => get('a/'))],
    ['NotFound', () => s3.send(new HeadObjectCommand({ Bucket, Key: 'absent' }))],
    ['NotFound', () => s3.send(new HeadBucketCommand({ Bucket: 'absent' }))],
    ['NoSuchBucket', () => s3.send(new ListObjectsV2Command({ Bucket: 'absent' }))],
    ['NoSuchBucket', () => s3.send(new PutObjectCommand({ Bucket: 'absent', Key: 'a', Body: 'x' }))],
    ['InvalidRange', () => put('a', 'abc').then(() => get('a', { Range: 'bytes=3-4' }))],
    ['NotImplemented', () => s3.send(new GetObjectAclCommand({ Bucket, Key: 'a' }))],
    ['InvalidArgument', () => list({ ContinuationToken: '!' })],
  ])('%s', async (name, call) => {
    await expect(call()).rejects.toMatchObject({ name });
  });

  test('name the operation that is not implemented', async () => {
    await expect(s3.send(new GetObjectAclCommand({ Bucket, Key: 'a' }))).rejects.toThrow('GET object acl');
  });
});
