/** What only the whole graph can tell. Each message names the objects, and how to mend it. */
import { Activity } from '../activities/activity';
import { DataNode } from '../data-nodes/data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import type { PipelineObject } from '../pipeline-object';
import { waitsOf } from './cross-wait';
import { Graph } from './link';
import { objectsOf } from './objects';
import { Precondition } from '../preconditions/precondition';
import type { ScheduledRuns } from '../scheduled-runs';
import { dependsOnInterval } from './text';

/** What is wrong, each once; `graphs` are those of the pipeline's schedules, its own first. */
export function validate(objects: readonly PipelineObject[], graphs: ReadonlyMap<ScheduledRuns, Graph>): string[] {
  const perSchedule = [...graphs].flatMap(([runs, graph]) => (
    [...ownReaders(graph), ...cycles(graph), ...neverLate(graph), ...graphs.size > 1 ? movingPaths(graph, runs) : []]
  ));
  return [...new Set([...perSchedule, ...orphans(objects), ...circles(graphs), ...empty(graphs)])];
}

function empty(graphs: ReadonlyMap<ScheduledRuns, Graph>): string[] {
  const [own, ...others] = [...graphs.values()].map(({ units }) => units.some(({ object }) => object instanceof Activity));
  if (own) return [];
  return others.length === 0 ? ['has no activity: there is nothing to run; add one']
    : ['schedule: all activities have schedules of their own; make one of these the pipeline\'s'];
}

/** An activity that reads what only it writes would wait for itself. */
function ownReaders({ units, producers }: Graph): string[] {
  return units.flatMap(({ object }) => object instanceof Activity
    ? object.input.filter((node) => producers.get(node)?.every((producer) => producer === object) && producers.get(node)?.length)
      .map((node) => `${object.node.path}: input: reads ${node.node.path}, which only it writes; leave it out of input or output`)
    : []);
}

function cycles({ units }: Graph): string[] {
  const cycle = findCycle(units, ({ after }) => after)?.reverse();
  if (!cycle) return [];
  const path = [...cycle, cycle[0]].map(({ id }) => id).join(' -> ');
  return [`${cycle[0].object.node.path}: dependsOn: waits for itself: ${path}; remove one of these dependencies`];
}

/** Depth first; those on the way down to one that is met again are a cycle, each after the next. */
function findCycle<T>(all: readonly T[], before: (each: T) => readonly T[]): T[] | undefined {
  const done = new Set<T>();
  const path: T[] = [];
  const visit = (each: T): T[] | undefined => {
    if (done.has(each)) return undefined;
    if (path.includes(each)) return path.slice(path.indexOf(each));
    path.push(each);
    const found = before(each).map(visit).find((cycle) => cycle);
    path.pop();
    done.add(each);
    return found;
  };
  return all.map(visit).find((cycle) => cycle);
}

function neverLate({ producers }: Graph): string[] {
  return [...producers].filter(([node, its]) => node._late.lateAfterTimeout && its.length + node.preconditions.length === 0)
    .map(([node]) => `${node.node.path}: lateAfterTimeout: nothing writes it and it has no preconditions, so that it is there from the start, and never late; leave it out`);
}

/** Runs of each would wait for runs of the other, and hold places that these need to begin. */
function circles(graphs: ReadonlyMap<ScheduledRuns, Graph>): string[] {
  const waits = new Map([...graphs].map(([runs, graph]) => [runs, waitsOf(graph)]));
  const circle = findCycle([...waits.keys()], (runs) => waits.get(runs)!.map(({ awaited }) => awaited._runs));
  if (!circle) return [];
  const path = circle.map((runs, index) => {
    const { waiting, awaited } = waits.get(runs)!.find(({ awaited: { _runs } }) => _runs === circle[(index + 1) % circle.length])!;
    return `${waiting.id} of ${runs.scheduleName} waits for ${awaited.objectId} of ${awaited._runs.scheduleName}`;
  });
  return [`${waits.get(circle[0])![0].awaited.node.path}: schedule: the runs of schedules wait for each other: ${path.join(', and ')}; `
    + 'remove one of these dependencies, or give some of these activities a schedule with another scheduleName'];
}

/** What another schedule writes at a place of its own interval would be looked for at the place of the reader's. */
function movingPaths({ units }: Graph, runs: ScheduledRuns): string[] {
  const activities = units.flatMap(({ object }) => object instanceof Activity ? object : []);
  const read = new Set(activities.flatMap(({ input }) => input));
  return [...read].flatMap((node) => {
    const writer = writersOf(node).find((activity) => activity._runs !== runs);
    if (!writer || !(node instanceof S3DataNode) || !dependsOnInterval(node._uri)) return [];
    const reader = activities.find(({ input }) => input.includes(node));
    return [`${reader!.node.path}: input: ${node.node.path} is at ${node.uri}, which is one place in the interval of ${writer.objectId}, of schedule `
      + `${writer._runs.scheduleName}, and another in this activity's; give this activity a data node with a path of its own, and ${writer.objectId} in dependsOn`];
  });
}

function writersOf(node: DataNode): Activity[] {
  return objectsOf(node.pipeline).filter((object) => object instanceof Activity).filter(({ output }) => output.includes(node));
}

function orphans(objects: readonly PipelineObject[]): string[] {
  return objects.filter((object) => object instanceof Precondition && !object._owner)
    .map((object) => `${object.node.path}: preconditions: guards nothing; name it in the preconditions of an activity or a data node`);
}
