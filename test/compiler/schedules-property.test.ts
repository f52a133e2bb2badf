/** Random pipelines of two schedules, against a model that knows only which instance waits for which. */
import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { pipeline, shell } from './fixture';
import { Doing, ScheduledPipeline } from './scheduled-pipeline';
import { Schedule, ScheduleType, ShellCommandActivity } from '../../src';
import { isoTime, runName } from '../../src/contract/run';

/** In CI's tier there are more of them. */
const CASES = Number(process.env.PROOF_CASES ?? 12);
const SEED = Number(process.env.PROOF_SEED ?? 1);
const START = Date.UTC(2026, 11, 1);
const MINUTE = 60_000;
/** From the first interval on; those that begin later do not exist. */
const MINUTES = 180;

interface Activity {
  readonly schedule: 'default' | 'other';
  /** Whether it waits for each of those before it. */
  readonly after: readonly boolean[];
}

interface Spec {
  /** In minutes. */
  readonly periods: Readonly<Record<Activity['schedule'], number>>;
  readonly styles: Readonly<Record<Activity['schedule'], ScheduleType>>;
  readonly activities: readonly Activity[];
  readonly seed: number;
}

const style = fc.constantFrom(ScheduleType.CRON, ScheduleType.TIMESERIES);
const period = fc.constantFrom(15, 20, 30, 45, 60, 90);
const schedule = fc.constantFrom<Array<Activity['schedule']>>('default', 'other');
const specs: fc.Arbitrary<Spec> = fc.record({
  periods: fc.record({ default: period, other: period }),
  styles: fc.record({ default: style, other: style }),
  activities: fc.array(fc.record({ schedule, after: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }) }), { minLength: 1, maxLength: 4 })
    // One of each, so that the other schedule waits for the pipeline's own.
    .map((some): Activity[] => [{ schedule: 'default', after: [] }, ...some, { schedule: 'other', after: Array<boolean>(5).fill(true) }]),
  seed: fc.nat(1000),
});

/** Ids of what an activity waits for; the pipeline's own schedule waits for no other. */
function before({ activities }: Spec, index: number): number[] {
  return activities.slice(0, index).flatMap((each, other) => (
    activities[index].after[other] && (activities[index].schedule === 'other' || each.schedule === 'default') ? other : []
  ));
}

function doing({ seed }: Spec, object: string, run: string): Doing {
  const drawn = [...`${seed} ${object} ${run}`].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
  return { seconds: 1 + drawn % 1800, fails: drawn % 23 === 0 };
}

/** When each instance is taken up, by `<run>/<object>`. */
function model(spec: Spec): Record<string, string> {
  const starts: Record<string, string> = {};
  const known = new Map<string, { readonly time: number; readonly finished: boolean }>();
  const settled = (index: number, start: number): { readonly time: number; readonly finished: boolean } => {
    const name = `${index} ${start}`;
    const found = known.get(name) ?? settle(index, start);
    known.set(name, found);
    return found;
  };
  const settle = (index: number, start: number) => {
    const { schedule: own } = spec.activities[index];
    const length = spec.periods[own] * MINUTE;
    const begin = spec.styles[own] === ScheduleType.CRON ? start : start + length;
    const needed = before(spec, index).flatMap((other) => {
      const { schedule: its } = spec.activities[other];
      const meeting = intervals(spec.periods[its]).filter((each) => each < start + length && each + spec.periods[its] * MINUTE > start);
      return (its === own ? [start] : meeting).map((each) => settled(other, each));
    });
    const time = Math.max(begin, ...needed.map((each) => each.time));
    if (needed.some(({ finished }) => !finished)) return { time, finished: false };
    const run = runName(isoTime(start), own === 'default' ? '' : 'other-');
    const { seconds, fails } = doing(spec, `A${index}`, run);
    starts[`${run}/A${index}`] = new Date(time).toISOString();
    return { time: time + seconds * 1000, finished: !fails };
  };
  spec.activities.forEach((activity, index) => intervals(spec.periods[activity.schedule]).forEach((start) => settled(index, start)));
  return starts;
}

function intervals(minutes: number): number[] {
  return Array.from({ length: Math.floor(MINUTES / minutes) }, (_, index) => START + index * minutes * MINUTE);
}

async function simulated(spec: Spec): Promise<Record<string, string>> {
  const made = (name: Activity['schedule']) => Schedule.rate(Duration.minutes(spec.periods[name]), {
    startDateTime: new Date(START),
    occurrences: Math.floor(MINUTES / spec.periods[name]),
    scheduleType: spec.styles[name],
    ...(name === 'other' ? { scheduleName: name } : {}),
  });
  const scope = pipeline({ schedule: made('default'), maxActiveInstances: 100, maximumRetries: 0 });
  const activities: ShellCommandActivity[] = [];
  for (const [index, { schedule: its }] of spec.activities.entries()) {
    const dependsOn = before(spec, index).map((other) => activities[other]);
    activities.push(shell(scope, `A${index}`, { dependsOn, ...(its === 'other' ? { schedule: made('other') } : {}) }));
  }
  const running = new ScheduledPipeline(scope, new Date(START).toISOString(), (object, run) => doing(spec, object, run));
  await running.tick(new Date(START).toISOString(), new Date(START + MINUTES * MINUTE).toISOString(), spec.periods);
  await running.settle();
  return running.starts;
}

test('each instance starts when the last that it waits for has settled, in whichever runs', async () => {
  await fc.assert(fc.asyncProperty(specs, async (spec) => expect(await simulated(spec)).toEqual(model(spec))), { numRuns: CASES, seed: SEED });
}, 600_000);
