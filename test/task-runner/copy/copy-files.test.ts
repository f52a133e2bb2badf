import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { DelimitedFormat, FilesEnd } from '../../../src/contract/copy';
import { COPY_FAILED } from '../../../src/contract/errors';
import { copyFiles } from '../../../task-runner/copy/copy-files';
import { Stores } from '../../../task-runner/copy/files';
import { S3Objects } from '../../../task-runner/objects';
import { S3Storage } from '../../../task-runner/storage';
import { FakeClock } from '../fake-clock';

const CSV: DelimitedFormat = { kind: 'delimited', quoted: true, columnSeparator: ',', recordSeparator: '\n' };
const TSV: DelimitedFormat = { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n' };
const root = mkdtempSync(join(tmpdir(), 'copy-test-'));
const staging = join(root, 's3', '.staging');
const store = new S3Store(join(root, 's3'));
const never = new AbortController().signal;
let folder: S3Folder;
let stores: Stores;
let host: string;

beforeAll(async () => {
  store.createBucket('data');
  folder = await S3Folder.start(store);
  const client = new S3Client({ endpoint: folder.endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const patience = { clock: new FakeClock(), random: () => 1 };
  const limits = { whole: 6_000_000, part: 5 * 1024 * 1024 };
  stores = { storage: new S3Storage(client, patience), objects: new S3Objects(client, patience, limits) };
});
beforeEach(() => {
  host = mkdtempSync(join(root, 'host-'));
  for (const key of store.keys('data')) store.delete('data', key);
});
afterAll(async () => {
  await folder.close();
  rmSync(root, { recursive: true });
});

const end = (uri: string, more: Partial<FilesEnd> = {}): FilesEnd => ({ kind: 'files', object: 'Node', uri, manifest: false, compression: 'none', ...more });
const copy = async (input: FilesEnd, output: FilesEnd, signal = never) => copyFiles(input, output, stores, signal);
const put = async (key: string, body: Uint8Array | string) => store.put('data', key, body);
const bytes = (key: string) => readFileSync(store.get('data', key).file);
const text = (key: string) => bytes(key).toString();
const data = (key: string) => `s3://data/${key}`;

test('a file is copied to a file in another format, and compressed', async () => {
  await put('in.csv.gz', gzipSync('a,"b ""c"""\n,""'));
  expect(await copy(end(data('in.csv.gz'), { compression: 'gzip', format: CSV }), end(data('out.tsv'), { format: TSV }))).toBe(1);
  expect(text('out.tsv')).toBe('a\tb "c"\n\\N\t\n');
  await copy(end(data('out.tsv'), { format: TSV }), end(data('back.csv.gz'), { compression: 'gzip', format: CSV }));
  expect(gunzipSync(bytes('back.csv.gz')).toString()).toBe('a,"b ""c"""\n,""\n');
});

test('a directory is copied to a directory by the names of its files, a file to a directory by its own', async () => {
  for (let index = 0; index < 20; index += 1) await put(`in/sub/${index}`, `${index},x`);
  await put('in/', '');
  expect(await copy(end(data('in/'), { format: CSV }), end(data('out/'), { format: TSV }))).toBe(20);
  expect(text('out/sub/19')).toBe('19\tx\n');
  await copy(end(data('in/sub/7')), end(data('one/')));
  expect(store.keys('data', 'one/')).toEqual(['one/7']);
});

test('a directory is copied to a file record by record', async () => {
  await put('in/1', 'a,b');
  await put('in/2', '');
  await put('in/3', 'c,d\n');
  await copy(end(data('in/'), { format: CSV }), end(data('out'), { format: CSV }));
  expect(text('out')).toBe('a,b\nc,d\n');
  await copy(end(data('in/')), end(data('raw')));
  expect(text('raw')).toBe('a,bc,d\n');
});

test('what is alike is copied within S3, in parts where it is large', async () => {
  const large = Buffer.alloc(12_000_000, 'not "CSV');
  await put('in/small é+', 'not "CSV');
  await put('in/large', large);
  const read = jest.spyOn(stores.objects, 'read');
  expect(await copy(end(data('in/'), { format: CSV }), end(data('out/'), { format: CSV }))).toBe(2);
  expect(read).not.toHaveBeenCalled();
  expect(text('out/small é+')).toBe('not "CSV');
  expect(bytes('out/large').equals(large)).toBe(true);
});

test('a manifest is the objects that it lists', async () => {
  await put('a/x.csv', 'a');
  await put('list', JSON.stringify({ entries: [{ url: data('a/x.csv'), mandatory: true }, { url: data('gone') }] }));
  await copy(end(data('list'), { manifest: true }), end(data('out/')));
  expect(store.keys('data', 'out/')).toEqual(['out/x.csv']);
  await put('list', JSON.stringify({ entries: [{ url: data('gone'), mandatory: true }] }));
  await expect(copy(end(data('list'), { manifest: true }), end(data('out/')))).rejects.toThrow('there is no s3://data/gone, which the manifest says is mandatory');
  await put('list', '{"entries": ["s3://data/x"]}');
  await expect(copy(end(data('list'), { manifest: true }), end(data('out/')))).rejects.toThrow('is no manifest');
  await put('b/x.csv', 'b');
  await put('list', JSON.stringify({ entries: ['a', 'b'].map((name) => ({ url: data(`${name}/x.csv`) })) }));
  await expect(copy(end(data('list'), { manifest: true }), end(data('out/')))).rejects.toThrow('two of the inputs would be x.csv there');
});

test.each<[string, FilesEnd, FilesEnd, string]>([
  ['a record that is wrong', end(data('wrong'), { format: CSV }), end(data('out'), { format: TSV }), 'input Node (s3://data/wrong): record 2 has text after a closing quote'],
  ['a value that cannot be written', end(data('tab'), { format: CSV }), end(data('out'), { format: TSV }), 'output Node (s3://data/out): column 1 of record 1 has the separator'],
  ['what is not compressed', end(data('tab'), { compression: 'gzip' }), end(data('out')), 'incorrect header check'],
  ['an object that is not there', end(data('gone')), end(data('out')), 'input Node (s3://data/gone): there is no such file'],
  ['a directory of nothing', end(data('gone/')), end(data('out')), 'input Node (s3://data/gone/): there is nothing to copy'],
])('%s fails the copy and leaves nothing behind', async (_, input, output, problem) => {
  await put('wrong', 'a\n"b"c\n');
  await put('tab', '"a\tb"\n');
  await expect(copy(input, output)).rejects.toMatchObject({ name: COPY_FAILED, message: expect.stringContaining(problem) });
  expect(store.keys('data', 'out')).toEqual([]);
  expect(readdirSync(staging)).toEqual([]);
});

test('an upload of several parts that fails is aborted', async () => {
  await put('in/1', 'x,y\n'.repeat(5_000_000));
  await put('in/2', 'a\n"b"c\n');
  await expect(copy(end(data('in/'), { format: CSV }), end(data('out'), { format: TSV }))).rejects.toThrow('record 2 has text after a closing quote');
  expect(store.keys('data', 'out')).toEqual([]);
  expect(readdirSync(staging)).toEqual([]);
});

test('a copy that is stopped leaves nothing behind', async () => {
  await put('in', 'x,y\n'.repeat(5_000_000));
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stopped')), 100);
  await expect(copy(end(data('in'), { format: CSV }), end(data('out'), { format: TSV }), stop.signal)).rejects.toThrow();
  expect(store.keys('data', 'out')).toEqual([]);
});

describe('a directory of the host', () => {
  const file = (name: string) => `file://${join(host, name)}`;

  test('is copied from and to', async () => {
    mkdirSync(join(host, 'in/sub'), { recursive: true });
    writeFileSync(join(host, 'in/sub/x.csv'), 'a,b\n');
    writeFileSync(join(host, 'in/.y.unfinished-0123456789ab'), 'half');
    expect(await copy(end(file('in/'), { format: CSV }), end(data('out/'), { format: TSV }))).toBe(1);
    expect(text('out/sub/x.csv')).toBe('a\tb\n');
    expect(await copy(end(data('out/')), end(file('back/')))).toBe(1);
    expect(readFileSync(join(host, 'back/sub/x.csv'), 'utf8')).toBe('a\tb\n');
    await copy(end(data('out/')), end(file('one.tsv')));
    expect(readFileSync(join(host, 'one.tsv'), 'utf8')).toBe('a\tb\n');
  });

  test('keeps what was there when the copy fails', async () => {
    writeFileSync(join(host, 'out'), 'before');
    await put('in', 'a\n"b"c');
    await expect(copy(end(data('in'), { format: CSV }), end(file('out'), { format: TSV }))).rejects.toThrow('record 2');
    expect(readFileSync(join(host, 'out'), 'utf8')).toBe('before');
    expect(readdirSync(host)).toEqual(['out']);
  });

  test.each(['in/../escaped', 'in/a/../../escaped', 'in//escaped', 'in/./escaped'])('does not take the key %s for a path', async (key) => {
    await put(key, 'data');
    await expect(copy(end(data('in/')), end(file('out/')))).rejects.toThrow(`output Node (${file('out/')}): the key's part`);
    expect(existsSync(join(host, 'escaped'))).toBe(false);
  });

  test('is not left through links', async () => {
    mkdirSync(join(host, 'out'));
    mkdirSync(join(host, 'elsewhere'));
    symlinkSync('../elsewhere', join(host, 'out/link'));
    await put('in/link/x', 'data');
    await expect(copy(end(data('in/')), end(file('out/')))).rejects.toThrow('is a symbolic link that leads out of');
    await expect(copy(end(file('out/')), end(data('out/')))).rejects.toThrow('"link" is a symbolic link');
    expect(readdirSync(join(host, 'elsewhere'))).toEqual([]);
  });

  test('has a link replaced by the file that is written, not followed', async () => {
    writeFileSync(join(host, 'secret'), 'of the host');
    mkdirSync(join(host, 'out'));
    symlinkSync('../secret', join(host, 'out/x'));
    await put('in/x', 'data');
    await copy(end(data('in/')), end(file('out/')));
    expect(readFileSync(join(host, 'secret'), 'utf8')).toBe('of the host');
    expect(readFileSync(join(host, 'out/x'), 'utf8')).toBe('data');
  });
});
