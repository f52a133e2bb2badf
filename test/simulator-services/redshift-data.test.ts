/** @jest-environment ./test/simulator-services/database-environment.ts */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import { Caller } from './tasks';
import { S3Store } from '../../simulator/servers/s3-store';
import { RedshiftData } from '../../simulator/services/redshift-data';
import { Json } from '../../simulator/task';

declare function openDatabase(): Promise<PGlite>;

type Answer = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const TARGET = { ClusterIdentifier: 'warehouse', Database: 'dev', DbUser: 'loader' };
const ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/Load'";
let database: PGlite;
let folder: string;
let store: S3Store;
let caller: Caller;

beforeAll(async () => {
  database = await openDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redshift-'));
  store = new S3Store(folder);
  store.createBucket('data');
  caller = new Caller(new RedshiftData({ database, store }).handlers());
  await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE hits (path varchar(20), n int, at timestamp)');
});

afterEach(() => rmSync(folder, { recursive: true }));

const call = (action: string, args: Json) => caller.call<Answer>(`aws-sdk:redshiftdata:${action}`, args);
const describeStatement = (Id: string) => call('describeStatement', { Id, WaitTimeSeconds: 30 });
const execute = async (Sql: string) => describeStatement((await call('executeStatement', { ...TARGET, Sql })).Id);
const batch = async (...Sqls: string[]) => describeStatement((await call('batchExecuteStatement', { ...TARGET, Sqls })).Id);
const put = (key: string, body: string | Buffer) => store.put('data', key, body);
const hits = async () => (await database.query('SELECT path, n FROM hits ORDER BY n, path', [], { rowMode: 'array' })).rows;

describe('a statement', () => {
  test('is submitted, runs and finishes', async () => {
    const { Id, CreatedAt, ...target } = await call('executeStatement', { ...TARGET, Sql: "INSERT INTO hits VALUES ('/', 1), ('/a', 2);" });
    expect(target).toEqual(TARGET);
    expect(await call('describeStatement', { Id })).toMatchObject({ Status: 'SUBMITTED', ResultRows: -1, Duration: -1, CreatedAt });
    expect(await describeStatement(Id)).toMatchObject({ ...TARGET, Id, Status: 'FINISHED', HasResultSet: false, ResultRows: 2 });
    expect(await hits()).toEqual([['/', 1], ['/a', 2]]);
  });

  test('that fails says why, and changes nothing', async () => {
    const answer = await execute('INSERT INTO absent VALUES (1)');
    expect(answer).toMatchObject({ Status: 'FAILED', Error: 'ERROR: relation "absent" does not exist', HasResultSet: false });
    expect(answer).not.toHaveProperty('SubStatements');
  });

  test('is one: several are refused, as by Redshift', async () => {
    expect(await execute('DELETE FROM hits; DELETE FROM hits')).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('multiple commands') });
  });

  test('may have a result', async () => {
    const { Id, HasResultSet, ResultRows } = await execute(
      "SELECT 1 AS one, 1.5::float8 AS half, 2.50::numeric AS price, 'x' AS name, true AS ok, NULL::int AS nothing, TIMESTAMP '2026-01-02 03:04:05' AS at");
    expect([HasResultSet, ResultRows]).toEqual([true, 1]);
    expect(await call('getStatementResult', { Id })).toEqual({
      TotalNumRows: 1,
      Records: [[
        { LongValue: 1 }, { DoubleValue: 1.5 }, { StringValue: '2.50' }, { StringValue: 'x' }, { BooleanValue: true }, { IsNull: true },
        { StringValue: '2026-01-02 03:04:05' },
      ]],
      ColumnMetadata: expect.arrayContaining([{ Name: 'price', Label: 'price', TypeName: 'numeric' }, { Name: 'at', Label: 'at', TypeName: 'timestamp' }]),
    });
  });

  test('with a client token runs once', async () => {
    const submit = () => call('executeStatement', { ...TARGET, Sql: "INSERT INTO hits VALUES ('/', 1)", ClientToken: 'run-1/attempt-1' });
    const [{ Id }, second] = [await submit(), await submit()];
    await describeStatement(Id);
    expect((await submit()).Id).toBe(Id);
    expect([second.Id, await hits()]).toEqual([Id, [['/', 1]]]);
  });

  test('takes the time that it is given', async () => {
    const slow = new Caller(new RedshiftData({ database, store, duration: () => 90_000 }).handlers());
    const start = slow.clock.now();
    const { Id } = await slow.call<Answer>('aws-sdk:redshiftdata:executeStatement', { ...TARGET, Sql: 'SELECT 1' });
    const polls: string[] = [];
    do polls.push((await slow.call<Answer>('aws-sdk:redshiftdata:describeStatement', { Id, WaitTimeSeconds: 30 })).Status);
    while (polls.at(-1) !== 'FINISHED');
    expect([polls.length, slow.clock.now() - start]).toEqual([3, 90_000]);
  });

  test('may be cancelled while it has not ended', async () => {
    const { Id } = await call('executeStatement', { ...TARGET, Sql: "INSERT INTO hits VALUES ('/', 1)" });
    expect(await call('cancelStatement', { Id })).toEqual({ Status: true });
    await caller.run(caller.clock.sleep(10_000));
    expect([(await describeStatement(Id)).Status, await hits()]).toEqual(['ABORTED', []]);
    await expect(call('cancelStatement', { Id })).rejects.toMatchObject({ error: 'RedshiftData.ValidationException', cause: expect.stringContaining('ABORTED') });
  });
});

