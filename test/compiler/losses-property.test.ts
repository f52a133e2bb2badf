import fc from 'fast-check';
import { expectModel } from './modelled-run';
import { losses } from './random-losses';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 30);
const SEED = Number(process.env.PROOF_SEED ?? 1);

test('a cluster that is lost, at work or idle, is replaced for who needs it then, as the graph says', async () => {
  await fc.assert(fc.asyncProperty(losses, async (spec) => void await expectModel(spec)), { numRuns: RUNS, seed: SEED });
  process.stdout.write(`${RUNS} runs with lost clusters, seed ${SEED}\n`);
}, 3_600_000);
