/** All ways in which the runs of a pipeline can be disturbed, up to a bound, each to its end. */
import { Fault, Scenario, Trace } from './scenario';
import { Subject, trace } from './traced-run';
import { seededRandom } from '../simulator/jsonata';

export interface Bounds {
  /** Faults in one run at most. */
  readonly faults: 1 | 2;
  /** Traces at most. */
  readonly limit: number;
}

export interface Verification {
  readonly traces: number;
  /** How many there are within the bound; where that is more, they were drawn by the seed. */
  readonly possible: number;
  /** The first trace that leaks: none has fewer disturbances. */
  readonly leak?: Trace;
}

/** The undisturbed run; then what one disturbance makes of it; then what another makes of those. */
export async function verification(subject: Subject, bounds: Bounds): Promise<Verification> {
  const random = seededRandom(subject.seed);
  let [traces, possible] = [0, 1];
  let scenarios: Scenario[] = [{ faults: [] }];
  while (scenarios.length > 0) {
    const next: Scenario[] = [];
    for (const scenario of drawn(scenarios, bounds.limit - traces, random)) {
      const traced = await trace(subject, scenario);
      traces += 1;
      if (traced.left.length > 0) return { traces, possible, leak: traced };
      next.push(...further(traced, bounds.faults));
    }
    possible += next.length;
    scenarios = traces < bounds.limit ? next : [];
  }
  return { traces, possible };
}

/** Scenarios that go on from a trace, after what has gone wrong in it. */
export function further({ scenario, events }: Trace, faults: number): Scenario[] {
  if (scenario.stop !== undefined) return [];
  const last = Math.max(-1, ...scenario.faults.map(({ at }) => at));
  const begun = new Set<string>();
  return events.flatMap((event, at): Scenario[] => {
    // The first state is entered with the start.
    const first = !begun.has(event.execution);
    begun.add(event.execution);
    if (at <= last) return [];
    const stop = event.machine === 'run' && !first ? [{ ...scenario, stop: at }] : [];
    const more = scenario.faults.length < faults ? event.faults.map((kind): Fault => ({ at, kind })) : [];
    return [...stop, ...more.map((fault) => ({ faults: [...scenario.faults, fault] }))];
  });
}

/** So many of them, in their order. */
function drawn(scenarios: readonly Scenario[], count: number, random: () => number): Scenario[] {
  if (scenarios.length <= count) return [...scenarios];
  const chosen = scenarios.map((_, index) => ({ index, place: random() })).sort((a, b) => a.place - b.place).slice(0, Math.max(0, count));
  return chosen.map(({ index }) => index).sort((a, b) => a - b).map((index) => scenarios[index]);
}
