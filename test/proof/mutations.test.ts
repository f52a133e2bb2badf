import fc from 'fast-check';
import { MUTATIONS } from './mutations';
import { checkDefinition } from '../../simulator/check';
import { Json } from '../../simulator/task';
import { Definition } from '../compiler/machines';
import { expectModel } from '../compiler/modelled-run';
import { pipelineSpecs } from '../compiler/random-pipeline';

/** In CI's tier all of them; a few are enough to show that the property bites. */
const TRIED = process.env.CI_TIERS ? MUTATIONS : MUTATIONS.filter((_, index) => index % 8 === 0);
const SEED = Number(process.env.PROOF_SEED ?? 1);

test.each(TRIED)('the property of runs notices that $name', async ({ alter }) => {
  // A mutant that Step Functions would not take would prove nothing.
  const refused: string[] = [];
  const altered = (run: Json): Json => {
    const mutant = alter(run as unknown as Definition) as unknown as Json;
    try {
      checkDefinition(mutant);
    } catch (error) {
      refused.push(String(error));
    }
    return mutant;
  };
  const property = fc.asyncProperty(pipelineSpecs, async (spec) => void await expectModel(spec, altered));
  const { failed, numRuns } = await fc.check(property, { numRuns: 300, seed: SEED, endOnFailure: true });
  process.stdout.write(`${failed ? 'noticed' : 'not noticed'} by pipeline ${numRuns}, seed ${SEED}\n`);
  expect({ failed, refused }).toEqual({ failed: true, refused: [] });
}, 300_000);
