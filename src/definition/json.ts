/** Text in JSON to a tree with positions. What is no JSON is an error with its line; size and depth are bounded. */
import { createScanner, Node, ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Position } from './definition';
import type { Problem } from './problem';
import type { Read, Tree, TreeEntry } from './tree';

const MOST_CHARACTERS = 10_000_000;
const MOST_DEPTH = 64;
/** How a token changes the depth. */
const STEPS: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };
const NOTHING: Tree = { kind: 'null', at: { line: 1, column: 1 } };

export function readJson(text: string): Read<Tree> {
  const problem = tooMuch(text);
  if (problem) return { value: NOTHING, problems: [problem] };
  const place = new Places(text);
  const errors: ParseError[] = [];
  const node = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const problems = errors.slice(0, 1).map((first) => syntaxError(first, text, place)); // what follows is of its making
  return { value: node ? treeOf(node, text, place) : NOTHING, problems };
}

function tooMuch(text: string): Problem | undefined {
  if (text.startsWith('\uFEFF')) return error('the file begins with a byte-order mark; save it as UTF-8 without one', { line: 1, column: 1 });
  if (text.length > MOST_CHARACTERS) return error(`the file has ${text.length} characters; a definition has at most ${MOST_CHARACTERS}`);
  const deep = depthBeyond(text, MOST_DEPTH);
  return deep === undefined ? undefined : error(`lists and objects are nested deeper than ${MOST_DEPTH}; a definition needs 4`, new Places(text).of(deep));
}

/** Where the nesting goes beyond a depth: the parser recurses. */
function depthBeyond(text: string, most: number): number | undefined {
  const scanner = createScanner(text, true);
  for (let depth = 0; scanner.getPosition() < text.length;) {
    scanner.scan();
    const token = scanner.getTokenLength() === 1 ? text.charAt(scanner.getTokenOffset()) : '';
    depth += STEPS[token] ?? 0;
    if (depth > most) return scanner.getTokenOffset();
  }
  return undefined;
}

function syntaxError({ error: code, offset }: ParseError, text: string, place: Places): Problem {
  const trailing = /,\s*$/.test(text.slice(Math.max(0, offset - 200), offset)) && /[\]}]/.test(text.charAt(offset));
  const words = printParseErrorCode(code).replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return error(`no JSON: ${trailing ? 'a comma before the end' : words}`, place.of(offset));
}

function error(message: string, at?: Position): Problem {
  return { severity: 'error', message, at };
}

function treeOf(node: Node, text: string, place: Places): Tree {
  const at = place.of(node.offset);
  const children = node.children ?? [];
  if (node.type === 'array') return { kind: 'list', at, items: children.map((child) => treeOf(child, text, place)) };
  if (node.type === 'object') return { kind: 'map', at, entries: children.flatMap((child) => entry(child, text, place)) };
  if (node.type === 'null') return { kind: 'null', at };
  return { kind: 'text', at, text: node.type === 'string' ? node.value as string : text.slice(node.offset, node.offset + node.length) };
}

function entry({ offset, children = [] }: Node, text: string, place: Places): TreeEntry[] {
  const [key, value] = children;
  return key && value ? [{ key: key.value as string, value: treeOf(value, text, place), at: place.of(offset) }] : [];
}

/** Lines and columns of offsets. */
class Places {
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  of(offset: number): Position {
    const line = this.lineOf(offset);
    return { line: line + 1, column: offset - this.starts[line] + 1 };
  }

  private lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