describe('a batch', () => {
  test('is one transaction in the order given', async () => {
    const answer = await batch(
      'CREATE TEMP TABLE staging (LIKE hits)', "INSERT INTO staging VALUES ('/new', 1)", "INSERT INTO hits VALUES ('/old', 1)",
      'DELETE FROM hits USING staging WHERE hits.n = staging.n', 'INSERT INTO hits SELECT * FROM staging', 'SELECT count(*) FROM hits');
    expect(answer).toMatchObject({ Status: 'FINISHED', SubStatements: Array.from({ length: 6 }, () => ({ Status: 'FINISHED' })) });
    expect(await call('getStatementResult', { Id: `${answer.Id}:6` })).toMatchObject({ Records: [[{ LongValue: 1 }]] });
    expect(await hits()).toEqual([['/new', 1]]);
  });

  test('that fails leaves nothing, and says which of its statements it was', async () => {
    const answer = await batch("INSERT INTO hits VALUES ('/', 1)", 'INSERT INTO absent VALUES (1)', 'DELETE FROM hits');
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Error: 'ERROR: relation "absent" does not exist',
      SubStatements: [{ Status: 'FINISHED' }, { Status: 'FAILED', Error: 'ERROR: relation "absent" does not exist' }, { Status: 'ABORTED' }],
    });
    expect(await hits()).toEqual([]);
  });

  test('is committed by TRUNCATE up to there', async () => {
    await execute("INSERT INTO hits VALUES ('/', 1)");
    expect((await batch('TRUNCATE hits', 'INSERT INTO absent VALUES (1)')).Status).toBe('FAILED');
    expect(await hits()).toEqual([]);
  });

  test('is a session: its temporary tables go with it', async () => {
    await batch('CREATE TEMP TABLE staging (LIKE hits)');
    expect((await batch('CREATE TEMP TABLE staging (LIKE hits)')).Status).toBe('FINISHED');
    expect((await execute('SELECT * FROM staging')).Status).toBe('FAILED');
  });
});

