/** What goes wrong in simulated runs: faults of the calls that they make, and a stop of one. */

/** How a call goes wrong. */
export type FaultKind =
  /** It is answered by an error, and did nothing. */
  | 'refused'
  /** It is answered by an error, and so are all that this state makes from then on. */
  | 'down'
  /** It took effect, and was answered by an error. */
  | 'lost'
  /** It took effect, and is not answered. */
  | 'hangs'
  /** It is answered by an error, and takes effect a while later. */
  | 'surfaces late'
  /** The cluster dies under the step. */
  | 'cluster dies'
  /** The instance dies under the task. */
  | 'instance dies'
  /** It is answered by an error of the contract. */
  | `DataPipeline.${string}`;

/** A state is entered, or calls a service: what a run does, in its order. */
export interface RunEvent {
  readonly kind: 'entry' | 'call';
  /** Whose it is: `run`, `reaper`, ... */
  readonly machine: string;
  /** Of a run, its name. */
  readonly execution: string;
  readonly state: string;
  /** Ways in which a call can go wrong. */
  readonly faults: readonly FaultKind[];
}

export interface Fault {
  /** Index of the event. */
  readonly at: number;
  readonly kind: FaultKind;
}

/** Faults in the order of their events, and a stop after them: before a state is entered, or while a call is under way. */
export interface Scenario {
  readonly faults: readonly Fault[];
  readonly stop?: number;
  /** How often the end of the run is told. @default 1 */
  readonly eventDeliveries?: number;
}

export interface Trace {
  readonly scenario: Scenario;
  readonly events: readonly RunEvent[];
  /** What is left 15 minutes after the end. */
  readonly left: readonly string[];
}

/** How often the call fails is said after the state; a stop is said where it comes. */
export function traceText({ scenario, events, left }: Trace): string {
  const several = new Set(events.filter(({ machine }) => machine === 'run').map(({ execution }) => execution)).size > 1;
  const lines = events.flatMap((event, index) => {
    const fault = scenario.faults.find(({ at }) => at === index);
    const place = event.machine !== 'run' ? [event.machine] : several ? [event.execution] : [];
    const name = [...place, event.state].join(': ');
    if (scenario.stop === index) return [`${event.kind === 'entry' ? 'before' : 'while its call is under way in'} ${name}: the run is stopped`];
    if (fault) return [`${name}: ${FAULT_TEXTS[fault.kind] ?? `answered by ${fault.kind}`}`];
    return event.kind === 'entry' ? [name] : [];
  });
  return [...lines, ...left.map((each) => `left 15 minutes after the end: ${each}`)].map((line, index) => `${String(index + 1).padStart(3)}. ${line}`).join('\n');
}

const FAULT_TEXTS: Readonly<Partial<Record<FaultKind, string>>> = {
  'refused': 'the call is answered by an error, and did nothing',
  'down': 'the call is answered by an error, and so is every repetition',
  'lost': 'the call took effect, and is answered by an error',
  'hangs': 'the call took effect, and is not answered',
  'surfaces late': 'the call is answered by an error, and takes effect 90 seconds later',
  'cluster dies': 'the cluster dies under the step',
  'instance dies': 'the instance dies under the task',
};
