import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { emptyTable, missingTable } from './dynamodb';
import { NotHeld } from './not-held';
import { emptyPrefix, missingKey } from './s3';
import { timeCheck } from './time';
import { CheckHeld, CheckRequest, DynamoDBCheck, S3Check } from '../../src/contract/checker';

export interface CheckContext {
  readonly s3: Pick<S3Client, 'send'>;
  readonly dynamoDb: Pick<DynamoDBClient, 'send'>;
  readonly now: () => number;
}

/**
 * Asks AWS whether a precondition holds.
 *
 * @throws NotHeld if it does not; the service's own error if the service does not say
 */
export async function check(request: CheckRequest, context: CheckContext): Promise<CheckHeld> {
  if (request.kind === 'time') return timeCheck(request, context.now());
  const problem = await problemOf(request, context);
  if (problem !== undefined) throw new NotHeld(problem, request.deadline, context.now());
  return { held: true };
}

function problemOf(request: S3Check | DynamoDBCheck, { s3, dynamoDb }: CheckContext): Promise<string | undefined> {
  switch (request.kind) {
    case 's3KeyExists': return missingKey(s3, request.uri);
    case 's3PrefixNotEmpty': return emptyPrefix(s3, request.uri);
    case 'dynamoDBTableExists': return missingTable(dynamoDb, request.tableName);
    case 'dynamoDBDataExists': return emptyTable(dynamoDb, request.tableName);
  }
}
