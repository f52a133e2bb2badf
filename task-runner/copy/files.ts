import { Chunks } from './content';
import { HostFiles } from './host-files';
import { s3Location } from '../../src/contract/s3';
import { WorkContext } from '../handlers/handler';

export type Stores = Pick<WorkContext, 'storage' | 'objects'>;

/** A file or object: the URI of a directory, which ends in `/`, and its path below that. */
export interface Place {
  readonly directory: string;
  readonly name: string;
}

/** Where files are: in S3, or in directories of this host. A file is there as a whole when it has been written, and not before. */
export interface Files {
  /** All below a directory, in the order of their names. */
  list(directory: string, signal: AbortSignal): AsyncIterable<Place>;
  exists(place: Place, signal: AbortSignal): Promise<boolean>;
  read(place: Place, signal: AbortSignal): Chunks;
  write(place: Place, chunks: Chunks, signal: AbortSignal): Promise<void>;
  /** From a place of the same kind; where that is no more than one request, or one of it for each part. */
  copy?(from: Place, to: Place, signal: AbortSignal): Promise<void>;
}

export function placeOf(uri: string): Place {
  const slash = uri.lastIndexOf('/') + 1;
  return { directory: uri.slice(0, slash), name: uri.slice(slash) };
}

export function filesOf(uri: string, stores: Stores): Files {
  return uri.startsWith('s3://') ? inS3(stores) : new HostFiles();
}

function inS3({ storage, objects }: Stores): Files {
  const location = ({ directory, name }: Place) => s3Location(directory + name);
  return {
    async* list(directory, signal) {
      const prefix = s3Location(directory);
      for await (const { key, size } of storage.list(prefix, signal)) {
        // Consoles create such an empty object to show a folder.
        if (!key.endsWith('/') || size > 0) yield { directory, name: key.slice(prefix.key.length) };
      }
    },
    exists: async (place, signal) => await objects.size(location(place), signal) !== undefined,
    read: (place, signal) => objects.read(location(place), signal),
    write: async (place, chunks, signal) => objects.write(location(place), chunks, signal),
    copy: async (from, to, signal) => objects.copy(location(from), location(to), signal),
  };
}
