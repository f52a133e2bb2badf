/** What is legal of waits across schedules, and hardly meant: each wait has a warning at most. */
import { Annotations, Duration } from 'aws-cdk-lib';
import { CrossWait, waitsOf } from './cross-wait';
import { Graph } from './link';
import { Interval, Intervals, intervalsOf } from '../calendar/intervals';
import { knownTiming, MOST_COVERING, Timing } from '../contract/calendar';
import type { ScheduledRuns } from '../scheduled-runs';

/** Of the waiting schedule: their lengths differ with months, leap years and clocks. */
const LOOKED_AT = 12;
/** Where neither of two schedules says when it starts. */
const ANY_START = '2026-01-01T00:00:00Z';

export function warnOfWaits(graphs: ReadonlyMap<ScheduledRuns, Graph>): void {
  for (const [runs, graph] of graphs) {
    const between = new Map<ScheduledRuns, Waits>();
    for (const wait of waitsOf(graph)) {
      const other = wait.awaited._runs;
      const waits = between.get(other) ?? waitsBetween(runs.schedule._timing, other.schedule._timing);
      between.set(other, waits);
      const [id, problem] = riskOf(runs, wait, waits) ?? [];
      if (id !== undefined) Annotations.of(wait.waiting.object).addWarningV2(`cdk-data-pipeline:${id}`, `schedule: ${problem}`);
    }
  }
}

interface Waits {
  /** Intervals that one waits for, at most. */
  readonly most: number;
  /** From when a run is due until the last that it waits for is, in milliseconds. */
  readonly longest: number;
}

function riskOf(runs: ScheduledRuns, { awaited }: CrossWait, { most, longest }: Waits): [id: string, problem: string] | undefined {
  const [own, other] = [runs.schedule._timing, awaited._runs.schedule._timing];
  const what = `${awaited.objectId}, of schedule ${awaited._runs.scheduleName}`;
  const { runTimeout } = runs.pipeline._defaults;
  if (most === 0) {
    return ['waitsForNothing', `no interval of ${what}, ${rangeOf(other)}, has a part in one of ${runs.scheduleName}, ${rangeOf(own)}: it waits for nothing; `
      + 'let the ranges of the two schedules overlap, or leave the dependency out'];
  }
  if (most > MOST_COVERING) {
    return ['tooManyIntervals', `more than ${MOST_COVERING} intervals of ${what}, lie in one of ${runs.scheduleName}, and a run cannot wait for so many: `
      + 'it will fail; have it wait for an activity with longer intervals, which waits for these'];
  }
  if (longest >= runTimeout.toMilliseconds()) {
    return ['waitsTooLong', `the last run of ${what}, that it waits for begins ${Duration.millis(longest).toHumanString()} after its own, which the pipeline's runTimeout of `
      + `${runTimeout.toHumanString()} ends before; give a longer runTimeout, or ScheduleType.TIMESERIES to the schedule of this activity`];
  }
  if (other.kind === 'cron' && other.startDateTime === undefined) {
    return ['waitsForThePast', `${what}, has no startDateTime, so that intervals before its first deployment are waited for, too, until a backfill runs them; give it one`];
  }
  return undefined;
}

function waitsBetween(own: Timing, other: Timing): Waits {
  const start = startOf(own) ?? startOf(other) ?? ANY_START;
  const [waiting, awaited] = [own, other].map((timing) => intervalsOf(knownTiming(timing, start)));
  const begin = Math.max(...[own, other].map((timing) => Date.parse(startOf(timing) ?? start)));
  let [most, longest] = [0, 0];
  for (const interval of first(LOOKED_AT, waiting, { start: begin, end: Infinity })) {
    const met = first(MOST_COVERING + 1, awaited, interval);
    most = Math.max(most, met.length);
    if (met.length > 0) longest = Math.max(longest, dueTimeOf(other, met[met.length - 1]) - dueTimeOf(own, interval));
  }
  return { most, longest };
}

function first(count: number, intervals: Intervals | undefined, range: Interval): Interval[] {
  const found: Interval[] = [];
  for (const interval of intervals?.meeting(range) ?? []) {
    if (found.push(interval) === count) break;
  }
  return found;
}

function startOf(timing: Timing): string | undefined {
  return timing.kind === 'onDemand' ? undefined : timing.startDateTime;
}

function dueTimeOf(timing: Timing, { start, end }: Interval): number {
  return timing.kind !== 'onDemand' && timing.scheduleType === 'cron' ? start : end;
}

function rangeOf(timing: Timing): string {
  if (timing.kind === 'onDemand') return 'on demand';
  const { startDateTime = 'its deployment', endDateTime, occurrences } = timing;
  return `from ${startDateTime}${endDateTime === undefined ? '' : ` to ${endDateTime}`}${occurrences === undefined ? '' : `, ${occurrences} times`}`;
}
