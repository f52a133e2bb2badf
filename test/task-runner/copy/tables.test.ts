/**
 * Tables of real databases. POSTGRESQL_PROGRAMS is the directory of PostgreSQL's programs, MARIADB_SERVER the program mariadbd; `.ci/run`
 * gets both. Without them these tests are skipped, except where CI_TIERS says that nothing may be.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connectionOf } from '../../../src/contract/connection';
import { DelimitedFormat, FilesEnd, TableEnd } from '../../../src/contract/copy';
import { COPY_FAILED } from '../../../src/contract/errors';
import { bytesOf, Content } from '../../../task-runner/copy/content';
import { loadTable, unloadTable } from '../../../task-runner/copy/copy-table';
import { MysqlTables } from '../../../task-runner/copy/mysql-table';
import { PostgresqlTables } from '../../../task-runner/copy/postgresql-table';
import { TableConnection, TargetTable } from '../../../task-runner/copy/table';
import { connectMysql } from '../../../task-runner/databases/mysql';
import { connectPostgresql } from '../../../task-runner/databases/postgresql';
import { DatabaseServer, PASSWORD } from '../database-server';
import { ColumnTypes, MARIADB_TYPES, POSTGRESQL_TYPES } from './column-types';

const CSV: DelimitedFormat = { kind: 'delimited', quoted: true, columnSeparator: ',', recordSeparator: '\n' };
const TSV: DelimitedFormat = { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n', escapeChar: '\\' };
/** Numbers, texts with all that means something to somebody, times, bytes. */
const ROWS = '1,"it\'s ""é"", 😀\tand\\n\nmore\r\n\\N",12345678901234567.89,2026-11-21 10:00:00,\\x00ff22\n2,,,,\n3,"",-0.50,0001-01-01 00:00:00,\\x\n';
const TARGET = { name: 'Orders "1"' };

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 7) yield Buffer.from(text).subarray(at, at + 7);
  yield Buffer.from(text).subarray(Math.ceil(text.length / 7) * 7);
}
const content = (text: string, format = CSV): Content => ({ kind: 'bytes', format, chunks: chunksOf(text) });

async function textOf(of: Content, format = CSV): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of bytesOf(of, format)) all.push(Buffer.from(chunk));
  return Buffer.concat(all).toString();
}

const CONTEXT = {
  ...{ storage: undefined as never, objects: undefined as never },
  databases: { secret: async () => Promise.resolve(JSON.stringify({ username: 'root', password: PASSWORD })), instance: async () => Promise.reject(new Error('no instance')) },
};

