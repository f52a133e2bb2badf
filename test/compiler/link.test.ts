import { folder, pipeline, shell } from './fixture';
import { S3DataNode, S3KeyExistsPrecondition } from '../../src';
import { link } from '../../src/compiler/link';
import { objectsOf } from '../../src/compiler/objects';
import { Pipeline } from '../../src/pipeline';

/** Each unit with the units that it waits for. */
function order(scope: Pipeline): Record<string, string[]> {
  return Object.fromEntries(link(objectsOf(scope)).units.map(({ id, after }) => [id, after.map((unit) => unit.id)]));
}

function guarded(scope: Pipeline, id: string): S3DataNode {
  const check = new S3KeyExistsPrecondition(scope, `${id}Ready`, { s3Key: `s3://data/${id}/_SUCCESS` });
  return new S3DataNode(scope, id, { directoryPath: `s3://data/${id}/`, preconditions: [check] });
}

test('who reads a data node waits for all that write it', () => {
  const scope = pipeline();
  const raw = folder(scope, 'Raw');
  shell(scope, 'Read', { input: [raw] });
  shell(scope, 'WriteOne', { output: [raw] });
  shell(scope, 'WriteTwo', { output: [raw] });
  expect(order(scope)).toEqual({ Read: ['WriteOne', 'WriteTwo'], WriteOne: [], WriteTwo: [] });
});

test('a data node that nothing writes is there', () => {
  const scope = pipeline();
  shell(scope, 'Read', { input: [folder(scope, 'Raw')] });
  expect(order(scope)).toEqual({ Read: [] });
});

test('dependsOn adds to what is read, and says nothing twice', () => {
  const scope = pipeline();
  const raw = folder(scope, 'Raw');
  const write = shell(scope, 'Write', { output: [raw] });
  shell(scope, 'Read', { input: [raw], dependsOn: [write, shell(scope, 'Other')] });
  expect(order(scope)).toEqual({ Write: [], Other: [], Read: ['Write', 'Other'] });
});

test('a data node with preconditions is a unit between its writers and its readers', () => {
  const scope = pipeline();
  const raw = guarded(scope, 'Raw');
  shell(scope, 'Write', { output: [raw] });
  shell(scope, 'Read', { input: [raw] });
  expect(order(scope)).toEqual({ Write: [], Read: ['Raw'], Raw: ['Write'] });
});

test('an activity that updates a data node does not wait for itself, but for the others that write it', () => {
  const scope = pipeline();
  const counts = folder(scope, 'Counts');
  shell(scope, 'Begin', { output: [counts] });
  shell(scope, 'Update', { input: [counts], output: [counts] });
  expect(order(scope)).toEqual({ Begin: [], Update: ['Begin'] });
});

test('a unit has the preconditions of its object', () => {
  const scope = pipeline();
  const [held, raw] = [new S3KeyExistsPrecondition(scope, 'Held', { s3Key: 's3://data/go' }), guarded(scope, 'Raw')];
  shell(scope, 'A', { preconditions: [held] });
  const { units, producers } = link(objectsOf(scope));
  expect(units.map(({ id, preconditions }) => [id, preconditions.map(({ objectId }) => objectId)])).toEqual([['A', ['Held']], ['Raw', ['RawReady']]]);
  expect([...producers]).toEqual([[raw, []]]);
});
