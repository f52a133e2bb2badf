import { IncomingMessage } from 'node:http';
import { contentEncoding } from './s3-body';
import { preconditionFailed, S3Error } from './s3-error';
import { Conditions, matches, ObjectAttributes, StoredObject } from './s3-store';

export function attributesOf({ headers }: IncomingMessage): ObjectAttributes {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return {
    contentType: headers['content-type'],
    contentEncoding: contentEncoding(headers),
    metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)])),
  };
}

export function headersOf(object: StoredObject): Record<string, string> {
  const metadata = Object.entries(object.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    'Accept-Ranges': 'bytes',
    'ETag': quoted(object.etag),
    'Last-Modified': object.lastModified.toUTCString(),
    'Content-Type': object.contentType ?? 'binary/octet-stream',
    ...(object.contentEncoding ? { 'Content-Encoding': object.contentEncoding } : {}),
    ...Object.fromEntries(metadata),
  };
}

export function conditionsOf({ headers }: IncomingMessage): Conditions {
  return { ifMatch: unquoted(headers['if-match']), ifNoneMatch: unquoted(headers['if-none-match']) };
}

/** Whether a read's If-None-Match says that the reader has the object; an If-Match that fails is an error. */
export function notModified(request: IncomingMessage, object: StoredObject): boolean {
  const { ifMatch, ifNoneMatch } = conditionsOf(request);
  if (ifMatch !== undefined && !matches(ifMatch, object)) throw preconditionFailed();
  return ifNoneMatch !== undefined && matches(ifNoneMatch, object);
}

/** Undefined where the whole object is asked for, as with a range that is none. */
export function rangeOf(request: IncomingMessage, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start > end) throw new S3Error('InvalidRange', 416, 'The requested range is not satisfiable');
  return { start, end };
}

export const quoted = (etag: string): string => `"${etag}"`;

export function unquoted(etag: string): string;
export function unquoted(etag: string | undefined): string | undefined;
export function unquoted(etag: string | undefined): string | undefined {
  return etag?.replace(/^"|"$/g, '');
}
