import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, Gunzip, Gzip } from 'node:zlib';
import { Chunks } from './content';

const CHUNK = { chunkSize: 131_072 };

export function gunzipped(chunks: Chunks): Chunks {
  return through(chunks, () => createGunzip(CHUNK));
}

export function gzipped(chunks: Chunks): Chunks {
  return through(chunks, () => createGzip(CHUNK));
}

async function* through(chunks: Chunks, create: () => Gunzip | Gzip): AsyncGenerator<Uint8Array> {
  const transform = create();
  // What fails on the way in is thrown on the way out.
  pipeline(chunks, transform).catch(() => undefined);
  yield* transform as AsyncIterable<Buffer>;
}
