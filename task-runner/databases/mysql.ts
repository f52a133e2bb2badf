import { Connection, createConnection, QueryError } from 'mysql2';
import { Access } from './access';
import { BoundStatement, Session } from './session';
import { tlsOptions } from './tls';
import { Dialect, DIALECTS } from '../../src/contract/sql-script';

/** Texts are sent as UTF-8, and values come as they are stored: dates as texts, large numbers in full. */
export async function connectMysql(access: Access): Promise<Connection> {
  const { host, port, databaseName: database, username: user, password, tls, connectTimeoutSeconds } = access;
  const connection = createConnection({
    host,
    port,
    user,
    password,
    database,
    charset: 'utf8mb4',
    ssl: tlsOptions(tls),
    connectTimeout: connectTimeoutSeconds * 1000,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    rowsAsArray: true,
  });
  // What ends a connection between statements is thrown by the next.
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => connection.connect((error) => error ? reject(inItsWords(error)) : resolve()));
  return connection;
}

/** Ends the statement that is running. */
export async function cancelMysql({ threadId }: Connection, access: Access): Promise<void> {
  const other = await connectMysql(access);
  await new Promise<void>((resolve) => other.query(`KILL QUERY ${threadId}`, () => resolve()));
  other.destroy();
}

/** MySQL and MariaDB. */
export class MysqlSession implements Session {
  static async open(access: Access): Promise<MysqlSession> {
    const connection = await connectMysql(access);
    const modes: string[] = [];
    const session = new MysqlSession(connection, access, DIALECTS.mysql);
    await session.run({ text: 'SELECT @@SESSION.sql_mode', values: [] }, ([mode]) => modes.push(String(mode)));
    return new MysqlSession(connection, access, { ...DIALECTS.mysql, backslashes: !modes.join().includes('NO_BACKSLASH_ESCAPES') });
  }

  private constructor(private readonly connection: Connection, private readonly access: Access, readonly dialect: Dialect) {}

  placeholder(): string {
    return '?';
  }

  /** Few statements can be prepared: those that have arguments are. */
  async run({ text, values }: BoundStatement, onRow: (row: unknown[]) => void): Promise<number> {
    const query = values.length > 0 ? this.connection.execute(text, [...values]) : this.connection.query(text);
    return new Promise((resolve, reject) => {
      let rows = 0;
      query.on('error', (error: QueryError) => reject(inItsWords(error)));
      query.on('result', (row: unknown) => {
        rows += Array.isArray(row) ? 1 : (row as { affectedRows?: number }).affectedRows ?? 0;
        if (Array.isArray(row)) onRow(row);
      });
      query.on('end', () => resolve(rows));
    });
  }

  async cancel(): Promise<void> {
    await cancelMysql(this.connection, this.access);
  }

  async close(): Promise<void> {
    this.connection.destroy();
    return Promise.resolve();
  }
}

function inItsWords({ code, errno, sqlState, message }: QueryError): Error {
  return new Error(`MySQL ${sqlState ? `${errno} (${sqlState})` : code}: ${message}`);
}
