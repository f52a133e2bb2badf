import { createReadStream, createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, GetObjectCommandInput, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { persist, Persistence } from './backoff';
import { inParallel, ranges } from './in-parallel';
import { S3Location } from '../src/contract/s3';

export interface StoredObject {
  readonly key: string;
  readonly size: number;
}

/** Where staged data, scripts and logs are. */
export interface Storage {
  list(prefix: S3Location, signal: AbortSignal): AsyncIterable<StoredObject>;
  /** Whether there was such an object. */
  download(object: S3Location, file: string, signal: AbortSignal): Promise<boolean>;
  upload(file: string, object: S3Location, signal: AbortSignal): Promise<void>;
}

const ATTEMPTS = 3;
const MEBIBYTE = 1024 * 1024;
/** What is larger is fetched in parts, several at once. */
const SIZES = { whole: 64 * MEBIBYTE, part: 16 * MEBIBYTE };
const FETCHED_AT_ONCE = 4;
/** Of 5 MiB, in memory at once for each upload. */
const PARTS = 2;

/** Until it is done; given up, it leaves no part in S3. */
export async function finish(upload: Upload, body: Readable, signal: AbortSignal): Promise<void> {
  const abort = () => void upload.abort();
  signal.addEventListener('abort', abort);
  try {
    await upload.done();
  } finally {
    signal.removeEventListener('abort', abort);
    body.destroy();
  }
}

export class S3Storage implements Storage {
  constructor(
    private readonly client: S3Client, private readonly patience: Pick<Persistence, 'clock' | 'random'>, private readonly sizes = SIZES,
  ) {}

  async* list({ bucket, key }: S3Location, abortSignal: AbortSignal): AsyncIterable<StoredObject> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token });
      const page = await this.client.send(command, { abortSignal });
      for (const { Key, Size } of page.Contents ?? []) yield { key: Key ?? '', size: Size ?? 0 };
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** The SDK retries requests; a body that breaks off is fetched again here. */
  async download(object: S3Location, file: string, signal: AbortSignal): Promise<boolean> {
    return this.persist(async () => this.fetch(object, file, signal), signal);
  }

  async upload(file: string, { bucket, key }: S3Location, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const body = createReadStream(file);
    const upload = new Upload({ client: this.client, queueSize: PARTS, params: { Bucket: bucket, Key: key, Body: body } });
    await finish(upload, body, signal);
  }

  private async fetch({ bucket, key }: S3Location, file: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { Body, ContentLength = 0, ETag } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      const body = Body as Readable;
      if (ContentLength <= this.sizes.whole) {
        await pipeline(body, createWriteStream(file), { signal });
      } else {
        body.destroy();
        await this.fetchParts({ Bucket: bucket, Key: key, IfMatch: ETag }, ContentLength, file, signal);
      }
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return false;
      throw error;
    }
  }

  /** All of one version: an object that is replaced meanwhile is an error. */
  private async fetchParts(object: GetObjectCommandInput, size: number, file: string, signal: AbortSignal): Promise<void> {
    await writeFile(file, '');
    await inParallel(ranges(size, this.sizes.part), FETCHED_AT_ONCE, async ({ first, last }) => this.persist(async () => {
      const { Body } = await this.client.send(new GetObjectCommand({ ...object, Range: `bytes=${first}-${last}` }), { abortSignal: signal });
      await pipeline(Body as Readable, createWriteStream(file, { flags: 'r+', start: first }), { signal });
    }, signal));
  }

  private async persist<T>(fetch: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return persist(fetch, { ...this.patience, attempts: ATTEMPTS, signal, isFinal: isRefusal });
  }
}

/** What asking again does not change: S3 said no, or the host's file system did. */
export function isRefusal(error: unknown): boolean {
  const { $metadata, syscall } = error as { $metadata?: { httpStatusCode?: number }; syscall?: string };
  const status = $metadata?.httpStatusCode ?? 0;
  return (status >= 400 && status < 500) || ['open', 'write', 'mkdir'].includes(syscall ?? '');
}
