/**
 * Data on its way, as bytes in a format or as records; either is made of the other where a sink asks for it, and nothing is done to
 * bytes that are in the format already.
 */
import { Records } from './batch';
import { DATABASE_TEXT, Dialect, dialectOf, sameDialect } from './dialect';
import { DelimitedParser } from './parser';
import { RegExParser, RegExWriter } from './regex-format';
import { DelimitedWriter } from './writer';
import { FileFormat } from '../../src/contract/copy';

export type Chunks = AsyncIterable<Uint8Array>;

/** `database` is what COPY and LOAD DATA read and write. */
export type Format = FileFormat | { readonly kind: 'database' };

export type Content =
  | { readonly kind: 'bytes'; readonly format?: Format; readonly chunks: Chunks }
  | { readonly kind: 'records'; readonly records: AsyncIterable<Records> };

/** Data without a format is bytes, and goes only where no format is asked for either. */
export function bytesOf(content: Content, format?: Format): Chunks {
  if (content.kind === 'bytes' && sameFormat(content.format, format)) return content.chunks;
  if (format === undefined) throw new Error('the output has no data format, and the input is not one that is copied as it is');
  return written(recordsOf(content), format);
}

export function recordsOf(content: Content): AsyncIterable<Records> {
  if (content.kind === 'records') return content.records;
  if (content.format === undefined) throw new Error('the input has no data format, and it is not copied as it is');
  return parsed(content.chunks, content.format);
}

export function sameFormat(one: Format | undefined, other: Format | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.kind === 'regEx' || other.kind === 'regEx') return JSON.stringify(one) === JSON.stringify(other);
  return sameDialect(dialectIn(one), dialectIn(other));
}

function dialectIn(format: Exclude<Format, { kind: 'regEx' }>): Dialect {
  return format.kind === 'database' ? DATABASE_TEXT : dialectOf(format);
}

async function* parsed(chunks: Chunks, format: Format): AsyncGenerator<Records> {
  const parser = format.kind === 'regEx' ? new RegExParser(format) : new DelimitedParser(dialectIn(format));
  for await (const chunk of chunks) yield* whole(parser.parse(chunk));
  yield* whole(parser.parse());
}

async function* written(batches: AsyncIterable<Records>, format: Format): AsyncGenerator<Uint8Array> {
  const writer = writerOf(format);
  for await (const records of batches) yield writer.write(records);
}

function writerOf(format: Format): DelimitedWriter | RegExWriter {
  if (format.kind !== 'regEx') return new DelimitedWriter(dialectIn(format));
  if (format.outputFormat === undefined) throw new Error('a RegEx format is written with its outputFormat, and it has none');
  return new RegExWriter(format.outputFormat);
}

function* whole(records: Records): Generator<Records> {
  if (records.count > 0) yield records;
}
