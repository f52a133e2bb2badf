import type { Position } from './definition';
import type { Problem } from './problem';

/** What a file holds, whatever language it is in, with the places of its parts. Numbers and booleans are as they were written. */
export type Tree =
  | { readonly kind: 'text'; readonly text: string; readonly at: Position }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly at: Position }
  | { readonly kind: 'map'; readonly entries: readonly TreeEntry[]; readonly at: Position }
  | { readonly kind: 'null'; readonly at: Position };

/** A key may come more than once. */
export interface TreeEntry {
  readonly key: string;
  readonly value: Tree;
  readonly at: Position;
}

/** What has been read, as far as it could be. */
export interface Read<T> {
  readonly value: T;
  readonly problems: Problem[];
}

/** The first entry of a map with one of these keys. */
export function entryOf(tree: Tree | undefined, ...keys: readonly string[]): TreeEntry | undefined {
  return tree?.kind === 'map' ? tree.entries.find(({ key }) => keys.includes(key)) : undefined;
}
