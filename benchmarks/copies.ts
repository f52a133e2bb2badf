import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createConnection } from 'mysql2';
import { Client } from 'pg';
import type { Job, Measured } from './copy-contenders';
import { S3Folder } from '../simulator/servers/s3-folder';
import { S3Store } from '../simulator/servers/s3-store';
import { DatabaseServer, PASSWORD } from '../test/task-runner/database-server';

export interface CopySpeed {
  readonly copy: string;
  readonly by: string;
  readonly megabytesPerSecond: number;
  /** Task Runner's speed beside this one's. */
  readonly ratio: number;
  /** The most that the process had. */
  readonly megabytes?: number;
}

const COPIES: ReadonlyArray<readonly [copy: string, of: string, contenders: readonly string[]]> = [
  ['CSV file to TSV file', 'files', ['Task Runner', 'Task Runner, as it is', 'csv-parse, csv-stringify', 'DuckDB']],
  ['CSV file to PostgreSQL', 'to PostgreSQL', ['Task Runner', 'Task Runner, S3', 'psql \\copy', 'csv-parse, csv-stringify, COPY']],
  ['PostgreSQL to CSV file', 'from PostgreSQL', ['Task Runner', 'Task Runner, S3', 'psql \\copy', 'COPY, csv-parse, csv-stringify']],
  ['CSV file to MariaDB', 'to MariaDB', ['Task Runner', 'Task Runner, S3', 'LOAD DATA', 'csv-parse, INSERT of 1,000 rows']],
  ['MariaDB to CSV file', 'from MariaDB', ['Task Runner', 'Task Runner, S3', 'mariadb --batch', 'mariadb-dump --tab', 'mysql2, csv-stringify']],
];
const COLUMNS = 'id BIGINT, at VARCHAR(30), name VARCHAR(100), method VARCHAR(10), path VARCHAR(200), status INT, amount DECIMAL(12, 2), agent TEXT, note TEXT, city TEXT';

interface Databases {
  readonly postgresql?: DatabaseServer;
  readonly mariadb?: DatabaseServer;
}

/**
 * Copies of so many rows by Task Runner and by others, one after the other, the best of so many rounds. The databases' programs come from
 * POSTGRESQL_PROGRAMS and MARIADB_SERVER, DuckDB from DUCKDB_PYTHON: what is not there is left out. S3 is a stand-in in this process.
 */
export async function copySpeeds(rows: number, rounds: number, isWanted: (by: string) => boolean = () => true): Promise<CopySpeed[]> {
  const directory = mkdtempSync(join(tmpdir(), 'copies-'));
  const databases = await started();
  const store = new S3Store(join(directory, 's3'));
  store.createBucket('data');
  const s3 = await S3Folder.start(store);
  try {
    const from = join(directory, 'in.csv');
    await pipeline(Readable.from(visits(rows)), createWriteStream(from));
    store.commit('data', 'in.csv', await store.stage(createReadStream(from)));
    chmodSync(directory, 0o777); // for the databases' users
    const megabytes = statSync(from).size / 1e6;
    const speeds: CopySpeed[] = [];
    for (const [copy, of, contenders] of COPIES) {
      const present = contenders.filter((by) => isWanted(by) && isThere(of, by, databases));
      const job = { from, to: join(directory, 'out'), s3: s3.endpoint, password: PASSWORD, postgresqlPort: databases.postgresql?.port, mariadbPort: databases.mariadb?.port };
      const best = await bestOf(rounds, present, async (by) => {
        if (of.startsWith('to ')) await emptied(databases);
        return measured({ ...job, contender: `${of}: ${by}` });
      });
      const ours = best.get('Task Runner')?.seconds ?? 0;
      for (const [by, { seconds, megabytes: memory }] of best) {
        speeds.push({ copy, by, megabytesPerSecond: megabytes / seconds, ratio: seconds / ours, megabytes: memory });
      }
    }
    return speeds;
  } finally {
    await databases.postgresql?.stop();
    await databases.mariadb?.stop();
    await s3.close();
    rmSync(directory, { recursive: true });
  }
}

async function started(): Promise<Databases> {
  const { POSTGRESQL_PROGRAMS, MARIADB_SERVER } = process.env;
  return {
    postgresql: POSTGRESQL_PROGRAMS === undefined ? undefined : await DatabaseServer.postgresql(POSTGRESQL_PROGRAMS),
    mariadb: MARIADB_SERVER === undefined ? undefined : await DatabaseServer.mariadb(MARIADB_SERVER),
  };
}

function isThere(of: string, by: string, { postgresql, mariadb }: Databases): boolean {
  if (by === 'DuckDB') return process.env.DUCKDB_PYTHON !== undefined;
  return of === 'files' || (of.endsWith('PostgreSQL') ? postgresql : mariadb) !== undefined;
}

/** Names with quotes and letters of two and three bytes, texts with a newline, and empty values. */
function* visits(rows: number): Generator<string> {
  for (let row = 0; row < rows; row += 1000) {
    yield Array.from({ length: Math.min(1000, rows - row) }, (_, index) => visit(row + index)).join('');
  }
}

function visit(id: number): string {
  const note = id % 20 === 0 ? '"a note\nof ""two"" lines"' : 'some longer text that is plain';
  const name = id % 3 === 0 ? `"Müller, J. ${id}"` : `user ${id}`;
  return `${id},2026-11-21T10:00:00Z,${name},GET,/products/${id % 9973}/index.html,200,${id % 1000}.50,Mozilla/5.0 (X11; Linux x86_64),${note},${id % 5 ? '東京' : ''}\n`;
}

async function bestOf(rounds: number, contenders: readonly string[], measure: (by: string) => Promise<Measured>): Promise<Map<string, Measured>> {
  const best = new Map<string, Measured>();
  for (let round = 0; round < rounds; round += 1) {
    for (const by of contenders) {
      const turn = await measure(by);
      if (turn.seconds < (best.get(by)?.seconds ?? Infinity)) best.set(by, turn);
    }
  }
  return best;
}

async function measured(job: Job): Promise<Measured> {
  const child = fork(join(__dirname, 'copy-contenders.ts'), { execArgv: ['--import', 'tsx'] });
  child.send(job);
  const [measurement] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => { throw new Error(`${job.contender} ended with ${code}`); }),
  ]) as [Measured];
  return measurement;
}

async function emptied({ postgresql, mariadb }: Databases): Promise<void> {
  const anew = ['DROP TABLE IF EXISTS visits', `CREATE TABLE visits (${COLUMNS})`];
  if (postgresql) {
    const client = new Client({ host: '127.0.0.1', port: postgresql.port, user: 'root', password: PASSWORD, database: 'postgres' });
    await client.connect();
    for (const statement of anew) await client.query(statement);
    await client.end();
  }
  if (mariadb) {
    const connection = createConnection({ host: '127.0.0.1', port: mariadb.port, user: 'root', password: PASSWORD, database: 'shop' });
    for (const statement of anew) await connection.promise().query(statement);
    connection.destroy();
  }
}
