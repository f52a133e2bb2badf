import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Jest's set-up: what the tests of one run leave behind, CDK's output of each app above all, is in a folder that goes with the run; and
 * no app keeps the stack of calls that made each of its resources, which takes a tenth of the time.
 */
export default function setUp(): void {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'jest-'));
  chmodSync(folder, 0o1777); // As /tmp is: a database of a test is another user's.
  process.env.TMPDIR = folder;
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}
