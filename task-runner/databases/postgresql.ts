import { Client, DatabaseError, Query, QueryArrayConfig } from 'pg';
import { Access } from './access';
import { BoundStatement, Session } from './session';
import { tlsOptions } from './tls';
import { Dialect, DIALECTS } from '../../src/contract/sql-script';

/** Values come as the database writes them. */
export async function connectPostgresql({ host, port, databaseName: database, username: user, password, tls, ...access }: Access): Promise<Client> {
  const client = new Client({
    host,
    port,
    user,
    password,
    database,
    ssl: tlsOptions(tls) ?? false,
    connectionTimeoutMillis: access.connectTimeoutSeconds * 1000,
    application_name: access.applicationName ?? 'task-runner',
    keepAlive: true,
    types: { getTypeParser: () => (text: string) => text },
  });
  // What ends a connection between statements is thrown by the next.
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (access.schema !== undefined) await client.query(`SET search_path TO ${client.escapeIdentifier(access.schema)}`);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw inItsWords(error, access.engine);
  }
}

/** Ends the statement that is running. */
export async function cancelPostgresql(client: Client, access: Access): Promise<void> {
  const { processID } = client as Client & { readonly processID: number };
  const other = await connectPostgresql(access);
  await other.query('SELECT pg_cancel_backend($1)', [processID]);
  await other.end();
}

/** PostgreSQL and Amazon Redshift. */
export class PostgresqlSession implements Session {
  static async open(access: Access): Promise<PostgresqlSession> {
    const client = await connectPostgresql(access);
    const settings: string[] = [];
    const session = new PostgresqlSession(client, access, DIALECTS[access.engine]);
    if (access.engine === 'postgresql') await session.run({ text: 'SHOW standard_conforming_strings', values: [] }, ([on]) => settings.push(String(on)));
    return settings[0] === 'off' ? new PostgresqlSession(client, access, DIALECTS.redshift) : session;
  }

  private constructor(private readonly client: Client, private readonly access: Access, readonly dialect: Dialect) {}

  placeholder(argument: number): string {
    return `$${argument}`;
  }

  async run({ text, values }: BoundStatement, onRow: (row: unknown[]) => void): Promise<number> {
    const config: QueryArrayConfig = { text, values: values.length > 0 ? [...values] : undefined, rowMode: 'array' };
    const query = new Query(config);
    return new Promise((resolve, reject) => {
      query.on('row', (row: unknown) => onRow(row as unknown[]));
      query.on('error', (error) => reject(inItsWords(error, this.access.engine)));
      query.on('end', ({ rowCount }) => resolve(rowCount ?? 0));
      this.client.query(query);
    });
  }

  async cancel(): Promise<void> {
    await cancelPostgresql(this.client, this.access);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

function inItsWords(error: unknown, engine: string): Error {
  const { code, message } = error as DatabaseError;
  return new Error(`${engine === 'redshift' ? 'Redshift' : 'PostgreSQL'}${code === undefined ? '' : ` ${code}`}: ${message}`);
}
