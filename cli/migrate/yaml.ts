/** Text in YAML to a tree with positions; short intrinsics of CloudFormation (`!Ref`, `!Sub`) become the long ones (`{ Ref }`). */
import { Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, Node, parseDocument } from 'yaml';
import { Position } from '../../src/definition/definition';
import { Read, Tree, TreeEntry } from '../../src/definition/tree';

const NOTHING: Tree = { kind: 'null', at: { line: 1, column: 1 } };
const MOST_DEPTH = 64;
const SHORT = ['Ref', 'Condition', 'Base64', 'Cidr', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Select', 'Split', 'Sub', 'Transform'];

export function readYaml(text: string): Read<Tree> {
  const lineCounter = new LineCounter();
  const customTags = SHORT.flatMap((name) => (['scalar', 'seq', 'map'] as const).map((kind) => (
    kind === 'scalar' ? { tag: `!${name}`, resolve: (value: string) => value } : { tag: `!${name}`, collection: kind }
  )));
  const document = parseDocument(text, { lineCounter, customTags, schema: 'failsafe', uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { value: NOTHING, problems: [{ severity: 'error', at: { line, column: col }, message: `no YAML: ${error.message.split('\n')[0]}` }] };
  }
  return new Reader(document, lineCounter).read();
}

class Reader {
  private deep?: Position;

  constructor(private readonly document: Document.Parsed, private readonly lineCounter: LineCounter) {}

  read(): Read<Tree> {
    const value = this.tree(this.document.contents, 0);
    if (!this.deep) return { value, problems: [] };
    return { value: NOTHING, problems: [{ severity: 'error', at: this.deep, message: `lists and maps are nested deeper than ${MOST_DEPTH}` }] };
  }

  private tree(node: unknown, depth: number): Tree {
    const at = this.place(node);
    if (depth > MOST_DEPTH) this.deep ??= at;
    if (depth > MOST_DEPTH || node === null || node === undefined) return { kind: 'null', at };
    return this.tagged(node as Node, this.untagged(node as Node, at, depth), at);
  }

  private untagged(node: Node, at: Position, depth: number): Tree {
    if (isAlias(node)) return this.tree(node.resolve(this.document), depth + 1);
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.tree(item, depth + 1)) };
    if (isMap(node)) return { kind: 'map', at, entries: node.items.flatMap((pair) => this.entry(pair, depth + 1)) };
    const value = isScalar(node) ? node.value : undefined;
    return value === null || value === undefined ? { kind: 'null', at } : { kind: 'text', at, text: String(value) };
  }

  private entry(pair: unknown, depth: number): TreeEntry[] {
    if (!isPair(pair)) return [];
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    return [{ key, value: this.tree(pair.value, depth), at: this.place(pair.key) }];
  }

  private tagged({ tag }: Node, value: Tree, at: Position): Tree {
    const name = tag?.startsWith('!') ? tag.slice(1) : '';
    if (!SHORT.includes(name)) return value;
    return { kind: 'map', at, entries: [{ key: ['Ref', 'Condition'].includes(name) ? name : `Fn::${name}`, value, at }] };
  }

  private place(node: unknown): Position {
    const { line, col } = this.lineCounter.linePos((node as Partial<Node> | null)?.range?.[0] ?? 0);
    return { line, column: col };
  }
}