describe('CREATE TABLE', () => {
  test("sheds Redshift's physical clauses, and nothing in quotes", async () => {
    const create = `CREATE TABLE IF NOT EXISTS visits (
      id int ENCODE az64 DISTKEY, "sortkey" varchar(20) DEFAULT 'DISTSTYLE ALL' ENCODE lzo, -- ENCODE raw
      PRIMARY KEY (id)) BACKUP NO DISTSTYLE KEY COMPOUND SORTKEY ("sortkey", id);`;
    expect(await execute(create)).toMatchObject({ Status: 'FINISHED' });
    expect(await execute('CREATE TABLE more (a int) DISTKEY(a) SORTKEY AUTO')).toMatchObject({ Status: 'FINISHED' });
    await execute('INSERT INTO visits (id) VALUES (1)');
    expect((await database.query('SELECT * FROM visits')).rows).toEqual([{ id: 1, sortkey: 'DISTSTYLE ALL' }]);
  });
});

describe('COPY', () => {
  const copy = (options: string, from = 's3://data/in/', target = 'hits') => execute(`COPY ${target} FROM '${from}' ${ROLE} ${options};`);

  test.each<[string, string, string | Buffer]>([
    ['CSV', 'CSV', '/,1,2026-01-01 00:00:00\n"/a,""b""\nc",2,\n'],
    ['FORMAT AS CSV', "FORMAT AS CSV REGION 'eu-west-1' COMPUPDATE OFF STATUPDATE ON TIMEFORMAT 'auto'", '/,1,\r\n"/a,""b""\nc",2,'],
    ['QUOTE', "CSV QUOTE AS '%' DELIMITER ';'", '/;1;\n%/a,"b"\nc%;2;\n'],
    ['DELIMITER', "DELIMITER '\\t' ESCAPE", '/\t1\t\n/a,"b"\\\nc\t2\t\\N\n'],
    ['an octal DELIMITER', "DELIMITER '\\011' ESCAPE", '/\t1\t\n/a,"b"\\\nc\t2\t\n'],
    ['no format', 'ESCAPE', '/|1|\n/a,"b"\\\nc|2|\n'],
    ['GZIP', 'CSV GZIP', gzipSync('/,1,\n"/a,""b""\nc",2,\n')],
    ['IGNOREHEADER', 'CSV IGNOREHEADER 2', 'a\nb\n/,1,\n"/a,""b""\nc",2,\n'],
  ])('with %s', async (_, options, body) => {
    await put('in/part-0', body);
    expect(await copy(options)).toMatchObject({ Status: 'FINISHED', ResultRows: 2, HasResultSet: false });
    expect(await hits()).toEqual([['/', 1], ['/a,"b"\nc', 2]]);
  });

  test('reads every object under the prefix, which need not be a directory', async () => {
    await put('in/part-0', '/0,0,\n');
    await put('in/part-1', '/1,1,\n');
    await put('in/_SUCCESS', '');
    await put('in/other', '/2,2,\n');
    await copy('CSV', 's3://data/in/part-');
    expect(await hits()).toEqual([['/0', 0], ['/1', 1]]);
    expect(await copy('CSV')).toMatchObject({ Status: 'FINISHED', ResultRows: 3 });
  });

  test('fills the columns named, in their order', async () => {
    await put('in/a', '1,/\n');
    await copy('CSV', 's3://data/in/', 'public.hits (N, "path")');
    expect(await hits()).toEqual([['/', 1]]);
  });

  test.each<[string, (string | number | null)[][]]>([
    ['CSV', [['', 1], ['NULL', 2], ['', 3], [null, 4], ['\\N', 5]]],
    ['CSV EMPTYASNULL', [[null, 1], ['NULL', 2], [null, 3], [null, 4], ['\\N', 5]]],
    ["CSV NULL AS 'NULL'", [['', 1], [null, 2], ['', 3], ['\\N', 4], ['\\N', 5]]],
  ])('tells nulls from empty text: %s', async (options, expected) => {
    await put('in/a', ',1,\nNULL,2,\n"",3,\n\\N,4,\n"\\N",5,\n');
    await copy(options);
    expect(await hits()).toEqual(expected);
  });

  test('takes its files from a manifest', async () => {
    await put('in/a', '/a,1,\n');
    await put('in/b', '/b,2,\n');
    const entry = (key: string, mandatory?: boolean) => ({ url: `s3://data/${key}`, mandatory });
    await put('list', JSON.stringify({ entries: [entry('in/b', true), entry('absent', false)] }));
    await copy('CSV MANIFEST', 's3://data/list');
    expect(await hits()).toEqual([['/b', 2]]);
    await put('list', JSON.stringify({ entries: [entry('in/a'), entry('absent', true)] }));
    expect(await copy('CSV MANIFEST', 's3://data/list')).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining("'s3://data/absent' does not exist") });
    expect(await hits()).toEqual([['/b', 2]]);
  });

  test('is part of its batch', async () => {
    await put('in/a', '/,1,\n');
    await batch('CREATE TEMP TABLE staging (LIKE hits)', `COPY staging FROM 's3://data/in/' ${ROLE} CSV`, 'INSERT INTO hits SELECT * FROM staging');
    expect(await hits()).toEqual([['/', 1]]);
    expect((await batch(`COPY hits FROM 's3://data/in/' ${ROLE} CSV`, 'INSERT INTO absent VALUES (1)')).Status).toBe('FAILED');
    expect(await hits()).toEqual([['/', 1]]);
  });

  test.each<[string, string, string]>([
    ["The specified S3 prefix 'none/' does not exist", 'CSV', 's3://data/none/'],
    ["Load into table 'hits' failed.  Check 'stl_load_errors'", 'CSV', 's3://data/bad/number'],
    ['Delimiter not found in line 2 of s3://data/bad/short', 'CSV', 's3://data/bad/short'],
    ['Extra column(s) found in line 1 of s3://data/bad/long', 'CSV', 's3://data/bad/long'],
    ['quoted field of s3://data/bad/open', 'CSV', 's3://data/bad/open'],
    ['Invalid quote formatting for CSV of s3://data/bad/mixed', 'CSV', 's3://data/bad/mixed'],
    ['value too long', 'CSV', 's3://data/bad/wide'],
    ['incorrect header check', 'CSV GZIP', 's3://data/bad/short'],
    ['COPY ... MAXERROR is not supported by this stand-in', 'CSV MAXERROR 10', 's3://data/bad/short'],
    ['COPY ... CREDENTIALS is not supported', "CREDENTIALS 'x'", 's3://data/bad/short'],
    ["'epochsecs' is not supported", "CSV TIMEFORMAT 'epochsecs'", 's3://data/bad/short'],
    ['must be a single character', "DELIMITER '||'", 's3://data/bad/short'],
    ['CSV is not compatible with ESCAPE', 'CSV ESCAPE', 's3://data/bad/short'],
    ['is no S3 URI', 'CSV', 'dynamodb://table'],
  ])('fails and loads nothing: %s', async (message, options, from) => {
    const bad = { mixed: '"/"x,1,\n', number: '/,1,\n/,x,\n', short: '/,1,\n/,2\n', long: '/,1,,\n', open: '/,1,\n"/,2,\n', wide: `${'x'.repeat(21)},1,\n` };
    for (const [name, body] of Object.entries(bad)) await put(`bad/${name}`, body);
    expect(await copy(options, from)).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining(message) });
    expect(await hits()).toEqual([]);
  });

  test('needs a role, a table and its columns', async () => {
    await put('in/a', '/,1,\n');
    expect((await execute("COPY hits FROM 's3://data/in/' CSV")).Error).toContain('COPY needs IAM_ROLE');
    expect((await execute(`COPY absent FROM 's3://data/in/' ${ROLE}`)).Error).toContain('relation "absent" does not exist');
    expect((await execute(`COPY hits (nope) FROM 's3://data/in/' ${ROLE}`)).Error).toContain('column "nope" of relation "hits" does not exist');
    expect((await execute("COPY hits FROM 's3://data/in/' IAM_ROLE default CSV")).Status).toBe('FINISHED');
  });
});

