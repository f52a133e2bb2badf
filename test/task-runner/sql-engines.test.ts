/**
 * Real engines, where there are such: POSTGRESQL_PROGRAMS is the folder of PostgreSQL's programs, MARIADB_SERVER the program of MariaDB's
 * server. Without them these tests are skipped, except where CI_TIERS says that nothing may be.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseServer, PASSWORD } from './database-server';
import { runSql } from './sql-attempt';
import { SqlParts } from '../../src/contract/database';

const { POSTGRESQL_PROGRAMS, MARIADB_SERVER } = process.env;
const HOSTILE = "'; DROP TABLE t; -- \\' \\\\ \" ` # $$ ? \u{1F600} \n";

interface Engine {
  readonly name: string;
  readonly path?: string;
  readonly start: (path: string) => Promise<DatabaseServer>;
  readonly sleep: string;
  /** How many statements sleep. */
  readonly asleep: string;
  readonly program: string;
  readonly refusal: RegExp;
}

const ENGINES: Engine[] = [
  {
    name: 'PostgreSQL',
    path: POSTGRESQL_PROGRAMS,
    start: async (path) => DatabaseServer.postgresql(path),
    sleep: 'SELECT pg_sleep(600)',
    asleep: "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'",
    program: "CREATE FUNCTION add_one() RETURNS void AS $$ BEGIN INSERT INTO t VALUES (10, ';'); END $$ LANGUAGE plpgsql; SELECT add_one();",
    refusal: /PostgreSQL 28P01: password authentication failed/,
  },
  {
    name: 'MariaDB',
    path: MARIADB_SERVER,
    start: async (path) => DatabaseServer.mariadb(path),
    sleep: 'SELECT SLEEP(600)',
    asleep: "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'",
    program: "DELIMITER //\nCREATE PROCEDURE add_one()\nBEGIN\n  INSERT INTO t VALUES (10, ';');\nEND//\nDELIMITER ;\nCALL add_one();",
    refusal: /MySQL 1045 \(28000\): Access denied/,
  },
];

const ready = process.env.CI_TIERS !== undefined || ENGINES.every(({ path }) => path !== undefined);

(ready ? describe : describe.skip).each(ENGINES)('on $name', ({ path = '', start, sleep, asleep, program, refusal }) => {
  let server: DatabaseServer;
  let home: string;

  beforeAll(async () => {
    server = await start(path);
  }, 60_000);
  afterAll(async () => server.stop());

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'sql-'));
    await run("DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY, name varchar(200)); INSERT INTO t VALUES (1, 'one')");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  interface Options {
    readonly properties?: string[];
    readonly scriptArguments?: string[];
    readonly password?: string;
    readonly signal?: AbortSignal;
  }
  /** The rows that it returns. */
  async function run(script: string | SqlParts, { properties = ['sslMode=require'], scriptArguments = [], password = PASSWORD, signal }: Options = {}): Promise<unknown[]> {
    const known = server.connectionString.startsWith('jdbc:postgresql') ? properties : properties.map((property) => property.replace('=require', '=required'));
    const task = {
      database: { object: 'Db', secretId: 's', username: 'root', connectionString: server.connectionString, properties: known },
      script: typeof script === 'string' ? [{ sql: script }] : script,
      scriptArguments,
    };
    await runSql(task, { home, secret: password, signal });
    const stdout = join(home, 'stdout');
    return existsSync(stdout) ? readFileSync(stdout, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown) : [];
  }

  test('arguments are bound and values stay in their texts, whatever characters they have', async () => {
    await run([{ sql: "INSERT INTO t VALUES (?, ?); INSERT INTO t VALUES (3, '<" }, { value: HOSTILE }, { sql: ">')" }], { scriptArguments: ['2', HOSTILE] });
    expect(await run('SELECT name FROM t WHERE id > 1 ORDER BY id')).toEqual([[HOSTILE], [`<${HOSTILE}>`]]);
  });

  test('what fails leaves nothing of the script, and says which statement', async () => {
    await expect(run("INSERT INTO t VALUES (2, 'two'); INSERT INTO t VALUES (1, 'again')")).rejects.toThrow(/^statement 2 of 2: (PostgreSQL 23505|MySQL 1062 \(23000\)): /);
    expect(String(await run('SELECT COUNT(*) FROM t'))).toBe('1');
  });

  test('programs that are stored are one statement', async () => {
    await run(program);
    expect(await run('SELECT name FROM t WHERE id = 10')).toEqual([[';']]);
  });

  test('at the end of the attempt, the statement is ended in the database', async () => {
    const attempt = new AbortController();
    const slept = run(`UPDATE t SET name = 'two'; ${sleep}`, { signal: attempt.signal });
    const failed = expect(slept).rejects.toThrow(/statement 2 of 2|abort/i);
    await until('1');
    attempt.abort();
    await failed;
    await until('0');
    expect(await run('SELECT name FROM t')).toEqual([['one']]);
  });

  async function until(count: string): Promise<void> {
    while (String(await run(asleep)) !== count);
  }

  test('is connected to over TLS, with a certificate that somebody trusts, by who has the password', async () => {
    await expect(run('SELECT 1', { properties: [] })).rejects.toThrow(/connecting to 127\.0\.0\.1.*self-signed certificate/);
    await expect(run('SELECT 1', { password: 'mackerel' })).rejects.toThrow(refusal);
    expect(String(await run('SELECT 1', { properties: ['sslMode=disable'] }))).toBe('1');
  });
});

test.each(['mysql', 'postgresql'])('a server of %s that is not there is told by its address', async (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'sql-'));
  const task = { database: { object: 'Db', secretId: 's', username: 'root', connectionString: `jdbc:${engine}://127.0.0.1:1/d`, properties: [] }, script: [{ sql: 'SELECT 1' }], scriptArguments: [] };
  await expect(runSql(task, { home, secret: PASSWORD })).rejects.toThrow(/^connecting to 127\.0\.0\.1:1: .*ECONNREFUSED/);
  rmSync(home, { recursive: true });
});
