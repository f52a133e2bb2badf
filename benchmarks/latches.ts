import { Order } from './orders';
import type { Unit } from '../src/compiler/link';
import { Plan, plan } from '../src/compiler/plan';

export interface Latched {
  readonly activities: number;
  readonly edges: number;
  readonly latches: number;
}

/** How many of the edges of an order the plan cannot nest, so that they become latches. */
export function latchesIn(order: Order): Latched {
  const units = order.map((_, index) => ({ id: `A${index}`, preconditions: [], after: [] as Unit[] })) as unknown as Array<Unit & { after: Unit[] }>;
  order.forEach((before, index) => units[index].after.push(...before.map((other) => units[other])));
  return { activities: order.length, edges: order.flat().length, latches: awaits(plan(units)) };
}

function awaits(each: Plan): number {
  if (each.kind === 'unit') return 0;
  const own = each.kind === 'prime' ? [...each.awaits.values()].flat().length : 0;
  return own + each.children.reduce((sum, child) => sum + awaits(child), 0);
}
