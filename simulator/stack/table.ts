import { isObject } from '../json';
import { DeployedResource } from './resources';
import { TemplateError } from './template';
import { TableDefinition } from '../services/dynamodb-store';

export function tableDefinition({ logicalId, ref, properties }: DeployedResource): TableDefinition {
  const keys = listed(properties.KeySchema);
  const notText = listed(properties.AttributeDefinitions).find(({ AttributeType }) => AttributeType !== 'S');
  if (notText) throw new TemplateError(`table '${logicalId}'`, `attribute '${String(notText.AttributeName)}' has type ${String(notText.AttributeType)}; keys are S here`);
  const keyOf = (type: string) => keys.find(({ KeyType }) => KeyType === type)?.AttributeName as string;
  return { tableName: ref, partitionKey: keyOf('HASH'), sortKey: keyOf('RANGE') };
}

function listed(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
