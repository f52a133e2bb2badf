/**
 * Objects to graph: which unit waits for which.
 *
 * A unit is what the plan puts in order: an activity, or a data node with preconditions, which are checked once, after its
 * producers have finished. A data node without preconditions is an edge only.
 */
import { Activity } from '../activities/activity';
import { DataNode } from '../data-nodes/data-node';
import type { PipelineObject } from '../pipeline-object';
import { Precondition } from '../preconditions/precondition';

export interface Unit {
  readonly id: string;
  readonly object: Activity | DataNode;
  readonly preconditions: readonly Precondition[];
  /** Units that must have finished before. */
  readonly after: readonly Unit[];
}

export interface Graph {
  readonly units: readonly Unit[];
  /** All data nodes, with the activities that write them. */
  readonly producers: ReadonlyMap<DataNode, readonly Activity[]>;
}

export function link(objects: readonly PipelineObject[]): Graph {
  const activities = objects.filter((object) => object instanceof Activity);
  const nodes = objects.filter((object) => object instanceof DataNode);
  const producers = new Map(nodes.map((node) => [node, activities.filter((activity) => activity.output.includes(node))]));
  const members = [...activities, ...nodes.filter((node) => node.preconditions.length > 0)];
  const units = new Map(members.map((object) => [object, { id: object.objectId, object, preconditions: object.preconditions, after: [] as Unit[] }]));
  for (const unit of units.values()) {
    const before = unit.object instanceof Activity ? activityNeeds(unit.object, units, producers) : producers.get(unit.object) ?? [];
    const others = [...new Set(before)].filter((object) => object !== unit.object);
    unit.after.push(...others.flatMap((object) => units.get(object) ?? []));
  }
  return { units: [...units.values()], producers };
}

type Member = Activity | DataNode;

function activityNeeds(activity: Activity, units: ReadonlyMap<Member, unknown>, producers: Graph['producers']): Member[] {
  const read = activity.input.flatMap((node): Member[] => units.has(node) ? [node] : [...producers.get(node) ?? []]);
  return [...activity.dependsOn, ...read];
}
