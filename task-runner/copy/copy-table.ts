/** Copies tables to files and other tables, and files to tables. */
import { bytesOf, Content, Format, recordsOf } from './content';
import { contentsOf, failing, joined, readingAs, Told, writeTo } from './copy-files';
import { placeOf, Stores } from './files';
import { MysqlTables } from './mysql-table';
import { PostgresqlTables } from './postgresql-table';
import { TableConnection } from './table';
import { CopyEnd, FileFormat, FilesEnd, TableEnd } from '../../src/contract/copy';
import { SqlParts } from '../../src/contract/database';
import { DIALECTS } from '../../src/contract/sql-script';
import { Access, accessTo } from '../databases/access';
import { cancelMysql, connectMysql } from '../databases/mysql';
import { cancelPostgresql, connectPostgresql } from '../databases/postgresql';
import { boundStatements } from '../databases/script';
import { WorkContext } from '../handlers/handler';

type Context = Stores & Pick<WorkContext, 'databases'>;

const DATABASE = { kind: 'database' } as const;

/** Its rows to one file: in a directory, it is named after the data node that is read. */
export async function unloadTable(input: TableEnd, output: FilesEnd, context: Context, signal: AbortSignal): Promise<void> {
  await connected('input', input, context, signal, async (tables, sql) => {
    const rows = rowsOf(input, tables, sql, output.format);
    const place = output.uri.endsWith('/') ? { directory: output.uri, name: `${input.object.replaceAll('/', '-')}${extension(output)}` } : placeOf(output.uri);
    await writeTo(output, place, bytesOf(told(input, rows), output.format), context, signal);
  });
}

/** All of the input as one transaction, where the database has them. */
export async function loadTable(input: CopyEnd, output: TableEnd, context: Context, signal: AbortSignal): Promise<void> {
  await connected('output', output, context, signal, async (tables, sql) => {
    const part = (parts?: SqlParts) => (parts ? sql(parts) : undefined);
    const target = {
      name: output.table,
      schemaName: output.schemaName,
      createTableSql: part(output.createTableSql),
      insertQuery: part(output.insertQuery),
    };
    if (input.kind === 'files') {
      const chunks = joined(contentsOf(input, DATABASE, context, signal), DATABASE);
      return tables.load(target, { kind: 'bytes', format: DATABASE, chunks });
    }
    await connected('input', input, context, signal, async (source, ofSource) => {
      const rows = told(input, rowsOf(input, source, ofSource, DATABASE));
      await failing('output', tellable(output), async () => tables.load(target, rows));
    });
  });
}

/** Until the work is done. If it fails or the signal is aborted, the database stops too, and undoes what is not committed. */
async function connected(
  side: 'input' | 'output', end: TableEnd, context: Context, signal: AbortSignal,
  work: (tables: TableConnection, sql: (parts: SqlParts) => string) => Promise<void>,
): Promise<void> {
  await failing(side, tellable(end), async () => {
    const access = await accessTo(end.database, context.databases, signal);
    const { tables, cancel, close } = await open(access);
    const stop = () => void cancel().catch(() => undefined).finally(close);
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      const reading = { dialect: DIALECTS[access.engine], placeholder: () => '?' };
      await work(tables, (parts) => boundStatements(parts, [], reading).map(({ text }) => text).join(';'));
      signal.throwIfAborted();
      close();
    } catch (error) {
      if (!signal.aborted) stop();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  });
}

interface Opened {
  readonly tables: TableConnection;
  cancel(): Promise<void>;
  close(): void;
}

async function open(access: Access): Promise<Opened> {
  switch (access.engine) {
    case 'mysql': {
      const connection = await connectMysql(access);
      const cancel = async () => cancelMysql(connection, access);
      return { tables: new MysqlTables(connection), cancel, close: () => connection.destroy() };
    }
    case 'postgresql': {
      const client = await connectPostgresql(access);
      const cancel = async () => cancelPostgresql(client, access);
      return { tables: new PostgresqlTables(client), cancel, close: () => void client.end().catch(() => undefined) };
    }
    case 'redshift': throw new Error('Amazon Redshift has no COPY that a host takes part in: RedshiftCopyActivity copies its tables');
  }
}

function rowsOf({ selectQuery, table: name, schemaName }: TableEnd, tables: TableConnection, sql: (parts: SqlParts) => string, as?: Format): Content {
  return tables.rows(selectQuery ? sql(selectQuery) : tables.selectAll({ name, schemaName }), as);
}

function told(input: TableEnd, content: Content): Content {
  if (content.kind === 'records') return { kind: 'records', records: readingAs(tellable(input), recordsOf(content)) };
  return { ...content, chunks: readingAs(tellable(input), content.chunks) };
}

function tellable({ object, table, database }: TableEnd): Told {
  return { object, uri: `${table} in ${database.object}` };
}

function extension({ format, compression }: FilesEnd): string {
  return `.${nameOf(format)}${compression === 'gzip' ? '.gz' : ''}`;
}

function nameOf(format?: FileFormat): string {
  if (format?.kind !== 'delimited') return 'txt';
  return format.quoted ? 'csv' : format.columnSeparator === '\t' ? 'tsv' : 'txt';
}
