import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { pipeline, shell } from './fixture';
import { NOON, Starting } from './starting';
import { seededRandom } from '../../simulator/jsonata';
import { Json, TaskFailure } from '../../simulator/task';
import { CatchUp, Schedule } from '../../src';

const MINUTE = 60_000;
const FIRST = NOON + MINUTE;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
const nameOf = (index: number) => iso(FIRST + index * MINUTE).replaceAll(':', '-');

/** When a tick is delivered after it is due, in seconds, however often. */
const deliveries = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 300 })), { minLength: 0, maxLength: 3 });

/** What becomes of the ticks of a schedule, and how long its runs take. */
export const worlds = fc.record({
  maxActiveInstances: fc.integer({ min: 1, max: 4 }),
  ticks: fc.array(deliveries, { minLength: 1, maxLength: 12 }),
  /** Of the work of each run, in seconds. */
  durations: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 13, maxLength: 13 }),
  /** How often calls are slow, how often their answers are lost, and how often who makes them dies. */
  trouble: fc.record({ slow: fc.constantFrom(0, 0.5), lost: fc.constantFrom(0, 0.1), dies: fc.constantFrom(0, 0.05) }),
  seed: fc.nat(),
});

const scope = pipeline();
shell(scope, 'A');
const STARTER_STATES = ['Read queue', 'Decide', 'Remember', 'Start run', 'Give back'];

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

/** Expects that every interval runs once, in order, and never too many at a time; `altered` says what is run in place of the Starter. */
export async function expectInOrder(
  { maxActiveInstances, ticks, durations, trouble, seed }: World, altered?: (definition: Json) => Json,
): Promise<void> {
  const random = seededRandom(seed);
  let troubled = true;
  const schedule = Schedule.rate(Duration.minutes(1), { startDateTime: new Date(FIRST) });
  const it: Starting = new Starting(scope, schedule, {
    maxActiveInstances,
    catchUp: CatchUp.all(),
    altered,
    seconds: (run) => durations[Array.from({ length: 13 }, (_, index) => nameOf(index)).indexOf(run)],
    around: async (stateName, call) => {
      const dies = troubled && STARTER_STATES.includes(stateName) && random() < trouble.dies;
      if (dies && random() < 0.5) throw new TaskFailure('States.Runtime', 'died before the call');
      if (troubled && stateName !== 'Work' && random() < trouble.slow) await it.clock.sleep(random() * 3000);
      const answer = await call();
      if (dies) throw new TaskFailure('States.Runtime', 'died after the call');
      if (troubled && stateName !== 'Work' && random() < trouble.lost) throw new TaskFailure('Service.Unavailable', 'the answer is lost');
      return answer;
    },
  });
  const dueAt = (index: number) => FIRST + index * MINUTE;
  const due = ticks.flatMap((each, index) => each.map((late) => ({ scheduledTime: iso(dueAt(index)), at: dueAt(index) + late * 1000 })));
  for (const { at, scheduledTime } of due.sort((a, b) => a.at - b.at)) {
    await it.pass((at - it.clock.now()) / 1000);
    void it.begin({ scheduledTime });
  }
  await it.settle();
  // A tick in calmer times finds what is left; the one after it, what the first has found out.
  troubled = false;
  for (let again = 0; again < 3; again += 1) {
    await it.tick(iso(FIRST + ticks.length * MINUTE));
    await it.settle();
  }
  const all = Array.from({ length: ticks.length + 1 }, (_, index) => nameOf(index));
  expect(it.work.map(({ run }) => run)).toEqual(all);
  expect(it.mostAtWork).toBeLessThanOrEqual(maxActiveInstances);
}
