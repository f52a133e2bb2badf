/** A text with `#{...}` in it, read into data. Columns count from 1 in the text as given. */
export interface Template {
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = LiteralPart | ExpressionPart;

/** Text that stands for itself. CDK tokens in it survive: they are text to the parser. */
export interface LiteralPart {
  readonly kind: 'literal';
  readonly text: string;
}

export interface ExpressionPart {
  readonly kind: 'expression';
  readonly expression: ExpressionNode;
}

export type ExpressionNode = TextNode | NumberNode | ReferenceNode | CallNode | OperationNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
  readonly column: number;
}

export interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
  /** Written without a decimal point. Whole numbers divide without remainder. */
  readonly integer: boolean;
  readonly column: number;
}

/** `@scheduledStartTime`, `node.@scheduledStartTime`, `input.directoryPath`, `myParam`, `*mySecret`. */
export interface ReferenceNode {
  readonly kind: 'reference';
  readonly path: readonly string[];
  readonly column: number;
}

/** `format(t, 'HH')`, and `t.format('HH')`, which means the same. */
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  readonly column: number;
}

export type Operator = '+' | '-' | '*' | '/' | '^';

/** A sign is an operation on 0. */
export interface OperationNode {
  readonly kind: 'operation';
  readonly operator: Operator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
  readonly column: number;
}
