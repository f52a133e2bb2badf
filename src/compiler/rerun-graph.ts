/** What the rules of a rerun need of a pipeline. A graph that the Run machine's definition has room for is well below what a state takes. */
import { Graph, Unit } from './link';
import { runsOn } from './plan-record';
import { RerunGraph, RerunUnit } from '../contract/calendar';
import { DataNode } from '../data-nodes/data-node';
import { FailureAndRerunMode, RunnableProps } from '../runnable';

export function rerunGraph({ units, producers }: Graph, mode: FailureAndRerunMode): RerunGraph {
  const places = new Map(units.map(({ object }, index) => [object, index]));
  const cascades = ({ failureAndRerunMode = mode }: RunnableProps) => failureAndRerunMode === FailureAndRerunMode.CASCADE;
  const unitOf = (unit: Unit): RerunUnit => ({
    id: unit.id,
    ...unit.after.length ? { after: unit.after.map(({ object }) => places.get(object) as number) } : {},
    ...unit.preconditions.length ? { preconditions: unit.preconditions.map(({ objectId }) => objectId) } : {},
    ...runsOn(unit) === undefined ? {} : { runsOn: runsOn(unit) },
    ...unit.object instanceof DataNode ? { gate: true } : cascades(unit.object._props) ? { cascade: true } : {},
  });
  const plain = [...producers].filter(([node]) => node.preconditions.length === 0);
  return {
    units: units.map(unitOf),
    dataNodes: Object.fromEntries(plain.map(([node, its]) => [node.objectId, its.map((activity) => places.get(activity) as number)])),
  };
}
