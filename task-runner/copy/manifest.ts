import { Files, Place, placeOf } from './files';
import { S3_URI } from '../../src/contract/s3';

interface Entry {
  readonly url: string;
  readonly mandatory?: boolean;
}

/** The objects that a manifest lists. One that is missing is an error if it is mandatory, and left out if not. */
export async function* manifestEntries(manifest: Place, files: Files, signal: AbortSignal): AsyncGenerator<Place> {
  for (const { url, mandatory } of entriesIn(await textOf(files.read(manifest, signal)))) {
    const place = placeOf(url);
    if (await files.exists(place, signal)) yield place;
    else if (mandatory) throw new Error(`there is no ${url}, which the manifest says is mandatory`);
  }
}

function entriesIn(text: string): Entry[] {
  const { entries } = parsed(text) as { entries?: unknown };
  const good = (entry: unknown) => typeof entry === 'object' && entry !== null && S3_URI.test(String((entry as Entry).url)) && !String((entry as Entry).url).endsWith('/');
  if (!Array.isArray(entries) || !entries.every(good)) throw new Error('is no manifest: {"entries": [{"url": "s3://<bucket>/<key>", "mandatory": true}]}');
  return entries as Entry[];
}

function parsed(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}
