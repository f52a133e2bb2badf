import fc from 'fast-check';
import { pipeline, shell } from './fixture';
import { expectInOrder, worlds } from './starter-worlds';
import { Starting } from './starting';
import { seededRandom } from '../../simulator/jsonata';
import { TaskFailure } from '../../simulator/task';
import { Schedule } from '../../src';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 30);
const SEED = Number(process.env.PROOF_SEED ?? 1);

const onDemand = pipeline({ schedule: Schedule.onDemand(), parameters: { number: '' } });
shell(onDemand, 'A');

test('whatever becomes of ticks and of Starters, every interval runs once, in order, and never too many at a time', async () => {
  const property = fc.asyncProperty(worlds, async (world) => expectInOrder(world));
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
}, 3_600_000);

test('whatever becomes of answers, every activation runs once', async () => {
  const activations = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 });
  const trouble = fc.record({ slow: fc.constantFrom(0, 0.5), lost: fc.constantFrom(0, 0.2) });
  const scenarios = fc.record({ pauses: activations, maxActiveInstances: fc.integer({ min: 1, max: 3 }), trouble, seed: fc.nat() });
  await fc.assert(fc.asyncProperty(scenarios, async ({ pauses, maxActiveInstances, trouble: { slow, lost }, seed }) => {
    const random = seededRandom(seed);
    const it: Starting = new Starting(onDemand, Schedule.onDemand(), {
      maxActiveInstances,
      seconds: () => 3,
      around: async (stateName, call) => {
        const answer = await call();
        if (stateName !== 'Work' && random() < slow) await it.clock.sleep(random() * 10_000);
        if (stateName !== 'Work' && random() < lost) throw new TaskFailure('Service.Unavailable', 'the answer is lost');
        return answer;
      },
    });
    for (const [number, pause] of pauses.entries()) {
      await it.pass(pause);
      void it.begin({ parameters: { number: String(number) } });
    }
    await it.settle();
    const ran = it.work.map(({ run }) => Number((it.started[run] as { parameters: { number: string } }).parameters.number));
    expect(ran.sort((a, b) => a - b)).toEqual([...pauses.keys()]);
    expect(it.mostAtWork).toBeLessThanOrEqual(maxActiveInstances);
  }), { numRuns: RUNS, seed: SEED, endOnFailure: true });
}, 3_600_000);
