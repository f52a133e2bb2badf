import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Signal } from '../signals';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  readonly signal: Signal;
}

export interface ProcessResult {
  /** The exit code; where a signal ended it, 128. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export type ProcessRunner = (request: ProcessRequest) => Promise<ProcessResult>;

/** Runs a program to its end; when the signal aborts, it and what it has started are killed. */
export const runProcess: ProcessRunner = async ({ command, args, cwd, env, input, signal }) => {
  signal.throwIfAborted();
  // A group of its own, so that what a shell has started ends with it.
  // Without input it gets none at all: a shell takes a pipe of Node's for a remote login and reads its start-up files.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  const kill = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener('abort', kill, { once: true });
  try {
    const ended = new Promise<number>((resolve, reject) => child.once('error', reject).once('close', code => resolve(code ?? 128)));
    // A program need not read all of its input.
    const fed = input && child.stdin ? pipeline(Readable.from(input), child.stdin).catch(() => undefined) : undefined;
    const [code, stdout, stderr] = await Promise.all([ended, collected(child.stdout), collected(child.stderr), fed]);
    signal.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    signal.removeEventListener('abort', kill);
  }
};

/** Whether a program of that name is on the PATH. */
export function isInstalled(program: string, path: string = process.env.PATH ?? ''): boolean {
  return path.split(delimiter).some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function collected(stream: Readable | null): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
