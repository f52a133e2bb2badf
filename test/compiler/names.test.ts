import fc from 'fast-check';
import { stateName, variableName } from '../../src/compiler/names';

const id = fc.oneof(fc.string({ minLength: 1, maxLength: 120 }), fc.string({ unit: fc.constantFrom('a', 'b', '/', '_'), minLength: 1, maxLength: 120 }));

test('a state is named after its object, and its step', () => {
  expect([stateName('Transform'), stateName('Transform', 'ready?'), stateName('Load/Orders')]).toEqual(['Transform', 'Transform: ready?', 'Load/Orders']);
});

test('a long id is cut in all its states alike, with a hash', () => {
  const long = 'x'.repeat(100);
  expect(stateName(long)).toMatch(/^x{47}~[0-9a-f]{8}$/);
  expect(stateName(long, 'ready?')).toBe(`${stateName(long)}: ready?`);
});

test('state names are at most 80 characters, and two ids never share one', () => {
  fc.assert(fc.property(id, id, (one, other) => {
    expect(stateName(one, 'settle failure').length).toBeLessThanOrEqual(80);
    expect(stateName(one) === stateName(other)).toBe(one === other);
  }));
});

test('variables are identifiers of JSONata, and two ids never share one', () => {
  fc.assert(fc.property(id, id, (one, other) => {
    expect(variableName('r', one)).toMatch(/^r_[A-Za-z0-9_]{1,69}$/);
    expect(variableName('r', one) === variableName('r', other)).toBe(one === other);
  }));
});
