import { VirtualClock } from '../../simulator/clock';
import { JsonObject } from '../../simulator/json';
import { Evaluator } from '../../simulator/jsonata';
import { Json } from '../../simulator/task';
import { withCommonArguments } from '../../src/compiler/common-arguments';

const COMMON = { TableName: 'a-table-of-a-pipeline', UpdateExpression: 'SET waiters = :waiters', ConsistentRead: true };

function task(index: number): JsonObject {
  const own = { Key: { S: '{% $run & "/" & $each.name %}' }, Note: `it's "${index}" of 100%} {% or so`, List: [1, { deep: '{% $run = "r" ? "yes" : "no" %}' }], None: null };
  return { Type: 'Task', Arguments: { ...COMMON, ...own }, Next: `S${index + 1}` };
}

const STATES = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`S${index}`, task(index)]));
const PARALLEL = { Parallel: { Type: 'Parallel', Branches: [{ States: STATES }] } };

test('what many have in common is a variable, in branches too, and all arguments come to what they came to', async () => {
  const { value, variables } = withCommonArguments(PARALLEL);
  expect(variables).toEqual({ m1: { ...COMMON, List: undefined, None: null } });
  const [{ States: shortened }] = (value as typeof PARALLEL).Parallel.Branches;
  for (const [name, { Arguments, ...others }] of Object.entries(STATES)) {
    const { Arguments: short, ...rest } = shortened[name];
    expect(rest).toEqual(others);
    expect(short).toMatch(/^\{% \$merge\(\[\$m1, /);
    expect(await evaluated(short as Json, variables as JsonObject)).toEqual(await evaluated(Arguments as Json, {}));
  }
});

test('what few have, is short, or has of its own what is known at deployment only, stays as it is', () => {
  const few = Object.fromEntries(Object.entries(STATES).slice(0, 9));
  const short = Object.fromEntries(Object.keys(STATES).map((name) => [name, { Arguments: { Id: 'x', Own: `{% $${name} %}` } }]));
  const deployed = Object.fromEntries(Object.keys(STATES).map((name) => [name, { Arguments: { ...COMMON, Own: `${name} \${Token[Other.1]}` } }]));
  for (const states of [few, short, deployed]) expect(withCommonArguments(states).value).toEqual(states);
});

function evaluated(template: Json, variables: JsonObject): Json | Promise<Json> {
  const evaluator = new Evaluator(new VirtualClock(0), () => 0.5);
  return evaluator.evaluate(template, { variables: { run: 'r', each: { name: 'n' }, ...variables }, states: {} }, 'Arguments');
}
