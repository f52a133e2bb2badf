/** What the rules of a rerun need of a pipeline. A graph that the Run machine's definition has room for is well below what a state takes. */
import { Graph, isOwn, OwnUnit } from './link';
import { runsOn } from './plan-record';
import { resourceOf, usesOf } from './sharing';
import { RerunGraph, RerunUnit } from '../contract/calendar';
import { DataNode } from '../data-nodes/data-node';
import { FailureAndRerunMode } from '../runnable';

/** What a run waits for in other schedules it asks for again, whatever it knew. `told` are ids of activities that other schedules wait for. */
export function rerunGraph({ units: all, producers }: Graph, mode: FailureAndRerunMode, told: readonly string[] = []): RerunGraph {
  const units = all.filter(isOwn);
  const places = new Map(units.map(({ object }, index) => [object, index]));
  // A data node has a mode only if it is given one.
  const modeOf = ({ object }: OwnUnit) => object._props.failureAndRerunMode ?? (object instanceof DataNode ? FailureAndRerunMode.NONE : mode);
  const resourceMode = (unit: OwnUnit) => resourceOf(unit) && (resourceOf(unit)?._props.failureAndRerunMode ?? mode);
  const before = (unit: OwnUnit) => unit.after.filter(isOwn).map(({ object }) => places.get(object) as number);
  const unitOf = (unit: OwnUnit): RerunUnit => ({
    id: unit.id,
    ...before(unit).length ? { after: before(unit) } : {},
    ...unit.preconditions.length ? { preconditions: unit.preconditions.map(({ objectId }) => objectId) } : {},
    ...runsOn(unit) === undefined ? {} : { runsOn: runsOn(unit) },
    ...checkedOn(unit).length ? { checkedOn: checkedOn(unit) } : {},
    ...unit.object instanceof DataNode ? { gate: true } : {},
    ...[modeOf(unit), resourceMode(unit)].includes(FailureAndRerunMode.CASCADE) ? { cascade: true } : {},
    ...told.includes(unit.id) ? { told: true } : {},
  });
  const plain = [...producers].filter(([node]) => !node._isUnit);
  return {
    units: units.map(unitOf),
    dataNodes: Object.fromEntries(plain.map(([node, its]) => [node.objectId, its.map((activity) => places.get(activity) as number)])),
  };
}

function checkedOn(unit: OwnUnit): string[] {
  return [...usesOf(unit).keys()].map(({ objectId }) => objectId).filter((id) => id !== runsOn(unit));
}
