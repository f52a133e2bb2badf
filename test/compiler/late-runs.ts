/** Random pipelines of which some activities are late, against a model that knows only the graph and the times. */
import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import fc from 'fast-check';
import { pipeline, shell } from './fixture';
import { crossings, Order, orders, seriesParallelOrders } from './series-parallel';
import { TimedRun } from './timed-run';
import { Json } from '../../simulator/task';
import { Activity, FailureAndRerunMode, Pipeline, Schedule, ScheduleType, SnsAlarm, Terminate } from '../../src';
import { ObjectStatus } from '../../src/contract/run';

/** An activity `A<n>`: how long it takes, by when it must have finished, and what is done if it has not. */
interface LateWork {
  readonly seconds: number;
  /** In seconds; each has another. */
  readonly late: number;
  readonly action: 'none' | 'alarm' | 'terminate' | 'both';
}

export interface LateSpec {
  readonly order: Order;
  readonly works: readonly LateWork[];
  readonly cascade: boolean;
}

interface LateRun {
  /** Status and attempts of each activity. */
  readonly objects: Readonly<Record<string, readonly [ObjectStatus, number]>>;
  /** In seconds since the start of the run, like all times. */
  readonly starts: Readonly<Record<string, number>>;
  /** `<time>: <activity> late` */
  readonly alarms: readonly string[];
  readonly seconds: number;
}

const MOST = 8;

const works = (size: number): fc.Arbitrary<LateWork[]> => fc.array(fc.record({
  // What takes time ends a little after a whole second, and all late times are whole: nothing is late by nothing.
  seconds: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds + 0.001),
  late: fc.integer({ min: 1, max: 15 }),
  action: fc.constantFrom('none', 'none', 'alarm', 'terminate', 'both'),
}), { minLength: size, maxLength: size }).map((all) => all.map((each, index) => ({ ...each, late: each.late * MOST + index })));

export const lateSpecs: fc.Arbitrary<LateSpec> = fc.oneof(seriesParallelOrders(MOST), orders(MOST), crossings(MOST))
  .chain((order) => fc.record({ order: fc.constant(order), works: works(order.size), cascade: fc.boolean() }));

/** Expects that a run comes to what the graph says; `altered` says what is run in place of the machine. */
export async function expectLate(spec: LateSpec, altered?: (definition: Json) => Json): Promise<void> {
  expect(await simulated(spec, altered)).toEqual(modelled(spec));
}

/** What a run comes to, from the graph and the times alone. */
export function modelled({ order, works: all, cascade }: LateSpec): LateRun {
  const [objects, starts]: [Record<string, readonly [ObjectStatus, number]>, Record<string, number>] = [{}, {}];
  const settled: number[] = [];
  all.forEach(({ seconds, late, action }, index) => {
    const before = order.pairs.filter(([, second]) => second === index).map(([first]) => first);
    const statuses = before.map((each) => objects[`A${each}`][0]);
    const ready = round(Math.max(0, ...before.map((each) => settled[each])));
    const deadline = action === 'terminate' || action === 'both' ? late : Infinity;
    const settle = (time: number, status: ObjectStatus, attempts: number) => {
      settled[index] = round(time);
      objects[`A${index}`] = [status, attempts];
    };
    if (cascade && statuses.some((status) => status === 'CANCELED' || status === 'CASCADE_FAILED')) return settle(ready, 'CASCADE_FAILED', 0);
    if (statuses.some((status) => status !== 'FINISHED')) return settle(ready, 'WAITING_ON_DEPENDENCIES', 0);
    if (ready >= deadline) return settle(ready, 'CANCELED', 0);
    starts[`A${index}`] = ready;
    return ready + seconds < deadline ? settle(ready + seconds, 'FINISHED', 1) : settle(deadline, 'CANCELED', 1);
  });
  const seconds = Math.max(...settled);
  const reported = all.flatMap(({ late, action }, index) => (
    (action === 'alarm' || action === 'both') && late <= settled[index] && late <= seconds ? [`${late}: A${index} late`] : []));
  return { objects, starts, alarms: reported.sort(), seconds };
}

async function simulated(spec: LateSpec, altered?: (definition: Json) => Json): Promise<LateRun> {
  const durations = Object.fromEntries(spec.works.map(({ seconds }, index) => [`A${index}`, seconds]));
  const run = new TimedRun(build(spec), durations, { altered });
  const { objects, seconds } = await run.run();
  return {
    objects: Object.fromEntries(Object.entries(objects).map(([id, { status, attempts }]) => [id, [status, attempts]])),
    starts: run.starts,
    alarms: run.alarms.map((text) => text.split(': ').slice(0, 2).join(': ')).sort(),
    seconds,
  };
}

function build({ order, works: all, cascade }: LateSpec): Pipeline {
  const schedule = Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES });
  const scope = pipeline({ schedule, failureAndRerunMode: cascade ? FailureAndRerunMode.CASCADE : FailureAndRerunMode.NONE });
  const alarm = new SnsAlarm({ topic: new Topic(scope, 'Topic'), subject: '#{node.name} #{node.@status}' });
  const actions = { none: [], alarm: [alarm], terminate: [new Terminate()], both: [alarm, new Terminate()] };
  const activities: Activity[] = [];
  all.forEach(({ late, action }, index) => activities.push(shell(scope, `A${index}`, {
    dependsOn: [...new Set(order.pairs.flatMap(([first, second]) => second === index ? activities[first] : []))],
    ...action === 'none' ? {} : { lateAfterTimeout: Duration.seconds(late), onLateAction: actions[action] },
  })));
  return scope;
}

/** To milliseconds, as a clock has them. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
