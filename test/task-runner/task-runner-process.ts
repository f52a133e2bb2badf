import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export const ACTIVITY_ARN = 'arn:aws:states:eu-central-1:123456789012:activity:Plant';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The real program, bundled as it is shipped. */
export class TaskRunnerProcess {
  public static bundle(outfile: string): void {
    buildSync({
      entryPoints: [join(__dirname, '../../task-runner/main.ts')], outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'error',
    });
  }

  public stderr = '';
  public stdout = '';
  public readonly exit: Promise<Exit>;
  private readonly child: ChildProcess;

  constructor(bundle: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [bundle, ...args], { env: { PATH: process.env.PATH, ...environment } });
    this.child.stdout?.on('data', (chunk) => { this.stdout += chunk; });
    this.child.stderr?.on('data', (chunk) => { this.stderr += chunk; });
    this.exit = new Promise((resolve) => this.child.once('close', (code, signal) => resolve({ code, signal })));
  }

  public kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What it logged; every line is JSON. */
  public log(): Record<string, unknown>[] {
    return this.stderr.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
