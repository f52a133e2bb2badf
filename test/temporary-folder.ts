import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Jest's set-up: what the tests of one run leave behind, CDK's output of each app above all, is in a folder that goes with the run. */
export default function setUp(): void {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'jest-'));
  chmodSync(folder, 0o1777); // As /tmp is: a database of a test is another user's.
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}
