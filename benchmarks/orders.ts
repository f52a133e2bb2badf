/** Orders of activities: by activity, those that it waits for. */
export type Order = ReadonlyArray<readonly number[]>;

/** One after the other. */
export function chain(size: number): Order {
  return Array.from({ length: size }, (_, index) => index === 0 ? [] : [index - 1]);
}

/** One, then all others beside each other. */
export function fanOut(size: number): Order {
  return Array.from({ length: size }, (_, index) => index === 0 ? [] : [0]);
}

/** Layers of ten, each activity after two of the layer before, drawn at random: no nesting has such an order. */
export function layered(size: number): Order {
  const random = lehmer(20261201);
  return Array.from({ length: size }, (_, index) => {
    const layer = Math.floor(index / 10);
    const before = () => (layer - 1) * 10 + random(10);
    return layer === 0 ? [] : [...new Set([before(), before()])];
  });
}

/** Repeatable numbers from 0 up to, and without, the limit (Lehmer's generator). */
function lehmer(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = state * 48_271 % 2_147_483_647;
    return state % limit;
  };
}

/** What an author by hand makes of an order: layers, each of which waits for all of the one before. */
export function layersOf(order: Order): number[][] {
  const depths: number[] = [];
  for (const before of order) depths.push(Math.max(-1, ...before.map((other) => depths[other])) + 1);
  const layers: number[][] = [];
  depths.forEach((depth, index) => (layers[depth] ??= []).push(index));
  return layers;
}
