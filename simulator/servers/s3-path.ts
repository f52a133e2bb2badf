import { existsSync, mkdirSync, renameSync, Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { S3Error } from './s3-error';

/*
 * Where an object lies in the folder. A key's segments are directories and its last one a file, all under their own names, so
 * that a person finds them; `%` marks what a file system cannot hold:
 *
 * - `%25` and `%00` for the characters `%` and NUL, `%2E` and `%2E%2E` for the segments `.` and `..`, `%` for an empty segment;
 * - a trailing `%` on a file whose plain name is a directory, since the keys `a` and `a/b` may both exist.
 */

/** The longest name that common file systems take, less one for the mark. */
const LONGEST_NAME = 254;

export function encodeSegment(segment: string): string {
  if (segment === '') return '%';
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return segment.replaceAll('%', '%25').replaceAll('\0', '%00');
}

export function decodeName(name: string): string {
  const plain = name.length > 1 && name.endsWith('%') ? name.slice(0, -1) : name;
  return plain === '%' ? '' : plain.replace(/%(25|00|2E)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** The file of an object, whether or not it exists. */
export function fileOf(root: string, key: string): string {
  const plain = join(root, ...namesOf(key));
  return isDirectory(plain) || existsSync(`${plain}%`) ? `${plain}%` : plain;
}

/** Makes the directories that the file of an object lies in, moving files that stand in their way. */
export function makeRoom(root: string, key: string): void {
  let directory = root;
  for (const name of namesOf(key).slice(0, -1)) {
    directory = join(directory, name);
    if (isDirectory(directory)) continue;
    if (existsSync(directory)) renameSync(directory, `${directory}%`);
    mkdirSync(directory);
  }
}

/** The directory that holds every key with a prefix. */
export function directoryOf(root: string, prefix: string): string {
  const complete = prefix.split('/').slice(0, -1).map(encodeSegment);
  return join(root, ...complete);
}

export function parentOf(file: string): string {
  return dirname(file);
}

export function isDirectory(path: string): boolean {
  return stat(path)?.isDirectory() ?? false;
}

export function isFile(path: string): boolean {
  return stat(path)?.isFile() ?? false;
}

/** Undefined where nothing is, or can be, under the path. */
function stat(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function namesOf(key: string): string[] {
  const names = key.split('/').map(encodeSegment);
  if (Buffer.byteLength(key) > 1024 || names.some(name => Buffer.byteLength(name) > LONGEST_NAME)) {
    throw new S3Error('KeyTooLongError', 400, `Your key is too long: "${key}" (at most 1024 bytes, and ${LONGEST_NAME} between slashes)`);
  }
  return names;
}
