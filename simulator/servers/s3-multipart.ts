import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { noSuchUpload, S3Error } from './s3-error';
import { Conditions, ObjectAttributes, S3Store, Staged, StoredObject } from './s3-store';

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly parts: Map<number, Staged>;
}

export interface CompletedPart {
  readonly partNumber: number;
  readonly etag: string;
}

const SMALLEST_PART = 5 * 1024 * 1024;

/** Multipart uploads that have begun and are neither complete nor aborted. */
export class MultipartUploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(private readonly store: S3Store) {}

  public create(bucket: string, key: string, attributes: ObjectAttributes): string {
    this.store.requireBucket(bucket);
    const id = randomUUID();
    this.uploads.set(id, { bucket, key, attributes, parts: new Map() });
    return id;
  }

  /** Takes over the staged bytes and returns the part's ETag. */
  public addPart(id: string, partNumber: number, staged: Staged): string {
    const upload = this.uploads.get(id);
    const valid = Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= 10_000;
    if (!upload || !valid) {
      this.store.discard(staged);
      if (!upload) throw noSuchUpload();
      throw new S3Error('InvalidArgument', 400, 'Part number must be an integer between 1 and 10000, inclusive');
    }
    const replaced = upload.parts.get(partNumber);
    if (replaced) this.store.discard(replaced);
    upload.parts.set(partNumber, staged);
    return staged.md5;
  }

  public async complete(id: string, listed: readonly CompletedPart[], conditions: Conditions): Promise<StoredObject> {
    const upload = this.require(id);
    const parts = chosen(upload, listed);
    const whole = await this.store.stage(concatenated(parts));
    const object = this.store.commit(upload.bucket, upload.key, whole, { ...upload.attributes, etag: compositeEtag(parts) }, conditions);
    this.abort(id);
    return object;
  }

  public abort(id: string): void {
    for (const part of this.require(id).parts.values()) this.store.discard(part);
    this.uploads.delete(id);
  }

  private require(id: string): Upload {
    const upload = this.uploads.get(id);
    if (!upload) throw noSuchUpload();
    return upload;
  }
}

function chosen(upload: Upload, listed: readonly CompletedPart[]): Staged[] {
  return listed.map(({ partNumber, etag }, index) => {
    if (index > 0 && partNumber <= listed[index - 1].partNumber) {
      throw new S3Error('InvalidPartOrder', 400, 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    }
    const part = upload.parts.get(partNumber);
    if (part?.md5 !== etag) {
      throw new S3Error('InvalidPart', 400, `One or more of the specified parts could not be found or its entity tag did not match: part ${partNumber}`);
    }
    if (index < listed.length - 1 && part.size < SMALLEST_PART) {
      throw new S3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
    }
    return part;
  });
}

async function* concatenated(parts: readonly Staged[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield* createReadStream(part.file) as AsyncIterable<Buffer>;
}

/** As S3 makes it: the MD5 of the parts' MD5s, and how many there are. */
function compositeEtag(parts: readonly Staged[]): string {
  const digests = Buffer.concat(parts.map(part => Buffer.from(part.md5, 'hex')));
  return `${createHash('md5').update(digests).digest('hex')}-${parts.length}`;
}
