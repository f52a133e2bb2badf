/**
 * Graph to tree: the modular decomposition of the partial order into series, parallel and prime nodes.
 *
 * Invariants: every unit is one leaf; in a series each child waits for all of the one before and for nothing else within the
 * series; in a parallel node no child waits for another; in a prime node each child waits for the one before it in its chain and
 * for those that it awaits. So each unit starts when its last dependency has settled: the tree adds no wait.
 */
import { Unit } from './link';
import { maximalModules } from './modules';
import { PartialOrder } from './order';

export type Plan = UnitPlan | SeriesPlan | ParallelPlan | PrimePlan;
export interface UnitPlan { readonly kind: 'unit'; readonly unit: Unit }
export interface SeriesPlan { readonly kind: 'series'; readonly children: readonly Plan[] }
export interface ParallelPlan { readonly kind: 'parallel'; readonly children: readonly Plan[] }

/** An order that no nesting of sequences and parallel branches has; the smallest is an N: a before c, a and b before d. */
export interface PrimePlan {
  readonly kind: 'prime';
  readonly children: readonly Plan[];
  /** Each child is in one chain, after one that it waits for, directly or not. There are as few latches as chains can leave, and then as few chains. */
  readonly chains: ReadonlyArray<readonly Plan[]>;
  /** By child: those of other chains that it waits for. Each of these waits is a latch. */
  readonly awaits: ReadonlyMap<Plan, readonly Plan[]>;
}

/** `units` must have no cycle. */
export function plan(units: readonly Unit[]): Plan {
  return new Decomposition(units).of(units.map((_, index) => index));
}

class Decomposition {
  private readonly order: PartialOrder;

  constructor(private readonly units: readonly Unit[]) {
    this.order = new PartialOrder(units);
  }

  of(members: readonly number[]): Plan {
    if (members.length === 1) return { kind: 'unit', unit: this.units[members[0]] };
    const branches = this.components(members, (a, b) => this.order.comparable(a, b));
    if (branches.length > 1) return { kind: 'parallel', children: branches.map((branch) => this.of(branch)) };
    const steps = this.components(members, (a, b) => !this.order.comparable(a, b));
    if (steps.length === 1) return this.prime(members);
    const ordered = steps.sort(([a], [b]) => this.order.precedes(a, b) ? -1 : 1);
    return { kind: 'series', children: ordered.map((step) => this.of(step)) };
  }

  /** Connected components, each in the order of the members. */
  private components(members: readonly number[], adjacent: (a: number, b: number) => boolean): number[][] {
    const left = new Set(members);
    const components: number[][] = [];
    for (const start of members) {
      if (!left.delete(start)) continue;
      const component = [start];
      for (const member of component) {
        for (const other of left) if (adjacent(member, other) && left.delete(other)) component.push(other);
      }
      components.push(component.sort((a, b) => a - b));
    }
    return components;
  }

  private prime(members: readonly number[]): Plan {
    const modules = maximalModules(members, (a, b) => this.order.precedes(a, b) ? 1 : this.order.precedes(b, a) ? 2 : 0)
      .sort(([a], [b]) => a - b);
    const children = modules.map((module) => this.of(module));
    const direct = this.coverings(modules);
    const next = this.chained(modules, direct);
    const later = new Set(next.values());
    const starts = children.map((_, index) => index).filter((index) => !later.has(index));
    const chain = (index: number): Plan[] => [children[index], ...next.has(index) ? chain(next.get(index) as number) : []];
    const awaited = (index: number) => direct[index].filter((other) => next.get(other) !== index).map((other) => children[other]);
    const awaits = new Map(children.map((child, index) => [child, awaited(index)]));
    return { kind: 'prime', children, chains: starts.map(chain), awaits };
  }

  /** By module: the next in its chain. What is right before another spares a latch; of the chains that this leaves, one that ends before another begins goes on with it. */
  private chained(modules: readonly (readonly number[])[], direct: readonly (readonly number[])[]): ReadonlyMap<number, number> {
    const next = pathCover(direct);
    const later = new Set(next.values());
    const ends = modules.map((_, index) => index).filter((index) => !next.has(index));
    const before = modules.map(([member], index) => later.has(index) ? [] : ends.filter((end) => this.order.precedes(modules[end][0], member)));
    return new Map([...next, ...pathCover(before)]);
  }

  /** By module: those right before it. Nothing is right before something else unless a dependency says so. */
  private coverings(modules: readonly (readonly number[])[]): number[][] {
    const moduleOf = new Map(modules.flatMap((module, position) => module.map((member) => [this.units[member], position] as const)));
    return modules.map((module, position) => {
      const named = module.flatMap((member) => this.units[member].after.flatMap((other) => moduleOf.get(other) ?? []));
      const earlier = [...new Set(named)].filter((other) => other !== position);
      return earlier.filter((a) => !earlier.some((b) => this.order.precedes(modules[a][0], modules[b][0])));
    });
  }
}

/** A maximum matching of each with one of those before it: by each that is matched, the one after it. */
function pathCover(before: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const next = new Map<number, number>();
  const place = (index: number, tried: Set<number>): boolean => before[index].some((earlier) => {
    if (tried.has(earlier)) return false;
    tried.add(earlier);
    const taken = next.get(earlier);
    if (taken !== undefined && !place(taken, tried)) return false;
    next.set(earlier, index);
    return true;
  });
  before.forEach((_, index) => place(index, new Set()));
  return next;
}
