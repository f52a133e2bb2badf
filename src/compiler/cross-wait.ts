/** Where runs of one schedule wait for what those of another do. */
import { Elsewhere } from './elsewhere';
import { Graph, isOwn, OwnUnit, Unit } from './link';
import type { Activity } from '../activities/activity';

export interface CrossWait {
  readonly waiting: OwnUnit;
  readonly awaited: Activity;
}

export function waitsOf({ units }: Graph): CrossWait[] {
  const awaitedBy = (unit: Unit) => unit.after.flatMap(({ object }) => object instanceof Elsewhere ? object.activity : []);
  return units.filter(isOwn).flatMap((waiting) => awaitedBy(waiting).map((awaited) => ({ waiting, awaited })));
}
