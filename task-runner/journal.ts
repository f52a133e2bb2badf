import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Answer } from './answer';
import { factsOf } from './host-processes';
import { LogFields } from './log';

/** The variable in the environment of all that an attempt starts, by which it is known to be of that attempt. */
export const ATTEMPT_VARIABLE = 'DATA_PIPELINE_ATTEMPT_ID';

/** A task that a process has, as the next one finds it if that is killed. */
export interface HeldTask {
  /** Value of ATTEMPT_VARIABLE. */
  readonly id: string;
  /** Missing where nobody waits for an answer. */
  readonly token?: string;
  readonly labels: LogFields;
  /** Nothing is at work any more, and the service may have this answer or not. */
  readonly answer?: Answer;
}

/** The first process of a group. */
export interface Leader {
  readonly pid: number;
  readonly start: string;
}

/** What this process holds, a file for each task: written so that it outlasts a loss of power, before the work begins and before it is answered. */
export class Journal {
  constructor(readonly directory: string) {}

  async hold(token: string | undefined, labels: LogFields): Promise<Held> {
    const held = new Held(this.directory, { id: randomUUID(), token, labels });
    await held.write();
    return held;
  }
}

export class Held {
  constructor(private readonly directory: string, private task: HeldTask) {}

  get id(): string {
    return this.task.id;
  }

  async write(): Promise<void> {
    await writeDurably(this.file('task'), JSON.stringify(this.task));
  }

  /** A command has been started. After a loss of power nobody asks for it. Never throws: the command runs already. */
  begun(pid: number): void {
    const facts = factsOf(pid);
    if (facts === undefined) return;
    const leader: Leader = { pid, start: facts.start };
    try {
      writeFileSync(this.file('new'), JSON.stringify(leader), { mode: 0o600 });
      renameSync(this.file('new'), this.file('leader'));
    } catch {
      // On a full disk its environment alone tells whose it is.
    }
  }

  async decide(answer: Answer): Promise<void> {
    this.task = { ...this.task, answer };
    await this.write();
  }

  /** The service has the answer, or wants none. If that is lost with the power, it is asked once more and says so. */
  async release(): Promise<void> {
    for (const kind of ['leader', 'task']) await rm(this.file(kind), { force: true });
  }

  private file(kind: string): string {
    return join(this.directory, `${this.task.id}.${kind}`);
  }
}

/** What is in the journal of a process that is gone. */
export interface Remains {
  readonly held: Held;
  readonly task: HeldTask;
  readonly leader?: Leader;
}

export async function remainsIn(directory: string): Promise<Remains[]> {
  const names = await readdir(directory).catch(() => []);
  return Promise.all(names.filter((name) => name.endsWith('.task')).map(async (name) => {
    const task = JSON.parse(await readFile(join(directory, name), 'utf8')) as HeldTask;
    const leader = await readFile(join(directory, name.replace(/task$/, 'leader')), 'utf8').then((text) => JSON.parse(text) as Leader, () => undefined);
    return { held: new Held(directory, task), task, leader };
  }));
}

async function writeDurably(file: string, text: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const handle = await open(unfinished, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(async () => folder.close());
}
