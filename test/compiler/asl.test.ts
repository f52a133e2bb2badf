import { merged } from '../../src/compiler/asl';

test('states of fragments are those of one, and none of them overwrites another', () => {
  expect(merged({ A: { Type: 'Pass' } }, undefined, { constructor: { Type: 'Wait' } })).toEqual({ A: { Type: 'Pass' }, constructor: { Type: 'Wait' } });
  expect(() => merged({ A: { Type: 'Pass' } }, { A: { Type: 'Pass' } })).toThrow('two states of a machine have the name "A": this is a defect of cdk-data-pipeline');
});
