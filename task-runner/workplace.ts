import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootId, factsOf } from './host-processes';
import { Journal } from './journal';
import { CommonTask } from '../src/contract/task';

/** The directories of one attempt. */
export interface AttemptDirectories {
  readonly root: string;
  /** Where commands start. */
  readonly work: string;
  readonly logs: string;
}

/** `runner` polls, and is alone in its work directory; `task` does one task, beside others. */
export type Occupant = 'runner' | 'task';

/**
 * The folder of this process in the work directory, readable by its user only: its attempts, and its journal. Its name says which process
 * it is, so that the next one can tell whether that still lives: its kind, the start of the host, its id and when it started.
 */
export class Workplace {
  /** @throws Error where another that polls lives there: of two that come at once, each may see the other, but never none. */
  static async open(workDir: string, occupant: Occupant): Promise<Workplace> {
    await mkdir(workDir, { recursive: true, mode: 0o700 });
    const name = [occupant, bootId(), process.pid, factsOf(process.pid)?.start ?? 0].join('-');
    const directory = join(workDir, name);
    await mkdir(join(directory, 'journal'), { recursive: true, mode: 0o700 });
    const others = (await readdir(workDir)).map(residentOf).filter((each) => each !== undefined && each.name !== name) as Resident[];
    const rival = others.find((each) => occupant === 'runner' && each.occupant === 'runner' && lives(each));
    if (rival) {
      await rm(directory, { recursive: true });
      throw new Error(`the work directory ${workDir} is that of another Task Runner, process ${rival.pid}: give this one another with --workDir`);
    }
    const left = others.filter((each) => !lives(each)).map((each) => join(workDir, each.name));
    return new Workplace(directory, left);
  }

  readonly journal: Journal;

  /** `left`: folders of processes that are gone. */
  private constructor(readonly directory: string, readonly left: readonly string[]) {
    this.journal = new Journal(join(directory, 'journal'));
  }

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

  /** What is in the journal stays for the next process. */
  async close(): Promise<void> {
    await clear(this.directory);
  }
}

/** Removes the folder of a process, but for a journal with a task in it; what it began to write there and did not finish is none. */
export async function clear(directory: string): Promise<void> {
  const held = (await readdir(join(directory, 'journal')).catch(() => [])).some((name) => name.endsWith('.task'));
  const gone = held ? (await readdir(directory)).filter((name) => name !== 'journal') : ['.'];
  await Promise.all(gone.map(async (name) => rm(join(directory, name), { recursive: true, force: true })));
}

interface Resident {
  readonly name: string;
  readonly occupant: string;
  readonly boot: string;
  readonly pid: number;
  readonly start: string;
}

function residentOf(name: string): Resident | undefined {
  const [, occupant, boot, pid, start] = /^(runner|task)-(\w+)-(\d+)-(\d+)$/.exec(name) ?? [];
  return occupant === undefined ? undefined : { name, occupant, boot, pid: Number(pid), start };
}

function lives({ boot, pid, start }: Resident): boolean {
  return boot === bootId() && (boot === 'unknown' ? answersSignals(pid) : factsOf(pid)?.start === start);
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
