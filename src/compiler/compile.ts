/** Constructs to machine: link, validate, plan, render. */
import { IConstruct } from 'constructs';
import { Activity } from '../activities/activity';
import { RerunGraph } from '../contract/calendar';
import type { Pipeline } from '../pipeline';
import { PipelineObject } from '../pipeline-object';
import type { ScheduledRuns } from '../scheduled-runs';
import { Machine } from './asl';
import { renderLate } from './late';
import { Graph, link } from './link';
import { renderRun } from './render/run';
import { rerunGraph } from './rerun-graph';
import { sharingProblems } from './sharing';
import { validate } from './validate';

export function objectsOf(pipeline: Pipeline): PipelineObject[] {
  return pipeline.node.findAll().filter((node: IConstruct): node is PipelineObject => node instanceof PipelineObject && node.pipeline === pipeline);
}

/** What is wrong with the pipeline as a whole. */
export function problems(pipeline: Pipeline): string[] {
  const objects = objectsOf(pipeline);
  const graph = link(objects);
  const found = validate(objects, graph);
  return (found.length > 0 ? found : sharingProblems(graph.units)).map((problem) => problem.startsWith(pipeline.node.path) ? problem : `${pipeline.node.path}: ${problem}`);
}

/** What a run holds. */
export function graphOf({ pipeline }: ScheduledRuns): Graph {
  return link(objectsOf(pipeline));
}

export function compileLate(runs: ScheduledRuns): Machine {
  return renderLate(runs, objectsOf(runs.pipeline), graphOf(runs));
}

export function compile(runs: ScheduledRuns): Machine {
  return renderRun(runs, graphOf(runs));
}

/** What the Starter is told of the pipeline. */
export function compileRerunGraph(runs: ScheduledRuns): RerunGraph {
  return rerunGraph(graphOf(runs), runs.pipeline._defaults.defaults.failureAndRerunMode);
}

/** Runs at a time: what the pipeline says, or less if an activity does. */
export function maxActiveInstances({ pipeline }: ScheduledRuns): number {
  const own = objectsOf(pipeline).flatMap((object) => object instanceof Activity ? object._props.maxActiveInstances ?? [] : []);
  return Math.min(pipeline._defaults.maxActiveInstances, ...own);
}
