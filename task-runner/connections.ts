import { S3Client } from '@aws-sdk/client-s3';
import { Clock } from './clock';
import { rotatedCredentials } from './credentials';
import { AwsDatabaseDirectory, DatabaseDirectory } from './databases/access';
import { ObjectStore, S3Objects } from './objects';
import { S3Storage, Storage } from './storage';
import { usesPathStyle } from '../src/contract/s3';

/** What it takes to connect to AWS: data, which threads can be told. */
export interface ConnectionSettings {
  readonly region: string;
}

/** Where tasks find what they work on. */
export interface Connections {
  readonly storage: Storage;
  readonly objects: ObjectStore;
  readonly databases: DatabaseDirectory;
}

export function connect({ region }: ConnectionSettings, environment: NodeJS.ProcessEnv, clock: Clock): Connections {
  const s3 = new S3Client({ region, credentials: rotatedCredentials, followRegionRedirects: true, forcePathStyle: usesPathStyle(environment) });
  const patience = { clock, random: Math.random };
  return {
    storage: new S3Storage(s3, patience),
    objects: new S3Objects(s3, patience),
    databases: new AwsDatabaseDirectory(region, rotatedCredentials, environment),
  };
}
