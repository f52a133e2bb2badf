/**
 * Objects to graph: which unit waits for which.
 *
 * A unit is what the plan puts in order: an activity, or a data node that has an outcome of its own: preconditions, which are checked once,
 * after its producers have finished, or what follows from its outcome. Any other data node is an edge only. An activity of another schedule is a unit, too, which waits
 * for that activity in other runs.
 */
import { Activity } from '../activities/activity';
import { DataNode } from '../data-nodes/data-node';
import type { PipelineObject } from '../pipeline-object';
import { Precondition } from '../preconditions/precondition';
import type { RunnableProps } from '../runnable';
import type { ScheduledRuns } from '../scheduled-runs';
import { Elsewhere } from './elsewhere';
import { objectsOf } from './objects';

export interface Unit {
  readonly id: string;
  readonly object: Activity | DataNode | Elsewhere;
  readonly preconditions: readonly Precondition[];
  /** Units that must have finished before. */
  readonly after: readonly Unit[];
}

export interface Graph {
  readonly units: readonly Unit[];
  /** The data nodes that a run tells of, with the activities that write them in it. */
  readonly producers: ReadonlyMap<DataNode, readonly Activity[]>;
}

/** What runs hold; without them, as if all activities were in the same. */
export function link(objects: readonly PipelineObject[], runs?: ScheduledRuns): Graph {
  return new Linker(objects, runs).graph;
}

/** Ids of the activities in these runs that other schedules wait for. */
export function awaitedElsewhere(runs: ScheduledRuns): string[] {
  const others = runs.pipeline._allRuns.filter((each) => each !== runs);
  const units = others.flatMap((each) => link(objectsOf(runs.pipeline), each).units);
  const awaited = units.flatMap(({ object }) => object instanceof Elsewhere ? object.activity : []);
  return [...new Set(awaited.filter((activity) => activity._runs === runs).map(({ objectId }) => objectId))];
}

/** A unit whose work the run does itself. */
export type OwnUnit = Unit & { readonly object: Activity | DataNode };

export function isOwn(unit: Unit): unit is OwnUnit {
  return !(unit.object instanceof Elsewhere);
}

/** How the object of a unit is tried. */
export function propsOf({ object }: Unit): RunnableProps {
  if (object instanceof Elsewhere) return object.activity._props;
  return object instanceof Activity ? object._props : object._outcome;
}

type Member = Activity | DataNode;

class Linker {
  readonly graph: Graph;
  private readonly activities: readonly Activity[];
  private readonly users = new Map<DataNode, Activity[]>();
  private readonly writing = new Map<DataNode, Activity[]>();
  private readonly units = new Map<Member, Unit & { readonly after: Unit[] }>();

  constructor(objects: readonly PipelineObject[], private readonly runs?: ScheduledRuns) {
    this.activities = objects.filter((object) => object instanceof Activity);
    for (const activity of this.activities) {
      for (const node of new Set([...activity.input, ...activity.output])) this.users.set(node, [...this.users.get(node) ?? [], activity]);
      for (const node of new Set(activity.output)) this.writing.set(node, [...this.writing.get(node) ?? [], activity]);
    }
    const nodes = objects.filter((object) => object instanceof DataNode).filter((node) => this.concerns(node));
    const told = nodes.filter((node) => this.tellsOf(node));
    const producers = new Map(told.map((node) => [node, this.writers(node).filter((each) => this.isOwn(each))]));
    const members = [...this.activities.filter((each) => this.isOwn(each)), ...nodes.filter((node) => node._isUnit)];
    for (const object of members) this.units.set(object, { id: object.objectId, object, preconditions: object.preconditions, after: [] });
    for (const object of members) this.units.get(object)?.after.push(...this.before(object));
    this.graph = { units: [...this.units.values()], producers };
  }

  private isOwn(activity: Activity): boolean {
    return this.runs === undefined || activity._runs === this.runs;
  }

  private writers(node: DataNode): readonly Activity[] {
    return this.writing.get(node) ?? [];
  }

  /** What no activity names is the pipeline's own schedule's. */
  private concerns(node: DataNode): boolean {
    const users = this.users.get(node) ?? [];
    return users.length > 0 ? users.some((user) => this.isOwn(user)) : this.runs?.isDefault ?? true;
  }

  /** What only other schedules write is theirs to tell of, unless it is checked here too. */
  private tellsOf(node: DataNode): boolean {
    const writers = this.writers(node);
    return writers.length === 0 || writers.some((writer) => this.isOwn(writer)) || node._isUnit;
  }

  private before(object: Member): Unit[] {
    const needed = object instanceof Activity ? this.needs(object) : [...this.writers(object), ...object._props.dependsOn ?? []];
    return [...new Set(needed)].filter((other) => other !== object).map((other) => this.unit(other));
  }

  private needs(activity: Activity): Member[] {
    const read = activity.input.flatMap((node): Member[] => node._isUnit ? [node] : [...this.writers(node)]);
    return [...activity.dependsOn, ...read];
  }

  /** One that is of another schedule is waited for once, however many wait. */
  private unit(object: Member): Unit {
    const known = this.units.get(object);
    if (known) return known;
    const made = { id: object.objectId, object: object instanceof Activity ? new Elsewhere(object) : object, preconditions: [], after: [] };
    this.units.set(object, made);
    return made;
  }
}
