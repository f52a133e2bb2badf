import { createHash } from 'crypto';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { FileAssetPackaging, Stack, Stage } from 'aws-cdk-lib';
import { S3Location } from '../data-nodes/s3-location';
import type { PipelineObject } from '../pipeline-object';

/** Uploads a text when the app is deployed. */
export function scriptAsset(object: PipelineObject, extension: string, text: string): S3Location {
  const sourceHash = createHash('sha256').update(text).digest('hex');
  const fileName = `${object.node.addr}.${extension}`;
  writeFileSync(join(Stage.of(object)!.outdir, fileName), text);
  const { bucketName, objectKey } = Stack.of(object).synthesizer.addFileAsset({ fileName, packaging: FileAssetPackaging.FILE, sourceHash });
  return S3Location.of(object, `${extension} script`, `s3://${bucketName}/${objectKey}`);
}
