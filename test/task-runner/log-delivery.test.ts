import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FakeClock } from './fake-clock';
import { S3Location } from '../../src/contract/s3';
import { LogFields } from '../../task-runner/log';
import { LogDelivery, Logged } from '../../task-runner/log-delivery';
import { AttemptLogs } from '../../task-runner/logs';

const never = new AbortController().signal;
let directory: string;
let logs: AttemptLogs;
/** What was put where, in order; and what a store says to that. */
let puts: string[];
let refuses: (key: string) => boolean;
let warnings: LogFields[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-delivery-test-'));
  logs = new AttemptLogs(directory);
  [puts, warnings, refuses] = [[], [], () => false];
});
afterEach(() => {
  logs.close();
  rmSync(directory, { recursive: true });
});

const delivery = (task: Partial<Logged> = {}, onPut = () => {}) => new LogDelivery(directory, { logUri: 's3://logs/a/', ...task }, {
  write: async ({ bucket, key }: S3Location, chunks: AsyncIterable<Uint8Array>) => {
    const what = await text(chunks);
    onPut();
    if (refuses(key)) throw new Error('no');
    puts.push(`${bucket}/${key}: ${what}`);
  },
}, { info: () => undefined, warn: (_, fields = {}) => void warnings.push(fields) });

test('puts what has grown, more and more seldom', async () => {
  const clock = new FakeClock();
  let finish = (_: string) => {};
  const work = new Promise<string>((resolve) => { finish = resolve; });
  const moments = ['one ', '', 'two', '', '', ''];
  const grows = {
    now: () => clock.now(),
    sleep: async (ms: number, signal?: AbortSignal) => {
      logs.stdout.write(moments.shift() ?? '');
      if (moments.length === 0) finish('done');
      await clock.sleep(ms, signal);
    },
  };
  expect(await delivery().during(work, grows)).toBe('done');
  expect(puts).toEqual(['logs/a/stdout: one ', 'logs/a/stdout: one two']);
  expect(clock.sleeps.slice(0, 5)).toEqual([5000, 10_000, 20_000, 40_000, 60_000]);
});

test('what takes long is done seldom', async () => {
  let time = 0;
  const sleeps: number[] = [];
  const work = { end: () => {} };
  const ended = new Promise<void>((resolve) => { work.end = resolve; });
  const clock = {
    now: () => time,
    sleep: async (ms: number) => {
      if (sleeps.push(ms) === 2) work.end();
      await new Promise(setImmediate);
    },
  };
  logs.stderr.write('much');
  await delivery({}, () => { time += 30_000; }).during(ended, clock);
  expect([sleeps, puts]).toEqual([[5000, 300_000], ['logs/a/stderr: much']]);
});

test('failures meanwhile are told once, and tried again', async () => {
  const clock = new FakeClock();
  let tries = 0;
  const work = { end: () => {} };
  const ended = new Promise<void>((resolve) => { work.end = resolve; });
  refuses = () => (tries += 1) < 4;
  logs.stdout.write('text');
  await delivery({}, () => { if (tries === 3) setTimeout(work.end, 5); }).during(ended, clock);
  expect(puts).toEqual(['logs/a/stdout: text']);
  expect(warnings).toEqual([{ log: 'stdout', target: 's3://logs/a/stdout', error: 'no' }]);
});

test('puts all where it is wanted in the end', async () => {
  logs.stdout.write('out');
  logs.write('own');
  const host = join(directory, 'copies', 'err.txt');
  expect(await delivery({ stdout: 's3://data/copies/', stderr: host }).finish(never)).toBe(true);
  expect(puts.sort()).toEqual(['data/copies/stdout: out', 'logs/a/stderr: ', 'logs/a/stdout: out', 'logs/a/task-runner.log: own']);
  expect(readFileSync(host, 'utf8')).toBe('');
});

test('says when something is not where it should be, and puts the rest', async () => {
  logs.stdout.write('out');
  refuses = (key) => key.endsWith('stderr');
  expect(await delivery().finish(never)).toBe(false);
  expect(puts).toEqual(['logs/a/stdout: out', 'logs/a/task-runner.log: ']);
  expect(warnings).toHaveLength(1);
});
