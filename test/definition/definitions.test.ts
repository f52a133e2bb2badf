import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { DefinitionCase, outcomeOf } from './outcome';
import { planDefinition } from '../../src/definition/plan-definition';
import { readDefinition } from '../../src/definition/read';

const CASES = join(__dirname, '..', 'cases', 'definitions');
const NAMES = readdirSync(CASES);
const read = (name: string): DefinitionCase => JSON.parse(readFileSync(join(CASES, name), 'utf8'));

test.each(NAMES)('%s becomes what it says', (name) => {
  const { definition, options, ...outcome } = read(name);
  expect(outcomeOf({ definition, options })).toEqual(outcome);
});

test.each(NAMES)('every field of %s has one entry', (name) => {
  const { definition, options } = read(name);
  const { value } = readDefinition(JSON.stringify(definition));
  const { entries } = planDefinition(value, { parameterValues: options?.parameterValues });
  const written = [
    ...value.objects.flatMap(({ id, name: called, fields }) => [...fields.map((field) => `${id}.${field.name}`), ...called === undefined ? [] : [`${id}.name`]]),
    ...value.parameters.flatMap(({ id, attributes }) => attributes.map((attribute) => `${id}.${attribute.name}`)),
  ];
  expect(entries.map(({ object, field }) => `${object}.${field}`).sort()).toEqual(written.sort());
});

test.each(NAMES)('no secret of %s is told', (name) => {
  const { definition, options } = read(name);
  const { value, problems } = readDefinition(JSON.stringify(definition));
  const planned = planDefinition(value, { parameterValues: options?.parameterValues });
  expect(JSON.stringify([planned, problems])).not.toContain('hunter2');
});
