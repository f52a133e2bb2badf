/**
 * What installs Task Runner on a host, read by shells.
 *
 * And on a real host: systemd and all, in a Debian root, with the real Task Runner. DEBIAN_ROOT names a directory that debootstrap has
 * filled (with systemd and procps), and root's rights are needed; `.ci/run` has both. Without it these tests are skipped, except where CI_TIERS says
 * that nothing may be.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DebianHost } from './debian-host';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';
import { HostInstallation, hostScript } from '../../src/resources/host-script';
import { FakeStepFunctions } from '../task-runner/fake-step-functions';
import { ACTIVITY_ARN, TaskRunnerProcess } from '../task-runner/task-runner-process';
import { shellTask } from '../task-runner/tasks';

const installation: HostInstallation = {
  name: 'orders.Plant',
  user: 'data-pipeline',
  drainTimeout: 3,
  checksum: 'c0ffee',
  fileName: 'bundle.js',
  activityArn: ACTIVITY_ARN,
  region: 'eu-central-1',
  tasks: 2,
  logUri: 's3://logs/orders/worker-groups/orders.Plant/task-runner/',
};
const script = (change: Partial<HostInstallation> = {}, action = 'Install') => hostScript({ ...installation, ...change }).replace('{{ Action }}', action);

test.each(['bash', 'sh'])('%s reads the script', (shell) => {
  expect(spawnSync(shell, ['-n'], { input: script(), encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('only the action is a parameter', () => {
  expect(hostScript(installation).match(/\{\{.*?\}\}/g)).toEqual(['{{ Action }}']);
});

const root = process.env.DEBIAN_ROOT ?? '';
const ready = root !== '' || process.env.CI_TIERS !== undefined;
if (!ready) console.warn('DEBIAN_ROOT is not set, so nothing is installed on a host; .ci/run does that');

(ready ? describe : describe.skip)('on a Debian host that Systems Manager manages', () => {
  const SERVICE = 'data-pipeline-orders.Plant.service';
  const CREDENTIALS = '/run/data-pipeline/orders.Plant.credentials';
  const managed = { AWS_SSM_INSTANCE_ID: 'mi-0123456789abcdef0' };
  const scratch = mkdtempSync(join(tmpdir(), 'host-script-'));
  const versions: Array<{ checksum: string; text: string }> = [];
  const keys = (id: string) => `[default]\naws_access_key_id = ${id}\naws_secret_access_key = a-secret-key\naws_session_token = a-token\n`;
  const fetched = (version: number) => `/var/lib/data-pipeline/task-runner/${versions[version].checksum}/bundle.js`;
  const version = (number: number) => ({ checksum: versions[number].checksum });
  let service: FakeStepFunctions;
  let s3: S3Folder;
  let host: DebianHost;
  const until = async (condition: string) => host.must(`for i in $(seq 100); do ${condition} && exit; sleep 0.1; done; exit 1`);
  const mainPid = async () => (await host.must(`systemctl show -p MainPID ${SERVICE}`)).replace('MainPID=', '');
  const apply = async (change: Partial<HostInstallation>, action?: string) => host.must(script(change, action), managed);

  beforeAll(async () => {
    TaskRunnerProcess.bundle(join(scratch, 'task-runner.js'));
    const bundle = readFileSync(join(scratch, 'task-runner.js'), 'utf8');
    for (const text of [bundle, `${bundle}// the next version\n`]) versions.push({ text, checksum: createHash('sha256').update(text).digest('hex') });
    service = await FakeStepFunctions.start();
    const store = new S3Store(join(scratch, 's3'));
    s3 = await S3Folder.start(store);
    store.createBucket('logs');
    host = await DebianHost.boot(root, {
      '/root/.aws/credentials': keys('AKIDFIRST'),
      '/etc/data-pipeline/orders.Plant.local': `AWS_ENDPOINT_URL_SFN=${service.endpoint}\nAWS_ENDPOINT_URL_S3=${s3.endpoint}\n`,
      [fetched(0)]: versions[0].text,
      [fetched(1)]: `${versions[1].text}// tampered with\n`,
    });
  }, 60_000);

  afterAll(async () => {
    await host.stop();
    await service.close();
    await s3.close();
    rmSync(scratch, { recursive: true });
  });

  test('shellcheck finds nothing', () => {
    const { status, stdout } = spawnSync('shellcheck', ['--shell=sh', '-'], { input: script(), encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('Task Runner is installed, as a user of its own, and asks for tasks with the host\'s credentials', async () => {
    await apply(version(0));
    await service.until(() => service.waiting === 2);
    expect(await host.must(`ps -o user:20= -p ${await mainPid()}`)).toBe('data-pipeline');
    expect(await host.must(`stat -c '%U %a' ${CREDENTIALS}`)).toBe('data-pipeline 400');
    expect(await host.must(`cat /proc/${await mainPid()}/cmdline | tr '\\0' ' '`)).not.toMatch(/AKID|secret/);
  });

  test('systemd finds nothing wrong with its units, and little to attack', async () => {
    expect(await host.must('systemd-analyze verify /etc/systemd/system/data-pipeline-*.service /etc/systemd/system/data-pipeline-*.path 2>&1')).toBe('');
    const report = await host.must(`systemd-analyze security --offline=yes --no-pager /etc/systemd/system/${SERVICE}`);
    const [, exposure] = /Overall exposure level for .*: ([\d.]+) /.exec(report)!;
    console.info(`systemd-analyze security: ${exposure}`);
    expect(Number(exposure)).toBeLessThan(4);
  });

  test('what is installed already is left alone', async () => {
    const before = await mainPid();
    await host.must('touch /tmp/before; sleep 0.1');
    await apply(version(0));
    expect(await mainPid()).toBe(before);
    expect(await host.must('find /opt/data-pipeline /etc/data-pipeline /etc/systemd /var/lib/data-pipeline/task-runner -newer /tmp/before -type f')).toBe('');
  });

  test('new credentials of the host reach it', async () => {
    await host.must('sed -i s/AKIDFIRST/AKIDNEXT/ /root/.aws/credentials');
    await until(`grep -q AKIDNEXT ${CREDENTIALS}`);
  });

  test('a command may write what is its user\'s, not what is the system\'s', async () => {
    service.offer('sandboxed', shellTask({ command: 'id -un; touch /etc/x; touch /root/x; mkdir y; touch y/x; exit 3' }));
    const { body } = await service.answer('sandboxed');
    expect(body.cause).toContain('/etc/x');
    expect(body.cause).toContain('/root/x');
    expect(body.cause).not.toContain('y/x');
  });

  test('an upgrade that is not what was deployed is refused, and what is at work stays', async () => {
    const before = await mainPid();
    const { status, stderr } = await host.run(script(version(1)), managed);
    expect({ status, stderr: stderr.trim() }).toEqual({ status: 1, stderr: 'Task Runner could not be fetched, or is not what was deployed' });
    expect(await mainPid()).toBe(before);
  });

  test('an upgrade waits for the tasks at work, which end once, and then there is the next version', async () => {
    const before = await mainPid();
    service.offer('held', shellTask({ command: 'while [ ! -e /srv/go ]; do sleep 0.1; done' }));
    await until('pgrep -f /srv/go >/dev/null');
    await host.must(`head -c -${'// tampered with\n'.length} ${fetched(1)} >/tmp/next; cp /tmp/next ${fetched(1)}`);
    await apply(version(1));
    service.offer('next', shellTask());
    await apply(version(1));
    await host.must('sleep 4');
    expect(service.answers('held')).toEqual([]);
    expect(await mainPid()).toBe(before);
    await host.must('touch /srv/go');
    await service.answer('next');
    expect(service.answers('held').map(({ action }) => action)).toEqual(['SendTaskSuccess']);
    expect(await host.must(`readlink /proc/${await mainPid()}/exe && readlink /opt/data-pipeline/groups/orders.Plant/current`)).toContain(`${versions[1].checksum}.js`);
    expect(await mainPid()).not.toBe(before);
  }, 60_000);

  test('a Task Runner that is killed is started again, and what it held fails for a retry', async () => {
    service.offer('orphaned', shellTask({ command: 'sleep 2000' }));
    await until('pgrep -f "sleep 2000" >/dev/null');
    await host.must(`kill -KILL ${await mainPid()}`);
    expect((await service.answer('orphaned')).action).toBe('SendTaskFailure');
    expect((await host.run('pgrep -f "sleep 2000"')).stdout).toBe('');
  }, 60_000);

  test('a stop fails what is not done in time, for a retry elsewhere, and leaves no process', async () => {
    service.offer('long', shellTask({ command: 'sleep 1000' }));
    await until('pgrep -f "sleep 1000" >/dev/null');
    await host.must(`systemctl stop ${SERVICE}`);
    expect(service.answers('long').map(({ action, body }) => [action, body.error])).toEqual([['SendTaskFailure', 'DataPipeline.TaskRunnerStopped']]);
    expect((await host.run('pgrep -u data-pipeline')).stdout).toBe('');
    await apply(version(1));
    expect(await mainPid()).not.toBe('0');
  }, 60_000);

  test('it is removed without a trace but what the user has put there', async () => {
    await apply(version(1), 'Uninstall');
    await apply(version(1), 'Uninstall');
    const left = await host.must('find / -xdev \\( -name "*data-pipeline*" -o -name "*orders.Plant*" \\) -not -path "/proc/*" -not -path "/sys/*" | sort');
    expect(left.split('\n')).toEqual([
      '/etc/data-pipeline', '/etc/data-pipeline/orders.Plant.local', '/var/lib/data-pipeline',
    ]);
    expect((await host.run('id data-pipeline')).status).toBe(1);
    expect(await host.must('systemctl list-units --all --no-legend "data-pipeline-*"')).toBe('');
  }, 60_000);
});
