import { ChildProcess, SpawnOptions } from 'node:child_process';
import { Clock } from './clock';

export type Spawn = (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess;
/** `process.kill`. */
export type Kill = (pid: number, signal: NodeJS.Signals | 0) => void;

export interface Processes {
  readonly spawn: Spawn;
  readonly kill: Kill;
  readonly clock: Clock;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File descriptors: the command writes to its logs itself, and nothing has to read along. */
  readonly stdout: number;
  readonly stderr: number;
}

/** How a command ended: by itself with a code, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const GRACE = 5_000;
const GLANCE = 50;

/**
 * Runs a command in a process group of its own. When the signal is aborted, the group is stopped; and when the command ends,
 * what it left running is: nothing of an attempt outlives it.
 *
 * @throws what spawning throws, such as ENOENT
 */
export async function runGroup(command: Command, signal: AbortSignal, processes: Processes): Promise<Ending> {
  signal.throwIfAborted();
  const { file, args, cwd, env, stdout, stderr } = command;
  const child = processes.spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', stdout, stderr] });
  const stop = () => { if (child.pid !== undefined) void stopGroup(child.pid, processes); };
  signal.addEventListener('abort', stop);
  try {
    return await ended(child);
  } finally {
    signal.removeEventListener('abort', stop);
    if (child.pid !== undefined) await stopGroup(child.pid, processes);
  }
}

async function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** SIGTERM to all of a group, and SIGKILL to what is left after a grace. */
export async function stopGroup(leader: number, processes: Processes): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!send(leader, signal, processes.kill)) return;
    const deadline = processes.clock.now() + GRACE;
    while (processes.clock.now() < deadline) {
      if (!send(leader, 0, processes.kill)) return;
      await processes.clock.sleep(GLANCE);
    }
  }
}

/** Whether there was anybody to receive it. */
function send(leader: number, signal: NodeJS.Signals | 0, kill: Kill): boolean {
  try {
    kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}
