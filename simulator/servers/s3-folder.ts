import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { payload } from './s3-body';
import { invalidArgument, preconditionFailed, S3Error } from './s3-error';
import { attributesOf, conditionsOf, headersOf, notModified, quoted, rangeOf, unquoted } from './s3-headers';
import { Listing, listing, MAX_KEYS } from './s3-listing';
import { MultipartUploads } from './s3-multipart';
import { S3Store, StoredObject } from './s3-store';
import { elements, unescaped, xml, XmlNode } from './s3-xml';

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

type Operation = (call: Call) => Promise<void>;

/**
 * An S3 endpoint on 127.0.0.1 over a folder (path-style addresses, no authentication). What it does not implement it refuses
 * by name.
 */
export class S3Folder {
  /** On any free port where none is given. */
  public static async start(store: S3Store, port = 0): Promise<S3Folder> {
    const folder = new S3Folder(store);
    await new Promise<void>((resolve, reject) => folder.server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return folder;
  }

  private readonly server: Server;
  private readonly uploads: MultipartUploads;
  private readonly operations: Record<string, Operation> = {
    'PUT bucket': async ({ response, bucket }) => {
      this.store.createBucket(bucket);
      response.setHeader('Location', `/${bucket}`).end();
    },
    'HEAD bucket': async ({ response, bucket }) => {
      this.store.requireBucket(bucket);
      response.end();
    },
    'GET bucket': async call => this.list(call),
    'POST bucket delete': async call => this.deleteAll(call),
    'GET object': async call => this.read(call),
    'HEAD object': async call => this.read(call),
    'PUT object': async call => (call.request.headers['x-amz-copy-source'] ? this.copy(call) : this.put(call)),
    'DELETE object': async ({ response, bucket, key }) => {
      this.store.delete(bucket, key);
      response.writeHead(204).end();
    },
    'POST object uploads': async ({ request, response, bucket, key }) => {
      const id = this.uploads.create(bucket, key, attributesOf(request));
      send(response, 'InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id });
    },
    'PUT object uploadId': async call => this.putPart(call),
    'POST object uploadId': async call => this.completeUpload(call),
    'DELETE object uploadId': async ({ response, query }) => {
      this.uploads.abort(query.get('uploadId')!);
      response.writeHead(204).end();
    },
  };

  private constructor(public readonly store: S3Store) {
    this.uploads = new MultipartUploads(store);
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const call = parse(request, response);
      await this.operation(call)(call);
    } catch (error) {
      fail(request, response, error);
    }
  }

  private operation({ request, bucket, key, query }: Call): Operation {
    const subresource = [...query.keys()].find(name => SUBRESOURCES.includes(name));
    const level = key !== '' ? 'object' : bucket !== '' ? 'bucket' : 'service';
    const name = [request.method, level, ...(subresource ? [subresource] : [])].join(' ');
    const operation = this.operations[name];
    if (!operation) throw new S3Error('NotImplemented', 501, `This stand-in for S3 does not implement ${name} (${request.url})`);
    return operation;
  }

  private async list({ response, bucket, query }: Call): Promise<void> {
    if (query.get('list-type') !== '2') throw new S3Error('NotImplemented', 501, 'This stand-in for S3 lists with ListObjectsV2 only');
    const parameter = (name: string) => query.get(name) ?? undefined;
    const maxKeys = Number(parameter('max-keys') ?? MAX_KEYS);
    if (!Number.isInteger(maxKeys) || maxKeys < 0) throw invalidArgument('Provided max-keys not an integer or within integer range');
    const request = {
      prefix: parameter('prefix'),
      delimiter: parameter('delimiter'),
      maxKeys,
      startAfter: parameter('start-after'),
      continuationToken: parameter('continuation-token'),
    };
    const page = listing(this.store.keys(bucket, request.prefix), request);
    const coded = parameter('encoding-type') === 'url' ? encodeURIComponent : (name: string) => name;
    send(response, 'ListBucketResult', {
      Name: bucket,
      Prefix: coded(request.prefix ?? ''),
      Delimiter: request.delimiter && coded(request.delimiter),
      StartAfter: request.startAfter && coded(request.startAfter),
      ContinuationToken: request.continuationToken,
      EncodingType: parameter('encoding-type'),
      MaxKeys: maxKeys,
      ...this.pageNodes(bucket, page, coded),
    });
  }

  private pageNodes(bucket: string, page: Listing, coded: (name: string) => string): Record<string, XmlNode> {
    return {
      KeyCount: page.keys.length + page.commonPrefixes.length,
      IsTruncated: page.nextToken !== undefined,
      NextContinuationToken: page.nextToken,
      Contents: page.keys.map(key => contentsNode(this.store.get(bucket, key), coded)),
      CommonPrefixes: page.commonPrefixes.map(prefix => ({ Prefix: coded(prefix) })),
    };
  }

  private async read({ request, response, bucket, key }: Call): Promise<void> {
    const object = this.store.get(bucket, key);
    if (notModified(request, object)) return void response.writeHead(304, { ETag: quoted(object.etag) }).end();
    const range = rangeOf(request, object.size);
    const length = range ? range.end - range.start + 1 : object.size;
    response.writeHead(range ? 206 : 200, {
      ...headersOf(object),
      'Content-Length': length,
      ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${object.size}` } : {}),
    });
    if (request.method === 'HEAD') return void response.end();
    await pipeline(this.store.read(object, range), response);
  }

  private async put({ request, response, bucket, key }: Call): Promise<void> {
    this.store.requireBucket(bucket);
    const staged = await this.store.stage(payload(request));
    const object = this.store.commit(bucket, key, staged, attributesOf(request), conditionsOf(request));
    response.setHeader('ETag', quoted(object.etag)).end();
  }

  private async copy({ request, response, bucket, key }: Call): Promise<void> {
    const source = this.copySource(request);
    this.store.requireBucket(bucket);
    const staged = await this.store.stage(this.store.read(source));
    const { contentType, contentEncoding: encoding, metadata } = source;
    const attributes = request.headers['x-amz-metadata-directive'] === 'REPLACE'
      ? attributesOf(request) : { contentType, contentEncoding: encoding, metadata };
    const object = this.store.commit(bucket, key, staged, attributes, conditionsOf(request));
    send(response, 'CopyObjectResult', { ETag: quoted(object.etag), LastModified: object.lastModified });
  }

  private async putPart({ request, response, query }: Call): Promise<void> {
    const copied = request.headers['x-amz-copy-source'] ? this.copiedRange(request) : undefined;
    const staged = await this.store.stage(copied ?? payload(request));
    const etag = this.uploads.addPart(query.get('uploadId')!, Number(query.get('partNumber')), staged);
    if (copied) send(response, 'CopyPartResult', { ETag: quoted(etag), LastModified: new Date() });
    else response.setHeader('ETag', quoted(etag)).end();
  }

  private copiedRange(request: IncomingMessage): Readable {
    const source = this.copySource(request);
    const wanted = request.headers['x-amz-copy-source-if-match'];
    if (wanted !== undefined && unquoted(String(wanted)) !== source.etag) throw preconditionFailed();
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers['x-amz-copy-source-range'] ?? `bytes=0-${source.size - 1}`)) ?? [];
    if (end === undefined || Number(end) >= source.size) throw invalidArgument('The x-amz-copy-source-range value must be of the form bytes=first-last');
    return this.store.read(source, { start: Number(start), end: Number(end) });
  }

  private copySource(request: IncomingMessage): StoredObject {
    const [from, ...rest] = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '').split('/');
    return this.store.get(from, rest.join('/'));
  }

  private async completeUpload({ request, response, bucket, key, query }: Call): Promise<void> {
    const parts = elements(await text(request), 'Part').map(part => ({
      partNumber: Number(elements(part, 'PartNumber')[0]),
      etag: unquoted(unescaped(elements(part, 'ETag')[0] ?? '')),
    }));
    const object = await this.uploads.complete(query.get('uploadId')!, parts, conditionsOf(request));
    send(response, 'CompleteMultipartUploadResult', { Location: `/${bucket}/${key}`, Bucket: bucket, Key: key, ETag: quoted(object.etag) });
  }

  private async deleteAll({ request, response, bucket }: Call): Promise<void> {
    this.store.requireBucket(bucket);
    const document = await text(request);
    const keys = elements(document, 'Key').map(unescaped);
    if (keys.length === 0 || keys.length > MAX_KEYS) {
      throw new S3Error('MalformedXML', 400, `A Delete names between 1 and ${MAX_KEYS} keys, not ${keys.length}`);
    }
    for (const key of keys) this.store.delete(bucket, key);
    const quiet = elements(document, 'Quiet')[0] === 'true';
    send(response, 'DeleteResult', quiet ? {} : { Deleted: keys.map(Key => ({ Key })) });
  }
}

/** Query parameters that make another operation of a request; those not served are here so that they are not ignored. */
const SUBRESOURCES = [
  'delete', 'uploads', 'uploadId', 'acl', 'tagging', 'versioning', 'versions', 'location', 'policy', 'lifecycle', 'cors', 'encryption',
  'notification', 'attributes', 'retention', 'legal-hold', 'torrent', 'select', 'restore', 'versionId', 'renameObject', 'session',
];

function parse(request: IncomingMessage, response: ServerResponse): Call {
  const [path, query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [bucket, ...rest] = path.slice(1).split('/').map(decodeURIComponent);
  return { request, response, bucket, key: rest.join('/'), query: new URLSearchParams(query) };
}

function contentsNode(object: StoredObject, coded: (name: string) => string): XmlNode {
  return { Key: coded(object.key), LastModified: object.lastModified, ETag: quoted(object.etag), Size: object.size, StorageClass: 'STANDARD' };
}

function send(response: ServerResponse, root: string, content: XmlNode, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' }).end(xml(root, content));
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const known = error instanceof S3Error ? error
    : error instanceof URIError ? new S3Error('InvalidURI', 400, "Couldn't parse the specified URI.")
      : new S3Error('InternalError', 500, error instanceof Error ? error.message : String(error));
  if (response.headersSent) return void response.destroy();
  // What is left of the body is not read: the connection cannot serve another request.
  if (!request.complete) response.setHeader('Connection', 'close');
  if (request.method === 'HEAD') return void response.writeHead(known.status).end();
  send(response, 'Error', { Code: known.code, Message: known.message, Resource: request.url }, known.status);
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload(request)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
