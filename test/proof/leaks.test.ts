import { expectNoLeak } from './no-leak';
import { pipelineSpecs } from '../compiler/random-pipeline';

/** Faults and stops in all. */
const CASES = Number(process.env.PROOF_CASES ?? 30);
const seed = Number(process.env.PROOF_SEED ?? 1);

test('of any pipeline, whatever fails and wherever it is stopped, nothing is left 15 minutes after the end', async () => {
  const { cases, stopped } = await expectNoLeak(pipelineSpecs, CASES, seed);
  process.stdout.write(`${cases} cases, ${stopped} of them stopped, seed ${seed}\n`);
  expect(stopped).toBeGreaterThan(0);
}, 3_600_000);
