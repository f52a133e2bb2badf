import { createHash } from 'node:crypto';
import { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error';

interface Digest {
  update(chunk: Uint8Array): void;
  value(): string;
}

/**
 * The payload of a request, out of the `aws-chunked` framing that the SDKs use for streams, and held against the checksums that
 * come in its headers or its trailer (those in `DIGESTS`; others are let through unchecked). A wrong one is an error at the end
 * of the stream.
 */
export async function* payload(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  const trailer: Record<string, string> = {};
  const framed = `${request.headers['content-encoding'] ?? ''},${request.headers['x-amz-content-sha256'] ?? ''}`;
  const chunks = /aws-chunked|STREAMING-/.test(framed) ? unframed(request, trailer) : (request as AsyncIterable<Buffer>);
  const digests = announced(request.headers);
  for await (const chunk of chunks) {
    for (const digest of digests.values()) digest.update(chunk);
    yield chunk;
  }
  for (const [name, digest] of digests) verify(name, digest.value(), trailer[name] ?? request.headers[name]);
}

/** The object's own encoding: what is left of Content-Encoding without the framing. */
export function contentEncoding(headers: IncomingHttpHeaders): string | undefined {
  const rest = (headers['content-encoding'] ?? '').split(',').map(name => name.trim()).filter(name => name !== '' && name !== 'aws-chunked');
  return rest.length > 0 ? rest.join(',') : undefined;
}

const DIGESTS: Record<string, () => Digest> = {
  'content-md5': () => hashed('md5'),
  'x-amz-checksum-sha1': () => hashed('sha1'),
  'x-amz-checksum-sha256': () => hashed('sha256'),
  'x-amz-checksum-crc32': crc32Digest,
};

function announced(headers: IncomingHttpHeaders): Map<string, Digest> {
  const inTrailer = String(headers['x-amz-trailer'] ?? '').split(',').map(name => name.trim());
  const names = Object.keys(DIGESTS).filter(name => headers[name] !== undefined || inTrailer.includes(name));
  return new Map(names.map(name => [name, DIGESTS[name]()]));
}

function hashed(algorithm: string): Digest {
  const hash = createHash(algorithm);
  return { update: chunk => void hash.update(chunk), value: () => hash.digest('base64') };
}

function crc32Digest(): Digest {
  let sum = 0;
  const value = () => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(sum);
    return bytes.toString('base64');
  };
  return { update: chunk => void (sum = crc32(chunk, sum)), value };
}

function verify(name: string, got: string, stated: string | string[] | undefined): void {
  if (stated === got) return;
  throw new S3Error('BadDigest', 400, `The ${name} you specified did not match what we received: "${String(stated)}", not "${got}"`);
}

/** Chunks are `<size in hex>[;extension]\r\n<bytes>\r\n`; after the one of size 0 come the trailer's lines. */
async function* unframed(source: AsyncIterable<Buffer>, trailer: Record<string, string>): AsyncGenerator<Uint8Array> {
  const reader = new ChunkReader(source);
  for (;;) {
    const head = await reader.line();
    const size = parseInt(head, 16);
    if (!Number.isInteger(size) || size < 0) throw new S3Error('InvalidRequest', 400, `The chunk header "${head}" is no size`);
    if (size === 0) break;
    yield* reader.bytes(size);
    await reader.line();
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const colon = line.indexOf(':');
    trailer[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

class ChunkReader {
  private readonly source: AsyncIterator<Buffer>;
  private buffered: Buffer = Buffer.alloc(0);
  private ended = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Up to the next CRLF; the rest where there is none. */
  public async line(): Promise<string> {
    let end = this.buffered.indexOf('\r\n');
    while (end < 0 && await this.more()) end = this.buffered.indexOf('\r\n');
    const line = this.buffered.subarray(0, end < 0 ? undefined : end);
    this.buffered = this.buffered.subarray(end < 0 ? this.buffered.length : end + 2);
    return line.toString('latin1');
  }

  public async *bytes(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.buffered.length === 0 && !await this.more()) {
        throw new S3Error('IncompleteBody', 400, `The request body terminated unexpectedly: ${left} bytes of a chunk are missing`);
      }
      const piece = this.buffered.subarray(0, left);
      this.buffered = this.buffered.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    const { done, value } = await this.source.next();
    if (done) this.ended = true;
    else this.buffered = Buffer.concat([this.buffered, value]);
    return !done;
  }
}
