import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readFileSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { noSuchBucket, noSuchKey, preconditionFailed, S3Error } from './s3-error';
import { decodeName, directoryOf, fileOf, isDirectory, isFile, makeRoom, parentOf } from './s3-path';

/** What an object carries beside its bytes. Kept in memory: it is gone when the process is, the bytes are not. */
export interface ObjectAttributes {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Without the quotes; the MD5 of the bytes where not given. */
  readonly etag?: string;
}

export interface StoredObject extends ObjectAttributes {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
  readonly file: string;
}

/** Bytes that have arrived and belong to no object yet. */
export interface Staged {
  readonly file: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
}

/** ETags as in If-Match and If-None-Match, without the quotes, or `*`. */
export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

interface Remembered extends ObjectAttributes {
  readonly etag: string;
  readonly stamp: string;
}

/**
 * Buckets and objects in a folder: one directory a bucket, one file an object, readable as they are. Files that came there by
 * other means are objects too. An object appears and changes at once, never in part.
 */
export class S3Store {
  private readonly remembered = new Map<string, Remembered>();
  private readonly staging: string;

  constructor(private readonly folder: string) {
    this.staging = join(folder, '.staging');
    mkdirSync(this.staging, { recursive: true });
  }

  public createBucket(bucket: string): void {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
      throw new S3Error('InvalidBucketName', 400, `The specified bucket is not valid: "${bucket}" (3 to 63 of a-z, 0-9, "-" and ".")`);
    }
    mkdirSync(join(this.folder, bucket), { recursive: true });
  }

  public requireBucket(bucket: string): void {
    if (bucket.startsWith('.') || /[/\\\0]/.test(bucket) || !isDirectory(join(this.folder, bucket))) throw noSuchBucket();
  }

  public async stage(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Staged> {
    const file = join(this.staging, randomUUID());
    const md5 = createHash('md5');
    let size = 0;
    const measure = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        md5.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    try {
      await pipeline(Readable.from(source), measure, createWriteStream(file));
    } catch (error) {
      this.discard({ file });
      throw error;
    }
    return { file, size, md5: md5.digest('hex') };
  }

  public discard(staged: Pick<Staged, 'file'>): void {
    rmSync(staged.file, { force: true });
  }

  /** Makes staged bytes an object. Nothing else happens between the check of the conditions and the change. */
  public commit(bucket: string, key: string, staged: Staged, attributes: ObjectAttributes = {}, conditions: Conditions = {}): StoredObject {
    try {
      const root = this.root(bucket);
      this.check(bucket, key, conditions);
      makeRoom(root, key);
      const file = fileOf(root, key);
      renameSync(staged.file, file);
      this.remembered.set(file, { ...attributes, etag: attributes.etag ?? staged.md5, stamp: stampOf(file) });
      return this.describe(key, file);
    } finally {
      this.discard(staged);
    }
  }

  public async put(bucket: string, key: string, body: Uint8Array | string, attributes?: ObjectAttributes): Promise<StoredObject> {
    this.requireBucket(bucket);
    return this.commit(bucket, key, await this.stage([Buffer.from(body)]), attributes);
  }

  /** Undefined where there is no such object. */
  public find(bucket: string, key: string): StoredObject | undefined {
    const file = fileOf(this.root(bucket), key);
    return isFile(file) ? this.describe(key, file) : undefined;
  }

  public get(bucket: string, key: string): StoredObject {
    const object = this.find(bucket, key);
    if (!object) throw noSuchKey();
    return object;
  }

  /** `end` is inclusive. */
  public read(object: StoredObject, range?: { start: number; end: number }): Readable {
    return object.size === 0 ? Readable.from([]) : createReadStream(object.file, range);
  }

  /** Deleting what is not there succeeds. */
  public delete(bucket: string, key: string): void {
    const root = this.root(bucket);
    const file = fileOf(root, key);
    if (!isFile(file)) return;
    rmSync(file);
    this.remembered.delete(file);
    for (let directory = parentOf(file); directory !== root && readdirSync(directory).length === 0; directory = parentOf(directory)) {
      rmdirSync(directory);
    }
  }

  /** The keys that begin with a prefix, in the order of their UTF-8 bytes. */
  public keys(bucket: string, prefix = ''): string[] {
    const root = this.root(bucket);
    const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    return [...walk(directoryOf(root, prefix), parent)]
      .filter(key => key.startsWith(prefix))
      .map(key => ({ key, bytes: Buffer.from(key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ key }) => key);
  }

  private check(bucket: string, key: string, conditions: Conditions): void {
    if (conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined) return;
    const existing = this.find(bucket, key);
    if (conditions.ifMatch !== undefined && !existing) throw noSuchKey();
    if (conditions.ifMatch !== undefined && !matches(conditions.ifMatch, existing)) throw preconditionFailed();
    if (conditions.ifNoneMatch !== undefined && matches(conditions.ifNoneMatch, existing)) throw preconditionFailed();
  }

  private describe(key: string, file: string): StoredObject {
    const { size, mtimeMs } = statSync(file);
    const stamp = stampOf(file);
    let known = this.remembered.get(file);
    if (known?.stamp !== stamp) {
      known = { etag: createHash('md5').update(readFileSync(file)).digest('hex'), stamp };
      this.remembered.set(file, known);
    }
    const { stamp: _, ...attributes } = known;
    return { ...attributes, key, size, lastModified: new Date(mtimeMs), file };
  }

  private root(bucket: string): string {
    this.requireBucket(bucket);
    return join(this.folder, bucket);
  }
}

export function matches(condition: string, object: StoredObject | undefined): boolean {
  return object !== undefined && (condition === '*' || condition === object.etag);
}

/** Changes when a file does. */
function stampOf(file: string): string {
  const { size, mtimeMs, ino } = statSync(file);
  return `${ino}/${size}/${mtimeMs}`;
}

function* walk(directory: string, prefix: string): Generator<string> {
  if (!isDirectory(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const key = prefix + decodeName(entry.name);
    if (entry.isDirectory()) yield* walk(join(directory, entry.name), `${key}/`);
    else yield key;
  }
}
