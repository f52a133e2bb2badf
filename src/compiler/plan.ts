/**
 * Graph to tree: the modular decomposition of the partial order into series and parallel nodes.
 *
 * Invariants: every unit is one leaf; in a series each child waits for all of the one before and for nothing else within the
 * series; in a parallel node no child waits for another. So each unit starts when its last dependency has settled: the tree adds
 * no wait. An order that is neither (the smallest is an N) is refused, with the four objects that make it so.
 */
import { Unit } from './link';

export type Plan = UnitPlan | SeriesPlan | ParallelPlan;
export interface UnitPlan { readonly kind: 'unit'; readonly unit: Unit }
export interface SeriesPlan { readonly kind: 'series'; readonly children: readonly Plan[] }
export interface ParallelPlan { readonly kind: 'parallel'; readonly children: readonly Plan[] }

/** An order that no nesting of sequences and parallel branches has. */
export class LatchNeededError extends Error {
  constructor(readonly units: readonly [Unit, Unit, Unit, Unit]) {
    const [a, b, c, d] = units.map(({ id }) => id);
    super(`${a} comes before ${c}, and both ${a} and ${b} come before ${d}: sequences and parallel branches alone cannot say that, ` +
      `and latches are not there yet; let ${c} wait for ${b} as well (dependsOn), or put ${b} and ${d} in a pipeline of their own`);
    this.name = 'LatchNeededError';
  }
}

/** `units` must have no cycle. */
export function plan(units: readonly Unit[]): Plan {
  return new Decomposition(units).of(units.map((_, index) => index));
}

class Decomposition {
  /** By unit: all units that come before it, directly or not. */
  private readonly before: ReadonlyArray<ReadonlySet<number>>;

  constructor(private readonly units: readonly Unit[]) {
    this.before = closure(units);
  }

  of(members: readonly number[]): Plan {
    if (members.length === 1) return { kind: 'unit', unit: this.units[members[0]] };
    const branches = this.components(members, (a, b) => this.comparable(a, b));
    if (branches.length > 1) return { kind: 'parallel', children: branches.map((branch) => this.of(branch)) };
    const steps = this.components(members, (a, b) => !this.comparable(a, b));
    if (steps.length === 1) throw new LatchNeededError(this.findN(members));
    const ordered = steps.sort(([a], [b]) => this.precedes(a, b) ? -1 : 1);
    return { kind: 'series', children: ordered.map((step) => this.of(step)) };
  }

  private precedes(a: number, b: number): boolean {
    return this.before[b].has(a);
  }

  private comparable(a: number, b: number): boolean {
    return this.precedes(a, b) || this.precedes(b, a);
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

  /** Every order that is neither series nor parallel holds an N: a < c, a < d, b < d, and nothing else among the four. */
  private findN(members: readonly number[]): [Unit, Unit, Unit, Unit] {
    for (const d of members) {
      const below = members.filter((member) => this.precedes(member, d));
      for (const a of below) {
        const aside = members.filter((c) => this.precedes(a, c) && !this.comparable(c, d));
        for (const b of below.filter((member) => !this.comparable(member, a))) {
          const c = aside.find((member) => !this.comparable(b, member));
          if (c !== undefined) return [this.units[a], this.units[b], this.units[c], this.units[d]];
        }
      }
    }
    throw new Error('a prime order without an N: the decomposition is wrong');
  }
}

function closure(units: readonly Unit[]): Array<ReadonlySet<number>> {
  const index = new Map(units.map((unit, position) => [unit, position]));
  const before = new Map<Unit, Set<number>>();
  const visit = (unit: Unit): ReadonlySet<number> => {
    const known = before.get(unit);
    if (known) return known;
    const all = new Set(unit.after.flatMap((other) => [index.get(other) as number, ...visit(other)]));
    before.set(unit, all);
    return all;
  };
  return units.map(visit);
}
