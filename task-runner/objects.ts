import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, GetObjectCommand,
  HeadObjectCommand, HeadObjectCommandOutput, S3Client, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { backoff, Persistence } from './backoff';
import { inParallel, ranges } from './in-parallel';
import { finish, isRefusal } from './storage';
import { S3Location } from '../src/contract/s3';

/** Objects as streams: none is on this host as a whole, and none in S3 in part. */
export interface ObjectStore {
  /** Nothing if there is no such object. */
  size(object: S3Location, signal: AbortSignal): Promise<number | undefined>;
  read(object: S3Location, signal: AbortSignal): AsyncIterable<Uint8Array>;
  write(object: S3Location, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** Within S3, in whatever Regions the buckets are. */
  copy(from: S3Location, to: S3Location, signal: AbortSignal): Promise<void>;
}

const ATTEMPTS = 3;
const MIB = 1024 * 1024;
/** An upload has 10,000 parts at most: of these, 160 GB. */
const UPLOADED_PART = 16 * MIB;
/** In memory at once for each upload. */
const UPLOADED_AT_ONCE = 2;
const COPIED_AT_ONCE = 8;

/** What one CopyObject takes, and in what parts more is copied: of at least 5 MiB, and 10,000 at most. */
export const COPY_LIMITS = { whole: 5 * 1024 * MIB, part: 1024 * MIB };

export class S3Objects implements ObjectStore {
  constructor(
    private readonly client: S3Client, private readonly patience: Pick<Persistence, 'clock' | 'random'>, private readonly limits = COPY_LIMITS,
  ) {}

  async size(object: S3Location, signal: AbortSignal): Promise<number | undefined> {
    return (await this.head(object, signal))?.ContentLength;
  }

  /** Goes on where a body broke off, in the same version of the object. */
  async* read({ bucket: Bucket, key: Key }: S3Location, signal: AbortSignal): AsyncIterable<Uint8Array> {
    let read = 0;
    let version: string | undefined;
    for (let failures = 0; ;) {
      try {
        const rest = version === undefined ? {} : { Range: `bytes=${read}-`, IfMatch: version };
        const { Body, ETag } = await this.client.send(new GetObjectCommand({ Bucket, Key, ...rest }), { abortSignal: signal });
        version = ETag;
        for await (const chunk of Body as Readable as AsyncIterable<Buffer>) {
          read += chunk.length;
          failures = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        failures += 1;
        if (signal.aborted || isRefusal(error) || failures === ATTEMPTS) throw error;
        await this.patience.clock.sleep(backoff(failures - 1, this.patience.random), signal);
      }
    }
  }

  async write({ bucket, key }: S3Location, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const params = { Bucket: bucket, Key: key, Body: Readable.from(chunks) };
    const upload = new Upload({ client: this.client, queueSize: UPLOADED_AT_ONCE, partSize: UPLOADED_PART, params });
    await finish(upload, params.Body, signal);
  }

  async copy(from: S3Location, to: S3Location, signal: AbortSignal): Promise<void> {
    const source = await this.head(from, signal);
    if (!source) throw new Error(`there is no object ${from.key}`);
    const CopySource = `${from.bucket}/${from.key.split('/').map(encodeURIComponent).join('/')}`;
    if ((source.ContentLength ?? 0) > this.limits.whole) return this.copyInParts(CopySource, source, to, signal);
    // Without the tags, which only those may copy who may read them.
    const command = new CopyObjectCommand({ Bucket: to.bucket, Key: to.key, CopySource, TaggingDirective: 'REPLACE' });
    await this.client.send(command, { abortSignal: signal });
  }

  private async head({ bucket, key }: S3Location, signal: AbortSignal): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return undefined;
      // Without the right to list the bucket, S3 does not say what is not there.
      const denied = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403;
      throw denied ? new Error(`there is no object ${key}, or Task Runner's role may not read it`, { cause: error }) : error;
    }
  }

  private async copyInParts(CopySource: string, head: HeadObjectCommandOutput, to: S3Location, abortSignal: AbortSignal): Promise<void> {
    const { ContentType, ContentEncoding, Metadata, ContentLength = 0, ETag } = head;
    const target = { Bucket: to.bucket, Key: to.key };
    const begin = new CreateMultipartUploadCommand({ ...target, ContentType, ContentEncoding, Metadata });
    const { UploadId } = await this.client.send(begin, { abortSignal });
    try {
      const Parts: CompletedPart[] = [];
      await inParallel(ranges(ContentLength, this.limits.part), COPIED_AT_ONCE, async ({ number: PartNumber, first, last }) => {
        const source = { CopySource, CopySourceRange: `bytes=${first}-${last}`, CopySourceIfMatch: ETag };
        const { CopyPartResult } = await this.client.send(new UploadPartCopyCommand({ ...target, UploadId, PartNumber, ...source }), { abortSignal });
        Parts[PartNumber - 1] = { PartNumber, ETag: CopyPartResult?.ETag };
      });
      await this.client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }), { abortSignal });
    } catch (error) {
      await this.client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
      throw error;
    }
  }
}
