/** @jest-environment ./test/simulator-services/database-environment.ts */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { S3Store } from '../../simulator/servers/s3-store';
import { RedshiftData } from '../../simulator/services/redshift-data';
import {
  DataFormat, Pipeline, RedshiftCopyActivity, RedshiftCopyActivityProps, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3DataNode,
} from '../../src';
import { sqlText } from '../../src/compiler/sql';
import { TextRenderer } from '../../src/compiler/text';
import { RedshiftWork } from '../../src/compiler/work';
import { pipeline } from '../compiler/fixture';
import { Caller } from '../simulator-services/tasks';

declare function openDatabase(): Promise<PGlite>;

const { APPEND, KEEP_EXISTING, OVERWRITE_EXISTING, TRUNCATE } = RedshiftInsertMode;
let postgres: PGlite;
let folder: string;
let store: S3Store;

beforeAll(async () => {
  postgres = await openDatabase();
});

afterAll(() => postgres.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copy-'));
  store = new S3Store(folder);
  store.createBucket('data');
  await store.put('data', 'in/file.csv', '2,two\n3,"thr,ee"\n');
  await postgres.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE old (id int, name varchar(20)); CREATE TABLE orders (id int, name varchar(20));
    INSERT INTO old VALUES (2, 'zwei'), (4, 'vier'); INSERT INTO orders VALUES (1, 'un'), (2, 'deux')`);
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Places {
  readonly file: S3DataNode;
  readonly old: RedshiftDataNode;
  readonly orders: RedshiftDataNode;
  readonly out: S3DataNode;
}

function places(scope: Pipeline): Places {
  const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
  const dataFormat = DataFormat.csv({ columns: ['id INT', 'name STRING'] });
  return {
    file: new S3DataNode(scope, 'In', { directoryPath: 's3://data/in/', dataFormat }),
    out: new S3DataNode(scope, 'Out', { directoryPath: 's3://data/out/', dataFormat }),
    old: new RedshiftDataNode(scope, 'Old', { database, tableName: 'old', primaryKeys: ['id'] }),
    orders: new RedshiftDataNode(scope, 'Orders', { database, tableName: 'orders', primaryKeys: ['id'] }),
  };
}

/** Copies in a session of its own. */
async function copy(from: keyof Places, to: keyof Places, props: Omit<RedshiftCopyActivityProps, 'input' | 'output'>): Promise<void> {
  const scope = pipeline();
  const nodes = places(scope);
  const { statements } = new RedshiftCopyActivity(scope, 'Copy', { input: nodes[from], output: nodes[to], ...props })._work() as RedshiftWork;
  const texts = new TextRenderer();
  const caller = new Caller(new RedshiftData({ database: postgres, store }).handlers());
  const Sqls = statements.map((pieces) => sqlText(texts, pieces));
  const { Id } = await caller.call<{ Id: string }>('aws-sdk:redshiftdata:batchExecuteStatement', { WorkgroupName: 'w', Database: 'dev', Sqls });
  const { Status, Error: reason } = await caller.call<{ Status: string; Error?: string }>('aws-sdk:redshiftdata:describeStatement', { Id, WaitTimeSeconds: 30 });
  if (Status !== 'FINISHED') throw new Error(reason);
}

async function rows(): Promise<string[]> {
  const { rows: found } = await postgres.query<{ id: number; name: string }>('SELECT * FROM orders ORDER BY id, name');
  return found.map(({ id, name }) => `${id} ${name}`);
}

test.each([
  ['file', APPEND, ['1 un', '2 deux', '2 two', '3 thr,ee']],
  ['file', TRUNCATE, ['2 two', '3 thr,ee']],
  ['file', KEEP_EXISTING, ['1 un', '2 deux', '3 thr,ee']],
  ['file', OVERWRITE_EXISTING, ['1 un', '2 two', '3 thr,ee']],
  ['old', APPEND, ['1 un', '2 deux', '2 zwei', '4 vier']],
  ['old', TRUNCATE, ['2 zwei', '4 vier']],
  ['old', KEEP_EXISTING, ['1 un', '2 deux', '4 vier']],
  ['old', OVERWRITE_EXISTING, ['1 un', '2 zwei', '4 vier']],
] as const)('from %s in mode %s, twice', async (from, insertMode, expected) => {
  await copy(from, 'orders', { insertMode });
  expect(await rows()).toEqual(expected);
  await copy(from, 'orders', { insertMode });
  if (insertMode !== APPEND) expect(await rows()).toEqual(expected);
});

test.each([
  ['file', APPEND, ['1 un', '2 deux', '20 TWO', '30 THR,EE']],
  ['file', TRUNCATE, ['20 TWO', '30 THR,EE']],
  ['old', OVERWRITE_EXISTING, ['1 un', '2 deux', '20 ZWEI', '40 VIER']],
] as const)('from %s in mode %s, transformed in a queue', async (from, insertMode, expected) => {
  await copy(from, 'orders', { insertMode, queue: 'nightly', transformSql: 'SELECT id * 10, upper(name) FROM staging' });
  expect(await rows()).toEqual(expected);
});

test.each([
  [undefined, '1,un\n2,deux\n'],
  ["SELECT id, name || ', ' || name AS name FROM staging WHERE id > 1", '2,"deux, deux"\n'],
])('out of a table, with transformSql %s', async (transformSql, expected) => {
  await store.put('data', 'out/old', 'old');
  await copy('orders', 'out', { insertMode: TRUNCATE, transformSql });
  expect(store.keys('data', 'out/')).toEqual(['out/0000_part_00']);
  expect(Buffer.concat(await store.read(store.get('data', 'out/0000_part_00')).toArray() as Buffer[]).toString()).toBe(expected);
});
