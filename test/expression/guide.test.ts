/** Each function and operator of the language occurs in a case with its value, at least. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpressionNode } from '../../src/expression/ast';
import { FUNCTIONS } from '../../src/expression/functions';
import { parseTemplate } from '../../src/expression/parser';

const FOLDER = join(__dirname, '..', 'cases', 'expressions');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const CASES = FILES.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Array<{ expression: string | string[] }>);
const NODES = CASES.flatMap(({ expression }) => [expression].flat())
  .flatMap((text) => parseTemplate(text).parts.flatMap((part) => part.kind === 'expression' ? within(part.expression) : []));

/** An expression, and all that it is made of. */
function within(node: ExpressionNode): ExpressionNode[] {
  switch (node.kind) {
    case 'call': return [node, ...node.args.flatMap(within)];
    case 'operation': return [node, ...within(node.left), ...within(node.right)];
    default: return [node];
  }
}

/** Of `dp-pipeline-reference-functions-datetime`, and of the example of `scriptArgument` in `dp-object-sqlactivity`. */
const SHIFTS = ['Minutes', 'Hours', 'Days', 'Weeks', 'Months', 'Years'].flatMap((unit) => [`plus${unit}`, `minus${unit}`]);
const DOCUMENTED = [
  ...SHIFTS, 'day', 'dayOfYear', 'firstOfMonth', 'format', 'hour', 'makeDate', 'makeDateTime', 'midnight', 'minute', 'month', 'sunday', 'year', 'yesterday', 'plusPeriod',
];

test('the functions are those of the guide, and inTimeZone', () => {
  expect([...FUNCTIONS.keys()].sort()).toEqual([...DOCUMENTED, 'inTimeZone'].sort());
});

test.each([...FUNCTIONS.keys()])('%s has a case', (name) => {
  expect(NODES.some((node) => node.kind === 'call' && node.name === name)).toBe(true);
});

test.each(['+', '-', '*', '/', '^'])('%s has a case', (operator) => {
  expect(NODES.some((node) => node.kind === 'operation' && node.operator === operator)).toBe(true);
});

test.each<[string, (node: ExpressionNode) => boolean]>([
  ['a whole number', (node) => node.kind === 'number' && node.integer],
  ['a number with a decimal point', (node) => node.kind === 'number' && !node.integer],
  ['a text with an escaped quote', (node) => node.kind === 'text' && node.text.includes('"')],
  ['a runtime field', (node) => node.kind === 'reference' && node.path[0].startsWith('@')],
  ['a runtime field of the referrer', (node) => node.kind === 'reference' && node.path[0] === 'node' && node.path[1].startsWith('@')],
  ['a field of what the referrer refers to', (node) => node.kind === 'reference' && node.path[0] === 'node' && node.path.length === 3],
  ['an encrypted field', (node) => node.kind === 'reference' && node.path[0].startsWith('*')],
  ['the id of the component', (node) => node.kind === 'reference' && node.path.join('.') === 'parent.@id'],
])('%s has a case', (_, shows) => expect(NODES.some(shows)).toBe(true));
