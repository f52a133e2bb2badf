/** The script of a step, by a real shell, and Task Runner itself. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';
import { RUN_TASK } from '../../src/resources/cluster-task-script';
import { TaskRunnerProcess } from '../task-runner/task-runner-process';
import { shellTask } from '../task-runner/tasks';

const home = mkdtempSync(join(tmpdir(), 'cluster-task-'));
const [script, bundle, aws] = ['run-task.sh', 'task-runner.js', 'aws'].map((name) => join(home, name));
let s3: S3Folder;

beforeAll(async () => {
  TaskRunnerProcess.bundle(bundle);
  writeFileSync(script, RUN_TASK);
  writeFileSync(aws, '#!/bin/sh\n[ "$1 $2 $3" = "s3 cp --only-show-errors" ] && cp "$4" "$5"\n');
  [script, aws].forEach((file) => chmodSync(file, 0o755));
  const store = new S3Store(join(home, 's3'));
  s3 = await S3Folder.start(store);
  store.createBucket('logs');
});

afterAll(async () => {
  await s3.close();
  rmSync(home, { recursive: true });
});

async function step(command: string, checksum = createHash('sha256').update(readFileSync(bundle)).digest('hex')): Promise<{ code: number | null; stderr: string }> {
  const task = encodeURIComponent(JSON.stringify({ task: shellTask({ command }) }));
  const child = spawn(script, [bundle, checksum, 'eu-central-1', task], {
    env: {
      PATH: [home, process.env.PATH].join(delimiter),
      TMPDIR: home,
      HOME: home,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'a-secret-key',
      AWS_ENDPOINT_URL_S3: s3.endpoint,
    },
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => { stderr += chunk; });
  return { code: await new Promise((resolve) => child.once('close', resolve)), stderr };
}

const logged = (name: string) => readFileSync(join(home, 's3/logs/LogEtl/Extract/2026-12-01T00-00-00Z/1', name), 'utf8');

test('the exit code is how the task ended, and its logs are where they belong', async () => {
  expect(await step('echo "it\'s done: $(echo ü)"')).toMatchObject({ code: 0 });
  expect(logged('stdout')).toBe("it's done: ü\n");
  const { code, stderr } = await step('echo oops >&2; exit 3');
  expect(code).toBe(1);
  expect(stderr).toMatch(/\ntask-runner: DataPipeline\.CommandFailed: [^]*exit code 3[^]*oops/);
  expect(logged('stderr')).toBe('oops\n');
}, 60_000);

test('a Task Runner that is not the one that was deployed does nothing', async () => {
  const { code, stderr } = await step(`touch ${join(home, 'done')}`, '0'.repeat(64));
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Task Runner is not what was deployed') });
  expect(existsSync(join(home, 'done'))).toBe(false);
}, 60_000);
