import { InvalidDocument } from './document';

/** An S3 URI: a bucket, whose name may be of the time before names were those of hosts, and a key or prefix that may be empty. */
export const S3_URI = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{2,254})\/(.*)$/s;

/** In words. */
export const AN_S3_URI = "an S3 URI, such as 's3://bucket/key'";

/** The S3 URI of a folder. */
export const S3_FOLDER_URI = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{2,254})\/(.*\/)?$/s;

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** @throws InvalidDocument if it is no S3 URI */
export function s3Location(uri: string): S3Location {
  const [, bucket, key] = S3_URI.exec(uri) ?? [];
  if (bucket === undefined) throw new InvalidDocument('S3 URI', 'uri', `is '${uri}'; it must be such as 's3://bucket/key'`);
  return { bucket, key };
}

/** An endpoint of one's own, which the SDK takes from the environment, rarely has a host name for each bucket. */
export function usesPathStyle(environment: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL);
}
