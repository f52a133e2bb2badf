import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST = 10 * 1024 * 1024;
const OLDER = 4;

/** Task Runner's own log in a folder of the host: `task-runner.log`, and when that is large, `.1` to `.4`, of which the last is the oldest. */
export class RotatedLog {
  private readonly file: string;
  private descriptor: number;

  /** @throws what making the folder or the file does */
  constructor(directory: string, private readonly largest = LARGEST) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.file = join(directory, 'task-runner.log');
    this.descriptor = this.opened();
  }

  write(line: string): void {
    if (fstatSync(this.descriptor).size + Buffer.byteLength(line) > this.largest) this.rotate();
    writeSync(this.descriptor, line);
  }

  private rotate(): void {
    closeSync(this.descriptor);
    for (let age = OLDER; age > 0; age -= 1) move(age === 1 ? this.file : `${this.file}.${age - 1}`, `${this.file}.${age}`);
    this.descriptor = this.opened();
  }

  private opened(): number {
    return openSync(this.file, 'a', 0o600);
  }
}

/** What is not there need not be moved. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
