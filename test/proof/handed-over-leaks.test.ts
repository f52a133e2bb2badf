jest.mock('../../src/compiler/many', () => ({ MANY: 0 }));

import { expectNoLeak } from './no-leak';
import { activityMachines } from '../compiler/machines';
import { build, pipelineSpecs } from '../compiler/random-pipeline';

const CASES = Number(process.env.PROOF_CASES ?? 20);
const specs = pipelineSpecs.filter((spec) => activityMachines(build(spec).pipeline).size > 0);

test('of a run whose steps other executions do, nothing is left 15 minutes after the end either', async () => {
  const { stopped } = await expectNoLeak(specs, CASES, Number(process.env.PROOF_SEED ?? 1));
  expect(stopped).toBeGreaterThan(0);
}, 3_600_000);
