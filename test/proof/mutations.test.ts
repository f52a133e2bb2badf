/** The property tests bite: each deliberate mistake of the compiler is noticed. In CI's tier; skipped where CI_TIERS is not set. */
import fc from 'fast-check';
import { MUTATIONS } from './mutations';
import { DefinitionError } from '../../simulator/errors';
import { Json } from '../../simulator/task';
import { expectModel } from '../compiler/modelled-run';
import { PipelineSpec, pipelineSpecs } from '../compiler/random-pipeline';

const PIPELINES = 400;
const bites = process.env.CI_TIERS ? test.each(MUTATIONS) : test.skip.each(MUTATIONS);

bites('$name: is noticed', async ({ alter }) => {
  let altered = 0;
  for (const spec of fc.sample(pipelineSpecs, { numRuns: PIPELINES, seed: 1 })) {
    let differs = false;
    const noticed = await notices(spec, (definition) => {
      const mutant = alter(definition);
      differs = JSON.stringify(mutant) !== JSON.stringify(definition);
      return mutant;
    });
    altered += Number(differs);
    if (noticed) return expect(altered).toBeGreaterThan(0);
  }
  throw new Error(`not noticed in ${PIPELINES} pipelines, ${altered} of which it alters`);
}, 600_000);

/** A machine that the simulator refuses would prove nothing. */
async function notices(spec: PipelineSpec, alter: (definition: Json) => Json): Promise<boolean> {
  try {
    await expectModel(spec, alter);
    return false;
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    return true;
  }
}
