import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describeInstance, RdsInstance } from './rds';
import { Connection, connectionOf, rdsEngine, settingsOf } from '../../src/contract/connection';
import { TaskDatabase } from '../../src/contract/database';
import type { AwsAccess } from '../connections';

/** All that it takes to connect to a database. */
export interface Access extends Connection {
  readonly username: string;
  readonly password: string;
}

/** What is known of databases elsewhere. */
export interface DatabaseDirectory {
  secret(id: string, signal: AbortSignal): Promise<string>;
  instance(id: string, region: string | undefined, signal: AbortSignal): Promise<RdsInstance>;
}

/** Of AWS. Nothing is kept: a secret that is rotated counts at once. */
export class AwsDatabaseDirectory implements DatabaseDirectory {
  constructor(private readonly access: AwsAccess, private readonly environment: NodeJS.ProcessEnv) {}

  async secret(id: string, abortSignal: AbortSignal): Promise<string> {
    const client = new SecretsManagerClient({ ...this.access, region: /^arn:[^:]*:secretsmanager:([^:]+):/.exec(id)?.[1] ?? this.access.region });
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }), { abortSignal });
    return SecretString ?? '';
  }

  async instance(id: string, region = this.access.region, signal: AbortSignal): Promise<RdsInstance> {
    return describeInstance(id, { ...this.access, region }, this.environment.AWS_ENDPOINT_URL_RDS, signal);
  }
}

/** @throws Error without what is secret */
export async function accessTo(database: TaskDatabase, directory: DatabaseDirectory, signal: AbortSignal): Promise<Access> {
  const connection = await connectionTo(database, directory, signal);
  const { databaseName = connection.databaseName } = database;
  const credentials = secretCredentials(await directory.secret(database.secretId, signal), database);
  return { ...connection, ...databaseName === undefined ? {} : { databaseName }, ...credentials };
}

async function connectionTo(database: TaskDatabase, directory: DatabaseDirectory, signal: AbortSignal): Promise<Connection> {
  const { connectionString, rdsInstanceId = '', region, properties } = database;
  if (connectionString !== undefined) return connectionOf(connectionString, properties);
  const instance = await directory.instance(rdsInstanceId, region, signal);
  const engine = rdsEngine(instance.engine);
  if (engine === undefined) throw new Error(`instance ${rdsInstanceId} is of ${instance.engine}, and Task Runner has drivers of MySQL, MariaDB and PostgreSQL`);
  return { ...instance, engine, ...settingsOf(engine, properties) };
}

/** In what a secret says. @throws Error without that */
export function secretCredentials(secret: string, { secretId, username }: Pick<TaskDatabase, 'secretId' | 'username'>): Pick<Access, 'username' | 'password'> {
  const keys = keysOf(secret);
  const found = { username: username ?? keys?.username, password: keys ? keys.password : secret };
  if (typeof found.username !== 'string' || typeof found.password !== 'string' || found.password === '') {
    throw new Error(`the secret ${secretId} has no ${typeof found.username === 'string' ? 'password' : 'username'}: it is a JSON object with username and password`);
  }
  return { username: found.username, password: found.password };
}

/** Nothing of a secret that is no JSON object. */
function keysOf(secret: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(secret);
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
