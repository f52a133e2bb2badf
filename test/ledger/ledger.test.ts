import { readFileSync } from 'fs';
import { join } from 'path';
import documented from './data-pipeline-fields.json';
import { Comparison, isObsolete, isProp, MISSING } from './ledger';
import { MISSING_TYPES, OBJECT_TYPES } from './objects';
import { givenFields, page } from './page';
import { inShare } from '../share';

const TYPES = Object.keys(documented) as (keyof typeof documented)[];
const FIELDS = Object.values(OBJECT_TYPES).flatMap(({ fields }) => Object.values(fields));

test('every type has a construct, or is named as missing', () => {
  expect([...Object.keys(OBJECT_TYPES), ...MISSING_TYPES].sort()).toEqual([...TYPES].sort());
});

test.each(TYPES.filter((type) => type in OBJECT_TYPES))('the ledger has all fields of %s, and no others', (type) => {
  expect(Object.keys(OBJECT_TYPES[type].fields).sort()).toEqual(givenFields(type).sort());
});

// Each is two apps.
describe.each(Object.entries(OBJECT_TYPES))('what is synthesized depends on', (name, type) => {
  const comparison = new Comparison(type);
  const props = Object.entries(type.fields).flatMap(([field, where]) => isProp(where) ? [{ field, where }] : []).filter((_, index) => inShare(index));
  if (props.length > 0) test.each(props)(`${name}.$field`, ({ where }) => expect(comparison.differs(where)).toBe(true));
});

test('few fields cannot be, and no more are missing than were', () => {
  const share = (some: typeof FIELDS): number => some.length / FIELDS.length;
  expect(share(FIELDS.filter(isObsolete))).toBeLessThan(0.05);
  expect(share(FIELDS.filter((field) => field === MISSING))).toBeLessThan(0.08);
});

test('FIELDS.md says the same: `npx projen fields` writes it', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'FIELDS.md'), 'utf8')).toBe(page());
});
