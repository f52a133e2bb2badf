/** Copies files to files: one by one, or all to one. */
import { bytesOf, Chunks, Content, Format, recordsOf, sameFormat } from './content';
import { Files, filesOf, Place, placeOf, Stores } from './files';
import { gunzipped, gzipped } from './gzip';
import { manifestEntries } from './manifest';
import { FilesEnd } from '../../src/contract/copy';
import { COPY_FAILED } from '../../src/contract/errors';
import { described, TaskFailure } from '../failure';
import { inParallel } from '../in-parallel';

const PARALLEL = 4;

/** What an error says of an end. */
export type Told = Pick<FilesEnd, 'object' | 'uri'>;

/** How many files were copied. @throws TaskFailure COPY_FAILED */
export async function copyFiles(input: FilesEnd, output: FilesEnd, context: Stores, signal: AbortSignal): Promise<number> {
  if (isFile(output) && !isFile(input)) {
    await writeTo(output, placeOf(output.uri), joined(contentsOf(input, output.format, context, signal), output.format), context, signal);
    return 1;
  }
  let count = 0;
  const written = new Set<string>();
  await inParallel(placesIn(input, context, signal), PARALLEL, async (place) => {
    const target = isFile(output) ? placeOf(output.uri) : { directory: output.uri, name: targetName(input, place) };
    if (written.has(target.name)) throw failed('output', output, new Error(`two of the inputs would be ${target.name} there`));
    written.add(target.name);
    await copyFile(input, place, output, target, context, signal);
    count += 1;
  });
  return count;
}

/** Each of the files of an end, as what is in it. */
export async function* contentsOf(
  input: FilesEnd, as: Format | undefined, context: Stores, signal: AbortSignal,
): AsyncGenerator<Content> {
  for await (const place of placesIn(input, context, signal)) yield contentOf(input, as, place, context, signal);
}

/** One after the other, each with the end of its last record. */
export async function* joined(contents: AsyncIterable<Content>, format?: Format): Chunks {
  const terminator = terminatorOf(format);
  for await (const content of contents) {
    let last: number | undefined;
    for await (const chunk of bytesOf(content, format)) {
      last = chunk.at(-1) ?? last;
      yield chunk;
    }
    if (terminator !== undefined && last !== undefined && last !== terminator.charCodeAt(0)) yield Buffer.from(terminator);
  }
}

/** Puts bytes where an end is, compressed as it says. @throws TaskFailure COPY_FAILED */
export async function writeTo(output: FilesEnd, place: Place, chunks: Chunks, context: Stores, signal: AbortSignal): Promise<void> {
  const compressed = output.compression === 'gzip' ? gzipped(chunks) : chunks;
  await failing('output', output, async () => filesOf(output.uri, context).write(place, compressed, signal));
}

async function copyFile(input: FilesEnd, place: Place, output: FilesEnd, target: Place, context: Stores, signal: AbortSignal): Promise<void> {
  const alike = sameFormat(input.format, output.format) && input.compression === output.compression;
  const files = filesOf(output.uri, context);
  if (alike && files.copy && place.directory.startsWith('s3://')) {
    return failing('output', output, async () => files.copy!(place, target, signal));
  }
  if (alike) return writeTo({ ...output, compression: 'none' }, target, readingAs(input, filesOf(input.uri, context).read(place, signal)), context, signal);
  const content = contentOf(input, output.format, place, context, signal);
  await writeTo(output, target, bytesOf(content, output.format), context, signal);
}

/** As bytes where they are asked for in the format that they are in. */
function contentOf(input: FilesEnd, as: Format | undefined, place: Place, context: Stores, signal: AbortSignal): Content {
  const stored = filesOf(input.uri, context).read(place, signal);
  const { format } = input;
  const bytes: Content = { kind: 'bytes', format, chunks: input.compression === 'gzip' ? gunzipped(stored) : stored };
  if (sameFormat(format, as)) return { ...bytes, chunks: readingAs(input, bytes.chunks) };
  return { kind: 'records', records: readingAs(input, recordsOf(bytes)) };
}

async function* placesIn(input: FilesEnd, context: Stores, signal: AbortSignal): AsyncGenerator<Place> {
  const files = filesOf(input.uri, context);
  let count = 0;
  for await (const place of readingAs(input, listed(input, files, signal))) {
    count += 1;
    yield place;
  }
  if (count === 0) throw failed('input', input, new Error('there is nothing to copy'));
}

async function* listed(input: FilesEnd, files: Files, signal: AbortSignal): AsyncGenerator<Place> {
  if (input.manifest) {
    yield* manifestEntries(placeOf(input.uri), files, signal);
  } else if (isFile(input)) {
    if (!await files.exists(placeOf(input.uri), signal)) throw new Error('there is no such file');
    yield placeOf(input.uri);
  } else {
    yield* files.list(input.uri, signal);
  }
}

/** By what the pipeline calls them, since a file is found by its name alone there. */
function targetName(input: FilesEnd, { name }: Place): string {
  return input.manifest ? placeOf(name).name : name;
}

function isFile({ uri, manifest }: FilesEnd): boolean {
  return !manifest && !uri.endsWith('/');
}

function terminatorOf(format?: Format): string | undefined {
  switch (format?.kind) {
    case 'delimited': return format.recordSeparator;
    case undefined: return undefined;
    default: return '\n';
  }
}

/** What fails while the input is read is the input's, wherever it is noticed. */
export async function* readingAs<T>(input: Told, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw failed('input', input, error);
  }
}

export async function failing<T>(side: 'input' | 'output', end: Told, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed(side, end, error);
  }
}

function failed(side: 'input' | 'output', { object, uri }: Told, error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  return new TaskFailure(COPY_FAILED, `${side} ${object} (${uri}): ${described(error)}`, { cause: error });
}
