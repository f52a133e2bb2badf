/** @jest-environment ./test/simulator-services/database-environment.ts */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { runSql } from './sql-attempt';
import { SqlParts } from '../../src/contract/database';
import { COMMAND_FAILED } from '../../src/contract/errors';

declare function openDatabase(): Promise<PGlite>;
declare function serveDatabase(database: PGlite): Promise<{ readonly port: number; stop(): Promise<void> }>;

const SECRET = JSON.stringify({ username: 'postgres', password: 'swordfish' });
let postgres: PGlite;
let server: Awaited<ReturnType<typeof serveDatabase>>;
let home: string;

beforeAll(async () => {
  postgres = await openDatabase();
  server = await serveDatabase(postgres);
});

afterAll(async () => {
  await server.stop();
  await postgres.close();
});

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'sql-'));
  await postgres.exec("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id int PRIMARY KEY, name text); INSERT INTO orders VALUES (1, 'un')");
});

afterEach(() => rmSync(home, { recursive: true }));

const run = async (script: string | SqlParts, scriptArguments: string[] = []) => runSql({
  database: { object: 'Db', secretId: 's', connectionString: `jdbc:postgresql://127.0.0.1:${server.port}/postgres?sslmode=disable`, properties: [] },
  script: typeof script === 'string' ? [{ sql: script }] : script,
  scriptArguments,
}, { home, secret: SECRET });
const rows = async () => (await postgres.query<{ id: number; name: string }>('SELECT * FROM orders ORDER BY id')).rows.map(({ id, name }) => `${id} ${name}`);

test('runs statements in turn, and keeps the rows that they return', async () => {
  await run("INSERT INTO orders VALUES (2, 'a;b'); DO $$ BEGIN UPDATE orders SET name = 'eins' WHERE id = 1; END $$; SELECT id, name, NULL FROM orders ORDER BY id;");
  expect(await rows()).toEqual(['1 eins', '2 a;b']);
  expect(readFileSync(join(home, 'stdout'), 'utf8')).toBe('["1","eins",null]\n["2","a;b",null]\n');
});

const HOSTILE = "'; DROP TABLE orders; -- \\' \" $$ ?";

test('binds arguments, and keeps values within their texts, whatever characters they have', async () => {
  await run('INSERT INTO orders VALUES (?, ?); UPDATE orders SET name = ? WHERE id = ?', ['2', HOSTILE, '', '1']);
  expect(await rows()).toEqual(['1 ', `2 ${HOSTILE}`]);
  await run([{ sql: "UPDATE orders SET name = '<" }, { value: HOSTILE }, { sql: "> ' || E'\\t" }, { value: HOSTILE }, { sql: "' WHERE id = 1" }]);
  expect((await rows())[0]).toBe(`1 <${HOSTILE}> \t${HOSTILE}`);
});

test('a script is one transaction, unless it begins its own', async () => {
  await expect(run('INSERT INTO orders VALUES (2); INSERT INTO orders VALUES (1)')).rejects.toThrow('statement 2 of 2: PostgreSQL 23505: ');
  expect(await rows()).toEqual(['1 un']);
  await expect(run('BEGIN; DELETE FROM orders; COMMIT; SELECT 1 / 0')).rejects.toThrow('statement 4 of 4: PostgreSQL 22012: division by zero');
  expect(await rows()).toEqual([]);
  await run('VACUUM orders');
});

test.each([
  ['SELECT 1; SELECT * FROM missing', [], 'statement 2 of 2: PostgreSQL 42P01: relation "missing" does not exist'],
  ['SELECT ?; SELECT ?', ['1'], 'the script has 2 places for arguments, and there are 1: give a scriptArgument for each "?"'],
  ["SELECT 'a", [], "the script closes what it opens; got: ' in line 1, which is not closed"],
  ["SELECT 'swordfish'::int", [], 'statement 1 of 1: PostgreSQL 22P02: invalid input syntax for type integer: "..."'],
])('fails at %s with %j: %s', async (script, scriptArguments, message) => {
  const failure = { name: COMMAND_FAILED, message: expect.stringContaining(message) };
  await expect(run(script, scriptArguments)).rejects.toThrow(expect.objectContaining(failure));
});
