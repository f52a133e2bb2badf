import fc from 'fast-check';
import { isObject } from '../../simulator/json';
import { expressionIn } from '../../simulator/json-template';
import { compile } from '../../simulator/jsonata';
import { GIVEN_UP } from '../../simulator/jsonata-functions';
import { Json } from '../../simulator/task';
import { EXAMPLES } from '../checks/examples';
import { inShare } from '../share';

const SEED = Number(process.env.PROOF_SEED ?? 1);
/** In CI's tier there are more of them. */
const RUNS = process.env.CI_TIERS ? 2000 : 500;
const NOW = Date.UTC(2026, 11, 1);
const TIMES = ['2026-12-01T00:00:00Z', '2026-12-01T01:02:03.004Z', '2026-12-01', 'noon'];

function expressionsOf(value: unknown): string[] {
  const source = expressionIn(value);
  if (source !== undefined) return [source];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsOf) : [];
}

/** Of all machines of the examples, one of those that differ in their texts only. */
const expressions = [...new Map(EXAMPLES.flatMap(({ templates }) => (
  templates().flatMap((template) => template.stateMachines.flatMap(({ definition }) => expressionsOf(definition)))
)).map((source) => [source.replace(/"[^"]*"|'[^']*'/g, '""'), source])).values()];

const nodesOf = (ast: unknown): Array<Record<string, unknown>> => {
  if (Array.isArray(ast)) return ast.flatMap(nodesOf);
  return isObject(ast) ? [ast, ...Object.values(ast).flatMap(nodesOf)] : [];
};

/** Values for an expression's variables, made of the names and the texts that stand in it. */
function worlds(source: string): fc.Arbitrary<Record<string, Json>> {
  const nodes = nodesOf(compile(source).expression.ast());
  const valuesOf = (type: string) => nodes.filter((node) => node.type === type && typeof node.value === 'string').map(({ value }) => String(value));
  const [names, texts] = [[...valuesOf('name'), ...valuesOf('string'), 'x'], [...valuesOf('string'), ...TIMES, '', 'a💩']];
  const leaf = fc.oneof(fc.constantFrom(...texts), fc.integer({ min: -2, max: 4 }), fc.constantFrom(0.1 + 0.2, 1e21, NOW, true, false, null));
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      leaf as fc.Arbitrary<Json>,
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: names.length, noNullPrototype: true }) as fc.Arbitrary<Json>,
      fc.array(tie('tree'), { maxLength: 3 }) as fc.Arbitrary<Json>,
    ),
  }));
  const variables = [...new Set(valuesOf('variable'))].filter((name) => !BUILTIN.includes(name));
  const made = fc.record(Object.fromEntries(variables.map((name) => [name, tree])), { requiredKeys: [], noNullPrototype: true });
  return made as fc.Arbitrary<Record<string, Json>>;
}

const BUILTIN = ['substringBefore', 'append', 'exists', 'not', 'string', 'length', 'substring', 'substringAfter', 'contains', 'join', 'replace', 'floor', 'max', 'min', 'count', 'keys',
  'lookup', 'merge', 'map', 'filter', 'sift', 'millis', 'now', 'toMillis', 'fromMillis', 'number', 'distinct', 'match', 'partition', 'hash', 'parse', 'ceil', 'sum'];

const asJson = (value: unknown) => value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as Json;

/** What the closure says, and JSONata; undefined where it leaves the matter to JSONata. */
async function bothOf(source: string, world: Record<string, Json>): Promise<{ closure: unknown; jsonata: unknown } | undefined> {
  const { expression, closure } = compile(source);
  let said: Json | undefined;
  try {
    if (!closure) return undefined;
    const { states, ...variables } = world;
    said = closure({ states, variables, now: NOW });
  } catch (error) {
    if (error === GIVEN_UP) return undefined;
    throw error;
  }
  const clock = { millis: () => NOW, now: () => new Date(NOW).toISOString() };
  const thrown = (error: unknown) => ({ thrown: (error as { code: string }).code });
  return { closure: said, jsonata: await expression.evaluate(undefined, { ...clock, ...world }).then(asJson, thrown) };
}

