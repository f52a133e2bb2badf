import { closeSync, openSync, writeSync } from 'node:fs';
import { copyFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { described } from './failure';
import { Log } from './log';
import { Storage } from './storage';
import { s3Location } from '../src/contract/s3';
import { CommonTask, ShellTask } from '../src/contract/task';

const TAIL = 2048;

/** The files of one attempt: what its command wrote, and what Task Runner did for it. */
export class AttemptLogs {
  readonly stdout: number;
  readonly stderr: number;
  private readonly own: number;

  constructor(private readonly directory: string) {
    this.stdout = openSync(join(directory, 'stdout'), 'a', 0o600);
    this.stderr = openSync(join(directory, 'stderr'), 'a', 0o600);
    this.own = openSync(join(directory, 'task-runner.log'), 'a', 0o600);
  }

  /** For Task Runner's own lines. */
  write(line: string): void {
    writeSync(this.own, line);
  }

  /** The end of stderr, for people who read why it failed. */
  async stderrTail(): Promise<string> {
    const file = await open(join(this.directory, 'stderr'));
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(TAIL, size));
      await file.read(buffer, 0, buffer.length, size - buffer.length);
      // A character that the cut went through shows as at most three of these.
      return buffer.toString('utf8').replace(/^\uFFFD{1,3}/, '').trim();
    } finally {
      await file.close();
    }
  }

  /** Puts the logs where the task wants them. What cannot be put there is logged: it does not change how the task ended. */
  async deliver(task: Pick<CommonTask, 'logUri'> & Pick<ShellTask, 'stdout' | 'stderr'>, storage: Storage, log: Log, signal: AbortSignal): Promise<boolean> {
    let delivered = true;
    const copy = async (name: string, target: string) => {
      try {
        await this.copy(name, target, storage, signal);
      } catch (error) {
        delivered = false;
        log.warn('a log could not be delivered', { log: name, target, error: described(error) });
      }
    };
    await Promise.all(['stdout', 'stderr'].map(async (name) => copy(name, `${task.logUri}${name}`)));
    if (task.stdout !== undefined) await copy('stdout', task.stdout);
    if (task.stderr !== undefined) await copy('stderr', task.stderr);
    await copy('task-runner.log', `${task.logUri}task-runner.log`);
    return delivered;
  }

  close(): void {
    for (const descriptor of [this.stdout, this.stderr, this.own]) closeSync(descriptor);
  }

  private async copy(name: string, target: string, storage: Storage, signal: AbortSignal): Promise<void> {
    const file = join(this.directory, name);
    if (target.startsWith('s3://')) return storage.upload(file, s3Location(target.endsWith('/') ? target + name : target), signal);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
  }
}
