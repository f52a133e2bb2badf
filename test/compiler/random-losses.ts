import fc from 'fast-check';
import { PipelineSpec, pipelineSpecs, resourcesOf } from './random-pipeline';

/** Seconds: between those at which something else happens. */
const life = fc.option(fc.integer({ min: 0, max: 30 }).map((seconds) => seconds + 0.7), { nil: undefined, freq: 2 });

/** Pipelines with clusters and instances that are lost, at work or idle, as when spot instances are taken back. */
export const losses: fc.Arbitrary<PipelineSpec> = pipelineSpecs
  .map((spec) => ({ spec, ids: [...new Set(resourcesOf(spec).values())] }))
  .filter(({ ids }) => ids.length > 0)
  .chain(({ spec, ids }) => fc.array(fc.array(life, { minLength: 3, maxLength: 3 }), { minLength: ids.length, maxLength: ids.length })
    .map((lives) => ({ ...spec, lives: Object.fromEntries(ids.map((id, index) => [id, lives[index]])) })));
