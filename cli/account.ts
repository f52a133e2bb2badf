/** A pipeline that is deployed, found by its tags. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient, ResourceTagMapping } from '@aws-sdk/client-resource-groups-tagging-api';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DEFAULT_SCHEDULE, PIPELINE_TAG, PipelineRole, ROLE_TAG, SCHEDULE_TAG } from '../src/contract/plan';

export interface Clients {
  readonly stepFunctions: SFNClient;
  readonly dynamoDb: DynamoDBClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

/** What the user can mend. */
export class OperationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OperationError';
  }
}

export class DeployedPipeline {
  /** `schedule` is the one that is meant, where it is not all. */
  constructor(readonly name: string, readonly clients: Clients, private readonly schedule?: string) {}

  /** Names of the schedules that are meant. */
  async schedules(): Promise<string[]> {
    if (this.schedule !== undefined) return [this.schedule];
    const tags = (await this.resources({ [ROLE_TAG]: 'starter' })).map(({ Tags = [] }) => Tags.find(({ Key }) => Key === SCHEDULE_TAG)?.Value);
    return tags.map((schedule = DEFAULT_SCHEDULE) => schedule);
  }

  /** ARN of one of the pipeline's own resources, or of one that serves a schedule. */
  async arn(role: PipelineRole, schedule?: string): Promise<string> {
    const tags = { [ROLE_TAG]: role, ...schedule === undefined ? {} : { [SCHEDULE_TAG]: schedule } };
    const arns = (await this.resources(tags)).flatMap(({ ResourceARN }) => ResourceARN ?? []);
    if (arns.length === 1) return arns[0];
    const complaint = arns.length === 0 ? 'there is none in this account and Region' : `there are ${arns.length}: ${arns.join(', ')}`;
    const wanted = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`).join(' and ');
    throw new OperationError(`pipeline '${this.name}': one resource with the tag ${wanted} is wanted; ${complaint}`);
  }

  private async resources(tags: Readonly<Record<string, string>>): Promise<ResourceTagMapping[]> {
    const TagFilters = Object.entries({ [PIPELINE_TAG]: this.name, ...tags }).map(([Key, value]) => ({ Key, Values: [value] }));
    return (await this.clients.tagging.send(new GetResourcesCommand({ TagFilters }))).ResourceTagMappingList ?? [];
  }

  async tableName(): Promise<string> {
    return (await this.arn('table')).split('/').at(-1)!;
  }
}
