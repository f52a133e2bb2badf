import { ExpressionNode, Operator, ReferenceNode, Template, TemplatePart, TextNode } from './ast';
import { ExpressionError } from './error';

/**
 * Read a text with `#{...}` in it.
 *
 * @throws ExpressionError with the column of what cannot be read
 */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (let open = text.indexOf('#{'); open >= 0; open = text.indexOf('#{', from)) {
    if (open > from) parts.push({ kind: 'literal', text: text.slice(from, open) });
    const parser = new Parser(text, open + 2, open);
    parts.push({ kind: 'expression', expression: parser.upToBrace() });
    from = parser.position;
  }
  if (from < text.length) parts.push({ kind: 'literal', text: text.slice(from) });
  return { parts };
}

/**
 * Read an expression that stands without `#{` and `}`, such as `makeDate(2011,5,24)`.
 *
 * @throws ExpressionError with the column of what cannot be read
 */
export function parseExpression(text: string): ExpressionNode {
  return new Parser(text, 0).upToEnd();
}

const NAME = /[@*]?[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?|\.\d+/y;
const SPACE = /\s*/y;

/**
 * Recursive descent, one method a rule, loosest first:
 *
 *     sum     = product { ("+" | "-") product }
 *     product = power { ("*" | "/") power }
 *     power   = signed [ "^" power ]
 *     signed  = "-" signed | chain
 *     chain   = primary { "." name arguments }
 *     primary = number | text | "(" sum ")" | name [ arguments ] | name { "." name }
 */
class Parser {
  /** `open` is where the `#{` stands, if there is one. */
  constructor(private readonly text: string, public position: number, private readonly open?: number) {}

  upToBrace(): ExpressionNode {
    this.skipSpace();
    if (this.peek() === '}') throw this.error("'#{}' is empty: write an expression between the braces, such as #{@scheduledStartTime}", this.position);
    const expression = this.sum();
    if (!this.take('}')) throw this.unexpected("an operator or '}'");
    return expression;
  }

  upToEnd(): ExpressionNode {
    this.skipSpace();
    const expression = this.sum();
    if (this.peek() !== '') throw this.unexpected('an operator or the end');
    return expression;
  }

  private sum(): ExpressionNode {
    return this.leftToRight(['+', '-'], () => this.product());
  }

  private product(): ExpressionNode {
    return this.leftToRight(['*', '/'], () => this.power());
  }

  private leftToRight(operators: readonly Operator[], operand: () => ExpressionNode): ExpressionNode {
    let left = operand();
    for (;;) {
      const column = this.column();
      const operator = operators.find((candidate) => this.takeToken(candidate));
      if (operator === undefined) return left;
      left = { kind: 'operation', operator, left, right: operand(), column };
    }
  }

  private power(): ExpressionNode {
    const left = this.signed();
    const column = this.column();
    return this.takeToken('^') ? { kind: 'operation', operator: '^', left, right: this.power(), column } : left;
  }

  private signed(): ExpressionNode {
    const column = this.column();
    if (!this.takeToken('-')) return this.chain();
    return { kind: 'operation', operator: '-', left: { kind: 'number', value: 0, integer: true, column }, right: this.signed(), column };
  }

  private chain(): ExpressionNode {
    let receiver = this.primary();
    while (this.peek() === '.') {
      this.takeToken('.');
      const column = this.column();
      const name = this.name('the name of a function');
      if (this.peek() !== '(') throw this.error(`'${name}' is read from a value that has no fields; only references have them`, column - 1);
      receiver = { kind: 'call', name, args: [receiver, ...this.arguments()], column };
    }
    return receiver;
  }

  private primary(): ExpressionNode {
    const column = this.column();
    const char = this.peek();
    if (char === "'" || char === '"') return this.quoted();
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: 'number', value: Number(number), integer: !number.includes('.'), column };
    if (this.takeToken('(')) return this.closed(this.sum());
    const name = this.name('a name, a number, a quoted text or (');
    return this.peek() === '(' ? { kind: 'call', name, args: this.arguments(), column } : this.reference(name, column);
  }

  /** Stops before `.name(`: that is a call on what has been read. */
  private reference(first: string, column: number): ReferenceNode {
    const path = [first];
    while (this.peek() === '.') {
      const before = this.position;
      this.takeToken('.');
      const name = this.name('a name');
      if (this.peek() === '(') {
        this.position = before;
        break;
      }
      path.push(name);
    }
    return { kind: 'reference', path, column };
  }

  private arguments(): ExpressionNode[] {
    this.takeToken('(');
    const args: ExpressionNode[] = [];
    if (this.takeToken(')')) return args;
    do args.push(this.sum()); while (this.takeToken(','));
    return this.closed(args);
  }

  private closed<T>(content: T): T {
    if (!this.takeToken(')')) throw this.unexpected("an operator, ',' or ')'");
    return content;
  }

  private quoted(): TextNode {
    const column = this.column();
    const quote = this.text[this.position];
    let text = '';
    for (this.position += 1; this.position < this.text.length; this.position += 1) {
      if (this.take(quote)) {
        this.skipSpace();
        return { kind: 'text', text, column };
      }
      text += this.character();
    }
    throw this.error(`the text that begins with ${quote} is not closed: add ${quote}`, column - 1);
  }

  private character(): string {
    if (this.text[this.position] !== '\\') return this.text[this.position];
    this.position += 1;
    const escaped = this.text[this.position] ?? '';
    if (escaped === '' || !'\\\'"'.includes(escaped)) {
      throw this.error(`'\\${escaped}' is no escape: a backslash stands before ', " or another backslash`, this.position - 1);
    }
    return escaped;
  }

  private name(expected: string): string {
    const name = this.match(NAME);
    if (name === undefined) throw this.unexpected(expected);
    return name;
  }

  /** What matches here, with the space after it skipped, as every token's is. */
  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    this.skipSpace();
    return found;
  }

  private takeToken(token: string): boolean {
    const taken = this.take(token);
    if (taken) this.skipSpace();
    return taken;
  }

  private take(token: string): boolean {
    const taken = this.text.startsWith(token, this.position);
    if (taken) this.position += token.length;
    return taken;
  }

  private peek(): string {
    return this.text[this.position] ?? '';
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.position;
    this.position += SPACE.exec(this.text)![0].length;
  }

  private column(): number {
    return this.position + 1;
  }

  private error(problem: string, position: number): ExpressionError {
    return new ExpressionError(problem, position + 1);
  }

  private unexpected(expected: string): ExpressionError {
    const rest = this.text.slice(this.position);
    if (rest === '' && this.open !== undefined) {
      return this.error("'#{' is not closed: add '}' after the expression, or write #{'#{'} for the two characters themselves", this.open);
    }
    if (rest.startsWith('#{')) return this.error("'#{' within an expression: nested expressions are written without braces of their own", this.position);
    if (rest.startsWith('${Token[')) {
      return this.error('a value that is known only at deployment stands in an expression: put it in quotes, or outside of #{...}', this.position);
    }
    return this.error(`expected ${expected}, got ${rest === '' ? 'the end' : `'${rest[0]}'`}`, this.position);
  }
}
