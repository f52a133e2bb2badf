/**
 * Ways to copy, each in a process of its own, so that its memory is its own: this file is that process, and sends what it measured.
 */
import { spawn } from 'node:child_process';
import { chmodSync, createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { createConnection } from 'mysql2';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { DelimitedFormat, FilesEnd, TableEnd } from '../src/contract/copy';
import { SYSTEM_CLOCK } from '../task-runner/clock';
import { copyFiles } from '../task-runner/copy/copy-files';
import { loadTable, unloadTable } from '../task-runner/copy/copy-table';
import { S3Objects } from '../task-runner/objects';

/** What is copied, and where the databases are. */
export interface Job {
  readonly contender: string;
  readonly from: string;
  readonly to: string;
  /** Where S3 is: what is copied is `s3://data/in.csv` there, too. */
  readonly s3: string;
  readonly postgresqlPort?: number;
  readonly mariadbPort?: number;
  readonly password: string;
}

export interface Measured {
  readonly seconds: number;
  /** The most that the process had, where it did the work itself. */
  readonly megabytes?: number;
}

export const TABLE = 'visits';
const CSV: DelimitedFormat = { kind: 'delimited', quoted: true, columnSeparator: ',', recordSeparator: '\n' };
const TSV: DelimitedFormat = { kind: 'delimited', quoted: false, columnSeparator: '\t', recordSeparator: '\n', escapeChar: '\\' };
const NEVER = new AbortController().signal;
const ROWS_AN_INSERT = 1000;
const IN_PROCESS = /Task Runner|csv-/;

const CONTENDERS: Readonly<Record<string, (job: Job) => Promise<unknown>>> = {
  'files: Task Runner, as it is': async ({ from, to }) => copyFiles(file(from), file(to), NO_STORES, NEVER),
  'files: Task Runner': async ({ from, to }) => copyFiles(file(from), file(to, TSV), NO_STORES, NEVER),
  'files: csv-parse, csv-stringify': async ({ from, to }) => (
    pipeline(createReadStream(from), parse(), stringify({ delimiter: '\t' }), createWriteStream(to))
  ),
  'files: DuckDB': async ({ from, to }) => (
    program(process.env.DUCKDB_PYTHON!, ['-c', 'import duckdb, sys; duckdb.sql(sys.argv[1])',
      `COPY (FROM read_csv('${from}', header = false, all_varchar = true)) TO '${to}' (DELIMITER '\t', HEADER false)`])
  ),
  'to PostgreSQL: Task Runner': async (job) => loadTable(file(job.from), postgresqlTable(job), secretOf(job), NEVER),
  'to PostgreSQL: Task Runner, S3': async (job) => loadTable(IN_S3, postgresqlTable(job), withS3(job), NEVER),
  'to PostgreSQL: psql \\copy': async (job) => psql(job, `\\copy ${TABLE} FROM '${job.from}' CSV`),
  'to PostgreSQL: csv-parse, csv-stringify, COPY': async (job) => withPostgresql(job, async (client) => (
    pipeline(createReadStream(job.from), parse(), stringify(), client.query(copyFrom(`COPY ${TABLE} FROM STDIN CSV`)))
  )),
  'from PostgreSQL: Task Runner': async (job) => unloadTable(postgresqlTable(job), file(job.to), secretOf(job), NEVER),
  'from PostgreSQL: Task Runner, S3': async (job) => unloadTable(postgresqlTable(job), OUT_IN_S3, withS3(job), NEVER),
  'from PostgreSQL: psql \\copy': async (job) => psql(job, `\\copy ${TABLE} TO '${job.to}' CSV`),
  'from PostgreSQL: COPY, csv-parse, csv-stringify': async (job) => withPostgresql(job, async (client) => (
    pipeline(client.query(copyTo(`COPY ${TABLE} TO STDOUT CSV`)), parse(), stringify(), createWriteStream(job.to))
  )),
  'to MariaDB: Task Runner': async (job) => loadTable(file(job.from), mariadbTable(job), secretOf(job), NEVER),
  'to MariaDB: Task Runner, S3': async (job) => loadTable(IN_S3, mariadbTable(job), withS3(job), NEVER),
  'to MariaDB: LOAD DATA': async (job) => mariadb(job, `LOAD DATA LOCAL INFILE '${job.from}' INTO TABLE ${TABLE} CHARACTER SET utf8mb4 `
    + 'FIELDS TERMINATED BY \',\' OPTIONALLY ENCLOSED BY \'"\' ESCAPED BY \'\''),
  'to MariaDB: csv-parse, INSERT of 1,000 rows': insertMany,
  'from MariaDB: Task Runner': async (job) => unloadTable(mariadbTable(job), file(job.to), secretOf(job), NEVER),
  'from MariaDB: Task Runner, S3': async (job) => unloadTable(mariadbTable(job), OUT_IN_S3, withS3(job), NEVER),
  'from MariaDB: mariadb-dump --tab': dump,
  'from MariaDB: mariadb --batch': async (job) => mariadb(job, `SELECT * FROM ${TABLE}`, job.to),
  'from MariaDB: mysql2, csv-stringify': async (job) => {
    const connection = mysql(job);
    await pipeline(connection.query({ sql: `SELECT * FROM ${TABLE}`, rowsAsArray: true }).stream(), stringify(), createWriteStream(job.to));
    connection.destroy();
  },
};

const IN_S3: FilesEnd = { ...file(''), uri: 's3://data/in.csv' };
const OUT_IN_S3: FilesEnd = { ...IN_S3, uri: 's3://data/out.csv' };
const NO_STORES = { storage: undefined as never, objects: undefined as never };

function file(path: string, format = CSV): FilesEnd {
  return { kind: 'files', object: 'File', uri: `file://${path}`, manifest: false, compression: 'none', format };
}

function secretOf({ password }: Job) {
  const secret = JSON.stringify({ username: 'root', password });
  return { ...NO_STORES, databases: { secret: async () => Promise.resolve(secret), instance: async () => Promise.reject(new Error('none')) } };
}

function withS3(job: Job) {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  const client = new S3Client({ endpoint: job.s3, region: 'us-east-1', forcePathStyle: true, credentials });
  return { ...secretOf(job), objects: new S3Objects(client, { clock: SYSTEM_CLOCK, random: Math.random }) };
}

function postgresqlTable({ postgresqlPort }: Job): TableEnd {
  return tableIn(`jdbc:postgresql://127.0.0.1:${postgresqlPort}/postgres?sslmode=disable`);
}

function mariadbTable({ mariadbPort }: Job): TableEnd {
  return tableIn(`jdbc:mariadb://127.0.0.1:${mariadbPort}/shop?sslMode=disabled`);
}

function tableIn(connectionString: string): TableEnd {
  return { kind: 'table', object: 'Table', table: TABLE, database: { object: 'Database', secretId: 's', connectionString, properties: [] } };
}

async function psql({ postgresqlPort, password }: Job, command: string): Promise<void> {
  const options = ['-q', '-X', '-h', '127.0.0.1', '-p', String(postgresqlPort), '-U', 'root', '-d', 'postgres', '-c', command];
  await program('psql', options, { PGPASSWORD: password, PGSSLMODE: 'disable' });
}

async function mariadb({ mariadbPort, password }: Job, statement: string, to?: string): Promise<void> {
  const options = ['--no-defaults', '--skip-ssl', '-h', '127.0.0.1', '-P', String(mariadbPort), '-u', 'root', '--local-infile', '--batch', '--quick',
    '--skip-column-names', '-e', statement, 'shop'];
  await program('mariadb', options, { MYSQL_PWD: password }, to);
}

/** The server writes it. */
async function dump({ mariadbPort, password, to }: Job): Promise<void> {
  mkdirSync(`${to}.dump`, { recursive: true });
  chmodSync(`${to}.dump`, 0o777);
  rmSync(join(`${to}.dump`, `${TABLE}.txt`), { force: true });
  await program('mariadb-dump', ['--no-defaults', '--skip-ssl', '-h', '127.0.0.1', '-P', String(mariadbPort), '-u', 'root', `--tab=${to}.dump`,
    '--fields-terminated-by=,', '--fields-optionally-enclosed-by="', 'shop', TABLE], { MYSQL_PWD: password });
}

async function withPostgresql({ postgresqlPort: port, password }: Job, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'root', password, database: 'postgres' });
  await client.connect();
  await work(client);
  await client.end();
}

