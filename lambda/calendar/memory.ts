/**
 * What the Starter remembers of a pipeline from one decision to the next: which intervals wait in which queue, and which runs are at
 * work. Intervals follow from the schedule, so that a year of hours that wait is one span. Times are milliseconds since 1970.
 */
import { Interval, Intervals } from '../../src/calendar/intervals';
import { ParameterValues } from '../../src/contract/parameters';

/** The intervals that start in `[from, to)`; or one activation, at `from`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly parameters?: ParameterValues;
  /** Whether these intervals were missed when they were due. */
  readonly missed?: true;
  /** Execution of the Starter that asked for an activation: two of one moment are two. */
  readonly by?: string;
}

export interface Queue {
  /** How many of its runs may be at work. */
  readonly limit: number;
  readonly order: 'forward' | 'backward';
  readonly spans: readonly Span[];
}

export interface AtWork {
  readonly run: string;
  readonly queue: string;
  /** The Run machine's input, JSON. */
  readonly input: string;
  /** Whether it has been started in more than one decision: the Starter that began it may have died before it did. */
  readonly sure?: true;
}

/** An activation that has been decided on, whatever has become of it since. */
export interface Activated {
  readonly at: number;
  /** Execution of the Starter that asked for it. */
  readonly by: string;
}

export interface Memory {
  /** Intervals that start before it have come due, or were missed. */
  readonly until?: number;
  readonly queues: Readonly<Record<string, Queue>>;
  /** The longest at work first, but for those that were looked at lately. */
  readonly atWork: readonly AtWork[];
  /** The last ones: a Starter that has not heard that its activation is remembered asks for it again, maybe when its run has ended. */
  readonly activated?: readonly Activated[];
}

export function recall(memory: string): Memory {
  return memory === '' ? { queues: {}, atWork: [] } : JSON.parse(memory) as Memory;
}

/** With one more span, where it belongs in time. */
export function withSpan(spans: readonly Span[], added: Span): Span[] {
  const sorted = [...spans, added].sort((a, b) => a.from - b.from);
  return sorted.reduce((merged: Span[], span) => {
    const last = merged[merged.length - 1];
    const joins = last !== undefined && isPlain(last) && isPlain(span) && last.missed === span.missed && span.from <= last.to;
    return joins ? [...merged.slice(0, -1), { ...last, to: Math.max(last.to, span.to) }] : [...merged, span];
  }, []);
}

function isPlain({ by, parameters }: Span): boolean {
  return by === undefined && parameters === undefined;
}

/** Without what starts before. */
export function notBefore(spans: readonly Span[], time: number): Span[] {
  return spans.filter(({ to }) => to > time).map((span) => ({ ...span, from: Math.max(span.from, time) }));
}

export interface Taken {
  readonly interval: Interval;
  readonly parameters: ParameterValues;
  readonly missed: boolean;
  readonly left: readonly Span[];
}

/** The first interval in a queue's order, and what is left then. */
export function take({ spans, order }: Pick<Queue, 'spans' | 'order'>, intervals: Intervals | undefined): Taken | undefined {
  const forward = order === 'forward';
  const span = spans[forward ? 0 : spans.length - 1];
  if (span === undefined) return undefined;
  const others = forward ? spans.slice(1) : spans.slice(0, -1);
  const interval = intervalIn(span, forward, intervals);
  if (interval === undefined) return take({ spans: others, order }, intervals);
  const rest = forward ? { ...span, from: interval.end } : { ...span, to: interval.start };
  const left = span.by !== undefined || intervalIn(rest, forward, intervals) === undefined ? others : forward ? [rest, ...others] : [...others, rest];
  return { interval, parameters: span.parameters ?? {}, missed: span.missed ?? false, left };
}

function intervalIn({ from, to, by }: Span, forward: boolean, intervals: Intervals | undefined): Interval | undefined {
  if (by !== undefined) return { start: from, end: to };
  const interval = forward ? intervals?.from(from) : intervals?.before(to);
  return interval !== undefined && interval.start >= from && interval.start < to ? interval : undefined;
}
