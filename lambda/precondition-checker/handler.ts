import { S3Client } from '@aws-sdk/client-s3';
import { check } from './check';
import { CheckHeld, CheckRequest } from '../../src/contract/checker';
import { DocumentReader, s3Location } from '../../src/contract/document';

const s3 = new S3Client({ followRegionRedirects: true, ...(endpointIsSet() && { forcePathStyle: true }) });

export async function handler(event: unknown): Promise<CheckHeld> {
  return check(readCheckRequest(event), { s3, now: Date.now });
}

/** @throws InvalidDocument naming the field */
export function readCheckRequest(event: unknown): CheckRequest {
  const reader = new DocumentReader(event, 'check request');
  const kind = reader.oneOf('kind', ['s3KeyExists', 's3PrefixNotEmpty']);
  const uri = reader.s3Uri('uri');
  if (kind === 's3KeyExists' && s3Location(uri).key === '') reader.refuse('uri', 'the S3 URI of an object, with a key');
  return { kind, uri, deadline: reader.optionalTime('deadline') };
}

/** An endpoint other than AWS's rarely has a host name for each bucket. */
function endpointIsSet(): boolean {
  return Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
}
