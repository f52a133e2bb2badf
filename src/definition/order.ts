import { isConstruct, Planned, refsOf } from './code';
import type { Problem } from './problem';

/** Values first, and each after what it refers to. What refers to itself by way of others is an error, and is left out. */
export function inOrder(planned: readonly Planned[], problems: Problem[]): Planned[] {
  const byId = new Map(planned.map((each) => [each.id, each]));
  const done = new Set<string>();
  const ordered: Planned[] = [];
  const sorted = [...planned.filter((each) => !isConstruct(each)), ...planned.filter(isConstruct)];
  for (const each of sorted) visit(each.id);
  return ordered;

  /** Its own stack, since chains may be as long as a definition. */
  function visit(first: string): void {
    const stack = [{ id: first, left: needs(first) }];
    while (stack.length > 0 && !done.has(first)) {
      const top = stack.at(-1)!;
      const next = top.left.pop();
      if (next === undefined) {
        finish(top.id);
        stack.pop();
      } else if (stack.some(({ id }) => id === next)) {
        cycle(stack.map(({ id }) => id), next);
      } else if (!done.has(next) && byId.has(next)) {
        stack.push({ id: next, left: needs(next) });
      }
    }
  }

  function needs(id: string): string[] {
    const each = byId.get(id);
    if (!each) return [];
    return (isConstruct(each) ? each.props.flatMap(([, code]) => refsOf(code)) : refsOf(each.value)).reverse();
  }

  function finish(id: string): void {
    const each = byId.get(id);
    if (each && !done.has(id)) ordered.push(each);
    done.add(id);
  }

  function cycle(path: readonly string[], back: string): void {
    const round = [...path.slice(path.indexOf(back)), back].join(' -> ');
    problems.push({ severity: 'error', object: back, message: `refers to itself: ${round.length > 300 ? `${round.slice(0, 300)}...` : round}; no object comes after itself` });
  }
}
