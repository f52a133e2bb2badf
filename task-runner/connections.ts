import { S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { Clock } from './clock';
import { rotatedCredentials } from './credentials';
import { AwsDatabaseDirectory, DatabaseDirectory } from './databases/access';
import { ObjectStore, S3Objects } from './objects';
import { ProxySettings } from './proxy';
import { Agents, agentsFor, proxyCredentials } from './proxy-agents';
import { S3Storage, Storage } from './storage';
import { usesPathStyle } from '../src/contract/s3';

/** What it takes to connect to AWS: data, which threads can be told. */
export interface ConnectionSettings {
  readonly region: string;
  readonly proxy: ProxySettings;
  /** To one host at a time. */
  readonly connections: number;
}

/** What every client of AWS is made with. */
export interface AwsAccess {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly requestHandler: Agents & { readonly connectionTimeout: number };
}

/** Where tasks find what they work on. */
export interface Connections {
  readonly storage: Storage;
  readonly objects: ObjectStore;
  readonly databases: DatabaseDirectory;
}

/** The secret with the credentials of a proxy is read without that. */
export function accessTo({ region, proxy, connections }: ConnectionSettings, environment: NodeJS.ProcessEnv): AwsAccess {
  const options = { keepAlive: true, maxSockets: connections };
  const access = (agents: Agents): AwsAccess => {
    const requestHandler = { ...agents, connectionTimeout: CONNECTION_TIMEOUT };
    return { region, credentials: rotatedCredentials(requestHandler), requestHandler };
  };
  const direct = new AwsDatabaseDirectory(access(agentsFor({ noProxy: [] }, async () => Promise.resolve(undefined), options)), environment);
  return access(agentsFor(proxy, proxyCredentials(proxy, async (id) => direct.secret(id, AbortSignal.timeout(CONNECTION_TIMEOUT))), options));
}

export function connect(access: AwsAccess, environment: NodeJS.ProcessEnv, clock: Clock): Connections {
  const s3 = new S3Client({ ...access, followRegionRedirects: true, forcePathStyle: usesPathStyle(environment) });
  const patience = { clock, random: Math.random };
  return { storage: new S3Storage(s3, patience), objects: new S3Objects(s3, patience), databases: new AwsDatabaseDirectory(access, environment) };
}

const CONNECTION_TIMEOUT = 10_000;
