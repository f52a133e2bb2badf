import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Chunks } from './content';
import type { Files, Place } from './files';
import { fileIn, filesIn, isFile } from '../staging';

const READ_AT_ONCE = 262_144;
/** What is being written, or was when the host stopped. */
const UNFINISHED = /^\..*\.unfinished-[0-9a-f]{12}$/s;

/** Directories of this host. Nothing is read or written that is not below the directory which is named, links followed. */
export class HostFiles implements Files {
  async* list(directory: string): AsyncIterable<Place> {
    const root = pathOf(directory);
    const names: string[] = [];
    for await (const file of filesIn(root)) if (!UNFINISHED.test(basename(file))) names.push(relative(root, file));
    for (const name of names.sort()) yield { directory, name };
  }

  async exists({ directory, name }: Place): Promise<boolean> {
    return isFile(fileIn(name, pathOf(directory)));
  }

  read({ directory, name }: Place, signal: AbortSignal): Chunks {
    return createReadStream(fileIn(name, pathOf(directory)), { highWaterMark: READ_AT_ONCE, signal }) as AsyncIterable<Buffer>;
  }

  /** Beside the place, and renamed when it is whole: a link that stands there is replaced, not followed. */
  async write({ directory, name }: Place, chunks: Chunks, signal: AbortSignal): Promise<void> {
    const root = pathOf(directory);
    const file = fileIn(name, root);
    await makeDirectory(dirname(file), root);
    const unfinished = join(dirname(file), `.${basename(file).slice(0, 60)}.unfinished-${randomBytes(6).toString('hex')}`);
    try {
      await pipeline(chunks, createWriteStream(unfinished, { flags: 'wx', flush: true }), { signal });
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}

/** Makes it where it is missing. No link on the way from the root leads out of that. */
async function makeDirectory(directory: string, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const real = await realpath(root);
  let made = root;
  for (const part of relative(root, directory).split(sep).filter((each) => each !== '')) {
    made = join(made, part);
    await mkdir(made).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!(await realpath(made) + sep).startsWith(real.endsWith(sep) ? real : real + sep)) {
      throw new Error(`${made} is a symbolic link that leads out of ${root}`);
    }
  }
}

function pathOf(directory: string): string {
  return directory.slice('file://'.length);
}
