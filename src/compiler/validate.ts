/** What only the whole graph can tell. Each message names the objects, and how to mend it. */
import { Activity } from '../activities/activity';
import type { PipelineObject } from '../pipeline-object';
import { Graph, Unit } from './link';
import { Precondition } from '../preconditions/precondition';

export function validate(objects: readonly PipelineObject[], graph: Graph): string[] {
  return [...ownReaders(graph), ...cycles(graph), ...orphans(objects), ...neverLate(graph), ...empty(graph)];
}

function empty(graph: Graph): string[] {
  return graph.units.some(({ object }) => object instanceof Activity) ? [] : ['has no activity: there is nothing to run; add one'];
}

/** An activity that reads what only it writes would wait for itself. */
function ownReaders({ units, producers }: Graph): string[] {
  return units.flatMap(({ object }) => object instanceof Activity
    ? object.input.filter((node) => producers.get(node)?.every((producer) => producer === object) && producers.get(node)?.length)
      .map((node) => `${object.node.path}: input: reads ${node.node.path}, which only it writes; leave it out of input or output`)
    : []);
}

function cycles({ units }: Graph): string[] {
  const cycle = findCycle(units);
  if (!cycle) return [];
  const path = [...cycle, cycle[0]].map(({ id }) => id).join(' -> ');
  return [`${cycle[0].object.node.path}: dependsOn: waits for itself: ${path}; remove one of these dependencies`];
}

/** Depth first; the units on the way down to one that is met again are a cycle, each before the next. */
function findCycle(units: readonly Unit[]): Unit[] | undefined {
  const done = new Set<Unit>();
  const path: Unit[] = [];
  const visit = (unit: Unit): Unit[] | undefined => {
    if (done.has(unit)) return undefined;
    if (path.includes(unit)) return path.slice(path.indexOf(unit)).reverse();
    path.push(unit);
    const found = unit.after.map(visit).find((cycle) => cycle);
    path.pop();
    done.add(unit);
    return found;
  };
  return units.map(visit).find((cycle) => cycle);
}

function neverLate({ producers }: Graph): string[] {
  return [...producers].filter(([node, its]) => node._late.lateAfterTimeout && its.length + node.preconditions.length === 0)
    .map(([node]) => `${node.node.path}: lateAfterTimeout: nothing writes it and it has no preconditions, so that it is there from the start, and never late; leave it out`);
}

function orphans(objects: readonly PipelineObject[]): string[] {
  return objects.filter((object) => object instanceof Precondition && !object._owner)
    .map((object) => `${object.node.path}: preconditions: guards nothing; name it in the preconditions of an activity or a data node`);
}
