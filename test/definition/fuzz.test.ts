/** Mutated definitions: always a plan or problems, never a crash. FUZZ_CASES makes them more, FUZZ_SEED others. */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { DefinitionCase } from './outcome';
import { planDefinition } from '../../src/definition/plan-definition';
import { readDefinition } from '../../src/definition/read';

const CASES = join(__dirname, '..', 'cases', 'definitions');
const DEFINITIONS = readdirSync(CASES).map((name) => (JSON.parse(readFileSync(join(CASES, name), 'utf8')) as DefinitionCase).definition as Definition);

interface Definition { objects: Array<Record<string, unknown>>; [name: string]: unknown }

const FIELDS = [...new Set(DEFINITIONS.flatMap(({ objects }) => objects.flatMap((object) => Object.keys(object)))), 'constructor', '__proto__', 'toString', 'node'];
const IDS = [...new Set(DEFINITIONS.flatMap(({ objects }) => objects.map(({ id }) => String(id)))), 'Default', 'Run', '', 'a/b: c'];
const TEXTS = [
  '', ' ', '-1', '1e99', '0', 'true', '2 months', '99999999999 days', '#{', '#{}', '#{}}', '#{myX}', '#{*myX}', '#{a.b.c.d}', '#{node.node.node}', '#{input.input.command}',
  '#{constructor}', '#{__proto__.x}', '#{format(@scheduledStartTime,\'QQQ\')}', `#{${'('.repeat(500)}1`, `#{${'-'.repeat(5000)}1}`, `#{1${'^1'.repeat(5000)}}`, '#{command}',
  '#{myX + 1} Hours', 's3://', 's3://#{myX}', 's3://b/#{x', '${x}', 'ami-12345678', '\u0000', '\uD800', '{% $x %}', '2024-02-30T25:00:00', 'ONDEMAND', 'emr-4.0.0',
];
const mutation = fc.record({
  at: fc.nat(),
  field: fc.constantFrom(...FIELDS),
  value: fc.oneof(
    fc.constantFrom<unknown>(...TEXTS, null, true, 7, [], {}, [[]], [null]),
    fc.constantFrom(...IDS).map((ref) => ({ ref })),
    fc.array(fc.constantFrom(...IDS).map((ref) => ({ ref })), { maxLength: 4 }),
    fc.array(fc.constantFrom(...TEXTS), { maxLength: 3 }),
  ),
  how: fc.constantFrom('set', 'remove', 'copy', 'rename', 'type'),
});
const mutated = fc.tuple(fc.constantFrom(...DEFINITIONS), fc.array(mutation, { minLength: 1, maxLength: 6 }))
  .map(([definition, mutations]) => JSON.stringify(mutations.reduce(changed, definition)));
/** The text itself, too, with a character lost or another in its place. */
const text = fc.tuple(mutated, fc.option(fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', ']', ',', '\n', '\uFEFF')), { freq: 3 }))
  .map(([json, edit]) => edit ? json.slice(0, edit[0] % json.length) + edit[1] + json.slice(edit[0] % json.length + 1) : json);

function changed(definition: Definition, { at, field, value, how }: { at: number; field: string; value: unknown; how: string }): Definition {
  const objects = [...definition.objects];
  const index = at % objects.length;
  const object = objects[index];
  const keys = Object.keys(object);
  const key = keys[at % keys.length];
  if (how === 'copy') objects.push({ ...object, ...at % 2 ? { id: `${String(object.id)}-2` } : {} });
  else if (how === 'remove') objects[index] = Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  else if (how === 'type') objects[index] = { ...object, type: objects[at % 3 % objects.length].type };
  else objects[index] = { ...object, [how === 'rename' ? key : field]: value };
  return { ...definition, objects };
}

test('a definition is planned, or its problems are told', () => {
  const outcomes = new Set<string>();
  fc.assert(fc.property(text, (json) => {
    const { value, problems } = readDefinition(json);
    const planned = planDefinition(value, { parameterValues: { myX: '1' }, cutover: new Date('2027-01-01T00:00:00Z') });
    const all = [...problems, ...planned.problems];
    outcomes.add(all.some(({ severity }) => severity === 'error') ? 'errors' : 'a pipeline');
    for (const { message } of all) if (message.includes('hunter2') || / at .*\.ts:/.test(message)) throw new Error(message);
  }), { numRuns: Number(process.env.FUZZ_CASES ?? 1000), seed: Number(process.env.FUZZ_SEED ?? 7) });
  expect([...outcomes].sort()).toEqual(['a pipeline', 'errors']);
});
