/** A host for our scripts: a folder in place of its file system, with real tools and stand-ins for those that would change a machine. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const TOOLS = [
  'bash', 'sh', 'sed', 'grep', 'awk', 'cat', 'cut', 'env', 'mktemp', 'mkdir', 'chmod', 'mv', 'cp', 'rm', 'ln', 'sha256sum', 'tar', 'gzip', 'dirname', 'basename',
  'flock', 'setsid', 'python3',
];
/** Each writes down how it was called. */
const STAND_INS: Readonly<Record<string, string>> = {
  uname: 'echo x86_64',
  sleep: '',
  shutdown: '',
  chown: '',
  getent: 'echo "root:x:0:0::/root:/bin/sh"',
  runuser: 'shift 3; exec "$@"',
  // The agent runs where `running` is, and can be started where `installed` is.
  systemctl: `case "$1" in
    is-active) [ "$3" = amazon-ssm-agent ] && [ -e "$HOST/running" ] ;;
    start|enable) [ -e "$HOST/installed" ] && touch "$HOST/running" ;;
  esac`,
};

export class ScriptHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'script-host-'));
  private readonly bin = join(this.folder, 'bin');

  constructor(programs: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.bin);
    const places = ['/usr/bin', '/bin', ...(process.env.PATH ?? '').split(delimiter)]; // what may stand before is no program, such as a shim
    for (const tool of [...TOOLS, 'touch']) symlinkSync(places.map((place) => join(place, tool)).find(existsSync) ?? tool, join(this.bin, tool));
    Object.entries({ ...STAND_INS, ...programs }).forEach(([name, body]) => this.program(name, body));
    ['tmp', 'var/lib/data-pipeline', 'etc'].forEach((name) => mkdirSync(join(this.folder, name), { recursive: true }));
  }

  program(name: string, body: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/bash\necho "${name} $*" >>"$HOST/calls"\n${body}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** Node.js itself, under this name. */
  node(name = 'node'): void {
    symlinkSync(process.execPath, join(this.bin, name));
  }

  write(name: string, content: string | Buffer): string {
    const file = join(this.folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  mode(name: string): string {
    return (statSync(join(this.folder, name)).mode % 0o1000).toString(8);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** How stand-ins were called. */
  get calls(): string[] {
    return this.has('calls') ? this.read('calls').replaceAll(this.folder, '').trimEnd().split('\n') : [];
  }

  /** With its folders in place of the machine's. */
  async run(
    script: string, environment: NodeJS.ProcessEnv = {}, args: readonly string[] = [],
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const own = script.replaceAll(/(?<![\w.])\/(var\/lib|opt|etc|tmp)\//g, `${this.folder}/$1/`);
    const child = spawn('bash', ['-s', '--', ...args], { env: { PATH: this.bin, HOST: this.folder, TMPDIR: join(this.folder, 'tmp'), ...environment } });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) child[stream].on('data', (chunk) => { output[stream] += chunk; });
    child.stdin.end(own);
    return { code: await new Promise((resolve) => child.once('close', resolve)), ...output };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
