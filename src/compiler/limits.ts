/** What Step Functions takes of one machine: how far a pipeline is over it, and where to divide it. */
import { Machine } from './asl';
import { MOST_EVENTS } from './history';
import { PlanRecord } from '../contract/plan';

const MOST_BYTES = 1_048_576;

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

/** Halves that nothing but their order ties together, as far as the plan has such. */
function division(plan: PlanRecord): string {
  const parts = partsOf(plan);
  const all = parts.flat();
  let size = 0;
  const before = parts.filter((part) => (size += part.length) <= Math.max(parts[0].length, all.length / 2)).flat();
  const behind = all.slice(before.length);
  if (behind.length === 0) return 'divide it into two pipelines';
  const order = plan.kind === 'series' ? ', of which the second waits for the first to have written its data' : '';
  return `divide it into two pipelines, such as ${described(before)} and ${described(behind)}${order}`;
}

function described(ids: readonly string[]): string {
  return ids.length === 1 ? ids[0] : `${ids[0]} to ${ids[ids.length - 1]} (${ids.length} objects)`;
}

function partsOf(plan: PlanRecord): string[][] {
  switch (plan.kind) {
    case 'unit': return [[plan.id]];
    case 'prime': return plan.chains.map((chain) => chain.flatMap((member) => partsOf(member.plan).flat()));
    default: return plan.children.map((child) => partsOf(child).flat());
  }
}
