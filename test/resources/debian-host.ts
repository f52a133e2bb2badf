import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

type Environment = Readonly<Record<string, string>>;

/** What the namespaces of a host see before systemd starts: the Debian root, to be written over, and none of this machine but its network. */
const BOOT = `set -e
cd "$1"
mount -t tmpfs tmpfs over
mkdir over/upper over/work
mount -t overlay overlay -o "lowerdir=$2,upperdir=over/upper,workdir=over/work" root
mount -t proc proc root/proc
mount --rbind /sys root/sys
mount -t cgroup2 cgroup root/sys/fs/cgroup
mount --rbind /dev root/dev
for each in run tmp; do mount -t tmpfs tmpfs "root/$each"; done
cp -r given/. root
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot root /lib/systemd/systemd --unit=multi-user.target
`;

/** A Debian host with systemd, in namespaces of its own, made of a root directory that is left as it is. */
export class DebianHost {
  /** The files are what it has beside Debian's, by path. */
  static async boot(root: string, files: Readonly<Record<string, string>>): Promise<DebianHost> {
    const home = mkdtempSync(join(tmpdir(), 'debian-host-'));
    for (const directory of ['root', 'over', 'given/usr/local/bin']) mkdirSync(join(home, directory), { recursive: true });
    copyFileSync(process.execPath, join(home, 'given/usr/local/bin/node'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(home, 'given', path)), { recursive: true });
      writeFileSync(join(home, 'given', path), content, { mode: 0o600 });
    }
    const args = ['--mount', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child', '/bin/bash', '-c', BOOT, 'boot', home, root];
    const child = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => { said += chunk; });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const host = new DebianHost(home, child.pid!, () => child.kill('SIGKILL'), ended);
    while ((await host.run('systemctl is-system-running')).stdout.trim().match(/^(running|degraded)$/) === null) {
      if (child.exitCode !== null) throw new Error(`the host did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return host;
  }

  private constructor(
    private readonly home: string, private readonly pid: number, private readonly kill: () => void, private readonly ended: Promise<void>,
  ) {}

  /** A script by its `/bin/sh`, as SSM Agent runs it. */
  async run(script: string, environment: Environment = {}): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const inside = this.inside();
    if (inside === undefined) return { status: null, stdout: '', stderr: 'not started' };
    const child = spawn('nsenter', ['-t', inside, '--mount', '--pid', '--uts', '--ipc', '--cgroup', '--root', '--wd', '/bin/sh', '-s'], {
      env: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    });
    const status = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stdin.end(script);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await status, stdout, stderr };
  }

  /** @throws what it said, if it failed */
  async must(script: string, environment: Environment = {}): Promise<string> {
    const { status, stdout, stderr } = await this.run(script, environment);
    if (status !== 0) throw new Error(`${status}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  async stop(): Promise<void> {
    this.kill();
    await this.ended;
    rmSync(this.home, { recursive: true });
  }

  /** Its systemd, as this machine counts. */
  private inside(): string | undefined {
    const children = `/proc/${this.pid}/task/${this.pid}/children`;
    const child = existsSync(children) ? readFileSync(children, 'utf8').trim() : '';
    return child === '' || readFileSync(`/proc/${child}/comm`, 'utf8').trim() !== 'systemd' ? undefined : child;
  }
}
