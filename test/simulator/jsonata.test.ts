import { START } from './machine';
import { VirtualClock } from '../../simulator/clock';
import { compile, Evaluator, seededRandom } from '../../simulator/jsonata';
import { Json } from '../../simulator/task';

const evaluator = () => new Evaluator(new VirtualClock(START), seededRandom(0));
const value = (source: string, { states, ...variables }: { readonly [name: string]: Json } = {}) => (
  evaluator().evaluate(`{% ${source} %}`, { states, variables }, 'Output')
);

describe('what Step Functions adds', () => {
  test.each([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(1, 9, 4)', [1, 5, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$hash("input data", "SHA-1")', 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['$parse("{\\"a\\":[1]}")', { a: [1] }],
    ['$random(7) = $random(7)', true],
    ['$uuid() ~> /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/ ~> $exists', true],
  ])('%s', async (source, expected) => {
    expect(await value(source)).toEqual(expected);
  });

  test('$now and $millis follow the clock', async () => {
    expect(await value('$now()')).toBe('2026-12-01T00:00:00.000Z');
    expect(await value('$now("[Y]/[M01]")')).toBe('2026/12');
    expect(await value('$now("[H01]:[m01]", "+0530")')).toBe('05:30');
    expect(await value('$millis()')).toBe(START);
  });

  test('random numbers are the same for the same source', async () => {
    const drawn = async () => [await value('$random()'), await value('$uuid()')];
    expect(await drawn()).toEqual(await drawn());
  });
});

describe('what Step Functions refuses', () => {
  test.each([
    ['$eval("1")', '$eval is not available'],
    ['$map(["1"], $eval)', '$eval is not available'],
    ['$', '$ has no meaning at the top'],
    ['$.a', '$ has no meaning at the top'],
    ['$sum($$.a)', '$$ is not available'],
    ['$states.input[$$.a]', '$$ is not available'],
  ])('%s', (source, message) => {
    expect(() => compile(source)).toThrow(message);
  });

  test.each(['$states.input[$ > 1]', '$states.input.($ + 1)', '$states.input^($)', '$states.input{a: $}'])('but not %s', source => {
    expect(() => compile(source)).not.toThrow();
  });
});

describe('values that are errors', () => {
  const states = { input: { list: [1, 2] } };

  test.each([
    ['$states.input.missing', 'The JSONata expression \'$states.input.missing\' specified for the field \'Output\' returned nothing (undefined).'],
    ['$sum', 'returned an unsupported result type'],
    ['{"f": function($x){$x}}', 'returned an unsupported result type'],
    ['/a/', 'returned an unsupported result type'],
    ['$number("x")', 'threw an error during evaluation. D3030: Unable to cast value to a number: "x"'],
    ['$error("mine")', 'threw an error during evaluation. D3137: mine'],
    ['$range(1, 5000, 1)', 'at most 1,000 values'],
    ['$hash("x", "CRC")', '$hash knows MD5, SHA-1'],
  ])('%s', async (source, message) => {
    await expect(value(source, { states })).rejects.toThrow(message);
  });
});

test('a filter with one match yields the value itself; in brackets, an array', async () => {
  const states = { input: { list: [1, 2] } };
  expect(await value('$states.input.list[$ > 1]', { states })).toBe(2);
  expect(await value('[$states.input.list[$ > 1]]', { states })).toEqual([2]);
});

test('only whole strings are expressions, at any depth', async () => {
  const template = { a: ['{% 1 + 1 %}', ' {% 1 %}', { b: '{%\n "x" %}' }], c: null };
  expect(await evaluator().evaluate(template, { variables: {} }, 'Output')).toEqual({ a: [2, ' {% 1 %}', { b: 'x' }], c: null });
});
