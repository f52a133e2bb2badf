import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccessLog } from '../logs';

const TASK_RUNNER = join(__dirname, '../../../assets/task-runner/task-runner.js');

/** The host in the plant: its web server's logs, and the real Task Runner beside them. */
export class Plant {
  /** Rejects when Task Runner ends though nobody has stopped it. */
  readonly failure: Promise<never>;
  private readonly logs: string;
  private readonly taskRunner: ChildProcess;
  private readonly ended: Promise<void>;
  private stopping = false;

  constructor(folder: string, activityArn: string, environment: NodeJS.ProcessEnv) {
    this.logs = join(folder, 'logs');
    mkdirSync(this.logs, { recursive: true });
    const log = join(folder, 'task-runner.log');
    const options = ['--workerGroup', activityArn, '--taskrunnerId', 'plant', '--workDir', join(folder, 'task-runner'), '--drainTimeout', '0'];
    this.taskRunner = spawn(process.execPath, [TASK_RUNNER, ...options], {
      env: { PATH: process.env.PATH, ...environment, SHOP_LOGS: this.logs },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.taskRunner.stderr?.pipe(createWriteStream(log));
    const exit = new Promise<string>((resolve) => this.taskRunner.once('error', String).once('close', (code, signal) => resolve(`${code ?? signal}`)));
    this.ended = exit.then(() => undefined);
    this.failure = exit.then((code) => this.stopping ? new Promise<never>(() => undefined) : Promise.reject(new Error(`Task Runner ended by itself (${code}); see ${log}`)));
    this.failure.catch(() => undefined);
  }

  /** The web server closes its log of an hour. */
  keep({ hour, lines }: AccessLog): string {
    const [year, month, day, hours] = hour.toISOString().split(/[-T:]/);
    const file = join(this.logs, `access-${year}${month}${day}${hours}.log`);
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.taskRunner.kill('SIGTERM');
    const patience = setTimeout(() => this.taskRunner.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(patience);
  }
}
