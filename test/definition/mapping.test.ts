import { TYPES } from '../../src/definition/mapping/types';
import { planDefinition } from '../../src/definition/plan-definition';
import { readDefinition } from '../../src/definition/read';
import { isObsolete } from '../ledger/ledger';
import { OBJECT_TYPES } from '../ledger/objects';

const NAMES = Object.keys(OBJECT_TYPES);

test.each(NAMES)('every field of %s has a rule', (name) => {
  const fields = Object.keys(OBJECT_TYPES[name].fields).filter((field) => field !== 'parent');
  expect(Object.keys(TYPES[name].fields)).toEqual(expect.arrayContaining(fields));
});

/** Hosts of what the Data API does are told as not needed; a service's log URI is the pipeline's. */
const NEEDLESS = ['runsOn', 'workerGroup'];

test.each(NAMES)('what cannot be of %s is told with the reason of the ledger', (name) => {
  for (const [field, entry] of Object.entries(OBJECT_TYPES[name].fields)) {
    if (!isObsolete(entry) || field === 'parent' || NEEDLESS.includes(field)) continue;
    const definition = { objects: [{ id: 'It', type: name, [field]: 'x' }] };
    const { entries } = planDefinition(readDefinition(JSON.stringify(definition)).value);
    const told = entries.find((each) => each.object === 'It' && each.field === field);
    expect([field, told?.why]).toEqual([field, expect.stringContaining(entry.reason.split(':')[0].replace(/\.$/, ''))]);
  }
});
