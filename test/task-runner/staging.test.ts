import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STAGING_FAILED } from '../../src/contract/errors';
import { S3Location } from '../../src/contract/s3';
import { Staging } from '../../task-runner/staging';
import { Storage, StoredObject } from '../../task-runner/storage';

/** S3 with one bucket, in memory; it takes keys that no file system does. */
class MemoryStorage implements Storage {
  public readonly objects = new Map<string, string>();
  public busiest = 0;
  private busy = 0;

  async* list({ key }: S3Location): AsyncIterable<StoredObject> {
    for (const [name, text] of this.objects) if (name.startsWith(key)) yield { key: name, size: text.length };
  }

  async download({ key }: S3Location, file: string): Promise<boolean> {
    this.busiest = Math.max(this.busiest, this.busy += 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.busy -= 1;
    const text = this.objects.get(key);
    if (text !== undefined) writeFileSync(file, text);
    return text !== undefined;
  }

  async upload(file: string, { key }: S3Location): Promise<void> {
    this.objects.set(key, readFileSync(file, 'utf8'));
  }
}

let root: string;
let directory: string;
let storage: MemoryStorage;
let staging: Staging;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'staging-test-'));
  directory = join(root, 'input1');
  mkdirSync(directory);
  writeFileSync(join(root, 'secret'), 'of the host');
  storage = new MemoryStorage();
  staging = new Staging(storage, new AbortController().signal);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const location = (uri: string) => ({ object: 'Raw', uri });
const files = () => readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

test('copies a folder with its folders, several objects at once, without the markers of consoles', async () => {
  storage.objects.set('raw/', '').set('raw/sub/', '');
  for (let index = 0; index < 50; index += 1) storage.objects.set(`raw/sub/${index}`, `${index}`);
  expect(await staging.download(location('s3://data/raw/'), directory)).toBe(50);
  expect(readFileSync(join(directory, 'sub', '49'), 'utf8')).toBe('49');
  expect(storage.busiest).toBe(8);
});

test.each([
  'raw/../escaped', 'raw/a/../../escaped', 'raw//etc/passwd', 'raw/a//b', 'raw/./a', 'raw/..', 'raw/.', 'raw/a\0b', 'raw/not-empty/',
])('refuses the key %j', async (key) => {
  storage.objects.set(key, 'data');
  await expect(staging.download(location('s3://data/raw/'), directory)).rejects.toMatchObject({
    name: STAGING_FAILED, message: expect.stringMatching(/^input Raw \(s3:\/\/data\/raw\/\): the key's part .* cannot be a path/),
  });
  expect(files()).toBe(0);
  expect(readdirSync(root).sort()).toEqual(['input1', 'secret']);
});

test('refuses an object whose own name is no file\'s', async () => {
  await expect(staging.download(location('s3://data/raw/..'), directory)).rejects.toThrow("the key's part \"..\"");
  await expect(staging.downloadScript('s3://data/raw/..', directory)).rejects.toThrow('scriptUri (s3://data/raw/..)');
});

test('a key that is both a file and a folder is an error, not a loss', async () => {
  storage.objects.set('raw/a', 'file').set('raw/a/b', 'under it');
  await expect(staging.download(location('s3://data/raw/'), directory)).rejects.toMatchObject({ name: STAGING_FAILED });
});

test('a folder of markers only is empty, which is not missing', async () => {
  await expect(staging.download(location('s3://data/raw/'), directory)).rejects.toThrow('input Raw (s3://data/raw/): there is nothing under it');
  storage.objects.set('raw/', '').set('raw/sub/', '');
  await expect(staging.download(location('s3://data/raw/'), directory)).rejects.toThrow('input Raw (s3://data/raw/): it is there, and empty');
});

test('names mean nothing but themselves', async () => {
  const names = ['$(touch x)', '`id`;rm -rf .', '"quoted" \'s', 'two\nlines', '-rf', '~', '%2e%2e%2f', 'é😀', '*?[a]', '...'];
  for (const name of names) storage.objects.set(`raw/${name}/${name}`, name);
  expect(await staging.download(location('s3://data/raw/'), directory)).toBe(names.length);
  for (const name of names) expect(readFileSync(join(directory, name, name), 'utf8')).toBe(name);
  storage.objects.clear();
  expect(await staging.upload(location('s3://data/out/'), directory)).toBe(names.length);
  expect([...storage.objects.keys()].sort()).toEqual(names.map((name) => `out/${name}/${name}`).sort());
});

test('an output folder keeps its paths, and may be empty', async () => {
  expect(await staging.upload(location('s3://data/out/'), directory)).toBe(0);
  mkdirSync(join(directory, 'a/b'), { recursive: true });
  writeFileSync(join(directory, 'a/b/c'), 'data');
  symlinkSync('a/b/c', join(directory, 'link'));
  expect(await staging.upload(location('s3://data/out/'), directory)).toBe(2);
  expect(Object.fromEntries(storage.objects)).toEqual({ 'out/a/b/c': 'data', 'out/link': 'data' });
});

test.each<[string, () => void, string]>([
  ['a link to a file outside', () => symlinkSync(join(root, 'secret'), join(directory, 'x')), '"x" is a symbolic link'],
  ['a link to a directory outside', () => symlinkSync(root, join(directory, 'x')), '"x" is a symbolic link'],
  ['a link to a directory inside', () => symlinkSync('.', join(directory, 'x')), '"x" is a symbolic link'],
  ['a dangling link', () => symlinkSync('nothing', join(directory, 'x')), '"x" is a symbolic link'],
  ['a link to a neighbour with a longer name', () => {
    mkdirSync(`${directory}2`);
    writeFileSync(`${directory}2/file`, 'of another output');
    symlinkSync(`${directory}2/file`, join(directory, 'x'));
  }, '"x" is a symbolic link'],
  ['a pipe', () => execFileSync('mkfifo', [join(directory, 'x')]), '"x" is neither a file nor a directory'],
  ['a name that is not UTF-8', () => writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0x66, 0xff])]), ''), 'is not UTF-8'],
])('refuses to upload %s', async (_, prepare, problem) => {
  prepare();
  await expect(staging.upload(location('s3://data/out/'), directory)).rejects.toMatchObject({
    name: STAGING_FAILED, message: expect.stringMatching(new RegExp(`^output Raw \\(s3://data/out/\\): .*${problem}`)),
  });
  expect([...storage.objects.values()]).not.toContain('of the host');
});

test('an output of one object is the file of its name', async () => {
  await expect(staging.upload(location('s3://data/out/x.csv'), directory)).rejects.toThrow("the command wrote no file 'x.csv'");
  writeFileSync(join(directory, 'x.csv'), 'a,b');
  expect(await staging.upload(location('s3://data/out/x.csv'), directory)).toBe(1);
  expect(storage.objects.get('out/x.csv')).toBe('a,b');
  writeFileSync(join(directory, 'y.csv'), 'c,d');
  await expect(staging.upload(location('s3://data/out/x.csv'), directory)).rejects.toThrow("only the file 'x.csv' can be copied there, and the directory has 'y.csv'");
});
