import { IConstruct } from 'constructs';
import { invalid } from './errors';
import type { Pipeline } from './pipeline';

/** Marks pipelines: objects find theirs without importing its class, which imports theirs. */
export const PIPELINE = Symbol.for('cdk-data-pipeline.Pipeline');

/** Id of the scope in a pipeline that holds what the pipeline itself needs. */
export const OWN_ID = 'Run';

export function pipelineOf(construct: IConstruct): Pipeline {
  const pipeline = construct.node.scopes.reverse().find((scope) => PIPELINE in scope);
  if (!pipeline) throw invalid(construct, 'scope', 'is in no Pipeline; create it with a Pipeline, or with something in one, as its scope');
  return pipeline as unknown as Pipeline;
}
