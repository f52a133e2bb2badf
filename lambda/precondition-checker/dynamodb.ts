import { DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { explained } from './explained';

const NO_TABLE = 'ResourceNotFoundException';
/** A table that can be read. */
const READABLE = ['ACTIVE', 'UPDATING'];

export async function missingTable(dynamoDb: Pick<DynamoDBClient, 'send'>, tableName: string): Promise<string | undefined> {
  try {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: tableName }));
    return READABLE.includes(Table?.TableStatus ?? '') ? undefined : `table ${tableName} is ${Table?.TableStatus}`;
  } catch (error) {
    return missing(error, tableName, 'dynamodb:DescribeTable');
  }
}

/** One item of one page: a scan that is asked for more would read, and pay for, more. */
export async function emptyTable(dynamoDb: Pick<DynamoDBClient, 'send'>, tableName: string): Promise<string | undefined> {
  try {
    const { Count = 0 } = await dynamoDb.send(new ScanCommand({ TableName: tableName, Limit: 1, Select: 'COUNT' }));
    return Count > 0 ? undefined : `table ${tableName} has no items`;
  } catch (error) {
    return missing(error, tableName, 'dynamodb:Scan');
  }
}

/** A table that is being made cannot be read, and has no data yet. */
function missing(error: unknown, tableName: string, action: string): string {
  const name = error instanceof Error ? error.name : '';
  if (name === NO_TABLE) return `there is no table ${tableName}`;
  throw name === 'AccessDeniedException' ? explained(error, `table ${tableName} could not be looked at: ${action} on it is missing`) : error;
}
