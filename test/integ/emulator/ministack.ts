import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../free-port';

/** Of waits and of the delays before retries: a tick of ours is a hundredth. */
export const WAIT_SCALE = 0.01;
const PATIENCE_MS = 30_000;

/** A MiniStack process on loopback. */
export class MiniStack {
  public static async start(executable: string, folder: string): Promise<MiniStack> {
    const port = await freePort();
    mkdirSync(folder, { recursive: true });
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(executable, [], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        BIND_HOST: '127.0.0.1',
        MINISTACK_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        SFN_WAIT_SCALE: String(WAIT_SCALE),
        LAMBDA_EXECUTOR: 'local',
        // Lambda's Node has the AWS SDK.
        NODE_PATH: join(__dirname, '../../../node_modules'),
        AWS_ENDPOINT_URL: url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(folder, 'ministack.log'));
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const server = new MiniStack(url, child, folder);
    await server.ready();
    return server;
  }

  public readonly environment: Readonly<Record<string, string>>;
  private readonly exit: Promise<void>;

  private constructor(private readonly url: string, private readonly child: ChildProcess, private readonly folder: string) {
    this.environment = { AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    this.exit = new Promise((resolve) => { child.once('close', () => resolve()).once('error', () => resolve()); });
  }

  public async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.exit;
    clearTimeout(patience);
  }

  private async ready(): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && this.child.exitCode === null;) {
      const up = await fetch(`${this.url}/_ministack/health`).then(({ ok }) => ok, () => false);
      if (up) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.child.kill('SIGKILL');
    throw new Error(`MiniStack does not start; see ${join(this.folder, 'ministack.log')}`);
  }
}
