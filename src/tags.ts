import { ITaggable } from 'aws-cdk-lib';
import { PIPELINE_TAG, PipelineRole, ROLE_TAG, SCHEDULE_TAG } from './contract/plan';
import type { Pipeline } from './pipeline';

/** By its tags the `datapipeline` command finds what belongs to a pipeline. `schedule` is the one that it serves alone. */
export function tagOwn({ tags }: ITaggable, { pipelineName }: Pipeline, role: PipelineRole, schedule?: string): void {
  tags.setTag(PIPELINE_TAG, pipelineName);
  tags.setTag(ROLE_TAG, role);
  if (schedule !== undefined) tags.setTag(SCHEDULE_TAG, schedule);
}
