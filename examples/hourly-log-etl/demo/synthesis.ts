import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The CDK app at work, as the CDK's command would run it. */
export class Synthesis {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  readonly done: Promise<void>;
  private readonly app: ChildProcess;

  constructor(folder: string) {
    this.assembly = join(folder, 'cdk.out');
    const args = [require.resolve('tsx/cli'), '--tsconfig', join(__dirname, '../../tsconfig.json'), join(__dirname, '../app.ts')];
    this.app = spawn(process.execPath, args, { env: { ...process.env, CDK_OUTDIR: this.assembly }, stdio: 'inherit' });
    this.done = new Promise((resolve, reject) => {
      this.app.once('error', reject).once('close', (code) => code === 0 ? resolve() : reject(new Error('the app does not synthesize')));
    });
  }

  stop(): void {
    this.app.kill();
  }
}
