import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotatedCredentials } from '../../task-runner/credentials';

test('sees the keys that the agent rotates in the shared file, and asks again within minutes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'credentials-test-'));
  const file = join(directory, 'credentials');
  const rotate = (key: string) => writeFileSync(file, `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`);
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, AWS_PROFILE: _profile, ...others } = process.env;
  const environment = process.env;
  process.env = { ...others, AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(directory, 'config'), AWS_EC2_METADATA_DISABLED: 'true' };
  try {
    rotate('FIRST');
    const first = await rotatedCredentials()();
    rotate('SECOND');
    const second = await rotatedCredentials()();
    expect([first.accessKeyId, second.accessKeyId]).toEqual(['FIRST', 'SECOND']);
    expect(second.expiration!.getTime() - Date.now()).toBeLessThanOrEqual(600_000);
  } finally {
    process.env = environment;
    rmSync(directory, { recursive: true });
  }
});
