import fc from 'fast-check';
import { closure, idsOf, Order, orders, seriesParallelOrders, unit, unitsOf, waits } from './series-parallel';
import { Unit } from '../../src/compiler/link';
import { LatchNeededError, Plan, plan } from '../../src/compiler/plan';

/** `A, (B | C)`: A, then B beside C. */
function text(each: Plan): string {
  if (each.kind === 'unit') return each.unit.id;
  const children = each.children.map(text);
  return each.kind === 'series' ? children.join(', ') : `(${children.join(' | ')})`;
}

function planned(order: Order): Plan | LatchNeededError {
  try {
    return plan(unitsOf(order));
  } catch (error) {
    if (error instanceof LatchNeededError) return error;
    throw error;
  }
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

test('the four units of an N are named', () => {
  const [c, d] = [unit('C', a), unit('D', a, b)];
  expect(() => plan([a, b, c, d])).toThrow(new LatchNeededError([a, b, c, d]));
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

  test('any order comes back as it is, or four units that form an N refuse it', () => {
    let refused = 0;
    fc.assert(fc.property(orders(9), (order) => {
      const relation = closure(order);
      const result = planned(order);
      if (!(result instanceof LatchNeededError)) return expect(waits(result).sort()).toEqual([...relation].sort());
      refused += 1;
      const ids = result.units.map(({ id }) => id);
      const [w, x, y, z] = ids;
      const among = ids.flatMap((first) => ids.map((second) => `${first}<${second}`)).filter((pair) => relation.has(pair));
      expect(among).toEqual([`${w}<${y}`, `${w}<${z}`, `${x}<${z}`]);
    }), { numRuns: 500 });
    expect(refused).toBeGreaterThan(10);
  });

  test('no series lies in a series, and no parallel node in a parallel node', () => {
    const alternates = (each: Plan): boolean => each.kind === 'unit' || each.children.every((child) => child.kind !== each.kind && alternates(child));
    fc.assert(fc.property(seriesParallelOrders(14), (order) => alternates(plan(unitsOf(order)))), { numRuns: 200 });
  });
});
