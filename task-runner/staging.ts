import { Dirent } from 'node:fs';
import { chmod, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { described, TaskFailure } from './failure';
import { inParallel } from './in-parallel';
import { Storage } from './storage';
import { STAGING_FAILED } from '../src/contract/errors';
import { s3Location } from '../src/contract/s3';
import { StagedLocation } from '../src/contract/task';

/**
 * Copies between S3 and an attempt's directories. A location that ends in `/` is all that is under it, by relative paths; any other
 * is one object. Keys become files inside the directory or nothing is copied; files are those inside the directory or nothing is.
 */
export class Staging {
  constructor(private readonly storage: Storage, private readonly signal: AbortSignal) {}

  /** How many objects were copied. @throws TaskFailure STAGING_FAILED */
  async download({ object, uri }: StagedLocation, directory: string): Promise<number> {
    return failingAs(`input ${object}`, uri, async () => (uri.endsWith('/') ? this.downloadFolder(uri, directory) : this.downloadObject(uri, directory)));
  }

  /** How many files were copied. @throws TaskFailure STAGING_FAILED */
  async upload({ object, uri }: StagedLocation, directory: string): Promise<number> {
    return failingAs(`output ${object}`, uri, async () => (uri.endsWith('/') ? this.uploadFolder(uri, directory) : this.uploadObject(uri, directory)));
  }

  /** The script's file. @throws TaskFailure STAGING_FAILED */
  async downloadScript(uri: string, directory: string): Promise<string> {
    await failingAs('scriptUri', uri, async () => this.downloadObject(uri, directory));
    const file = join(directory, basename(s3Location(uri).key));
    await chmod(file, 0o700);
    return file;
  }

  private async downloadObject(uri: string, directory: string): Promise<number> {
    const location = s3Location(uri);
    const file = fileIn(basename(location.key), directory);
    if (!await this.storage.download(location, file, this.signal)) throw new Error('there is no such object');
    return 1;
  }

  private async downloadFolder(uri: string, directory: string): Promise<number> {
    const prefix = s3Location(uri);
    let [count, folders] = [0, 0];
    await inParallel(this.storage.list(prefix, this.signal), PARALLEL, async ({ key, size }) => {
      // Consoles create such an empty object to show a folder.
      if (key.endsWith('/') && size === 0) return void (folders += 1);
      const file = fileIn(key.slice(prefix.key.length), directory);
      await mkdir(dirname(file), { recursive: true });
      if (!await this.storage.download({ ...prefix, key }, file, this.signal)) throw new Error(`${key} was deleted while it was to be copied`);
      count += 1;
    });
    if (count === 0) throw new Error(folders > 0 ? 'it is there, and empty' : 'there is nothing under it');
    return count;
  }

  private async uploadObject(uri: string, directory: string): Promise<number> {
    const location = s3Location(uri);
    const wanted = basename(location.key);
    for await (const file of filesIn(directory)) {
      if (relative(directory, file) !== wanted) throw new Error(`only the file '${wanted}' can be copied there, and the directory has '${relative(directory, file)}'`);
    }
    if (!await isFile(join(directory, wanted))) throw new Error(`the command wrote no file '${wanted}'`);
    await this.storage.upload(join(directory, wanted), location, this.signal);
    return 1;
  }

  private async uploadFolder(uri: string, directory: string): Promise<number> {
    const prefix = s3Location(uri);
    let count = 0;
    await inParallel(filesIn(directory), PARALLEL, async (file) => {
      await this.storage.upload(file, { ...prefix, key: prefix.key + relative(directory, file) }, this.signal);
      count += 1;
    });
    return count;
  }
}

const PARALLEL = 8;

async function failingAs<T>(what: string, uri: string, copy: () => Promise<T>): Promise<T> {
  try {
    return await copy();
  } catch (error) {
    throw new TaskFailure(STAGING_FAILED, `${what} (${uri}): ${described(error)}`, { cause: error });
  }
}

/** The file that a key's relative path means. One that would lie elsewhere, or could be two keys' file, is refused. */
export function fileIn(path: string, directory: string): string {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => ['', '.', '..'].includes(part))) {
    throw new Error(`the key's part ${JSON.stringify(path)} cannot be a path on this host (empty, '.' and '..' parts are refused)`);
  }
  return join(directory, ...parts);
}

/** All files in a directory, however deep. */
export async function* filesIn(directory: string, root = directory): AsyncIterable<string> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesIn(path, root);
    else yield await regularFile(path, entry, root);
  }
}

/** A symbolic link is as good as the file that it leads to inside the directory; what is left out in silence would be lost data. */
async function regularFile(path: string, entry: Dirent, root: string): Promise<string> {
  const shown = JSON.stringify(relative(root, path));
  if (entry.name.includes('\uFFFD')) throw new Error(`the name of the file ${shown} is not UTF-8`);
  if (entry.isFile()) return path;
  if (!entry.isSymbolicLink()) throw new Error(`${shown} is neither a file nor a directory`);
  const target = await realpath(path).catch(() => undefined);
  if (target?.startsWith(await realpath(root) + sep) && await isFile(target)) return path;
  throw new Error(`${shown} is a symbolic link, and not to a file in the same output directory: copy the file instead`);
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isFile(), () => false);
}
