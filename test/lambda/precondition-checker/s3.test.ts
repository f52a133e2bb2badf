import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { check } from '../../../lambda/precondition-checker/check';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { S3Check } from '../../../src/contract/checker';
import { PRECONDITION_NOT_HELD } from '../../../src/contract/errors';

test('the SDK\'s answers from a server mean what the checks take them for', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'checker-test-'));
  const store = new S3Store(directory);
  store.createBucket('logs');
  const folder = await S3Folder.start(store);
  const s3 = new S3Client({ endpoint: folder.endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const ask = async (kind: S3Check['kind'], uri: string) => check({ kind, uri }, { s3, dynamoDb: {} as never, now: Date.now });
  try {
    await expect(ask('s3KeyExists', 's3://logs/raw/a b.log')).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD });
    await expect(ask('s3PrefixNotEmpty', 's3://logs/raw/')).rejects.toMatchObject({ name: PRECONDITION_NOT_HELD });
    await expect(ask('s3PrefixNotEmpty', 's3://nowhere/raw/')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await store.put('logs', 'raw/a b.log', 'data');
    await expect(ask('s3KeyExists', 's3://logs/raw/a b.log')).resolves.toEqual({ held: true });
    await expect(ask('s3PrefixNotEmpty', 's3://logs/raw/')).resolves.toEqual({ held: true });
  } finally {
    s3.destroy();
    await folder.close();
    rmSync(directory, { recursive: true });
  }
});
