import { Token } from 'aws-cdk-lib';
import fc from 'fast-check';
import { allStates, runMachine } from './machines';
import { expectModel, resultOf } from './modelled-run';
import { build, pipelineSpecs } from './random-pipeline';
import { StubbedRun, unreliable } from './stubbed-run';
import { Json } from '../../simulator/task';
import { compile } from '../../src/compiler/compile';
import { objectsOf } from '../../src/compiler/objects';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 40);
const SEED = Number(process.env.PROOF_SEED ?? 1);

test('any run comes to what the graph says: statuses, attempts, alarms, and each start when the last dependency has settled', async () => {
  await fc.assert(fc.asyncProperty(pipelineSpecs, async (spec) => void await expectModel(spec)), { numRuns: RUNS, seed: SEED });
  process.stdout.write(`${RUNS} runs, seed ${SEED}\n`);
}, 3_600_000);

const LATEST = '9999-12-31T23:59:59.999Z';

test.each<[string, { [name: string]: Json }]>([
  ['the earliest time', { scheduledStartTime: '0001-01-01T00:00:00Z' }],
  ['the latest time', { scheduledStartTime: LATEST, scheduledEndTime: LATEST }],
  ['an offset', { scheduledStartTime: '2026-12-01T01:00:00+01:00' }],
  ['parameters that are none', { parameters: null }],
  ['parameters that are text', { parameters: 'x' }],
])('an input with %s is taken', async (_, input) => {
  const [spec] = fc.sample(pipelineSpecs, { numRuns: 1, seed: 3 });
  resultOf(await new StubbedRun(spec, build(spec)).run(input));
});

test.each<[string, { [name: string]: Json }]>([
  ['no time', { scheduledStartTime: null }],
  ['a time that is none', { scheduledEndTime: 'noon' }],
  ['a time that is a number', { scheduledStartTime: 1 }],
])('an input with %s is refused before anything is begun', async (_, input) => {
  const [spec] = fc.sample(pipelineSpecs, { numRuns: 1, seed: 3 });
  const run = new StubbedRun(spec, build(spec));
  const { status, error, cause } = await run.run(input);
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'DataPipeline.InvalidInput' });
  expect(cause).toMatch(/^The run could not begin\. Its input is \{scheduledStartTime, scheduledEndTime, parameters\?\}, times in ISO-8601\. .*scheduled(Start|End)Time/);
  expect(run.starts).toEqual({});
});

test('a run that the table does not take fails with what the table said', async () => {
  const [spec] = fc.sample(pipelineSpecs, { numRuns: 1, seed: 3 });
  expect(await new StubbedRun(spec, build(spec), unreliable(() => true)).run()).toEqual({
    status: 'FAILED', error: 'Service.Unavailable', cause: expect.stringMatching(/^The run could not begin\..* Service\.Unavailable: try again$/),
  });
});

test('states are named after their objects, and no token stands in an expression', () => {
  fc.assert(fc.property(pipelineSpecs, (spec) => {
    const { pipeline } = build(spec);
    const ids = new Set(objectsOf(pipeline).map(({ objectId }) => objectId).concat('Run'));
    for (const [name] of allStates(runMachine(pipeline))) {
      expect(name.length).toBeLessThanOrEqual(80);
      expect(ids).toContain(name.split(': ')[0]);
    }
    expect(expressionsIn(compile(pipeline._runs).definition).filter((expression) => Token.isUnresolved(expression))).toEqual([]);
  }), { numRuns: 30 });
});

function expressionsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('{%') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsIn) : [];
}
