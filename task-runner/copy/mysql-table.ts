import { Readable } from 'node:stream';
import { Connection, FieldPacket, ResultSetHeader, RowDataPacket, Types } from 'mysql2';
import { BATCH_SIZE, RecordBuilder, Records, rowsOf } from './batch';
import { bytesOf, Content, recordsOf } from './content';
import { TableConnection, TargetTable } from './table';

const BINARY = 63;
const BYTES = [Types.BLOB, Types.TINY_BLOB, Types.MEDIUM_BLOB, Types.LONG_BLOB, Types.STRING, Types.VAR_STRING, Types.VARCHAR];
/** The server does not allow LOAD DATA LOCAL, as MySQL 5.7, MySQL 8 and MariaDB say it. */
const NO_LOCAL_FILES = [1148, 3948, 4166];
/** Rows on their way at a time. */
const INSERTS = 200;
const TEXT = "FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'";

type Named = Pick<TargetTable, 'name' | 'schemaName'>;

interface Column {
  readonly name: string;
  readonly type: string;
}

/** MySQL and MariaDB, by LOAD DATA LOCAL INFILE; binary values are `\x` and hexadecimal digits in between, as PostgreSQL writes them. */
export class MysqlTables implements TableConnection {
  constructor(private readonly connection: Connection) {}

  rows(query: string): Content {
    return { kind: 'records', records: this.select(query) };
  }

  selectAll(table: Named): string {
    return `SELECT * FROM ${qualified(table)}`;
  }

