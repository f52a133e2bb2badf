import { invalidArgument } from './s3-error';

export interface ListingRequest {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly maxKeys?: number;
  readonly startAfter?: string;
  readonly continuationToken?: string;
}

export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined on the last. */
  readonly nextToken?: string;
}

export const MAX_KEYS = 1000;

/** One page of a listing. `keys` are those with the prefix, in order. */
export function listing(keys: readonly string[], request: ListingRequest): Listing {
  const { prefix = '', delimiter } = request;
  const limit = Math.min(request.maxKeys ?? MAX_KEYS, MAX_KEYS);
  const after = request.continuationToken === undefined ? request.startAfter ?? '' : decodeToken(request.continuationToken);
  const page = { keys: [] as string[], commonPrefixes: [] as string[] };
  let last: string | undefined;
  for (const key of keys) {
    const group = groupOf(key, prefix, delimiter);
    const entry = group ?? key;
    if (entry === last || !isAfter(key, after) || (group !== undefined && after.startsWith(group))) continue;
    if (page.keys.length + page.commonPrefixes.length === limit) {
      return { ...page, nextToken: last === undefined ? undefined : encodeToken(last) };
    }
    (group === undefined ? page.keys : page.commonPrefixes).push(entry);
    last = entry;
  }
  return page;
}

function groupOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** UTF-8 order, which differs from that of JavaScript's strings beyond the basic plane. */
function isAfter(key: string, after: string): boolean {
  return after === '' || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
}

function encodeToken(entry: string): string {
  return Buffer.from(entry).toString('base64url');
}

function decodeToken(token: string): string {
  const entry = Buffer.from(token, 'base64url').toString();
  if (entry === '') throw invalidArgument('The continuation token provided is incorrect');
  return entry;
}
