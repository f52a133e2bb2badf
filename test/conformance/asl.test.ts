import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AslCase, CaseRun, ValidationCase } from './asl-case';
import { checkDefinition } from '../../simulator/check';
import { DefinitionError } from '../../simulator/errors';

const FOLDER = join(__dirname, 'asl');

/** Cases that the simulator does not interpret, by id, with the reason. */
const NOT_INTERPRETED: Readonly<Record<string, string>> = {};

const read = <T>(file: string): T => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
const index = read<{ id: string; file: string; queryLanguage: string }[]>('index.json');
const jsonata = index.filter(entry => entry.queryLanguage === 'JSONata');
const mixed = index.filter(entry => entry.queryLanguage === 'mixed');

test('the corpus is complete, and fewer than five cases are left out', () => {
  expect(jsonata).toHaveLength(73);
  expect(mixed).toHaveLength(13);
  expect(Object.keys(NOT_INTERPRETED).length).toBeLessThan(5);
});

describe('as the service does', () => {
  const cases = jsonata.filter(entry => !(entry.id in NOT_INTERPRETED)).map(entry => [entry.id, entry.file]);
  test.each(cases)('%s', async (_, file) => {
    const run = await CaseRun.of(read<AslCase>(file));
    run.expectResult();
    run.expectCalls();
    run.expectHistory();
  });
});

describe('JSONPath is refused by name', () => {
  test.each(mixed.map(entry => [entry.id, entry.file]))('%s', (_, file) => {
    const { definition } = read<AslCase>(file);
    expect(() => checkDefinition(definition)).toThrow(DefinitionError);
    expect(() => checkDefinition(definition)).toThrow(/state '[^']+': .*QueryLanguage.*JSONPath/);
  });
});

describe('definitions are judged as the service judges them', () => {
  const cases = read<ValidationCase[]>('validation.json');

  test.each(cases.filter(entry => entry.expected.result === 'FAIL').map(entry => [entry.id, entry.type, entry] as const))('%s %s is invalid', (_id, _type, entry) => {
    for (const diagnostic of entry.expected.diagnostics) {
      expect(() => checkDefinition(entry.definition)).toThrow(diagnostic.message);
    }
  });

  test.each(cases.filter(entry => entry.expected.result === 'OK').map(entry => [entry.id, entry] as const))('%s is valid, but for its JSONPath', (_, entry) => {
    expect(() => checkDefinition(entry.definition)).toThrow(/^state 'Pass': its QueryLanguage is JSONPath; only JSONata is interpreted: set QueryLanguage to JSONata$/);
  });
});
