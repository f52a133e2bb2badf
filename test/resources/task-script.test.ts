import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptHost } from './script-host';
import { FIND_NODE, STATE, startInstance, startTask } from '../../src/resources/task-script';

const HOSTILE = encodeURIComponent(JSON.stringify({ token: "'; touch /hacked; '", task: '$(reboot)`ls`\n"END-OF-TASK"\nEND-OF-TASK' }));

let host: ScriptHost;
afterEach(() => host?.remove());

test('an instance shuts down in whole minutes, not before its time', () => {
  expect(startInstance(601)).toContain('shutdown -h +11');
});

describe('SSM Agent', () => {
  const fetched = { curl: 'while [ "$1" != -o ]; do shift; done; echo package >"$2"' };
  const installs = { ...fetched, rpm: 'touch "$HOST/installed"' };

  test('is left as it is where it runs', async () => {
    host = new ScriptHost(installs);
    host.write('running', '');
    expect(await host.run(startInstance(3600))).toMatchObject({ code: 0, stderr: '' });
    expect(new Set(host.calls)).toEqual(new Set(['shutdown -h +60', 'systemctl is-active --quiet amazon-ssm-agent']));
  });

  test('is started where it is installed', async () => {
    host = new ScriptHost(installs);
    host.write('installed', '');
    await host.run(startInstance(3600));
    expect(host.calls.some((call) => call.startsWith('curl'))).toBe(false);
    expect(host.has('running')).toBe(true);
  });

  test.each([
    ['Red Hat and its kin', installs, ['linux_amd64/amazon-ssm-agent.rpm'], 'rpm -U /tmp/amazon-ssm-agent.rpm'],
    ['Debian and its kin', { ...fetched, dpkg: 'touch "$HOST/installed"' }, ['debian_amd64/amazon-ssm-agent.deb'], 'dpkg -i /tmp/amazon-ssm-agent.deb'],
    ['Arm', { ...installs, uname: 'echo aarch64' }, ['linux_arm64/amazon-ssm-agent.rpm'], 'rpm -U /tmp/amazon-ssm-agent.rpm'],
  ])('is installed on %s', async (_, programs, [source], installation) => {
    host = new ScriptHost(programs);
    await host.run(startInstance(3600));
    expect(host.calls.find((call) => call.startsWith('curl'))).toContain(`/SSMAgent/latest/${source}`);
    expect(host.calls).toContain(installation);
    expect(host.has('running')).toBe(true);
  });
});

describe('Node.js', () => {
  const SCRIPT = `set -eu\n${FIND_NODE}\nfind_node\n`;
  const OLD = 'exit 1';
  /** What its makers offer: an archive with their checksums. */
  function release(from: ScriptHost, node: string): void {
    from.write('offer/node-v22.0.0-linux-x64/bin/node', node);
    spawnSync('chmod', ['+x', join(from.folder, 'offer/node-v22.0.0-linux-x64/bin/node')]);
    spawnSync('tar', ['-czf', 'node-v22.0.0-linux-x64.tar.gz', 'node-v22.0.0-linux-x64'], { cwd: join(from.folder, 'offer') });
    const sum = createHash('sha256').update(readFileSync(join(from.folder, 'offer/node-v22.0.0-linux-x64.tar.gz'))).digest('hex');
    from.write('offer/SHASUMS256.txt', `${'0'.repeat(64)}  node-v22.0.0-linux-arm64.tar.gz\n${sum}  node-v22.0.0-linux-x64.tar.gz\n`);
    from.program('curl', 'while [ "$1" != -o ]; do shift; done; cp "$HOST/offer/$(basename "$3")" "$2"');
  }
  const RUNS = `#!/bin/sh\nexec ${process.execPath} "$@"\n`;

  test('is the one that is there and new enough', async () => {
    host = new ScriptHost({ dnf: '' });
    host.node();
    expect((await host.run(SCRIPT)).stdout.trim()).toBe(join(host.folder, 'bin/node'));
    expect(host.calls).toEqual([]);
  });

  test('comes from a package of Amazon Linux', async () => {
    host = new ScriptHost({ dnf: `[ "$4" = nodejs22 ] && ln -s ${process.execPath} "$HOST/bin/node-22"` });
    expect((await host.run(SCRIPT)).stdout.trim()).toBe(join(host.folder, 'bin/node-22'));
    expect(host.calls).toEqual(['dnf install -y -q nodejs22']);
  });

  test('comes from a package of Debian', async () => {
    host = new ScriptHost({ 'apt-get': `[ "$1" = update ] || ln -s ${process.execPath} "$HOST/bin/node"` });
    expect((await host.run(SCRIPT)).stdout.trim()).toBe(join(host.folder, 'bin/node'));
    expect(host.calls).toEqual(['apt-get update -q', 'apt-get install -y -q nodejs']);
  });

  test.each([
    ['Red Hat packages an older one', { dnf: '[ "$4" = nodejs ]', node: OLD }],
    ['Ubuntu packages an older one', { 'apt-get': '', 'node': OLD }],
    ['there is no package manager that is known', { yum: '' }],
  ])('comes from its makers where %s', async (_, programs) => {
    host = new ScriptHost(programs);
    release(host, RUNS);
    const { stdout, stderr } = await host.run(SCRIPT);
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(join(host.folder, 'opt/data-pipeline/node/bin/node'));
    expect(readdirSync(join(host.folder, 'tmp'))).toEqual([]);
  });

  test.each([
    ['is not what they say', (from: ScriptHost) => void from.write('offer/SHASUMS256.txt', `${'0'.repeat(64)}  node-v22.0.0-linux-x64.tar.gz\n`)],
    ['does not run here', (from: ScriptHost) => release(from, '#!/bin/sh\nexit 1\n')],
  ])('fails the task where what they offer %s', async (_, spoil) => {
    host = new ScriptHost();
    release(host, RUNS);
    spoil(host);
    const { code, stderr } = await new Delivery(host, 'bundle').start('1');
    expect(code).toBe(1);
    expect(stderr).toContain('Node.js 20 or newer could not be installed');
  });
});

