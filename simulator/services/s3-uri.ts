export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/key`, or with EMR's older schemes `s3n` and `s3a`. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3[na]?:\/\/([^/]+)\/?(.*)$/s.exec(uri);
  if (!match) throw new Error(`"${uri}" is no S3 URI: s3://<bucket>/<key> is expected`);
  return { bucket: match[1], key: match[2] };
}
