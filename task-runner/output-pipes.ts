import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Clock } from './clock';

const GLANCE = 50;
const GLANCES = 20;

/**
 * Pipes for what a command writes. They are the file system's, without a name: what Node.js makes for a command are sockets, which it could
 * not open as /dev/stdout and /dev/stderr. What is in them is read whoever else is at work, so that no command waits for a reader.
 */
export class OutputPipes {
  /** @throws what mkfifo does, such as on a full disk */
  static async open(directory: string, readers: ReadonlyArray<(chunk: Buffer) => void>): Promise<OutputPipes> {
    const files = readers.map((_, index) => join(directory, `pipe${index + 1}`));
    await promisify(execFile)('mkfifo', ['-m', '600', ...files]);
    return new OutputPipes(files, readers);
  }

  /** Descriptors to write to, in the order of the readers. */
  readonly sinks: readonly number[];
  private readonly sources: readonly Socket[];
  private readonly ended: Promise<unknown>;

  private constructor(files: readonly string[], readers: ReadonlyArray<(chunk: Buffer) => void>) {
    // To read, which is the absence of flags, without waiting for who writes.
    this.sources = files.map((file) => new Socket({ fd: openSync(file, constants.O_NONBLOCK), readable: true, writable: false }));
    this.sinks = files.map((file) => openSync(file, constants.O_WRONLY));
    files.forEach((file) => unlinkSync(file));
    this.ended = Promise.all(this.sources.map(async (source, index) => new Promise<void>((resolve) => {
      source.on('data', readers[index]).on('error', () => source.destroy()).once('close', () => resolve());
    })));
  }

  /** The command has them, or there is none: they end when nobody has them any more. */
  handedOver(): void {
    this.sinks.forEach((sink) => closeSync(sink));
  }

  /** All is read that has been written. Who still holds them, having left the command's process group, is not waited for for long. */
  async drained(clock: Clock): Promise<void> {
    let over = false;
    void this.ended.then(() => { over = true; });
    for (let glance = 0; glance < GLANCES && !over; glance += 1) await Promise.race([this.ended, clock.sleep(GLANCE)]);
    for (const source of this.sources) source.destroy();
  }
}