interface Engine {
  readonly tables: TableConnection;
  readonly connectionString: string;
  /** Takes longer than the test. */
  readonly sleepingQuery: string;
  /** What the server is at work on, beside this question. */
  readonly statementsQuery: string;
  /** A condition, to the byte. */
  sameValue(one: string, other: string): string;
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

async function postgresql(programs: string): Promise<Engine> {
  const server = await DatabaseServer.postgresql(programs);
  const connectionString = `${server.connectionString}?sslmode=disable`;
  const client = await connectPostgresql({ ...connectionOf(connectionString, []), username: 'root', password: PASSWORD });
  return {
    tables: new PostgresqlTables(client),
    connectionString,
    sameValue: (one, other) => `${one}::TEXT = ${other}::TEXT`,
    sleepingQuery: 'SELECT pg_sleep(61)',
    statementsQuery: "SELECT query FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()",
    run: async (sql) => void await client.query(sql),
    close: async () => {
      await client.end();
      await server.stop();
    },
  };
}

async function mariadb(program: string): Promise<Engine> {
  const server = await DatabaseServer.mariadb(program);
  const connectionString = `${server.connectionString}?sslMode=disabled`;
  const connection = await connectMysql({ ...connectionOf(connectionString, []), username: 'root', password: PASSWORD });
  return {
    tables: new MysqlTables(connection),
    connectionString,
    sameValue: (one, other) => `CAST(${one} AS BINARY) = CAST(${other} AS BINARY)`,
    sleepingQuery: 'SELECT SLEEP(61)',
    statementsQuery: 'SELECT info FROM information_schema.processlist WHERE info IS NOT NULL AND id <> CONNECTION_ID()',
    run: async (sql) => void await connection.promise().query(sql),
    close: async () => {
      connection.destroy();
      await server.stop();
    },
  };
}

const { MARIADB_SERVER, POSTGRESQL_PROGRAMS } = process.env;
const ENGINES: readonly [name: string, start: (() => Promise<Engine>) | undefined, createTableSql: string, types: ColumnTypes][] = [
  ['PostgreSQL', POSTGRESQL_PROGRAMS === undefined ? undefined : async () => postgresql(POSTGRESQL_PROGRAMS),
    'CREATE TABLE "Orders ""1""" (id INT PRIMARY KEY, name TEXT, amount NUMERIC(20, 2), at TIMESTAMP, data BYTEA)', POSTGRESQL_TYPES],
  ['MariaDB', MARIADB_SERVER === undefined ? undefined : async () => mariadb(MARIADB_SERVER),
    'CREATE TABLE `Orders "1"` (id INT PRIMARY KEY, name TEXT, amount NUMERIC(20, 2), at DATETIME, data BLOB)', MARIADB_TYPES],
];

const ready = process.env.CI_TIERS !== undefined || ENGINES.every(([, start]) => start);
if (!ready) console.warn('POSTGRESQL_PROGRAMS and MARIADB_SERVER are not set, so no table is copied; .ci/run does that');

(ready ? describe : describe.skip).each(ENGINES)('%s', (name, start, createTableSql, types) => {
  let engine: Engine;
  const quoted = (identifier: string) => (name === 'PostgreSQL' ? `"${identifier.replaceAll('"', '""')}"` : `\`${identifier}\``);
  const table = quoted(TARGET.name);
  const load = async (text: string, more: Partial<TargetTable> = {}) => engine.tables.load({ ...TARGET, ...more }, content(text));
  const read = async (query = `SELECT * FROM ${table} ORDER BY id`) => textOf(engine.tables.rows(query, CSV));

  beforeAll(async () => { engine = await start!(); });
  afterAll(async () => engine.close());
  beforeEach(async () => {
    await engine.run(`DROP TABLE IF EXISTS ${table}`);
    await engine.run(createTableSql);
  });

  test('has back what it was given, whatever the format', async () => {
    await load(ROWS);
    expect(await read()).toBe(ROWS);
    const tsv = await textOf(engine.tables.rows(`SELECT * FROM ${table} ORDER BY id; `), TSV);
    await engine.run(`DELETE FROM ${table}`);
    await engine.tables.load(TARGET, content(tsv, TSV));
    expect(await textOf(engine.tables.rows(`${engine.tables.selectAll(TARGET)} -- all`))).toBe(ROWS);
  });

  test.each([['itself', undefined], ['CSV', CSV], ['TSV', TSV], ['CSV with an escapeChar', { ...CSV, escapeChar: '\\' }]])('has each type back by %s', async (_, format) => {
    for (const of of ['source', 'target']) {
      await engine.run(`DROP TABLE IF EXISTS ${of}`);
      await engine.run(`CREATE TABLE ${of} (${types.columns.join(', ')})`);
    }
    for (const row of types.rows) await engine.run(`INSERT INTO source VALUES (${row})`);
    const rows = engine.tables.rows('SELECT * FROM source', format);
    const text = format === undefined ? undefined : await textOf(rows, format);
    const given = text === undefined ? { ...end(), object: 'Source', table: 'source' } : undefined;
    if (given) await loadTable(given, { ...end(), table: 'target' }, CONTEXT, never);
    else await engine.tables.load({ name: 'target' }, content(text!, format));
    const names = types.columns.map((column) => column.split(' ')[0]);
    const same = names.map((column) => `(source.${column} IS NULL AND target.${column} IS NULL OR ${engine.sameValue(`source.${column}`, `target.${column}`)})`);
    for (const [index, column] of names.entries()) {
      expect([column, await read(`SELECT COUNT(*) FROM source JOIN target ON source.id = target.id WHERE ${same[index]}`)]).toEqual([column, `${types.rows.length}\n`]);
    }
  });

  test('makes the table where it is not there, and leaves it where it is', async () => {
    await engine.run(`DROP TABLE ${table}`);
    await load('1,a,,,\n', { createTableSql });
    await load('2,b,,,\n', { createTableSql });
    expect(await read()).toBe('1,a,,,\n2,b,,,\n');
  });

  if (name === 'MariaDB') {
    test('has back what it was given by a server that takes no local files', async () => {
      await engine.run('SET GLOBAL local_infile = 0');
      try {
        await load(ROWS);
        expect(await read()).toBe(ROWS);
        await engine.run(`DELETE FROM ${table}`);
        await expect(load('1,a,,,\n1,b,,,\n')).rejects.toThrow(/Duplicate/);
        expect(await read()).toBe('');
      } finally {
        await engine.run('SET GLOBAL local_infile = 1');
      }
    });
  }

  test('inserts as the user says', async () => {
    await load('1,a\n2,\n', { insertQuery: `INSERT INTO ${table} (id, name) VALUES (?, UPPER(?))` });
    expect(await read(`SELECT id, name FROM ${table} ORDER BY id`)).toBe('1,A\n2,\n');
  });

  test.each([
    ['too few columns', '1,a,,,\n2,b\n'],
    ['too many columns', '1,a,,,\n2,b,,,,x\n'],
    ['what is no number', '1,a,,,\nx,b,,,\n'],
    ['a key twice', '1,a,,,\n1,b,,,\n'],
    ['a record that is wrong', '1,a,,,\n2,"b"x,,,\n'],
  ])('%s fails the load, and leaves no row', async (_, text) => {
    await expect(load(text)).rejects.toThrow();
    expect(await read()).toBe('');
    await expect(load(text, { insertQuery: `INSERT INTO ${table} VALUES (?, ?, ?, ?, ?)` })).rejects.toThrow();
    expect(await read()).toBe('');
  });

  const never = new AbortController().signal;
  const end = (): TableEnd => ({
    kind: 'table', object: 'Orders', table: TARGET.name, database: { object: 'Db', secretId: 's', connectionString: engine.connectionString, properties: [] },
  });

  test('a task copies a file to a table that it makes, the table to itself, and to a directory', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tables-'));
    const orders = end();
    const files = (path: string): FilesEnd => ({ kind: 'files', object: 'F', uri: `file://${directory}${path}`, manifest: false, compression: 'none', format: CSV });
    writeFileSync(join(directory, 'in.csv'), ROWS);
    await engine.run(`DROP TABLE ${table}`);
    await loadTable(files('/in.csv'), { ...orders, createTableSql: [{ sql: createTableSql }] }, CONTEXT, never);
    await loadTable({ ...orders, selectQuery: [{ sql: 'SELECT id + 10, \'' }, { value: "'; DROP" }, { sql: `', NULL, NULL, NULL FROM ${table} WHERE id = 1` }] }, orders, CONTEXT, never);
    await unloadTable({ ...orders, selectQuery: [{ sql: `SELECT * FROM ${table} ORDER BY id` }] }, files('/out/'), CONTEXT, never);
    expect(readFileSync(join(directory, 'out/Orders.csv'), 'utf8')).toBe(`${ROWS}11,'; DROP,,,\n`);
    await expect(loadTable(files('/in.csv'), orders, CONTEXT, never)).rejects.toMatchObject({
      name: COPY_FAILED, message: expect.stringMatching(/^output Orders \(Orders "1" in Db\): .*(duplicate|Duplicate)/),
    });
    await expect(unloadTable(orders, files('/out/'), CONTEXT, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    rmSync(directory, { recursive: true });
  });

  test('what does not fit from another table is the output\'s failure', async () => {
    const selectQuery = [{ sql: "SELECT 'x', NULL, NULL, NULL, NULL" }];
    await expect(loadTable({ ...end(), object: 'Source', selectQuery }, end(), CONTEXT, never)).rejects.toThrow(/^output Orders /);
    await expect(loadTable({ ...end(), object: 'Source', selectQuery: [{ sql: 'SELECT nothing' }] }, end(), CONTEXT, never)).rejects.toThrow(/^input Source /);
  });

  test('a query that is stopped ends in the database too', async () => {
    const stopping = new AbortController();
    const copy = loadTable({ ...end(), selectQuery: [{ sql: engine.sleepingQuery }] }, end(), CONTEXT, stopping.signal);
    const running = async () => (await read(engine.statementsQuery)).includes(engine.sleepingQuery);
    while (!await running()) await setTimeout(20);
    stopping.abort(new Error('stopped'));
    await expect(copy).rejects.toThrow();
    while (await running()) await setTimeout(20);
  });

  test('a query that fails says so', async () => {
    await expect(read('SELECT nothing FROM nowhere')).rejects.toThrow(/nowhere/);
  });
});
