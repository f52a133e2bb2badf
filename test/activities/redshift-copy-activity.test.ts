import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import jsonata from 'jsonata';
import {
  DataFormat, Pipeline, RedshiftCopyActivity, RedshiftCopyActivityProps, RedshiftDatabase, RedshiftDatabaseProps, RedshiftDataNode,
  RedshiftInsertMode, S3Compression,
  S3DataNode, S3DataNodeProps,
} from '../../src';
import { sqlText } from '../../src/compiler/sql';
import { Text, TextRenderer } from '../../src/compiler/text';
import { RedshiftWork, SqlPiece, TaskRunnerWork, TaskTemplate, Work } from '../../src/compiler/work';
import { DIALECTS } from '../../src/contract/sql-script';
import { SqlTask } from '../../src/contract/task';
import { boundStatements } from '../../task-runner/databases/script';
import { folder, hosts, pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const DATA = 'arn:aws:s3:::data';

describe('a load', () => {
  const CREATE = 'create table if not exists orders (id int, day date);';

  interface Load {
    readonly scope: Pipeline;
    readonly statements: string[];
  }

  function load(node: Partial<S3DataNodeProps>, props: Partial<RedshiftCopyActivityProps> = {}, createTableSql?: string): Load {
    const scope = pipeline();
    const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
    const output = new RedshiftDataNode(scope, 'Table', { database, tableName: 'or"ders', schemaName: 'sales', primaryKeys: ['id', 'day'], createTableSql });
    const input = new S3DataNode(scope, 'Raw', { ...node.manifestFilePath || node.filePath ? {} : { directoryPath: "s3://data/o'clock/" }, ...node });
    const activity = new RedshiftCopyActivity(scope, 'Load', { input, output, insertMode: RedshiftInsertMode.APPEND, ...props });
    const texts = new TextRenderer();
    return { scope, statements: (activity._work() as RedshiftWork).statements.map((pieces) => sqlText(texts, pieces)) };
  }

  const TABLE = '"sales"."or""ders"';
  const FROM = "FROM 's3://data/o''clock/' IAM_ROLE default";

  test.each<[RedshiftInsertMode, string[]]>([
    [RedshiftInsertMode.APPEND, [`COPY ${TABLE} ${FROM} FORMAT AS CSV`]],
    [RedshiftInsertMode.TRUNCATE, [`DELETE FROM ${TABLE}`, `COPY ${TABLE} ${FROM} FORMAT AS CSV`]],
    [RedshiftInsertMode.KEEP_EXISTING, [
      `CREATE TEMP TABLE "staging" (LIKE ${TABLE})`,
      `COPY "staging" ${FROM} FORMAT AS CSV`,
      `DELETE FROM "staging" USING ${TABLE} WHERE "staging"."id" = ${TABLE}."id" AND "staging"."day" = ${TABLE}."day"`,
      `INSERT INTO ${TABLE} SELECT * FROM "staging"`,
      'DROP TABLE "staging"',
    ]],
    [RedshiftInsertMode.OVERWRITE_EXISTING, [
      `CREATE TEMP TABLE "staging" (LIKE ${TABLE})`,
      `COPY "staging" ${FROM} FORMAT AS CSV`,
      `DELETE FROM ${TABLE} USING "staging" WHERE ${TABLE}."id" = "staging"."id" AND ${TABLE}."day" = "staging"."day"`,
      `INSERT INTO ${TABLE} SELECT * FROM "staging"`,
      'DROP TABLE "staging"',
    ]],
  ])('in mode %s', (insertMode, expected) => {
    expect(load({ dataFormat: DataFormat.csv() }, { insertMode }).statements).toEqual(expected);
  });

  test.each<[string, Partial<S3DataNodeProps>, Partial<RedshiftCopyActivityProps>, string]>([
    ['columns', { dataFormat: DataFormat.csv({ columns: ['id', 'da"y'] }) }, {}, `COPY ${TABLE} ("id", "da""y") ${FROM} FORMAT AS CSV`],
    ['columns and their types', { dataFormat: DataFormat.csv({ columns: ['id INT', 'day  DATE'] }) }, {}, `COPY ${TABLE} ("id", "day") ${FROM} FORMAT AS CSV`],
    ['backslashes before quotes', { dataFormat: DataFormat.csv({ escapeChar: '\\' }) }, {}, `COPY ${TABLE} ${FROM} DELIMITER ',' REMOVEQUOTES ESCAPE`],
    ['a custom format', { dataFormat: DataFormat.custom({ columnSeparator: '*' }) }, {}, `COPY ${TABLE} ${FROM} DELIMITER '*'`],
    ['tabs', { dataFormat: DataFormat.tsv() }, {}, `COPY ${TABLE} ${FROM} DELIMITER '\\t'`],
    ['a separator of its own', { dataFormat: DataFormat.tsv({ columnSeparator: "'", escapeChar: '\\' }) }, {}, `COPY ${TABLE} ${FROM} DELIMITER '''' ESCAPE`],
    ['options', {}, { commandOptions: ['EMPTYASNULL', "NULL 'x'"] }, `COPY ${TABLE} ${FROM} EMPTYASNULL NULL 'x'`],
    ['gzip', { dataFormat: DataFormat.csv(), compression: S3Compression.GZIP }, {}, `COPY ${TABLE} ${FROM} FORMAT AS CSV GZIP`],
    ['a manifest', { manifestFilePath: 's3://data/manifest', dataFormat: DataFormat.csv() }, {},
      `COPY ${TABLE} FROM 's3://data/manifest' IAM_ROLE default FORMAT AS CSV MANIFEST`],
  ])('of data with %s', (_, node, props, expected) => {
    expect(load(node, props).statements).toEqual([expected]);
  });

  test.each<[string, DataFormat, string]>([
    ['no columns', DataFormat.regEx({ inputRegEx: '(.*)' }), 'COPY has separated columns; got: Stack/P/Raw with DataFormat.regEx; give it DataFormat.csv, tsv or custom'],
    ['items', DataFormat.dynamoDbExport(), 'COPY has separated columns; got: Stack/P/Raw with DataFormat.dynamoDbExport; give it DataFormat.csv, tsv or custom'],
    ['records that end otherwise', DataFormat.tsv({ recordSeparator: '\r' }),
      'COPY takes a newline for the end of a record; got: Stack/P/Raw with recordSeparator "\\r"'],
    ['another escape character', DataFormat.csv({ escapeChar: '^' }), 'COPY knows the backslash only as escapeChar; got: Stack/P/Raw with "^"'],
  ])('of data with %s is refused', (_, dataFormat, message) => {
    expect(() => load({ dataFormat })).toThrow(new Error(`Stack/P/Load: input: ${message}`));
  });

  test.each<[RedshiftInsertMode, string[]]>([
    [RedshiftInsertMode.APPEND, []],
    [RedshiftInsertMode.TRUNCATE, [`DELETE FROM ${TABLE}`]],
    [RedshiftInsertMode.KEEP_EXISTING, [
      `DELETE FROM "transformed" USING ${TABLE} WHERE "transformed"."id" = ${TABLE}."id" AND "transformed"."day" = ${TABLE}."day"`,
    ]],
    [RedshiftInsertMode.OVERWRITE_EXISTING, [
      `DELETE FROM ${TABLE} USING "transformed" WHERE ${TABLE}."id" = "transformed"."id" AND ${TABLE}."day" = "transformed"."day"`,
    ]],
  ])('that is transformed, in mode %s', (insertMode, remove) => {
    const dataFormat = DataFormat.csv({ columns: ['id INT', 'day string'] });
    expect(load({ dataFormat }, { insertMode, transformSql: 'SELECT id, day::date FROM staging;' }).statements).toEqual([
      'CREATE TEMP TABLE "staging" ("id" INT, "day" VARCHAR(65535))',
      `COPY "staging" ("id", "day") ${FROM} FORMAT AS CSV`,
      `CREATE TEMP TABLE "transformed" (LIKE ${TABLE})`,
      'INSERT INTO "transformed" SELECT id, day::date FROM staging',
      ...remove,
      `INSERT INTO ${TABLE} SELECT * FROM "transformed"`,
      'DROP TABLE "staging"',
      'DROP TABLE "transformed"',
    ]);
  });

  test('that is transformed has the columns of the table where its own have no types', () => {
    const { statements } = load({ dataFormat: DataFormat.csv({ columns: ['id', 'day DATE'] }) }, { transformSql: 'SELECT * FROM staging' });
    expect(statements[0]).toBe(`CREATE TEMP TABLE "staging" (LIKE ${TABLE})`);
  });

  test("has no value of a run among a transformSql's words", async () => {
    const transformSql = 'SELECT id /* it\'s; */ FROM staging -- don\'t;\n WHERE day >= \'#{format(@scheduledStartTime,\'YYYY-MM-dd\')} o\'\'clock\' AND "a;\'b" = \'x;y\'';
    const rendered = load({ dataFormat: DataFormat.csv() }, { transformSql }).statements[3];
    const sql = await jsonata(rendered.replace(/^\{%|%\}$/g, '')).evaluate({}, { scheduledStartTime: '2026-11-21T00:00:00Z' });
    expect(sql).toBe('INSERT INTO "transformed" SELECT id /* it\'s; */ FROM staging -- don\'t;\n '
      + 'WHERE day >= \'2026-11-21 o\'\'clock\' AND "a;\'b" = \'x;y\'');
  });

  test.each([
    ['DELETE FROM staging', 'is one SELECT'],
    ['SELECT 1; DROP TABLE orders', 'is one SELECT, without ";"'],
    ['SELECT * FROM staging WHERE day > #{@scheduledStartTime}', "takes expressions in texts only, such as '#{@scheduledStartTime}'; got one elsewhere in line 1"],
    ['SELECT "#{@scheduledStartTime}" FROM staging', "takes expressions in texts only, such as '#{@scheduledStartTime}'; got one elsewhere in line 1"],
    [`SELECT '${'#{@scheduledStartTime}'.repeat(50)}`, "closes what it opens; got: ' in line 1, which is not closed"],
  ])('is not transformed by %s', (transformSql, problem) => {
    expect(() => load({ dataFormat: DataFormat.csv() }, { transformSql })).toThrow(new Error(`Stack/P/Load: transformSql: ${problem}; got: "${transformSql}"`));
  });

  test('is in the queue that it names', () => {
    expect(load({ dataFormat: DataFormat.csv() }, { queue: "night's" }).statements[0]).toBe("SET query_group TO 'night''s'");
  });

  test('makes the table first, if it is not there', () => {
    expect(load({ dataFormat: DataFormat.csv() }, {}, CREATE).statements[0]).toBe('CREATE TABLE IF NOT EXISTS orders (id int, day date)');
  });

  test('lets the role of the database read its input', () => {
    const scope = pipeline();
    const iamRole = new Role(scope, 'CopyRole', { assumedBy: new ServicePrincipal('redshift.amazonaws.com') });
    const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev', iamRole });
    const output = new RedshiftDataNode(scope, 'Table', { database, tableName: 't' });
    new RedshiftCopyActivity(scope, 'Load', { input: folder(scope, 'Raw'), output, insertMode: RedshiftInsertMode.APPEND });
    expect(granted(iamRole)).toEqual([`s3:GetObject ${DATA}/Raw/*`, `s3:ListBucket ${DATA} if`]);
  });

  test.each<[string, Partial<S3DataNodeProps>, string]>([
    ['options that a format overrules', { dataFormat: DataFormat.csv() }, 'commandOptions (GZIP) are ignored: Stack/P/Raw has a dataFormat'],
    ['data of no format', {}, 'Stack/P/Raw has no dataFormat, and there are no commandOptions: columns are separated by "|"'],
  ])('warns of %s', (_, node, warning) => {
    const { scope } = load(node, node.dataFormat ? { commandOptions: ['GZIP'] } : {});
    Annotations.fromStack(Stack.of(scope)).hasWarning('/Stack/P/Load', Match.stringLikeRegexp(warning.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  });
});

describe('a copy out of a table', () => {
  function copy(to: Partial<S3DataNodeProps>, props: Partial<RedshiftCopyActivityProps> = {}): string[] {
    const scope = pipeline();
    const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
    const input = new RedshiftDataNode(scope, 'Table', { database, tableName: "or'ders" });
    const output = new S3DataNode(scope, 'Out', { ...to.filePath ? {} : { directoryPath: 's3://data/out/' }, ...to });
    const activity = new RedshiftCopyActivity(scope, 'Copy', { input, output, insertMode: RedshiftInsertMode.TRUNCATE, ...props });
    const texts = new TextRenderer();
    return (activity._work() as RedshiftWork).statements.map((pieces) => sqlText(texts, pieces));
  }

  const UNLOAD = 'UNLOAD (\'SELECT * FROM "or\'\'ders"\') TO \'s3://data/out/\' IAM_ROLE default';

  test.each<[string, RedshiftInsertMode]>([
    [' ALLOWOVERWRITE', RedshiftInsertMode.APPEND],
    [' ALLOWOVERWRITE', RedshiftInsertMode.OVERWRITE_EXISTING],
    [' CLEANPATH', RedshiftInsertMode.TRUNCATE],
    ['', RedshiftInsertMode.KEEP_EXISTING],
  ])('has%s in mode %s', (option, insertMode) => {
    expect(copy({ dataFormat: DataFormat.csv() }, { insertMode })).toEqual([`${UNLOAD} FORMAT AS CSV${option}`]);
  });

  test.each<[string, Partial<S3DataNodeProps>, Partial<RedshiftCopyActivityProps>, string]>([
    ['options', {}, { commandOptions: ['PARALLEL OFF'] }, 'PARALLEL OFF'],
    ['gzip', { compression: S3Compression.GZIP, dataFormat: DataFormat.tsv() }, {}, "DELIMITER '\\t' GZIP"],
    ['quotes and backslashes', { dataFormat: DataFormat.csv({ escapeChar: '\\' }) }, {}, "DELIMITER ',' ADDQUOTES ESCAPE"],
  ])('has what goes with %s', (_, to, props, options) => {
    expect(copy(to, props)).toEqual([`${UNLOAD} ${options} CLEANPATH`]);
  });

  test('may be transformed', () => {
    expect(copy({ dataFormat: DataFormat.csv() }, { transformSql: 'SELECT id FROM staging' })).toEqual([
      'CREATE TEMP TABLE "staging" AS SELECT * FROM "or\'ders"',
      'CREATE TEMP TABLE "transformed" AS SELECT id FROM staging',
      'UNLOAD (\'SELECT * FROM "transformed"\') TO \'s3://data/out/\' IAM_ROLE default FORMAT AS CSV CLEANPATH',
      'DROP TABLE "staging"',
      'DROP TABLE "transformed"',
    ]);
  });

  test('is to a directory', () => {
    expect(() => copy({ filePath: 's3://data/file' })).toThrow(new Error('Stack/P/Copy: output: is a directory in S3; got: Stack/P/Out with filePath; give it a directoryPath'));
  });
});

describe('a copy between tables', () => {
  function copy(insertMode: RedshiftInsertMode, inOneDatabase = true): SqlPiece[][] {
    const scope = pipeline();
    const databases = ['One', 'Two'].map((id) => new RedshiftDatabase(scope, id, { workgroupName: 'w', databaseName: 'dev' }));
    const table = (tableName: string, database: RedshiftDatabase) => new RedshiftDataNode(scope, tableName, { database, tableName, primaryKeys: ['id'] });
    const [input, output] = [table('a', databases[0]), table('b', databases[inOneDatabase ? 0 : 1])];
    return (new RedshiftCopyActivity(scope, 'Copy', { input, output, insertMode })._work() as RedshiftWork).statements;
  }

  test.each([
    [RedshiftInsertMode.APPEND, ['INSERT INTO "b" SELECT * FROM "a"']],
    [RedshiftInsertMode.TRUNCATE, ['DELETE FROM "b"', 'INSERT INTO "b" SELECT * FROM "a"']],
    [RedshiftInsertMode.OVERWRITE_EXISTING, [
      'CREATE TEMP TABLE "staging" AS SELECT * FROM "a"', 'DELETE FROM "b" USING "staging" WHERE "b"."id" = "staging"."id"',
      'INSERT INTO "b" SELECT * FROM "staging"', 'DROP TABLE "staging"',
    ]],
  ])('in mode %s', (insertMode, expected) => {
    expect(copy(insertMode)).toEqual(expected.map((sql) => [sql]));
  });

  test('is in one database', () => {
    expect(() => copy(RedshiftInsertMode.APPEND, false)).toThrow(new Error(
      'Stack/P/Copy: input: is in the database of the output, Stack/P/Two; got: Stack/P/a in Stack/P/One; copy it to S3 in another activity, and load it from there'));
  });
});

describe('where the Data API does not reach', () => {
  const SECRET = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:dwh-AbCdEf';
  const near = () => ({ workgroupName: 'w', databaseName: 'dev' });
  const far = (scope: Pipeline) => ({ connectionString: 'jdbc:redshift://h/dev', password: Secret.fromSecretCompleteArn(scope, 'Secret', SECRET) });

  /** Into a table; out of it where `out` says to where. */
  function copy(scope: Pipeline, place: RedshiftDatabaseProps, props: Partial<RedshiftCopyActivityProps>, out?: string): Work {
    const database = new RedshiftDatabase(scope, 'Db', place);
    const createTableSql = 'CREATE TABLE orders (id INT) -- of the day';
    const table = new RedshiftDataNode(scope, 'Table', { database, tableName: 'or"ders', primaryKeys: ['id'], createTableSql });
    const directoryPath = out ?? "s3://data/o'clock/#{@scheduledStartTime}/";
    const files = new S3DataNode(scope, 'Files', { directoryPath, dataFormat: DataFormat.csv() });
    const [input, output] = out === undefined ? [files, table] : [table, files];
    return new RedshiftCopyActivity(scope, 'Copy', { insertMode: RedshiftInsertMode.APPEND, ...props, input, output })._work();
  }

  const inRun = async (text: string): Promise<string> => (
    text.startsWith('{%') ? jsonata(text.slice(2, -2)).evaluate({}, { scheduledStartTime: '2026-12-01T00:00:00Z' }) as Promise<string> : text
  );

  /** What Amazon Redshift gets from the Data API. */
  async function asked(props: Partial<RedshiftCopyActivityProps>, out?: string): Promise<string[]> {
    const { statements } = copy(pipeline(), near(), props, out) as RedshiftWork;
    return Promise.all(statements.map(async (pieces) => (await inRun(sqlText(new TextRenderer(), pieces))).trim()));
  }

  /** And from Task Runner. */
  async function sent(props: Partial<RedshiftCopyActivityProps>, out?: string): Promise<string[]> {
    const scope = pipeline();
    const { task } = copy(scope, far(scope), { ...props, runsOn: hosts(scope) }, out) as TaskRunnerWork;
    const { script } = task as TaskTemplate<SqlTask>;
    const parts = await Promise.all(script!.map(async (part) => 'sql' in part ? { sql: String(part.sql) } : { value: await inRun(new TextRenderer().field(part.value as Text)) }));
    return boundStatements(parts, [], { dialect: DIALECTS.redshift, placeholder: () => '?' }).map(({ text }) => text);
  }

  test.each<[Partial<RedshiftCopyActivityProps>, string | undefined]>([
    ...Object.values(RedshiftInsertMode).map((insertMode): [Partial<RedshiftCopyActivityProps>, undefined] => [{ insertMode }, undefined]),
    [{ queue: "night's", transformSql: "SELECT * FROM staging WHERE day = '#{@scheduledStartTime}' -- and no other" }, undefined],
    [{ transformSql: "SELECT * FROM staging WHERE name = '\\\\;'" }, "s3://data/it's/#{@scheduledStartTime}/"],
  ])('Task Runner sends the same statements: %j', async (props, out) => {
    const statements = await sent(props, out);
    expect(statements.length).toBeGreaterThan(1);
    expect(statements).toEqual(await asked(props, out));
  });

  test('its host may read the secret, and the role of the database the data', () => {
    const scope = pipeline();
    const iamRole = new Role(scope, 'Reads', { assumedBy: new ServicePrincipal('redshift.amazonaws.com') });
    copy(scope, { ...far(scope), iamRole }, { runsOn: hosts(scope) }, 's3://data/out/');
    expect(granted(hosts(scope).role)).toContain(`secretsmanager:GetSecretValue ${SECRET}`);
    expect(granted(iamRole)).toContain(`s3:PutObject ${DATA}/out/*`);
  });
});
