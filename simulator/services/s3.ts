import { S3Error } from '../servers/s3-error';
import { unquoted } from '../servers/s3-headers';
import { listing, MAX_KEYS } from '../servers/s3-listing';
import { S3Store, StoredObject } from '../servers/s3-store';
import { Json, TaskHandler } from '../task';
import { argumentsOf, asJson, Fields, optionalNumber, optionalText, text, unusable } from './fields';
import { sdkFailure } from './integration';

/** S3 as Step Functions calls it, on the folder that the endpoint serves. */
export class S3 {
  constructor(private readonly store: S3Store) {}

  public handlers(): Record<string, TaskHandler> {
    const named = (action: string, call: (args: Fields) => Promise<Json>): [string, TaskHandler] =>
      [`aws-sdk:s3:${action}`, request => request.clock.busy(answer(call, argumentsOf(request)))];
    return Object.fromEntries([
      named('putObject', args => this.putObject(args)),
      named('getObject', args => this.getObject(args)),
      named('headObject', async args => describe(this.object(args))),
      named('listObjectsV2', async args => this.list(args)),
      named('deleteObject', async args => this.deleteObject(args)),
    ]);
  }

  /** A Body that is text is stored as it is, anything else as JSON. */
  private async putObject(args: Fields): Promise<Json> {
    const bucket = text(args, 'Bucket');
    const key = text(args, 'Key');
    const body = args.Body === undefined ? unusable(args, "The field 'Body' is required but was missing") : args.Body;
    const conditions = { ifMatch: unquoted(optionalText(args, 'IfMatch')), ifNoneMatch: unquoted(optionalText(args, 'IfNoneMatch')) };
    this.store.requireBucket(bucket);
    const staged = await this.store.stage([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]);
    const { etag } = this.store.commit(bucket, key, staged, { contentType: optionalText(args, 'ContentType') }, conditions);
    return { ETag: `"${etag}"` };
  }

  private async getObject(args: Fields): Promise<Json> {
    const object = this.object(args);
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.store.read(object)) chunks.push(chunk as Uint8Array);
    return { ...describe(object), Body: Buffer.concat(chunks).toString() };
  }

  private list(args: Fields): Json {
    const bucket = text(args, 'Bucket');
    const prefix = optionalText(args, 'Prefix');
    const page = listing(this.store.keys(bucket, prefix), {
      prefix,
      delimiter: optionalText(args, 'Delimiter'),
      maxKeys: optionalNumber(args, 'MaxKeys'),
      startAfter: optionalText(args, 'StartAfter'),
      continuationToken: optionalText(args, 'ContinuationToken'),
    });
    // Lists without members are left out.
    return asJson({
      Name: bucket,
      Prefix: prefix ?? '',
      MaxKeys: optionalNumber(args, 'MaxKeys') ?? MAX_KEYS,
      KeyCount: page.keys.length + page.commonPrefixes.length,
      IsTruncated: page.nextToken !== undefined,
      NextContinuationToken: page.nextToken,
      Contents: page.keys.length > 0 ? page.keys.map(key => contentsOf(this.store.get(bucket, key))) : undefined,
      CommonPrefixes: page.commonPrefixes.length > 0 ? page.commonPrefixes.map(Prefix => ({ Prefix })) : undefined,
    });
  }

  private deleteObject(args: Fields): Json {
    this.store.delete(text(args, 'Bucket'), text(args, 'Key'));
    return {};
  }

  private object(args: Fields): StoredObject {
    return this.store.get(text(args, 'Bucket'), text(args, 'Key'));
  }
}

async function answer(call: (args: Fields) => Promise<Json>, args: Fields): Promise<Json> {
  try {
    return await call(args);
  } catch (error) {
    throw error instanceof S3Error ? failure(error) : error;
  }
}

/** The SDK has classes for few of S3's errors; all others are S3Exception. */
function failure({ code, message, status }: S3Error): Error {
  const name = ['NoSuchKey', 'NoSuchBucket', 'NoSuchUpload'].includes(code) ? `${code}Exception` : 'S3Exception';
  return sdkFailure('S3', name, message, status);
}

function describe(object: StoredObject): { [name: string]: Json } {
  return {
    AcceptRanges: 'bytes',
    ContentLength: object.size,
    ContentType: object.contentType ?? 'binary/octet-stream',
    ETag: `"${object.etag}"`,
    LastModified: object.lastModified.toISOString(),
    Metadata: { ...object.metadata },
  };
}

function contentsOf(object: StoredObject): Json {
  return {
    Key: object.key,
    ETag: `"${object.etag}"`,
    LastModified: object.lastModified.toISOString(),
    Size: object.size,
    StorageClass: 'STANDARD',
  };
}
