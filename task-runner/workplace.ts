import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CommonTask } from '../src/contract/task';

/** The directories of one attempt. */
export interface AttemptDirectories {
  readonly root: string;
  /** Where commands start. */
  readonly work: string;
  readonly logs: string;
}

/** Where the attempts of this process live; readable by its user only. */
export class Workplace {
  /** Clears away what processes that are gone left there. */
  static async open(workDir: string, pid: number, isAlive: (pid: number) => boolean): Promise<Workplace> {
    const own = join(workDir, `attempts-${pid}`);
    await mkdir(workDir, { recursive: true, mode: 0o700 });
    const gone = (await readdir(workDir)).filter((name) => {
      const [, owner] = /^attempts-(\d+)$/.exec(name) ?? [];
      return owner !== undefined && (Number(owner) === pid || !isAlive(Number(owner)));
    });
    await Promise.all(gone.map(async (name) => rm(join(workDir, name), { recursive: true, force: true })));
    await mkdir(own, { mode: 0o700 });
    return new Workplace(own);
  }

  private constructor(readonly directory: string) {}

  async create(task: CommonTask): Promise<AttemptDirectories> {
    const name = `${task.object}-${task.run}-${task.attempt}`.replace(/[^\w.-]/g, '_').slice(0, 100);
    const root = await mkdtemp(join(this.directory, `${name}-`));
    const directories: AttemptDirectories = { root, work: join(root, 'work'), logs: join(root, 'logs') };
    for (const directory of [directories.work, directories.logs]) await mkdir(directory);
    return directories;
  }

  async remove({ root }: AttemptDirectories): Promise<void> {
    await rm(root, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
