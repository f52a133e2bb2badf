import { Content, Format } from './content';

/** A table of a database that rows are put into. */
export interface TargetTable {
  readonly name: string;
  readonly schemaName?: string;
  readonly createTableSql?: string;
  /** With `?` for each value. */
  readonly insertQuery?: string;
}

/** A connection as a copy uses it: for nothing else meanwhile. */
export interface TableConnection {
  /** In the format, if the database can write it. */
  rows(query: string, as?: Format): Content;
  /** All rows or none. */
  load(table: TargetTable, content: Content): Promise<void>;
  /** All rows of a table. */
  selectAll(table: Pick<TargetTable, 'name' | 'schemaName'>): string;
}

/** A query without the `;` and the comment that may end it. */
export function asSubquery(query: string): string {
  return `(${query.trim().replace(/;$/, '')}\n)`;
}
