/** Names in the `#{...}` of a text, and putting values in their place. Nothing is evaluated. */
import type { ExpressionNode, ReferenceNode, Template } from '../expression/ast';
import { ExpressionError } from '../expression/error';
import { parseTemplate } from '../expression/parser';

/** A name, and whether it is all that stands in the braces. */
export interface NameInText {
  readonly path: readonly string[];
  /** Offset in the text. */
  readonly from: number;
  readonly alone: boolean;
}

/** Signs, powers and parentheses of one expression. */
const MOST_NESTING = 200;

/**
 * @throws ExpressionError if an expression cannot be read
 */
export function namesIn(text: string): NameInText[] {
  return templateOf(text).parts.flatMap((part) => part.kind === 'literal' ? [] : referencesIn(part.expression)
    .map((reference) => ({ path: reference.path, from: reference.column - 1, alone: reference === part.expression })));
}

/**
 * As `parseTemplate`, which recurses: what nests without end is refused.
 *
 * @throws ExpressionError if an expression cannot be read
 */
export function templateOf(text: string): Template {
  for (const part of text.split('#{').slice(1)) {
    const end = part.indexOf('}');
    const nesting = (end < 0 ? part : part.slice(0, end)).match(/[(^-]/g)?.length ?? 0;
    if (nesting > MOST_NESTING) throw new ExpressionError(`an expression nests deeper than ${MOST_NESTING}`);
  }
  return parseTemplate(text);
}

function referencesIn(node: ExpressionNode): ReferenceNode[] {
  switch (node.kind) {
    case 'reference': return [node];
    case 'call': return node.args.flatMap(referencesIn);
    case 'operation': return [...referencesIn(node.left), ...referencesIn(node.right)];
    default: return [];
  }
}

/** The text with values in place of names, where there are any; a value is a text, which may have expressions itself. */
export function substitute(text: string, valueOf: (path: readonly string[]) => string | undefined): string {
  return namesIn(text).reverse().reduce((changed, name) => {
    const value = valueOf(name.path);
    const written = name.path.join('.');
    if (value === undefined || !changed.startsWith(written, name.from)) return changed;
    const until = name.from + written.length;
    if (name.alone) return changed.slice(0, changed.lastIndexOf('#{', name.from)) + value + changed.slice(changed.indexOf('}', until) + 1);
    const operand = operandOf(value);
    return operand === undefined ? changed : changed.slice(0, name.from) + operand + changed.slice(until);
  }, text);
}

/** A value inside a larger expression. */
function operandOf(value: string): string | undefined {
  if (/^\d+(\.\d+)?$/.test(value)) return value;
  const [, inner] = /^#\{([^{}]*)\}$/.exec(value) ?? [];
  if (inner !== undefined) return `(${inner})`;
  if (value.includes('#{')) return undefined;
  return value.includes("'") ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `'${value.replaceAll('\\', '\\\\')}'`;
}
