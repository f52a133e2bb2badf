/**
 * The maximal strong modules of a prime structure: the sets that all others see alike.
 *
 * After A. Ehrenfeucht, H. N. Gabow, R. M. McConnell, S. J. Sullivan, "An O(n^2) divide-and-conquer algorithm for the prime tree
 * decomposition of two-structures and modular decomposition of graphs" (Journal of Algorithms, 1994): refine around one member,
 * then see which classes no proper module has together with it.
 */

/** How `b` stands to `a`; members of a module stand alike to each outside of it. */
export type Relation = (a: number, b: number) => number;

/** `members` must be neither series nor parallel: then the maximal strong modules are a partition. */
export function maximalModules(members: readonly number[], relation: Relation): number[][] {
  const [center, ...others] = members;
  const classes = refine(center, others, relation);
  const apart = everywhere(classes.map(([first]) => first), center, relation);
  const own = [center, ...classes.filter((_, index) => !apart.has(index)).flat()];
  return [own, ...classes.filter((_, index) => apart.has(index))].map((module) => module.sort((a, b) => a - b));
}

/** The maximal modules without `center`: split until nobody tells members of a class apart. */
function refine(center: number, others: readonly number[], relation: Relation): number[][] {
  let classes: number[][] = others.length ? [[...others]] : [];
  const splitters = [center, ...others];
  const waiting = new Set(splitters);
  for (const splitter of waiting) {
    waiting.delete(splitter);
    classes = classes.flatMap((each) => {
      if (each.includes(splitter)) return [each];
      const parts = split(each, (member) => relation(splitter, member));
      if (parts.length > 1) each.forEach((member) => waiting.add(member));
      return parts;
    });
  }
  return classes;
}

function split(members: readonly number[], key: (member: number) => number): number[][] {
  const parts = new Map<number, number[]>();
  for (const member of members) {
    const part = parts.get(key(member));
    if (part) part.push(member);
    else parts.set(key(member), [member]);
  }
  return [...parts.values()];
}

/** The classes whose smallest module with `center` is everything, by index. */
function everywhere(firsts: readonly number[], center: number, relation: Relation): Set<number> {
  const forces = (x: number, y: number) => x !== y && relation(firsts[y], center) !== relation(firsts[y], firsts[x]);
  const reach = (start: number, step: (from: number, to: number) => boolean): Set<number> => {
    const seen = new Set([start]);
    for (const from of seen) firsts.forEach((_, to) => { if (!seen.has(to) && step(from, to)) seen.add(to); });
    return seen;
  };
  const left = new Set(firsts.keys());
  let last = 0;
  for (const start of firsts.keys()) {
    if (!left.has(start)) continue;
    last = start;
    reach(start, (from, to) => left.has(to) && forces(from, to)).forEach((each) => left.delete(each));
  }
  const all = reach(last, forces).size === firsts.length;
  return all ? reach(last, (from, to) => forces(to, from)) : new Set();
}
