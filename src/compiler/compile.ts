/** Constructs to machine: link, validate, plan, render. */
import { Activity } from '../activities/activity';
import { RerunGraph } from '../contract/calendar';
import type { Pipeline } from '../pipeline';
import type { ScheduledRuns } from '../scheduled-runs';
import { Machine } from './asl';
import { renderLate } from './late';
import { awaitedElsewhere, Graph, link } from './link';
import { membersOf, objectsOf } from './objects';
import { resourcesOf } from './reap/kinds';
import { renderRun } from './render/run';
import { rerunGraph } from './rerun-graph';
import { validate } from './validate';
import { warnOfWaits } from './warnings';

/** What is wrong with the pipeline as a whole. */
export function problems(pipeline: Pipeline): string[] {
  const found = validate(objectsOf(pipeline), graphsOf(pipeline));
  return found.map((problem) => problem.startsWith(pipeline.node.path) ? problem : `${pipeline.node.path}: ${problem}`);
}

/** Problems of the pipeline; where there are none, warns of what is only risky. */
export function review(pipeline: Pipeline): string[] {
  const found = problems(pipeline);
  if (found.length === 0) warnOfWaits(graphsOf(pipeline));
  return found;
}

function graphsOf(pipeline: Pipeline): ReadonlyMap<ScheduledRuns, Graph> {
  return new Map(pipeline._allRuns.map((runs) => [runs, graphOf(runs)]));
}

/** What a run holds. */
export function graphOf(runs: ScheduledRuns): Graph {
  return link(objectsOf(runs.pipeline), runs);
}

export function compileLate(runs: ScheduledRuns): Machine {
  const graph = graphOf(runs);
  return renderLate(runs, membersOf(graph), graph);
}

export function compile(runs: ScheduledRuns): Machine {
  return renderRun(runs, graphOf(runs));
}

/** What the Starter is told of the pipeline. */
export function compileRerunGraph(runs: ScheduledRuns): RerunGraph {
  return rerunGraph(graphOf(runs), runs.pipeline._defaults.defaults.failureAndRerunMode, awaitedElsewhere(runs));
}

/** Runs of a schedule at a time: what the pipeline says, or less if an object of theirs does. */
export function maxActiveInstances(runs: ScheduledRuns): number {
  const { pipeline } = runs;
  const graph = graphOf(runs);
  const activities = graph.units.flatMap(({ object }) => object instanceof Activity ? object : []);
  const own = [...activities, ...graph.producers.keys(), ...resourcesOf(graph)].flatMap(({ _props }) => _props.maxActiveInstances ?? []);
  return Math.min(pipeline._defaults.maxActiveInstances, ...own);
}
