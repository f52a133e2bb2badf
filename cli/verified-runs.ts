/**
 * What a verification runs of a pipeline: a run; of a pipeline with several schedules an interval of the one with the longest, and the
 * last of the others that lie in it. All begin at once, so that they wait for each other.
 */
import { unitsOf } from './plan-text';
import { Intervals, intervalsOf } from '../src/calendar/intervals';
import { knownTiming } from '../src/contract/calendar';
import { PlanDocument } from '../src/contract/plan';
import { isoTime, RunInput, runName, runPrefixOf } from '../src/contract/run';

export interface VerifiedRun {
  readonly schedule: string;
  readonly name: string;
  readonly input: RunInput;
}

/** An activity in an interval that is waited for and not run here: it has finished before. */
export interface FinishedBefore {
  readonly activity: string;
  readonly start: string;
}

export interface VerifiedRuns {
  readonly runs: readonly VerifiedRun[];
  readonly finished: readonly FinishedBefore[];
}

/** Of the shorter schedules. */
const LAST_INTERVALS = 2;
const ALONE: RunInput = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };

/** `deployed` is when the stack was deployed for the first time. */
export function verifiedRuns(plans: readonly PlanDocument[], deployed: number): VerifiedRuns {
  if (plans.length === 1) return { runs: [runOf(plans[0].schedule, ALONE)], finished: [] };
  const calendars = new Map(plans.map(({ schedule, timing }) => [schedule, intervalsOf(knownTiming(timing, isoTime(deployed)))!]));
  const firsts = [...calendars.values()].map((intervals) => firstInterval(intervals, deployed));
  const longest = firsts.reduce((one, other) => other.end - other.start > one.end - one.start ? other : one);
  const runs = plans.flatMap(({ schedule }, index) => {
    const inside = [...calendars.get(schedule)!.meeting(longest)].slice(-LAST_INTERVALS);
    return (inside.length > 0 ? inside : [firsts[index]]).map(({ start, end }) => (
      runOf(schedule, { scheduledStartTime: isoTime(start), scheduledEndTime: isoTime(end) })));
  });
  return { runs, finished: finishedBefore(plans, calendars, runs) };
}

/** One that has begun before is as good as any where there are no more. */
function firstInterval(intervals: Intervals, time: number) {
  for (const start of [time, intervals.first ?? time]) {
    for (const interval of intervals.meeting({ start, end: Infinity })) return interval;
  }
  return { start: time, end: time };
}

function runOf(schedule: string, input: RunInput): VerifiedRun {
  return { schedule, name: runName(input.scheduledStartTime, runPrefixOf(schedule)), input };
}

function finishedBefore(plans: readonly PlanDocument[], calendars: ReadonlyMap<string, Intervals>, runs: readonly VerifiedRun[]): FinishedBefore[] {
  const begun = new Set(runs.map(({ schedule, input }) => `${schedule} ${input.scheduledStartTime}`));
  const awaited = new Map(plans.map(({ schedule, plan }) => [schedule, unitsOf(plan).filter(({ elsewhere }) => elsewhere !== undefined)]));
  return runs.flatMap(({ schedule, input: { scheduledStartTime, scheduledEndTime } }) => {
    const interval = { start: Date.parse(scheduledStartTime), end: Date.parse(scheduledEndTime) };
    return awaited.get(schedule)!.flatMap(({ id, elsewhere = '' }) => [...calendars.get(elsewhere)!.meeting(interval)]
      .map(({ start }) => ({ activity: id, start: isoTime(start) }))
      .filter(({ start }) => !begun.has(`${elsewhere} ${start}`)));
  });
}