/** Commands of Systems Manager, each with a Task Runner of its own fetching. */
class Delivery {
  private readonly checksum: string;

  constructor(private readonly to: ScriptHost, private readonly bundle: string) {
    this.checksum = createHash('sha256').update(bundle).digest('hex');
  }

  async start(delivery: string, { content = this.bundle, task = 'task', environment = {} as NodeJS.ProcessEnv } = {}) {
    this.to.write(`${STATE}/task-runner/${delivery}/hash.js`, content);
    const script = startTask(this.checksum, 'hash.js', 'eu-central-1');
    return this.to.run(script.replace('{{ User }}', 'root').replace('{{ Task }}', task).replace('{{ Delivery }}', delivery), environment);
  }
}

describe('a task', () => {
  /** Writes down its task, its arguments, and the environment that it has. */
  const NOTES = `const { readFileSync, renameSync, writeFileSync } = require('fs');
    const task = readFileSync(process.argv[3], 'utf8').trim();
    const done = process.env.HOST + '/done-' + task.slice(0, 20);
    writeFileSync(done + '.part', JSON.stringify({ task, args: process.argv.slice(4), environment: process.env }));
    renameSync(done + '.part', done);`;
  const done = async (name: string): Promise<{ task: string; args: string[]; environment: NodeJS.ProcessEnv }> => {
    for (let checks = 0; checks < 100 && !host.has(name); checks += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    return JSON.parse(host.read(name)) as never;
  };

  test('no character of one means anything to the shell: the document takes no other', async () => {
    expect(HOSTILE).toMatch(/^[A-Za-z0-9%_.!~*'()-]+$/);
    expect(HOSTILE).not.toContain('\n');
    host = new ScriptHost();
    host.node();
    expect(await new Delivery(host, NOTES).start('1', { task: HOSTILE })).toMatchObject({ code: 0, stderr: '' });
    expect((await done(`done-${HOSTILE.slice(0, 20)}`)).task).toBe(HOSTILE);
    expect(host.calls).toContain(`runuser -u root -- /bin/node ${STATE}/task-runner/${createHash('sha256').update(NOTES).digest('hex')}.js `
      + `--taskFile ${host.calls.join().match(/--taskFile (\S+)/)![1]} --region eu-central-1 --workDir ${STATE}/work/root`);
  });

  test('many at once all find Task Runner whole, one that was fetched in part among them', async () => {
    host = new ScriptHost();
    host.node();
    const delivery = new Delivery(host, NOTES);
    const names = Array.from({ length: 8 }, (_, index) => `task-${index}`);
    const [half, ...starts] = await Promise.all([
      delivery.start('half', { content: NOTES.slice(0, 50) }), ...names.map(async (name) => delivery.start(name, { task: name })),
    ]);
    expect(half).toMatchObject({ code: 1, stderr: expect.stringContaining('Task Runner is not what was deployed') });
    expect(starts.map(({ code }) => code)).toEqual(names.map(() => 0));
    expect(await Promise.all(names.map(async (name) => (await done(`done-${name}`)).task))).toEqual(names);
  });

  test('goes through the proxy of the instance, whose password SSM Agent has and Task Runner has not', async () => {
    host = new ScriptHost();
    host.node();
    host.write(`${STATE}/proxy`, '--httpProxy=proxy:3128\n--httpProxyUser=CORP\\loader\n');
    await new Delivery(host, NOTES).start('1', { task: 'proxied', environment: { https_proxy: 'http://loader:secret@proxy:3128', HTTP_PROXY: 'http://loader:secret@proxy:3128' } });
    const { args, environment } = await done('done-proxied');
    expect(args.slice(-2)).toEqual(['--httpProxy=proxy:3128', '--httpProxyUser=CORP\\loader']);
    expect(JSON.stringify(environment)).not.toContain('secret');
  });
});
