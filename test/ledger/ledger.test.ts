import { readFileSync } from 'fs';
import { join } from 'path';
import documented from './data-pipeline-fields.json';
import { Comparison, isObsolete, isProp } from './ledger';
import { OBJECT_TYPES } from './objects';
import { givenFields, page } from './page';
import { inShare } from '../share';

const TYPES = Object.keys(documented) as (keyof typeof documented)[];
const FIELDS = Object.values(OBJECT_TYPES).flatMap(({ fields }) => Object.values(fields));

test('every type has a construct', () => {
  expect(Object.keys(OBJECT_TYPES).sort()).toEqual([...TYPES].sort());
});

test.each(TYPES)('the ledger has all fields of %s, and no others', (type) => {
  expect(Object.keys(OBJECT_TYPES[type].fields).sort()).toEqual(givenFields(type).sort());
});

// Each is two apps.
describe.each(Object.entries(OBJECT_TYPES))('what is synthesized depends on', (name, type) => {
  const comparison = new Comparison(type);
  const props = Object.entries(type.fields).flatMap(([field, where]) => isProp(where) ? [{ field, where }] : [])
    .filter((_, index) => inShare(index, 16));
  if (props.length > 0) test.each(props)(`${name}.$field`, ({ where }) => expect(comparison.differs(where)).toBe(true));
});

test('few fields cannot be', () => {
  expect(FIELDS.filter(isObsolete).length / FIELDS.length).toBeLessThan(0.05);
});

test('FIELDS.md says the same: `npx projen fields` writes it', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'FIELDS.md'), 'utf8')).toBe(page());
});
