import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  DataFormat, Pipeline, RedshiftCopyActivity, RedshiftCopyActivityProps, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, S3Compression,
  S3DataNode, S3DataNodeProps,
} from '../../src';
import { sqlText } from '../../src/compiler/sql';
import { TextRenderer } from '../../src/compiler/text';
import { RedshiftWork } from '../../src/compiler/work';
import { folder, pipeline } from '../compiler/fixture';
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
    ['no columns', DataFormat.regEx({ inputRegEx: '(.*)' }), 'COPY reads separated columns; got: Stack/P/Raw with DataFormat.regEx; give it DataFormat.csv, tsv or custom'],
    ['items', DataFormat.dynamoDbExport(), 'COPY reads separated columns; got: Stack/P/Raw with DataFormat.dynamoDbExport; give it DataFormat.csv, tsv or custom'],
    ['records that end otherwise', DataFormat.tsv({ recordSeparator: '\r' }),
      'COPY takes a newline for the end of a record; got: Stack/P/Raw with recordSeparator "\\r"'],
    ['another escape character', DataFormat.csv({ escapeChar: '^' }), 'COPY knows the backslash only as escapeChar; got: Stack/P/Raw with "^"'],
  ])('of data with %s is refused', (_, dataFormat, message) => {
    expect(() => load({ dataFormat })).toThrow(new Error(`Stack/P/Load: input: ${message}`));
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
    ['data of no format', {}, 'Stack/P/Raw has no dataFormat, and there are no commandOptions: COPY expects columns separated by "|"'],
  ])('warns of %s', (_, node, warning) => {
    const { scope } = load(node, node.dataFormat ? { commandOptions: ['GZIP'] } : {});
    Annotations.fromStack(Stack.of(scope)).hasWarning('/Stack/P/Load', Match.stringLikeRegexp(warning.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  });
});
