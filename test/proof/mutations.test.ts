import fc from 'fast-check';
import { Mutation, MUTATIONS } from './mutations';
import { checkDefinition } from '../../simulator/check';
import { Json } from '../../simulator/task';
import { expectLate, lateSpecs } from '../compiler/late-runs';
import { Definition } from '../compiler/machines';
import { expectModel } from '../compiler/modelled-run';
import { losses } from '../compiler/random-losses';
import { calmCrossings, pipelineSpecs } from '../compiler/random-pipeline';
import { expectInOrder, worlds } from '../compiler/starter-worlds';
import { inShare } from '../share';

/** In CI's tier all of them; a few are enough to show that the property bites. */
const TRIED = MUTATIONS.filter((_, index) => inShare(index, 24));
const SEED = Number(process.env.PROOF_SEED ?? 1);

type Altered = (machine: Json) => Json;

const PROPERTIES: Readonly<Record<Mutation['noticedBy'], (altered: Altered) => fc.IAsyncProperty<unknown>>> = {
  runs: (altered) => fc.asyncProperty(pipelineSpecs, async (spec) => void await expectModel(spec, altered)),
  crossings: (altered) => fc.asyncProperty(calmCrossings, async (spec) => void await expectModel(spec, altered)),
  losses: (altered) => fc.asyncProperty(losses, async (spec) => void await expectModel(spec, altered)),
  lateness: (altered) => fc.asyncProperty(lateSpecs, async (spec) => expectLate(spec, altered)),
  starting: (altered) => fc.asyncProperty(worlds, async (world) => expectInOrder(world, altered)),
};

test.each(TRIED)('the property of $noticedBy notices that $name', async ({ alter, noticedBy }) => {
  // A mutant that Step Functions would not take would prove nothing.
  const refused: string[] = [];
  const altered: Altered = (machine) => {
    const mutant = alter(machine as unknown as Definition) as unknown as Json;
    try {
      checkDefinition(mutant);
    } catch (error) {
      refused.push(String(error));
    }
    return mutant;
  };
  const { failed, numRuns } = await fc.check(PROPERTIES[noticedBy](altered), { numRuns: 300, seed: SEED, endOnFailure: true });
  process.stdout.write(`${failed ? 'noticed' : 'not noticed'} by case ${numRuns}, seed ${SEED}\n`);
  expect({ failed, refused }).toEqual({ failed: true, refused: [] });
}, 300_000);
