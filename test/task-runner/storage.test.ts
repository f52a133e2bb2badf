import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { FakeClock } from './fake-clock';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';
import { S3Storage } from '../../task-runner/storage';

const directory = mkdtempSync(join(tmpdir(), 'storage-test-'));
const file = join(directory, 'file');
const never = new AbortController().signal;
const store = new S3Store(join(directory, 's3'));
let folder: S3Folder;

beforeAll(async () => {
  store.createBucket('data');
  folder = await S3Folder.start(store);
});
afterAll(async () => {
  await folder.close();
  rmSync(directory, { recursive: true });
});

function storageAt(endpoint: string, sizes?: { whole: number; part: number }) {
  const clock = new FakeClock();
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const client = new S3Client({ endpoint, region: 'eu-central-1', forcePathStyle: true, credentials });
  return { clock, storage: new S3Storage(client, { clock, random: () => 1 }, sizes) };
}

test('lists all pages', async () => {
  for (let index = 0; index < 1001; index += 1) await store.put('data', `many/${String(index).padStart(4, '0')}`, '');
  const keys: string[] = [];
  for await (const { key } of storageAt(folder.endpoint).storage.list({ bucket: 'data', key: 'many/' }, never)) keys.push(key);
  expect(keys).toHaveLength(1001);
  expect(keys[1000]).toBe('many/1000');
});

test.each([['nothing', 0], ['one part', 1000], ['several parts', 12_000_000]])('uploads and downloads %s', async (_, size) => {
  const { storage } = storageAt(folder.endpoint);
  const data = Buffer.alloc(size, 'data\u00e9');
  writeFileSync(file, data);
  await storage.upload(file, { bucket: 'data', key: 'round trip' }, never);
  expect(await storage.download({ bucket: 'data', key: 'round trip' }, `${file}.back`, never)).toBe(true);
  expect(readFileSync(`${file}.back`).equals(data)).toBe(true);
});

test('says when there is no such object', async () => {
  const { storage } = storageAt(folder.endpoint);
  expect(await storage.download({ bucket: 'data', key: 'nothing' }, `${file}.none`, never)).toBe(false);
  expect(existsSync(`${file}.none`)).toBe(false);
});

test('an upload that is aborted fails', async () => {
  writeFileSync(file, 'data');
  await expect(storageAt(folder.endpoint).storage.upload(file, { bucket: 'data', key: 'x' }, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});

describe('a large object', () => {
  const large = { bucket: 'data', key: 'large' };
  const data = randomBytes(10_007);
  let server: Server;
  let asked: string[];
  /** Ends the body of a part, the first time that it is asked for; or puts another object in its place. */
  let trouble: 'none' | 'breaks off' | 'is replaced';

  beforeEach(async () => {
    asked = [];
    await store.put('data', 'large', data);
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  async function answer({ url, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { range = '' } = headers;
    const isFirst = !asked.includes(range);
    asked.push(range);
    if (trouble === 'is replaced' && range !== '') await store.put('data', 'large', randomBytes(10_007));
    const forwarded = ['range', 'if-match'].flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])] as [string, string]]));
    const stored = await fetch(`${folder.endpoint}${url}`, { headers: forwarded });
    response.writeHead(stored.status, Object.fromEntries(stored.headers));
    const body = Buffer.from(await stored.arrayBuffer());
    if (trouble === 'breaks off' && isFirst && range === 'bytes=4000-7999') response.write(body.subarray(0, 1000), () => setTimeout(() => response.destroy(), 20));
    else response.end(body);
  }

  const download = async (of: typeof trouble) => {
    trouble = of;
    const { storage } = storageAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { whole: 5000, part: 4000 });
    expect(await storage.download(large, file, never)).toBe(true);
    expect(readFileSync(file).equals(data)).toBe(true);
  };

  test('is fetched in parts', async () => {
    await download('none');
    expect(asked.sort()).toEqual(['', 'bytes=0-3999', 'bytes=4000-7999', 'bytes=8000-10006']);
  });

  test('of which one that breaks off is fetched again', async () => {
    await download('breaks off');
    expect(asked.filter((range) => range !== '').sort()).toEqual(['bytes=0-3999', 'bytes=4000-7999', 'bytes=4000-7999', 'bytes=8000-10006']);
  });

  test('that is replaced meanwhile is an error, not a mixture', async () => {
    await expect(download('is replaced')).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });
});

describe('a body that breaks off', () => {
  let server: Server;
  let broken: number;

  beforeEach(async () => {
    let requests = 0;
    server = createServer((_, response) => {
      requests += 1;
      response.writeHead(200, { 'Content-Length': 10 });
      if (requests > broken) response.end('0123456789');
      else response.write('01234', () => setTimeout(() => response.destroy(), 20));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  const download = async () => {
    const { storage, clock } = storageAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return { found: await storage.download({ bucket: 'data', key: 'x' }, file, never), sleeps: clock.sleeps };
  };

  test('is fetched again', async () => {
    broken = 2;
    expect(await download()).toEqual({ found: true, sleeps: [500, 1000] });
    expect(readFileSync(file, 'utf8')).toBe('0123456789');
  });

  test('is an error in the end', async () => {
    broken = 3;
    await expect(download()).rejects.toThrow('aborted');
  });
});
