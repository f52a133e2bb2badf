/**
 * Requests to the precondition checker function. It returns `CheckHeld`, or throws PRECONDITION_NOT_HELD,
 * PRECONDITION_TIMED_OUT or INVALID_TASK (see errors.ts); any other error is the service's own and is retried.
 */
export type CheckRequest = S3Check | DynamoDBCheck | TimeCheck;

interface Check {
  /** ISO-8601: a check that does not hold at or after it throws PRECONDITION_TIMED_OUT. */
  readonly deadline?: string;
}

export interface S3Check extends Check {
  readonly kind: 's3KeyExists' | 's3PrefixNotEmpty';
  /** S3 URI of the object, or of the prefix. */
  readonly uri: string;
}

export interface DynamoDBCheck extends Check {
  readonly kind: 'dynamoDBTableExists' | 'dynamoDBDataExists';
  /** Name of the table, or its ARN. */
  readonly tableName: string;
}

export interface TimeCheck extends Check {
  readonly kind: 'time';
  /** ISO-8601: it holds from then on. */
  readonly notBefore?: string;
  /** ISO-8601: later than that it never holds again. */
  readonly notAfter?: string;
}

export interface CheckHeld {
  readonly held: true;
}