async function insertMany(job: Job): Promise<void> {
  const connection = mysql(job).promise();
  await connection.query('START TRANSACTION');
  let rows: string[][] = [];
  const insert = async () => connection.query(`INSERT INTO ${TABLE} VALUES ?`, [rows]);
  for await (const row of createReadStream(job.from).pipe(parse()) as AsyncIterable<string[]>) {
    rows.push(row);
    if (rows.length < ROWS_AN_INSERT) continue;
    await insert();
    rows = [];
  }
  if (rows.length > 0) await insert();
  await connection.query('COMMIT');
  connection.destroy();
}

function mysql({ mariadbPort: port, password }: Job) {
  return createConnection({ host: '127.0.0.1', port, user: 'root', password, database: 'shop', charset: 'utf8mb4', dateStrings: true });
}

/** Until it ends; its output goes to a file, where one is named. */
async function program(name: string, options: readonly string[], environment: NodeJS.ProcessEnv = {}, to?: string): Promise<void> {
  const child = spawn(name, options, { env: { ...process.env, ...environment }, stdio: ['ignore', to ? 'pipe' : 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}`))));
  });
  if (child.stdout && to) await pipeline(child.stdout, createWriteStream(to));
  await ended;
}

async function measure(job: Job): Promise<Measured> {
  const began = performance.now();
  await CONTENDERS[job.contender](job);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, ...IN_PROCESS.test(job.contender) ? { megabytes: process.resourceUsage().maxRSS / 1024 } : {} };
}

process.once('message', (job: Job) => {
  void measure(job).then((measured) => process.send!(measured, () => process.exit()), (error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
