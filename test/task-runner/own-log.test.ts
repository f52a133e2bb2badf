import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FakeClock } from './fake-clock';
import { S3Location } from '../../src/contract/s3';
import { Log } from '../../task-runner/log';
import { OwnLog } from '../../task-runner/own-log';

test('ships each hour in which something happened, and keeps nothing on the host', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'own-log-test-'));
  const uploads: Record<string, string> = {};
  const stop = new AbortController();
  const clock = new FakeClock();
  const write = async ({ key }: S3Location, chunks: AsyncIterable<Uint8Array>) => {
    uploads[key] = await text(chunks);
    if (Object.keys(uploads).length === 2) stop.abort();
    else if (Object.keys(uploads).length === 1) setTimeout(() => log.info('second'), 5);
  };
  const own = new OwnLog(directory, 's3://logs/plant-1/', { write }, clock);
  const log = new Log(clock, [(line) => own.write(line)]);
  log.info('first');
  await own.shipHourly(log, stop.signal);
  const [first, second, ...rest] = Object.entries(uploads);
  expect(first).toEqual(['plant-1/2026-12-01T01-00-00-000Z.log', expect.stringContaining('"first"')]);
  expect(second).toEqual([expect.stringMatching(/^plant-1\//), expect.stringContaining('"second"')]);
  expect(rest).toEqual([]);
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});
