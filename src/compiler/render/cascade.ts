/** When a failure cascades: by the mode of what has failed; and, where that is CANCELED for want of its resource, by the resource's as well. */
import { Elsewhere } from '../elsewhere';
import { propsOf, Unit } from '../link';
import { resourceOf } from '../sharing';
import { RunContext } from './context';

/** JSONata of whether it cascades to who waits for a unit, of JSONata of the unit's status; nothing where it never does. */
export function cascades(context: RunContext, unit: Unit, status: string): string | undefined {
  if (context.settings(propsOf(unit)).cascade) return `$not(${status} in ["FINISHED", "WAITING_ON_DEPENDENCIES"])`;
  return cascadesWhenCanceled(context, unit) ? `${status} = "CANCELED"` : undefined;
}

/** Whether it does by the resource's mode. */
export function cascadesWhenCanceled(context: RunContext, { object }: Pick<Unit, 'object'>): boolean {
  const resource = resourceOf({ object: object instanceof Elsewhere ? object.activity : object });
  return resource !== undefined && context.settings(resource._props).cascade;
}
