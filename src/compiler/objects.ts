import { IConstruct } from 'constructs';
import type { Pipeline } from '../pipeline';
import { PipelineObject } from '../pipeline-object';
import type { Graph } from './link';
import { resourcesOf } from './reap/kinds';

export function objectsOf(pipeline: Pipeline): PipelineObject[] {
  return pipeline.node.findAll().filter((node: IConstruct): node is PipelineObject => node instanceof PipelineObject && node.pipeline === pipeline);
}

/** What the result of a run lists; what it waits for in other schedules aside. */
export function membersOf(graph: Graph): PipelineObject[] {
  const units = graph.units.flatMap(({ object, preconditions }) => [...preconditions, ...object instanceof PipelineObject ? [object] : []]);
  return [...new Set([...units, ...graph.producers.keys(), ...resourcesOf(graph)])];
}
