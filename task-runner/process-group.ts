import { ChildProcess, SpawnOptions } from 'node:child_process';
import { Clock } from './clock';
import { OutputPipes } from './output-pipes';

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
  /** For what is at work and not for the command. */
  readonly directory: string;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
  /** Told of its process before anything waits for it. */
  readonly begun?: (pid: number) => void;
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
  const pipes = await OutputPipes.open(command.directory, [command.onStdout, command.onStderr]);
  try {
    const child = start(command, pipes, signal, processes);
    return await ofGroup(child, signal, processes);
  } finally {
    await pipes.drained(processes.clock);
  }
}

function start({ file, args, cwd, env, begun }: Command, pipes: OutputPipes, signal: AbortSignal, { spawn }: Processes): ChildProcess {
  try {
    signal.throwIfAborted();
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', ...pipes.sinks] });
    if (child.pid !== undefined) begun?.(child.pid);
    return child;
  } finally {
    pipes.handedOver();
  }
}

async function ofGroup(child: ChildProcess, signal: AbortSignal, processes: Processes): Promise<Ending> {
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

async function stopGroup(leader: number, processes: Pick<Processes, 'kill' | 'clock'>): Promise<void> {
  await stopAll(() => (send(-leader, 0, processes.kill) ? [-leader] : []), processes);
}

/** SIGTERM to each of the targets, which may become more meanwhile, and SIGKILL to what is left of them after a grace. */
export async function stopAll(targets: () => readonly number[], { kill, clock }: Pick<Processes, 'kill' | 'clock'>): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const told = new Set<number>();
    for (const deadline = clock.now() + GRACE; clock.now() < deadline; await clock.sleep(GLANCE)) {
      const left = targets();
      if (left.length === 0) return;
      for (const target of left.filter((each) => !told.has(each))) send(target, signal, kill);
      left.forEach((target) => told.add(target));
    }
  }
}

/** Whether there was anybody to receive it: a process, or where it is negative, a group. */
function send(target: number, signal: NodeJS.Signals | 0, kill: Kill): boolean {
  try {
    kill(target, signal);
    return true;
  } catch {
    return false;
  }
}
