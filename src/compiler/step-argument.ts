/**
 * Arguments of a step. Hive and Pig put the values of variables into the text of a script before they parse it, and a shell reads what
 * it is given as text: what only the run knows is made safe for the place where it stands, or the attempt fails before anything reads it.
 */
import { jsonata } from './asl';
import { Text, TextRenderer } from './text';
import { parseTemplate } from '../expression/parser';
import { jsonataString } from '../expression/value';
import type { PipelineObject } from '../pipeline-object';

export type StepArgument = Text | Composed | Split;

/** What a text with commas between its fields comes to in a run: its first field, or all others. */
export interface Split {
  readonly split: Text;
  readonly part: 'first' | 'others';
}

/** Text that stands as it is, and values. */
export interface Composed {
  readonly pieces: ReadonlyArray<string | { readonly value: Text; readonly stands: Standing }>;
}

/** Where a value stands in a text, and so what it may be. */
export enum Standing {
  /** Within quotes of Hive: whatever characters it has, they are escaped. */
  QUOTED = 'quoted',
  /** In the text of Hive: letters, digits, `_`, `.`, `:`, `+` and `-`, but not `--`, which begins a comment. */
  WORD = 'word',
  /** In the text of a shell, or of Pig: what has no meaning of its own there. */
  SHELL = 'shell',
  /** Wherever the user puts it: without what ends a literal or a statement, or begins a variable. */
  PLAIN = 'plain',
}

const ESCAPES = [['\\', '\\\\'], ["'", "\\'"], ['"', '\\"'], ['$', '\\u0024'], [';', '\\u003B'], ['\n', '\\n'], ['\r', '\\r']];
/** Regular expressions of JSONata. */
const REFUSED: Record<Exclude<Standing, Standing.QUOTED>, string> = {
  [Standing.WORD]: '/[^A-Za-z0-9_.:+-]|--/',
  [Standing.SHELL]: '/[^A-Za-z0-9_.:+=@%,\\/-]/',
  [Standing.PLAIN]: '/[\'"`\\\\;$\\n\\r]/',
};
const VALUE = /#\{|\$\{Token\[/;

/** A text as it stands within quotes of Hive or Pig. */
export function escaped(text: string): string {
  return ESCAPES.reduce((escaping, [character, escape]) => escaping.split(character).join(escape), text)
    .replace(/[\0-\x1f\x7f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function isComposed(value: unknown): value is Composed {
  return typeof value === 'object' && value !== null && 'pieces' in value;
}

export function isSplit(value: unknown): value is Split {
  return typeof value === 'object' && value !== null && 'split' in value;
}

export function argumentField(texts: TextRenderer, argument: StepArgument): string {
  if (isSplit(argument)) return jsonata(splitOperand(texts.operand(argument.split), argument.part));
  return isComposed(argument) ? jsonata(composedOperand(texts, argument.pieces)) : texts.field(argument);
}

const COMMA = jsonataString('\x01');

/** `\\,` and `\,` are a comma of a field, `\\` is a backslash. */
function splitOperand(text: string, part: Split['part']): string {
  const fields = `$split($replace(${text}, /\\\\\\\\?,/, ${COMMA}), ",")`;
  const field = (written: string) => `$replace($replace(${written}, ${jsonataString('\\\\')}, ${jsonataString('\\')}), ${COMMA}, ",")`;
  return part === 'first' ? field(`${fields}[0]`) : `[$map($filter(${fields}, function($field, $index){$index > 0}), function($field){${field('$field')}})]`;
}

/** JSONata of a text in pieces. */
export function composedOperand(texts: TextRenderer, pieces: Composed['pieces']): string {
  return pieces.map((piece) => typeof piece === 'string' ? jsonataString(piece) : safe(texts.operand(piece.value), piece.stands)).join(' & ');
}

function safe(operand: string, stands: Standing): string {
  if (stands === Standing.QUOTED) {
    return ESCAPES.reduce((escaping, [character, escape]) => `$replace(${escaping}, ${jsonataString(character)}, ${jsonataString(escape)})`, operand);
  }
  const refusal = jsonataString('has characters that a value may not have where it stands in a script: ');
  return `($value := ${operand}; $contains($value, ${REFUSED[stands]}) ? $error(${refusal} & $value) : $value)`;
}

/** A text whose expressions and tokens are values that stand so; the text itself where it has none. */
export function composed(object: PipelineObject, prop: string, text: string, stands: Standing): StepArgument {
  const pieces = textPieces(object, prop, text, stands);
  return pieces.length === 1 ? { object, prop, text } : { pieces };
}

export function textPieces(object: PipelineObject, prop: string, text: string, stands: Standing): Composed['pieces'] {
  return piecesOf(text).map((piece, index) => index % 2 === 0 ? piece : { value: { object, prop, text: piece }, stands });
}

/** What stands for itself, and what does not, in turn: expressions and CDK's tokens. The text has been checked. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (let open = rest.search(VALUE); open >= 0; open = rest.search(VALUE)) {
    const end = endOf(rest, open);
    pieces.push(rest.slice(0, open), rest.slice(open, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

function endOf(text: string, open: number): number {
  let end = text.indexOf('}', open) + 1;
  while (text[open] === '#' && !isWhole(text.slice(open, end))) end = text.indexOf('}', end) + 1;
  return end;
}

function isWhole(expression: string): boolean {
  try {
    return parseTemplate(expression).parts.length === 1;
  } catch {
    return false;
  }
}
