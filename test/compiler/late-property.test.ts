import fc from 'fast-check';
import { expectLate, lateSpecs, modelled } from './late-runs';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 30);
const SEED = Number(process.env.PROOF_SEED ?? 1);

test('who is late is reported or ended then, and the rest of the run goes as the graph says', async () => {
  const seen = { ended: 0, reported: 0, cascaded: 0 };
  await fc.assert(fc.asyncProperty(lateSpecs, async (spec) => {
    await expectLate(spec);
    const { objects, alarms } = modelled(spec);
    const statuses = Object.values(objects).map(([status]) => status);
    seen.ended += Number(statuses.includes('CANCELED'));
    seen.cascaded += Number(statuses.includes('CASCADE_FAILED'));
    seen.reported += Number(alarms.length > 0);
  }), { numRuns: RUNS, seed: SEED });
  process.stdout.write(`${RUNS} runs with late objects: ${JSON.stringify(seen)}, seed ${SEED}\n`);
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
}, 3_600_000);