  /** A CREATE TABLE ends the transaction, so it comes before. Tables without transactions keep the rows that they have got. */
  async load(table: TargetTable, content: Content): Promise<void> {
    await this.settings();
    if (table.createTableSql !== undefined && (await this.columnsOf(table)).length === 0) await this.query(table.createTableSql);
    await this.query('START TRANSACTION');
    try {
      await (table.insertQuery === undefined ? this.loadData(table, content) : this.insertEach(table.insertQuery, content));
      await this.query('COMMIT');
    } catch (error) {
      await this.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  private async* select(query: string): AsyncGenerator<Records> {
    await this.settings();
    const batches = new Readable({ objectMode: true, highWaterMark: 2, read: () => this.connection.resume() });
    let builder = new RecordBuilder();
    let kinds: readonly Kind[] = [];
    const command = this.connection.query({ sql: query, rowsAsArray: true, typeCast: false });
    command.on('fields', (fields: FieldPacket[]) => { kinds = fields.map(kindOf); });
    command.on('result', (row: (Buffer | null)[]) => {
      builder.add(kinds.every((kind) => kind === 'text') ? row : row.map((value, index) => asText(value, kinds[index])));
      if (builder.size < BATCH_SIZE) return;
      if (!batches.push(builder.take())) this.connection.pause();
      builder = new RecordBuilder();
    });
    command.on('error', (error: Error) => batches.destroy(error));
    command.on('end', () => {
      batches.push(builder.take());
      batches.push(null);
    });
    yield* batches as AsyncIterable<Records>;
  }

  /** What the server would change to make it fit is a warning here, and fails the load. */
  private async loadData(table: TargetTable, content: Content): Promise<void> {
    const columns = await this.columnsOf(table);
    const read = columns.map(({ name, type }, index) => (isText(type) ? identifier(name) : `@v${index}`));
    const sets = columns.flatMap(({ name, type }, index) => (isText(type) ? [] : [`${identifier(name)} = ${converted(type, `@v${index}`)}`]));
    const sql = `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${qualified(table)} CHARACTER SET utf8mb4 ${TEXT} (${read.join(', ')})`
      + (sets.length > 0 ? ` SET ${sets.join(', ')}` : '');
    const failures: unknown[] = [];
    const chunks = Readable.from(watched(bytesOf(content, { kind: 'database' }), failures), { objectMode: false });
    try {
      const { warningStatus } = await this.query<ResultSetHeader>(sql, chunks);
      if (warningStatus > 0 && failures.length === 0) failures.push(new Error(`the rows do not fit: ${await this.warnings()}`));
    } catch (error) {
      if (failures.length === 0 && NO_LOCAL_FILES.includes((error as { errno?: number }).errno ?? 0)) return this.insertAll(table, columns, content);
      failures.push(error);
    }
    if (failures.length > 0) throw failures[0];
  }

  private async insertAll(table: TargetTable, columns: readonly Column[], content: Content): Promise<void> {
    const names = columns.map(({ name }) => identifier(name)).join(', ');
    const values = columns.map(({ type }) => (type === 'bit' ? 'CAST(? AS UNSIGNED)' : '?')).join(', ');
    await this.insertEach(`INSERT INTO ${qualified(table)} (${names}) VALUES (${values})`, content, columns);
  }

  private async insertEach(sql: string, content: Content, columns: readonly Column[] = []): Promise<void> {
    for await (const records of recordsOf(content)) {
      let sent: Promise<unknown>[] = [];
      for (const row of rowsOf(records)) {
        sent.push(this.execute(sql, row.map((value, index) => argument(value, columns[index]?.type ?? ''))));
        if (sent.length < INSERTS) continue;
        await Promise.all(sent);
        sent = [];
      }
      await Promise.all(sent);
    }
  }

  private async columnsOf({ name, schemaName }: Named): Promise<Column[]> {
    const schema = schemaName === undefined ? 'DATABASE()' : this.connection.escape(schemaName);
    const where = `TABLE_NAME = ${this.connection.escape(name)} AND TABLE_SCHEMA = ${schema}`;
    const sql = `SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS WHERE ${where} ORDER BY ORDINAL_POSITION`;
    return (await this.query<RowDataPacket[]>(sql)).map((row) => ({ name: String(row.name), type: String(row.type) }));
  }

  private async warnings(): Promise<string> {
    return (await this.query<RowDataPacket[]>('SHOW WARNINGS LIMIT 3')).map(({ Message }) => String(Message)).join('; ');
  }

  private async settings(): Promise<void> {
    await this.query("SET NAMES utf8mb4, SESSION sql_mode = CONCAT_WS(',', REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'STRICT_ALL_TABLES')");
  }

  private async query<Result extends ResultSetHeader | RowDataPacket[]>(sql: string, rows?: Readable): Promise<Result> {
    const options = { sql, rowsAsArray: false, infileStreamFactory: () => rows as Readable };
    return new Promise((resolve, reject) => {
      this.connection.query<Result>(options, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }

  private async execute(sql: string, values: (string | Buffer | null)[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.execute(sql, values, (error) => (error ? reject(error) : resolve()));
    });
  }
}

type Kind = 'bytes' | 'bits' | 'text';

function kindOf({ columnType, characterSet }: FieldPacket): Kind {
  if (columnType === Types.BIT) return 'bits';
  return characterSet === BINARY && BYTES.includes(columnType ?? -1) ? 'bytes' : 'text';
}

function asText(value: Buffer | null, kind: Kind): Buffer | null {
  if (value === null || kind === 'text') return value;
  return Buffer.from(kind === 'bytes' ? `\\x${value.toString('hex')}` : String(BigInt(`0x0${value.toString('hex')}`)));
}

/** Whether a value of the type is the text of it. */
function isText(type: string): boolean {
  return type !== 'bit' && !isBinary(type);
}

function isBinary(type: string): boolean {
  return /binary$|blob$/.test(type);
}

function converted(type: string, variable: string): string {
  if (!isBinary(type)) return `CAST(${variable} AS UNSIGNED)`;
  return `IF(LEFT(${variable}, 2) = CONCAT(CHAR(92), 'x'), UNHEX(SUBSTR(${variable}, 3)), CAST(${variable} AS BINARY))`;
}

function argument(value: Buffer | null, type: string): string | Buffer | null {
  const text = value?.toString() ?? null;
  return text !== null && isBinary(type) && /^\\x([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), 'hex') : text;
}

async function* watched(chunks: AsyncIterable<Uint8Array>, failures: unknown[]): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    // To the driver it is the end: what has come is rolled back.
    failures.push(error);
  }
}

function qualified({ name, schemaName }: Named): string {
  return schemaName === undefined ? identifier(name) : `${identifier(schemaName)}.${identifier(name)}`;
}

function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
