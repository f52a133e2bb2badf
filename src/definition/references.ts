/** Names in the `#{...}` of a text, and putting values in their place. Nothing is evaluated. */
import type { ExpressionNode, ReferenceNode } from '../expression/ast';
import { parseTemplate } from '../expression/parser';

/** A name, and whether it is all that stands in the braces. */
export interface NameInText {
  readonly path: readonly string[];
  /** Offset in the text. */
  readonly from: number;
  readonly alone: boolean;
}

/** Nested deeper, no expression is meant. */
const MOST_PARENTHESES = 64;

/**
 * @throws ExpressionError if an expression cannot be read
 */
export function namesIn(text: string): NameInText[] {
  return templateOf(text).parts.flatMap((part) => part.kind === 'literal' ? [] : referencesIn(part.expression)
    .map((reference) => ({ path: reference.path, from: reference.column - 1, alone: reference === part.expression })));
}

/** As `parseTemplate`, which recurses. */
export function templateOf(text: string): ReturnType<typeof parseTemplate> {
  const inside = text.split('#{').slice(1).some((part) => part.split('(').length > MOST_PARENTHESES || /-{64}|\^(?:[^}]*\^){64}/.test(part));
  return parseTemplate(inside ? text.replaceAll(/#\{[^}]*/g, '#{') : text);
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
