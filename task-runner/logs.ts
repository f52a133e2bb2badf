import { join } from 'node:path';
import { LogFile } from './log-file';

/** Files of an attempt's logs. */
export const LOG_NAMES = ['stdout', 'stderr', 'task-runner.log'] as const;

/** The logs of one attempt: what its command wrote, and what Task Runner did for it. A log is written in one thread. */
export class AttemptLogs {
  readonly stdout: LogFile;
  readonly stderr: LogFile;
  private readonly own: LogFile;

  constructor(directory: string) {
    [this.stdout, this.stderr, this.own] = LOG_NAMES.map((name) => new LogFile(join(directory, name)));
  }

  /** For Task Runner's own lines. */
  write(line: string): void {
    this.own.write(line);
  }

  close(): void {
    for (const log of [this.stdout, this.stderr, this.own]) log.close();
  }
}
