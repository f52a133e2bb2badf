import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { pipeline, shell } from './fixture';
import { NOON, Starting } from './starting';
import { seededRandom } from '../../simulator/jsonata';
import { TaskFailure } from '../../simulator/task';
import { CatchUp, Schedule } from '../../src';

const MINUTE = 60_000;
const FIRST = NOON + MINUTE;
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
const nameOf = (index: number) => iso(FIRST + index * MINUTE).replaceAll(':', '-');

/** When a tick is delivered after it is due, in seconds, however often. */
const deliveries = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 300 })), { minLength: 0, maxLength: 3 });

const worlds = fc.record({
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
const onDemand = pipeline({ schedule: Schedule.onDemand(), parameters: { number: '' } });
shell(onDemand, 'A');
const STARTER_STATES = ['Read queue', 'Decide', 'Remember', 'Start run', 'Give back', 'Dispatch'];

test('whatever becomes of ticks and of Starters, every interval runs once, in order, and never too many at a time', async () => {
  await fc.assert(fc.asyncProperty(worlds, async ({ maxActiveInstances, ticks, durations, trouble, seed }) => {
    const random = seededRandom(seed);
    let troubled = true;
    const schedule = Schedule.rate(Duration.minutes(1), { startDateTime: new Date(FIRST) });
    const it: Starting = new Starting(scope, schedule, {
      maxActiveInstances,
      catchUp: CatchUp.all(),
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
  }), { numRuns: Number(process.env.STARTER_RUNS ?? 150), seed: Number(process.env.PROOF_SEED ?? 1), endOnFailure: true });
}, 120_000);

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
  }), { numRuns: Number(process.env.STARTER_RUNS ?? 150), seed: Number(process.env.PROOF_SEED ?? 1), endOnFailure: true });
}, 120_000);
