import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { persist, Persistence } from './backoff';
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
  constructor(private readonly client: S3Client, private readonly patience: Pick<Persistence, 'clock' | 'random'>) {}

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
    return persist(async () => this.fetch(object, file, signal), { ...this.patience, attempts: ATTEMPTS, signal, isFinal: isRefusal });
  }

  async upload(file: string, { bucket, key }: S3Location, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const body = createReadStream(file);
    const upload = new Upload({ client: this.client, queueSize: PARTS, params: { Bucket: bucket, Key: key, Body: body } });
    await finish(upload, body, signal);
  }

  private async fetch({ bucket, key }: S3Location, file: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
      await pipeline(Body as Readable, createWriteStream(file), { signal });
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return false;
      throw error;
    }
  }
}

/** What asking again does not change: S3 said no, or the host's file system did. */
export function isRefusal(error: unknown): boolean {
  const { $metadata, syscall } = error as { $metadata?: { httpStatusCode?: number }; syscall?: string };
  const status = $metadata?.httpStatusCode ?? 0;
  return (status >= 400 && status < 500) || ['open', 'write', 'mkdir'].includes(syscall ?? '');
}