test.each<[string, string, string, Json]>([
  ['ResourceNotFoundException', 'Query does not exist', 'describeStatement', { Id: 'x' }],
  ['ValidationException', 'Either ClusterIdentifier or WorkgroupName', 'executeStatement', { Database: 'dev', Sql: 'SELECT 1' }],
  ['ValidationException', 'and not both', 'executeStatement', { ...TARGET, WorkgroupName: 'w', Sql: 'SELECT 1' }],
  ['ValidationException', 'Parameters are not supported', 'executeStatement', { ...TARGET, Sql: 'SELECT 1', Parameters: [] }],
  ['ValidationException', 'between 1 and 40', 'batchExecuteStatement', { ...TARGET, Sqls: [] }],
])('RedshiftData.%s: %s', async (name, cause, action, args) => {
  await expect(call(action, args)).rejects.toMatchObject({ error: `RedshiftData.${name}`, cause: expect.stringContaining(cause) });
});

test('a statement without a result set has no result to get', async () => {
  const { Id } = await execute('DELETE FROM hits');
  await expect(call('getStatementResult', { Id })).rejects.toMatchObject({ error: 'RedshiftData.ResourceNotFoundException' });
});

describe('UNLOAD', () => {
  const SELECT = "UNLOAD ('SELECT path, n FROM hits ORDER BY n') TO 's3://data/out/'";
  const written = async (key = 'out/0000_part_00') => Buffer.concat(await store.read(store.get('data', key)).toArray() as Buffer[]);

  beforeEach(() => execute('INSERT INTO hits VALUES (\'/a,"b"\', 1), (\'/c|d\', 2), (NULL, 3)'));

  test.each([
    ['', '/a,"b"|1\n/c|d|2\n|3\n'],
    ['FORMAT AS CSV', '"/a,""b""",1\n/c|d,2\n,3\n'],
    ['CSV HEADER', 'path,n\n"/a,""b""",1\n/c|d,2\n,3\n'],
    ["DELIMITER '|' ADDQUOTES ESCAPE", '"/a,\\"b\\""|"1"\n"/c\\|d"|"2"\n|"3"\n'],
    ["DELIMITER AS '\\t' NULL AS '-' PARALLEL OFF", '/a,"b"\t1\n/c|d\t2\n-\t3\n'],
  ])('writes what a query gives, with %p', async (options, expected) => {
    expect(await execute(`${SELECT} ${ROLE} ${options}`)).toMatchObject({ Status: 'FINISHED', ResultRows: 3 });
    expect((await written()).toString()).toBe(expected);
  });

  test('compresses', async () => {
    await execute(`${SELECT} ${ROLE} CSV GZIP`);
    expect(gunzipSync(await written('out/0000_part_00.gz')).toString()).toContain('/c|d,2');
  });

  test('overwrites or removes what stands there only if it may', async () => {
    await put('out/old', 'old');
    expect(await execute(`${SELECT} ${ROLE}`)).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('is not empty') });
    expect((await execute(`${SELECT} ${ROLE} ALLOWOVERWRITE`)).Status).toBe('FINISHED');
    expect(store.keys('data')).toEqual(['out/0000_part_00', 'out/old']);
    expect((await execute(`${SELECT} ${ROLE} CLEANPATH`)).Status).toBe('FINISHED');
    expect(store.keys('data')).toEqual(['out/0000_part_00']);
  });

  test.each([
    [SELECT, 'UNLOAD needs IAM_ROLE'],
    [`${SELECT} ${ROLE} ALLOWOVERWRITE CLEANPATH`, 'cannot be specified at the same time'],
    [`${SELECT} ${ROLE} FANCY`, 'UNLOAD ... FANCY is not supported'],
    [`UNLOAD 'SELECT 1' TO 's3://data/' ${ROLE}`, 'syntax error at or near "\'SELECT 1\'": ( was expected'],
  ])('%s fails', async (sql, error) => {
    expect(await execute(sql)).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining(error) });
  });
});
