import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { check } from './check';
import { CheckHeld, CheckRequest } from '../../src/contract/checker';
import { DocumentReader } from '../../src/contract/document';
import { S3_URI, s3Location, usesPathStyle } from '../../src/contract/s3';

const s3 = new S3Client({ followRegionRedirects: true, forcePathStyle: usesPathStyle(process.env) });
const dynamoDb = new DynamoDBClient();

export async function handler(event: unknown): Promise<CheckHeld> {
  return check(readCheckRequest(event), { s3, dynamoDb, now: Date.now });
}

/** @throws InvalidDocument naming the field */
export function readCheckRequest(event: unknown): CheckRequest {
  const reader = new DocumentReader(event, 'check request');
  const kind = reader.oneOf('kind', ['s3KeyExists', 's3PrefixNotEmpty', 'dynamoDBTableExists', 'dynamoDBDataExists', 'time']);
  const deadline = reader.optionalTime('deadline');
  if (kind === 'dynamoDBTableExists' || kind === 'dynamoDBDataExists') return { kind, tableName: reader.text('tableName'), deadline };
  if (kind === 'time') return { kind, notBefore: reader.optionalTime('notBefore'), notAfter: reader.optionalTime('notAfter'), deadline };
  const uri = reader.matching('uri', S3_URI, "an S3 URI, such as 's3://bucket/key'");
  if (kind === 's3KeyExists' && s3Location(uri).key === '') reader.refuse('uri', 'the S3 URI of an object, with a key');
  return { kind, uri, deadline };
}
