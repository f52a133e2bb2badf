import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const MEBIBYTE = 1024 * 1024;
/** What is kept of a log: so many bytes from its beginning, and at its end one piece that is whole and one that grows. */
const BOUNDS = { first: 50 * MEBIBYTE, piece: 25 * MEBIBYTE };
const TAIL = 2048;

/**
 * A log of which only the first and the last part are kept, so that it never fills the disk. It is in pieces: the first is the file itself,
 * each other `<file>.<its first byte's number>`, so that the gaps between them are known. What the disk does not take is such a gap, too:
 * writing never fails.
 */
export class LogFile {
  private position = 0;
  private piece: { readonly descriptor: number; readonly end: number } | undefined;
  private later: number[] = [];
  private end = Buffer.alloc(0);

  constructor(private readonly file: string, private readonly bounds = BOUNDS) {}

  write(text: string | Buffer): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    this.end = Buffer.concat([this.end, bytes.subarray(-TAIL)]).subarray(-TAIL);
    for (let at = 0; at < bytes.length;) {
      const passed = this.put(bytes.subarray(at));
      at += passed;
      this.position += passed;
    }
  }

  /** Its end, for people; a character that the cut went through, which shows as at most three of these, is left out. */
  get tail(): string {
    return this.end.toString('utf8').replace(/^\uFFFD{1,3}/, '').trim();
  }

  close(): void {
    if (this.piece !== undefined) closeSync(this.piece.descriptor);
    this.piece = undefined;
  }

  /** How many bytes are done with. */
  private put(bytes: Buffer): number {
    try {
      if (this.piece?.end === this.position) this.close();
      const { descriptor, end } = this.piece ??= this.begun();
      return writeSync(descriptor, bytes, 0, Math.min(bytes.length, end - this.position));
    } catch {
      this.close();
      return bytes.length;
    }
  }

  private begun() {
    const { position, bounds: { first, piece } } = this;
    const descriptor = openSync(pieceAt(this.file, position), 'a', 0o600);
    if (position < first) return { descriptor, end: first };
    for (const start of this.later.filter((each) => each < position - piece)) rmSync(pieceAt(this.file, start), { force: true });
    this.later = [...this.later.filter((each) => each >= position - piece), position];
    return { descriptor, end: position + piece };
  }
}

/** What is kept of a log, with a line in each gap. It may be written meanwhile. */
export async function* keptOf(file: string): AsyncGenerator<Buffer> {
  let position = 0;
  for (const start of startsOf(file)) {
    const piece = await opened(pieceAt(file, start));
    if (piece === undefined) continue;
    if (start > position) yield Buffer.from(`\n[${start - position} bytes of this log were left out here]\n`);
    position = start;
    for await (const chunk of piece.createReadStream() as AsyncIterable<Buffer>) {
      position += chunk.length;
      yield chunk;
    }
  }
}

/** How much of it there has been. */
export function lengthOf(file: string): number {
  const [last] = startsOf(file).slice(-1);
  return last === undefined ? 0 : last + (statSync(pieceAt(file, last), { throwIfNoEntry: false })?.size ?? 0);
}

export function removeLog(file: string): void {
  for (const start of startsOf(file)) rmSync(pieceAt(file, start), { force: true });
}

function startsOf(file: string): number[] {
  const name = basename(file);
  const starts = readdirSync(dirname(file)).flatMap((each) => {
    if (each === name) return [0];
    return each.startsWith(`${name}.`) && /^\d+$/.test(each.slice(name.length + 1)) ? [Number(each.slice(name.length + 1))] : [];
  });
  return starts.sort((a, b) => a - b);
}

function pieceAt(file: string, start: number): string {
  return start === 0 ? file : join(dirname(file), `${basename(file)}.${start}`);
}

/** Nothing of one that has been removed. */
async function opened(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
