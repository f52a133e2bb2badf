import { Access } from './access';
import { MysqlSession } from './mysql';
import { PostgresqlSession } from './postgresql';
import { Dialect } from '../../src/contract/sql-script';

/** A statement with `placeholder` where its arguments are bound. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly string[];
}

/** A connection to a database. What fails says so in the words of its engine. */
export interface Session {
  readonly dialect: Dialect;
  /** What stands for the nth argument, from 1. */
  placeholder(argument: number): string;
  /** How many rows it returned, or changed. */
  run(statement: BoundStatement, onRow: (row: unknown[]) => void): Promise<number>;
  /** Ends the statement that is running, in the database too. */
  cancel(): Promise<void>;
  /** What is not committed is undone. */
  close(): Promise<void>;
}

export async function openSession(access: Access): Promise<Session> {
  return access.engine === 'mysql' ? MysqlSession.open(access) : PostgresqlSession.open(access);
}
