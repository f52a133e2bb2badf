import fc from 'fast-check';
import { closure, crossings, idsOf, orders, seriesParallelOrders, unit, unitsOf, waits } from './series-parallel';
import { Unit } from '../../src/compiler/link';
import { Plan, plan } from '../../src/compiler/plan';

/** `A, (B | C)`: A, then B beside C. `{A, C | B, D<A}`: chains side by side, where D awaits A too. */
function text(each: Plan): string {
  if (each.kind === 'unit') return each.unit.id;
  if (each.kind === 'prime') {
    const member = (child: Plan) => [text(child), ...(each.awaits.get(child) ?? []).map((other) => idsOf(other).join('+'))].join('<');
    return `{${each.chains.map((chain) => chain.map(member).join(', ')).join(' | ')}}`;
  }
  const children = each.children.map(text);
  return each.kind === 'series' ? children.join(', ') : `(${children.join(' | ')})`;
}

const a = unit('A');
const b = unit('B');

test.each<[string, Unit[], string]>([
  ['one unit', [a], 'A'],
  ['a chain', [unit('C', unit('B', a)), a].flatMap((each) => [each, ...each.after]).reverse(), 'A, B, C'],
  ['no order at all', [a, b, unit('C')], '(A | B | C)'],
  ['a diamond', (() => {
    const [left, right] = [unit('L', a), unit('R', a)];
    return [a, left, right, unit('Z', left, right)];
  })(), 'A, (L | R), Z'],
  ['all of some before all of others', [a, b, unit('C', a, b), unit('D', b, a)], '(A | B), (C | D)'],
  ['an edge that others imply', (() => {
    const middle = unit('M', a);
    return [a, middle, unit('Z', a, middle)];
  })(), 'A, M, Z'],
  ['chains side by side', [a, unit('A2', a), b, unit('B2', b)], '(A, A2 | B, B2)'],
  ['a chain in a branch of a branch', (() => {
    const [c, d] = [unit('C', a), unit('D', a)];
    const e = unit('E', d);
    return [a, c, d, e, unit('F', e), unit('G', d), unit('H')];
  })(), '(A, (C | D, (E, F | G)) | H)'],
])('%s', (_, units, expected) => {
  expect(text(plan(units))).toBe(expected);
});

test.each<[string, Unit[], string]>([
  ['an N has one latch', (() => {
    const [c, d] = [unit('C', a), unit('D', a, b)];
    return [a, b, c, d];
  })(), '{A, C | B, D<A}'],
  ['a zigzag', [a, b, unit('C', a), unit('D', a, b), unit('E', b)], '{A, C | B, D<A | E<B}'],
  ['a sequence is one child', (() => {
    const [c, d] = [unit('C', a), unit('D', a, b)];
    return [a, b, c, d, unit('E', d)];
  })(), '{A, C | B, D, E<A}'],
  ['what stands alike to all others is planned by itself', (() => {
    const [a1, a2] = [unit('A1'), unit('A2')];
    const [c, d] = [unit('C', a1, a2), unit('D', a1, a2, b)];
    return [a1, a2, b, c, d];
  })(), '{(A1 | A2), C | B, D<A1+A2}'],
  ['an N in a sequence', (() => {
    const first = unit('First');
    const [p, q] = [unit('P', first), unit('Q', first)];
    const [r, s] = [unit('R', p), unit('S', p, q)];
    return [first, p, q, r, s, unit('Last', r, s)];
  })(), 'First, {P, R | Q, S<P}, Last'],
])('%s', (_, units, expected) => {
  expect(text(plan(units))).toBe(expected);
});

test('branches and chains keep the order in which their units were made', () => {
  expect(text(plan([unit('Z'), unit('M'), unit('A')]))).toBe('(Z | M | A)');
});

describe('invariants', () => {
  test('a series-parallel order comes back as it is: every unit once, no wait added, none lost', () => {
    fc.assert(fc.property(seriesParallelOrders(14), fc.infiniteStream(fc.boolean()), (order, keep) => {
      const relation = new Set(order.pairs.map(([first, second]) => `${first}<${second}`));
      const follows = (first: number, second: number) => order.pairs.some(([x, y]) => x === first && relation.has(`${y}<${second}`));
      const pairs = order.pairs.filter(([first, second]) => keep.next().value || !follows(first, second));
      const tree = plan(unitsOf({ ...order, pairs }));
      expect(idsOf(tree).map(Number).sort((x, y) => x - y)).toEqual(Array.from({ length: order.size }, (_, index) => index));
      expect(waits(tree).sort()).toEqual([...relation].sort());
    }), { numRuns: 300 });
  });

  test('any order comes back as it is: every unit once, no wait added, none lost', () => {
    const kinds = (each: Plan): string[] => each.kind === 'unit' ? [] : [each.kind, ...each.children.flatMap(kinds)];
    let primes = 0;
    fc.assert(fc.property(fc.oneof(orders(9), crossings(12)), (order) => {
      const tree = plan(unitsOf(order));
      expect(idsOf(tree).map(Number).sort((x, y) => x - y)).toEqual(Array.from({ length: order.size }, (_, index) => index));
      expect(waits(tree).sort()).toEqual([...closure(order)].sort());
      primes += kinds(tree).filter((kind) => kind === 'prime').length;
    }), { numRuns: 500 });
    expect(primes).toBeGreaterThan(50);
  });

  test('each child of a prime node is in one chain, and awaits nothing that its chain says already', () => {
    const holds = (each: Plan): boolean => each.kind === 'unit' || each.children.every(holds) && (each.kind !== 'prime' || (
      each.children.length >= 4
      && each.chains.flat().length === each.children.length && new Set([...each.chains.flat(), ...each.children]).size === each.children.length
      && each.chains.every((chain) => chain.every((child) => (each.awaits.get(child) ?? []).every((other) => !chain.includes(other))))
    ));
    fc.assert(fc.property(crossings(12), (order) => holds(plan(unitsOf(order)))), { numRuns: 300 });
  });

  test('no series lies in a series, and no parallel node in a parallel node', () => {
    const alternates = (each: Plan): boolean => each.kind === 'unit' || each.children.every((child) => child.kind !== each.kind && alternates(child));
    fc.assert(fc.property(seriesParallelOrders(14), (order) => alternates(plan(unitsOf(order)))), { numRuns: 200 });
  });
});
