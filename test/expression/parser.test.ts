import { ExpressionNode } from '../../src/expression/ast';
import { ExpressionError } from '../../src/expression/error';
import { parseExpression, parseTemplate } from '../../src/expression/parser';

/** The tree in prefix form. */
function shape(node: ExpressionNode): string {
  switch (node.kind) {
    case 'text': return JSON.stringify(node.text);
    case 'number': return node.integer ? `${node.value}` : `${node.value}d`;
    case 'reference': return node.path.join('/');
    case 'call': return `${node.name}(${node.args.map(shape).join(' ')})`;
    case 'operation': return `(${node.operator} ${shape(node.left)} ${shape(node.right)})`;
  }
}

test.each([
  ['@scheduledStartTime', '@scheduledStartTime'],
  ['node.@scheduledStartTime', 'node/@scheduledStartTime'],
  ['node.output.directoryPath', 'node/output/directoryPath'],
  ['*mySecret', '*mySecret'],
  ['my_secret * *mySecret', '(* my_secret *mySecret)'],
  ['makeDate(2011,5,24)', 'makeDate(2011 5 24)'],
  ['format( minusDays(@t , 1), "HH" )', 'format(minusDays(@t 1) "HH")'],
  ["@t.format('HH')", 'format(@t "HH")'],
  ["node.@t.format('HH')", 'format(node/@t "HH")'],
  ["midnight(@t).plusDays(1).format('HH')", 'format(plusDays(midnight(@t) 1) "HH")'],
  ['now()', 'now()'],
  ['1 + 2 * 3 - 4 / 5', '(- (+ 1 (* 2 3)) (/ 4 5))'],
  ['(1 + 2) * 3', '(* (+ 1 2) 3)'],
  ['2 ^ 3 ^ 4 * 5', '(* (^ 2 (^ 3 4)) 5)'],
  ['-a - -1.5', '(- (- 0 a) (- 0 1.5d))'],
  ['.5', '0.5d'],
  ['"it\\"s" + \'}#{\' + \'\\\\\'', '(+ (+ "it\\"s" "}#{") "\\\\")'],
  ["'${Token[TOKEN.12]}' + x", '(+ "${Token[TOKEN.12]}" x)'],
])('%s is %s', (text, expected) => {
  expect(shape(parseExpression(text))).toBe(expected);
});

test('a template is its literal parts and its expressions, with their columns', () => {
  expect(parseTemplate('${Token[TOKEN.1]}/#{ a }}#{day(@t)}')).toEqual({
    parts: [
      { kind: 'literal', text: '${Token[TOKEN.1]}/' },
      { kind: 'expression', expression: { kind: 'reference', path: ['a'], column: 22 } },
      { kind: 'literal', text: '}' },
      {
        kind: 'expression',
        expression: { kind: 'call', name: 'day', args: [{ kind: 'reference', path: ['@t'], column: 32 }], column: 28 },
      },
    ],
  });
});

test.each([
  ['raw/#{format(@t,', 5, "'#{' is not closed: add '}' after the expression, or write #{'#{'} for the two characters themselves"],
  ['raw/#{@t', 5, "'#{' is not closed"],
  ['raw/#{', 5, "'#{' is not closed"],
  ['raw/#{ }', 8, "'#{}' is empty: write an expression between the braces, such as #{@scheduledStartTime}"],
  ['#{a b}', 5, "expected an operator or '}', got 'b'"],
  ['#{a #{b}}', 5, "'#{' within an expression: nested expressions are written without braces of their own"],
  ['#{#{b}}', 3, "'#{' within an expression"],
  ['#{${Token[TOKEN.1]}}', 3, 'a value that is known only at deployment stands in an expression: put it in quotes, or outside of #{...}'],
  ['#{f(a, }', 8, "expected a name, a number, a quoted text or (, got '}'"],
  ['#{f(a}', 6, "expected an operator, ',' or ')', got '}'"],
  ['#{(a}', 5, "expected an operator, ',' or ')', got '}'"],
  ['#{a +}', 6, 'expected a name'],
  ["#{a + 'b}", 7, "the text that begins with ' is not closed: add '"],
  ["#{'a\\n'}", 5, "'\\n' is no escape: a backslash stands before ', \" or another backslash"],
  ['#{f(a).b}', 8, "'b' is read from a value that has no fields; only references have them"],
  ['#{a.}', 5, 'expected a name'],
  ['#{a == b}', 5, "expected an operator or '}', got '='"],
])('%s is refused at column %i', (text, column, message) => {
  const error = thrownBy(() => parseTemplate(text));
  expect(error.message).toContain(message);
  expect(error.column).toBe(column);
});

test('an expression that stands alone ends where the text ends', () => {
  expect(() => parseExpression('makeDate(2011,5,24)}')).toThrow("expected an operator or the end, got '}' (column 20)");
  expect(() => parseExpression('1 +')).toThrow('expected a name, a number, a quoted text or (, got the end (column 4)');
});

function thrownBy(parse: () => unknown): ExpressionError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
