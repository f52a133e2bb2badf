import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import fc from 'fast-check';
import { folder, pipeline, shell } from './fixture';
import { Order } from './series-parallel';
import { Pipeline, S3DataNode, Schedule, SnsAlarm } from '../../src';
import { problems } from '../../src/compiler/compile';

/** Shell activities named after their numbers. */
function chained({ size, pairs }: Order): Pipeline {
  const scope = pipeline();
  const activities = Array.from({ length: size }, (_, index) => shell(scope, `A${index}`));
  for (const [first, second] of pairs) activities[second].dependsOn.push(activities[first]);
  return scope;
}

test('nothing is wrong with a chain', () => {
  expect(problems(chained({ size: 3, pairs: [[0, 1], [1, 2]] }))).toEqual([]);
});

test('an activity may update what others write too', () => {
  const scope = pipeline();
  const counts = folder(scope, 'Counts');
  shell(scope, 'Begin', { output: [counts] });
  shell(scope, 'Update', { input: [counts], output: [counts] });
  expect(problems(scope)).toEqual([]);
});

test('two activities that each update a data node wait for each other', () => {
  const scope = pipeline();
  const counts = folder(scope, 'Counts');
  for (const id of ['A', 'B']) shell(scope, id, { input: [counts], output: [counts] });
  expect(problems(scope)).toEqual(['Stack/P/B: dependsOn: waits for itself: B -> A -> B; remove one of these dependencies']);
});

test('a data node that is there from the start is never late', () => {
  const scope = pipeline({ schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01') }) });
  const lateness = { lateAfterTimeout: Duration.hours(1), onLateAction: [new SnsAlarm({ topic: new Topic(scope, 'Topic') })] };
  const nodes = ['Source', 'Written'].map((id) => new S3DataNode(scope, id, { directoryPath: `s3://data/${id}/`, ...lateness }));
  shell(scope, 'A', { input: [nodes[0]], output: [nodes[1]] });
  expect(problems(scope)).toEqual([
    'Stack/P/Source: lateAfterTimeout: nothing writes it and it has no preconditions, so that it is there from the start, and never late; leave it out',
  ]);
});

test('all that is wrong is said at once', () => {
  const scope = chained({ size: 2, pairs: [[0, 1], [1, 0]] });
  const loop = folder(scope, 'Loop');
  shell(scope, 'Own', { input: [loop], output: [loop] });
  expect(problems(scope)).toEqual([
    'Stack/P/Own: input: reads Stack/P/Loop, which only it writes; leave it out of input or output',
    'Stack/P/A1: dependsOn: waits for itself: A1 -> A0 -> A1; remove one of these dependencies',
  ]);
});

test('a cycle is found wherever it is, and what is printed is one: each waits for the one before it', () => {
  const lengths = fc.integer({ min: 2, max: 5 });
  fc.assert(fc.property(lengths, fc.array(fc.tuple(fc.nat(6), fc.nat(6)).filter(([a, b]) => a < b), { maxLength: 8 }), (length, others) => {
    const cycle = Array.from({ length }, (_, index) => [index, (index + 1) % length] as const);
    const pairs = [...cycle, ...others];
    const [message, ...rest] = problems(chained({ size: 7, pairs }));
    expect(rest).toEqual([]);
    const printed = /waits for itself: (.*);/.exec(message)?.[1].split(' -> ') ?? [];
    expect(printed.length).toBeGreaterThan(2);
    expect(printed.at(-1)).toBe(printed[0]);
    const edges = new Set(pairs.map(([first, second]) => `A${first} A${second}`));
    printed.slice(1).forEach((id, index) => expect(edges).toContain(`${printed[index]} ${id}`));
  }), { numRuns: 30 });
});
