import { HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { explained } from './explained';
import { s3Location } from '../../src/contract/s3';

export async function missingKey(s3: Pick<S3Client, 'send'>, uri: string): Promise<string | undefined> {
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

export async function emptyPrefix(s3: Pick<S3Client, 'send'>, uri: string): Promise<string | undefined> {
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
