import { HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CheckHeld, CheckRequest } from '../../src/contract/checker';
import { PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../src/contract/errors';
import { s3Location } from '../../src/contract/s3';

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
  readonly now: () => number;
}

/**
 * Asks AWS whether a precondition holds.
 *
 * @throws NotHeld if it does not; the service's own error if the service does not say
 */
export async function check(request: CheckRequest, { s3, now }: CheckContext): Promise<CheckHeld> {
  const problem = await PROBLEM[request.kind](s3, request.uri);
  if (problem !== undefined) throw new NotHeld(problem, request.deadline, now());
  return { held: true };
}

const PROBLEM: Readonly<Record<CheckRequest['kind'], (s3: CheckContext['s3'], uri: string) => Promise<string | undefined>>> = {
  s3KeyExists: missingKey,
  s3PrefixNotEmpty: emptyPrefix,
};

async function missingKey(s3: CheckContext['s3'], uri: string): Promise<string | undefined> {
  const { bucket, key } = s3Location(uri);
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return undefined;
  } catch (error) {
    if (statusOf(error) === 404) return `there is no object ${uri}`;
    // HeadObject's answer has no body, so S3 itself gives no reason.
    if (statusOf(error) === 403) {
      throw explained(error, `HeadObject of ${uri} was denied: s3:GetObject on it is missing, or the key is and so is s3:ListBucket on its bucket`);
    }
    throw error;
  }
}

async function emptyPrefix(s3: CheckContext['s3'], uri: string): Promise<string | undefined> {
  const { bucket, key: prefix } = s3Location(uri);
  try {
    // Two, because the first may be the empty object that consoles create to show a folder.
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 2 }));
    const isMarker = ({ Key, Size }: { Key?: string; Size?: number }) => Key === prefix && prefix.endsWith('/') && Size === 0;
    return Contents.some((object) => !isMarker(object)) ? undefined : `there is nothing under ${uri}`;
  } catch (error) {
    throw statusOf(error) === 403 ? explained(error, `ListObjectsV2 of ${uri} was denied: s3:ListBucket on its bucket is missing`) : error;
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** The service's error under its own name, with what to do about it. */
function explained(error: unknown, message: string): Error {
  const wrapped = new Error(message, { cause: error });
  wrapped.name = error instanceof Error ? error.name : 'AccessDenied';
  return wrapped;
}
