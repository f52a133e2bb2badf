/** What Step Functions takes of one machine: how far a pipeline is over it, and where to divide it. */
import { Machine } from './asl';
import { MOST_EVENTS } from './history';
import { ChainMember, PlanRecord, PrimeRecord } from '../contract/plan';

const MOST_BYTES = 1_048_576;
/** The largest part of all that is called a half. */
const EVEN = 2 / 3;

/** `bytes` is the length of the definition. */
export function excess(machine: Machine, bytes: number): string[] {
  const over = (what: string, is: number, most: number) => `${what}: ${number(is)}, ${number(is - most)} more than the ${number(most)} that ` +
    `one state machine takes; ${machine.plan ? division(machine.plan.plan) : 'make it smaller'}`;
  return [
    ...bytes > MOST_BYTES ? [over('bytes of the definition', bytes, MOST_BYTES)] : [],
    ...(machine.events ?? 0) > MOST_EVENTS
      ? [over('events that a run may have if all its attempts and checks are made', machine.events ?? 0, MOST_EVENTS) +
        '; or give fewer maximumRetries, or a longer retryDelay or a preconditionTimeout to preconditions']
      : [],
  ];
}

function number(value: number): string {
  return Math.ceil(value).toLocaleString('en-US');
}

/** Halves that nothing ties together, where the plan has such; else, of which the second waits for the first. */
function division(plan: PlanRecord): string {
  const all = inOrder(plan);
  const apart = plan.kind === 'parallel' ? firstOf(plan.children.map(inOrder), all.length / 2) : all.length;
  const isEven = apart <= all.length * EVEN;
  const size = isEven ? apart : Math.max(1, Math.floor(all.length / 2));
  const [before, behind] = [all.slice(0, size), all.slice(size)];
  if (behind.length === 0) return 'divide it into two pipelines';
  const order = isEven ? '' : ', of which the second waits for the first to have written its data';
  return `divide it into two pipelines, such as ${described(before)} and ${described(behind)}${order}`;
}

/** How many objects the first parts have, until they are so many; one part at least. */
function firstOf(parts: readonly string[][], most: number): number {
  let size = parts[0].length;
  for (const { length } of parts.slice(1)) {
    if (size + length > most) break;
    size += length;
  }
  return size;
}

function described(ids: readonly string[]): string {
  return ids.length === 1 ? ids[0] : `${ids[0]} to ${ids[ids.length - 1]} (${ids.length} objects)`;
}

/** The objects, each behind all that it waits for. */
function inOrder(plan: PlanRecord): string[] {
  switch (plan.kind) {
    case 'unit': return [plan.id];
    case 'prime': return membersInOrder(plan).flatMap((member) => inOrder(member.plan));
    default: return plan.children.flatMap(inOrder);
  }
}

/** One of each chain that waits for nothing any more, again and again: those that start together stand together. */
function membersInOrder({ chains }: PrimeRecord): ChainMember[] {
  const opened = new Set<number>();
  const ordered: ChainMember[] = [];
  for (let rest = chains.filter(({ length }) => length > 0); rest.length > 0; rest = rest.filter(({ length }) => length > 0)) {
    const free = new Set(rest.filter(([{ awaits = [] }]) => awaits.every((latch) => opened.has(latch))));
    for (const [{ opens }] of free) if (opens !== undefined) opened.add(opens);
    ordered.push(...[...free].map(([first]) => first));
    rest = rest.map((chain) => free.has(chain) ? chain.slice(1) : chain);
  }
  return ordered;
}
