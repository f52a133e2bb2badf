/** A pipeline that is deployed, found by its tags. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { SFNClient } from '@aws-sdk/client-sfn';
import { PIPELINE_TAG, PipelineRole, ROLE_TAG } from '../src/contract/plan';

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
  constructor(readonly name: string, readonly clients: Clients) {}

  /** ARN of one of the pipeline's own resources. */
  async arn(role: PipelineRole): Promise<string> {
    const { ResourceTagMappingList: found = [] } = await this.clients.tagging.send(new GetResourcesCommand({
      TagFilters: [{ Key: PIPELINE_TAG, Values: [this.name] }, { Key: ROLE_TAG, Values: [role] }],
    }));
    const arns = found.flatMap(({ ResourceARN }) => ResourceARN ?? []);
    if (arns.length === 1) return arns[0];
    const complaint = arns.length === 0 ? 'there is none in this account and Region' : `there are ${arns.length}: ${arns.join(', ')}`;
    throw new OperationError(`pipeline '${this.name}': one resource with the tag ${ROLE_TAG}=${role} is wanted; ${complaint}`);
  }

  async tableName(): Promise<string> {
    return (await this.arn('table')).split('/').at(-1)!;
  }
}
