import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, escapeLiteral } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { rowsOf } from './batch';
import { bytesOf, Chunks, Content, Format, recordsOf } from './content';
import { asSubquery, TableConnection, TargetTable } from './table';
import { DelimitedFormat } from '../../src/contract/copy';
import { DIALECTS, statementsOf } from '../../src/contract/sql-script';

type Named = Pick<TargetTable, 'name' | 'schemaName'>;

/** PostgreSQL, by COPY; binary values are `\x` and hexadecimal digits, as it writes them. */
export class PostgresqlTables implements TableConnection {
  constructor(private readonly client: Client) {}

  rows(query: string, as?: Format): Content {
    if (!isWritten(as)) return { kind: 'bytes', format: { kind: 'database' }, chunks: this.copyOut(query) };
    return { kind: 'bytes', format: as, chunks: this.copyOut(query, ` (FORMAT csv, DELIMITER ${escapeLiteral(as.columnSeparator)})`) };
  }

  selectAll(table: Named): string {
    return `SELECT * FROM ${qualified(table)}`;
  }

  async load(table: TargetTable, content: Content): Promise<void> {
    await this.settings();
    await this.client.query('BEGIN');
    try {
      if (table.createTableSql !== undefined && !await this.exists(table)) await this.client.query(table.createTableSql);
      await (table.insertQuery === undefined ? this.copyIn(table, content) : this.insertEach(table.insertQuery, content));
      await this.client.query('COMMIT');
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  private async* copyOut(query: string, options = ''): Chunks {
    await this.settings();
    yield* this.client.query(copyTo(`COPY ${asSubquery(query)} TO STDOUT${options}`)) as AsyncIterable<Buffer>;
  }

  private async copyIn(table: TargetTable, content: Content): Promise<void> {
    await pipeline(Readable.from(bytesOf(content, { kind: 'database' })), this.client.query(copyFrom(`COPY ${qualified(table)} FROM STDIN`)));
  }

  private async insertEach(insertQuery: string, content: Content): Promise<void> {
    let count = 0;
    const numbered = statementsOf(insertQuery, DIALECTS.postgresql, true).flat()
      .map((token) => (token.kind === 'sql' ? token.text : `$${count += 1}`)).join('');
    for await (const records of recordsOf(content)) {
      for (const row of rowsOf(records)) {
        await this.client.query({ name: 'insert', text: numbered, values: row.map((value) => value?.toString() ?? null) });
      }
    }
  }

  private async exists(table: TargetTable): Promise<boolean> {
    const { rows } = await this.client.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [qualified(table)]);
    return rows.length > 0;
  }

  /** Whatever the user's own are. */
  private async settings(): Promise<void> {
    await this.client.query("SET client_encoding TO 'UTF8'; SET datestyle TO 'ISO'; SET intervalstyle TO 'postgres'; SET bytea_output TO 'hex'");
  }
}

/** With an escape character, values would have to be quoted that it does not quote. */
function isWritten(format?: Format): format is DelimitedFormat {
  if (format?.kind !== 'delimited') return false;
  return format.quoted && (format.escapeChar ?? '"') === '"' && format.recordSeparator === '\n' && !'\r"'.includes(format.columnSeparator);
}

function qualified({ name, schemaName }: Named): string {
  return schemaName === undefined ? identifier(name) : `${identifier(schemaName)}.${identifier(name)}`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