test('on whatever values, closures of all expressions in the examples come to what JSONata comes to, or give up', async () => {
  let [said, all] = [0, 0];
  for (const source of expressions.filter((_, index) => inShare(index))) {
    await fc.assert(fc.asyncProperty(worlds(source), async (world) => {
      const both = await bothOf(source, world);
      all += 1;
      said += Number(both !== undefined);
      expect(both?.closure).toEqual(both?.jsonata);
    }), { numRuns: 8, seed: SEED });
  }
  expect(said / all).toBeGreaterThan(0.3);
}, 600_000);

test('most expressions have a closure', () => {
  const left = expressions.filter((source) => !compile(source).closure);
  expect(left.length / expressions.length).toBeLessThan(0.08);
});

/** Texts of expressions, of all that closures know. */
const { expression: sources } = fc.letrec<{ expression: string }>((tie) => {
  const part = tie('expression');
  const call = (name: string, ...args: fc.Arbitrary<string>[]) => fc.tuple(...args).map((each) => `$${name}(${each.join(', ')})`);
  const each = part.map((body) => `function($v, $i) { ${body} }`);
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('$a', '$a.b', '$a.b.c', '$d.b', '$d', '$v', '$i', '"b"', '""', '1', '0.5', 'true', 'null'),
      fc.tuple(part, fc.constantFrom('&', '=', '!=', 'in', '<', '>=', '+', '-', '*', '/', 'and', 'or'), part).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(part, part, part).map(([condition, then, otherwise]) => `(${condition} ? ${then} : ${otherwise})`),
      fc.tuple(part, part).map(([condition, then]) => `(${condition} ? ${then})`),
      fc.array(part, { maxLength: 3 }).map((members) => `[${members.join(', ')}]`),
      fc.array(part, { maxLength: 2 }).map((values) => `{${values.map((value, index) => `"${'bc'[index]}": ${value}`).join(', ')}}`),
      fc.tuple(part, part).map(([key, value]) => `{${key}: ${value}}`),
      fc.tuple(part, part).map(([value, then]) => `($v := ${value}; $f := function($i) { ${then} }; $f($v))`),
      fc.tuple(part, fc.constantFrom('.b', '.b.c', '.*', '.b.*', '[0]', '[1]', '[0].b', '.{"c": b}', '.b.{"b": c, "c": $a}')).map(([value, further]) => `(${value})${further}`),
      fc.tuple(part, fc.constantFrom('b', 'c', 'b.c'), part).map(([value, name, wanted]) => `(${value}).b[${name} = ${wanted}]`),
      part.map((value) => `$contains(${value}, /^a?b/)`),
      ...['exists', 'not', 'string', 'length', 'floor', 'max', 'min', 'count', 'keys', 'merge', 'ceil', 'number', 'distinct', 'toMillis', 'fromMillis', 'sum', 'parse'].map((name) => call(name, part)),
      ...['map', 'filter', 'sift'].map((name) => call(name, part, each)),
      ...['lookup', 'join', 'contains', 'substringAfter', 'substringBefore', 'substring', 'fromMillis', 'append'].map((name) => call(name, part, part)),
      call('substring', part, part, part),
      call('replace', part, part, part),
    ),
  };
});

test('on whatever values, closures of whatever expressions come to what JSONata comes to, or give up', async () => {
  let said = 0;
  const values = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Json>('b', '', 'abc', 0, 1, 2, -1, 0.5, true, false, null, NOW, TIMES[0]),
      fc.dictionary(fc.constantFrom('b', 'c'), tie('tree'), { noNullPrototype: true }) as fc.Arbitrary<Json>,
      fc.array(tie('tree'), { maxLength: 3 }) as fc.Arbitrary<Json>,
    ),
  })).tree;
  await fc.assert(fc.asyncProperty(sources, values, values, async (source, a, d) => {
    const both = await bothOf(source, { a, d, v: 1, i: 'b' });
    said += Number(both !== undefined);
    expect(both?.closure).toEqual(both?.jsonata);
  }), { numRuns: RUNS, seed: SEED });
  expect(said).toBeGreaterThan(RUNS / 10);
}, 600_000);
