import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { emptyTable, missingTable } from './dynamodb';
import { emptyPrefix, missingKey } from './s3';
import { CheckHeld, CheckRequest } from '../../src/contract/checker';
import { PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../src/contract/errors';

/** A precondition that does not hold: its name tells the state machine whether to ask again. */
export class NotHeld extends Error {
  constructor(problem: string, deadline: string | undefined, now: number) {
    const late = deadline !== undefined && now >= Date.parse(deadline);
    super(late ? `${problem}, and its deadline was ${deadline}` : problem);
    this.name = late ? PRECONDITION_TIMED_OUT : PRECONDITION_NOT_HELD;
  }
}

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
  const problem = await problemOf(request, context);
  if (problem !== undefined) throw new NotHeld(problem, request.deadline, context.now());
  return { held: true };
}

function problemOf(request: CheckRequest, { s3, dynamoDb }: CheckContext): Promise<string | undefined> {
  switch (request.kind) {
    case 's3KeyExists': return missingKey(s3, request.uri);
    case 's3PrefixNotEmpty': return emptyPrefix(s3, request.uri);
    case 'dynamoDBTableExists': return missingTable(dynamoDb, request.tableName);
    case 'dynamoDBDataExists': return emptyTable(dynamoDb, request.tableName);
  }
}
