import fc from 'fast-check';
import { expectModel } from './modelled-run';
import { losses } from './random-losses';
import { checkedOn, onResources, pipelineSpecs } from './random-pipeline';

/** In CI's tier there are more of them: a fifth of what others try, since each launches something. */
const RUNS = Math.ceil(Number(process.env.PROOF_CASES ?? 25) / 5);
const SEED = Number(process.env.PROOF_SEED ?? 1);

test.each([
  ['whatever fails', pipelineSpecs], ['whatever is lost', losses],
])('preconditions on clusters and instances come to what the graph says, %s', async (_, all) => {
  const specs = all.map(onResources).filter((spec) => checkedOn(spec).length > 0);
  await fc.assert(fc.asyncProperty(specs, async (spec) => void await expectModel(spec)), { numRuns: RUNS, seed: SEED });
}, 3_600_000);
