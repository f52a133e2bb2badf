/** A directory of 10,000 objects, there and back; in `.ci/run` only, since it takes a while. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';
import { SYSTEM_CLOCK } from '../../task-runner/clock';
import { Staging } from '../../task-runner/staging';
import { S3Storage } from '../../task-runner/storage';

const OBJECTS = 10_000;
const ready = process.env.CI_TIERS !== undefined;
if (!ready) console.warn('CI_TIERS is not set, so no directory of 10,000 objects is staged; .ci/run does that');

(ready ? test : test.skip)('10,000 objects are staged, each once', async () => {
  const root = mkdtempSync(join(tmpdir(), 'large-directory-'));
  const store = new S3Store(join(root, 's3'));
  store.createBucket('data');
  const folder = await S3Folder.start(store);
  const client = new S3Client({ endpoint: folder.endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const staging = new Staging(new S3Storage(client, { clock: SYSTEM_CLOCK, random: Math.random }), new AbortController().signal);
  try {
    for (let index = 0; index < OBJECTS; index += 1) {
      mkdirSync(join(root, 'out', String(index % 100)), { recursive: true });
      writeFileSync(join(root, 'out', String(index % 100), `${index}.txt`), `object ${index}`);
    }
    expect(await staging.upload({ object: 'Out', uri: 's3://data/many/' }, join(root, 'out'))).toBe(OBJECTS);
    mkdirSync(join(root, 'in'));
    expect(await staging.download({ object: 'In', uri: 's3://data/many/' }, join(root, 'in'))).toBe(OBJECTS);
    const files = readdirSync(join(root, 'in'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(OBJECTS);
    expect(files.filter(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8') !== `object ${name.slice(0, -4)}`)).toEqual([]);
  } finally {
    await folder.close();
    rmSync(root, { recursive: true });
  }
}, 300_000);
