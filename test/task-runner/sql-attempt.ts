import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommonTask, SqlTask } from '../../src/contract/task';
import { SYSTEM_CLOCK } from '../../task-runner/clock';
import { AttemptContext } from '../../task-runner/handlers/handler';
import { SQL } from '../../task-runner/handlers/sql';
import { Log } from '../../task-runner/log';
import { LogFile } from '../../task-runner/log-file';

const COMMON: CommonTask & { kind: 'sql' } = {
  version: 1, kind: 'sql', pipeline: 'Shop', object: 'Clean', run: '2026-12-01T00-00-00Z', attempt: 1, logUri: 's3://logs/x/', reportProgressTimeoutSeconds: 60,
};

export interface Surroundings {
  /** Its output goes to the file `stdout` there. */
  readonly home: string;
  readonly secret: string;
  readonly signal?: AbortSignal;
}

/** Runs SQL as an attempt does. */
export async function runSql(task: Omit<SqlTask, keyof CommonTask>, surroundings: Surroundings): Promise<void> {
  const { home, secret, signal = new AbortController().signal } = surroundings;
  rmSync(join(home, 'stdout'), { force: true });
  const stdout = new LogFile(join(home, 'stdout'));
  const context = {
    logs: { stdout }, log: new Log(SYSTEM_CLOCK, []), processes: { clock: SYSTEM_CLOCK }, databases: { secret: async () => Promise.resolve(secret) },
  };
  try {
    await SQL.run({ ...COMMON, ...task }, context as unknown as AttemptContext, signal);
  } finally {
    stdout.close();
  }
}
