import fc from 'fast-check';
import { Unit } from '../../src/compiler/link';
import { Plan, PrimePlan } from '../../src/compiler/plan';

/** A dependency: `first` comes before `second`. */
export type Pair = readonly [first: number, second: number];

/** An order of so many numbers, given by some of its pairs; the others follow from them. */
export interface Order {
  readonly size: number;
  readonly pairs: readonly Pair[];
}

type Shape = { readonly kind: 'one' } | { readonly kind: 'series' | 'parallel'; readonly children: readonly Shape[] };

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<Shape>({ kind: 'one' }),
    fc.record({ kind: fc.constantFrom('series' as const, 'parallel' as const), children: fc.array(tie('shape'), { minLength: 2, maxLength: 3 }) }),
  ),
}));

/** Series-parallel orders of up to `most` numbers, given by all their pairs. */
export function seriesParallelOrders(most: number): fc.Arbitrary<Order> {
  return shape.map((each) => {
    const pairs: Pair[] = [];
    return { size: number(each, 0, pairs), pairs };
  }).filter(({ size }) => size <= most);
}

/** Any orders of up to `most` numbers. */
export function orders(most: number): fc.Arbitrary<Order> {
  return fc.integer({ min: 1, max: most }).chain((size) => fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 2 * size })
    .map((pairs) => ({ size, pairs: pairs.filter(([a, b]) => a < b) })));
}

/** Orders in which branches wait for parts of each other: some of the lower half come before some of the upper. */
export function crossings(most: number): fc.Arbitrary<Order> {
  return fc.integer({ min: 4, max: most }).chain((size) => {
    const half = Math.floor(size / 2);
    const crossing = fc.tuple(fc.nat(half - 1), fc.integer({ min: half, max: size - 1 }));
    const within = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([a, b]) => a < b);
    const pairs = { crossing: fc.array(crossing, { minLength: 3, maxLength: size }), within: fc.array(within, { maxLength: 2 }) };
    return fc.record({ size: fc.constant(size), ...pairs });
  }).map(({ size, crossing, within }) => ({ size, pairs: [...crossing, ...within] }));
}

/** Counts a shape's numbers from `first`, and says which come before which. */
function number(each: Shape, first: number, pairs: Pair[]): number {
  if (each.kind === 'one') return first + 1;
  let next = first;
  for (const child of each.children) {
    const from = next;
    next = number(child, from, pairs);
    if (each.kind === 'series') for (let a = first; a < from; a += 1) for (let b = from; b < next; b += 1) pairs.push([a, b]);
  }
  return next;
}

/** All pairs that follow, each as `a<b`. */
export function closure({ size, pairs }: Order): Set<string> {
  const before = Array.from({ length: size }, () => new Set<number>());
  for (let changed = true; changed;) {
    changed = false;
    for (const [a, b] of pairs) {
      for (const each of [a, ...before[a]]) {
        changed ||= !before[b].has(each);
        before[b].add(each);
      }
    }
  }
  return new Set(before.flatMap((all, b) => [...all].map((a) => `${a}<${b}`)));
}

/** Units named after their numbers. */
export function unitsOf({ size, pairs }: Order): Unit[] {
  const units = Array.from({ length: size }, (_, index) => unit(String(index)));
  for (const [a, b] of pairs) (units[b].after as Unit[]).push(units[a]);
  return units;
}

export function unit(id: string, ...after: Unit[]): Unit {
  return { id, object: undefined as never, preconditions: [], after };
}

export function idsOf(plan: Plan): string[] {
  return plan.kind === 'unit' ? [plan.unit.id] : plan.children.flatMap(idsOf);
}

/** The pairs that a plan makes wait, each as `a<b`. */
export function waits(plan: Plan): string[] {
  if (plan.kind === 'unit') return [];
  const inner = plan.children.flatMap(waits);
  if (plan.kind === 'parallel') return inner;
  if (plan.kind === 'prime') return [...inner, ...plan.children.flatMap((later) => [...allBefore(plan, later)].flatMap((first) => allPairs(first, later)))];
  const ids = plan.children.map(idsOf);
  return [...inner, ...ids.flatMap((later, index) => ids.slice(0, index).flat().flatMap((a) => later.map((b) => `${a}<${b}`)))];
}

/** Those of a prime node that come before one of them, directly or not. */
function allBefore({ chains, awaits }: PrimePlan, child: Plan): ReadonlySet<Plan> {
  const direct = (each: Plan): Plan[] => {
    const chain = chains.find((members) => members.includes(each)) ?? [];
    return [...chain.slice(0, chain.indexOf(each)), ...awaits.get(each) ?? []];
  };
  const all = new Set(direct(child));
  for (const each of all) direct(each).forEach((other) => all.add(other));
  return all;
}

function allPairs(first: Plan, later: Plan): string[] {
  return idsOf(first).flatMap((a) => idsOf(later).map((b) => `${a}<${b}`));
}
