import fc from 'fast-check';
import { resultOf } from './modelled-run';
import { build, pipelineSpecs } from './random-pipeline';
import { ReferenceModel } from './reference-model';
import { StubbedRun, unreliable } from './stubbed-run';
import { seededRandom } from '../../simulator/jsonata';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 20);
const SEED = Number(process.env.PROOF_SEED ?? 1);

test('whatever fails and however often, every object of a run that has begun comes to a result, and no expression fails', async () => {
  let failures = 0;
  await fc.assert(fc.asyncProperty(pipelineSpecs, fc.integer(), async (spec, seed) => {
    const random = seededRandom(seed);
    const built = build(spec);
    const expected = await new ReferenceModel(spec, built.resources).run();
    const run = new StubbedRun(spec, built, unreliable((state) => state !== 'Run: begin' && random() < 0.3));
    const result = await run.run();
    const { objects } = resultOf(result);
    expect(Object.keys(objects).sort()).toEqual(Object.keys(expected.objects).sort());
    expect(run.overlappingSteps).toEqual([]);
    failures += Number(result.status === 'FAILED');
  }), { numRuns: RUNS, seed: SEED });
  expect(failures).toBeGreaterThan(0);
}, 3_600_000);
