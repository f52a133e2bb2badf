/**
 * The statements that are generated, run by an engine on real files: Spark's, with Hive's own tables and formats. SPARK_PYTHON names a Python
 * that has pyspark; `.ci/run` gets it. Without it these tests are skipped, except where CI_TIERS says that nothing may be.
 */
import { spawnSync } from 'child_process';
import { join } from 'path';
import { LocalBucket } from './local-bucket';
import {
  Activity, DataFormat, DynamoDBDataNode, EmrCluster, HiveActivity, HiveActivityProps, HiveCopyActivity, HiveCopyActivityProps, Pipeline,
  S3Compression, S3DataNode, S3DataNodeProps,
} from '../../src';
import { HiveReader } from '../activities/hive-reader';
import { pipeline } from '../compiler/fixture';

const python = process.env.SPARK_PYTHON ?? '';
const ready = python !== '' || process.env.CI_TIERS !== undefined;
if (!ready) console.warn('SPARK_PYTHON is not set, so no engine runs HiveQL; .ci/run does that');

interface Case {
  /** By the key of a file: its lines. */
  readonly files: Record<string, string[]>;
  readonly activity: (scope: Pipeline) => Activity;
  readonly parameters?: Record<string, string>;
  /** By the key of an output: its lines. */
  readonly written: Record<string, string[]>;
}

const data = (scope: Pipeline, id: string, props: Partial<S3DataNodeProps> = {}) => new S3DataNode(scope, id, { directoryPath: `s3://data/${id}/`, ...props });
interface Formats {
  readonly input?: DataFormat;
  readonly output?: DataFormat;
  readonly compression?: S3Compression;
}

/** From `<name>-in/` to `<name>-out/`. */
function hive(
  scope: Pipeline, name: string, select: string, { input, output, compression }: Formats, props: Partial<HiveActivityProps> = {},
): HiveActivity {
  return new HiveActivity(scope, 'Query', {
    runsOn: new EmrCluster(scope, 'Cluster'),
    input: [data(scope, `${name}-in`, { dataFormat: input })],
    output: [data(scope, `${name}-out`, { dataFormat: output, compression })],
    hiveScript: `INSERT OVERWRITE TABLE \${output1} ${select};`,
    ...props,
  });
}

const copy = (scope: Pipeline, props: Pick<HiveCopyActivityProps, 'input' | 'output' | 'filterSql'>) =>
  new HiveCopyActivity(scope, 'Copy', { runsOn: new EmrCluster(scope, 'Cluster'), ...props });

/** An item as an export has it. */
const item = (attributes: Record<string, string>) => Object.entries(attributes).map(([name, value]) => `${name}\x03${JSON.stringify({ s: value })}`).join('\x02');
const EXPORT = DataFormat.dynamoDbExport();

const CASES: Record<string, Case> = {
  'CSV becomes TSV': {
    files: { 'csv-in/a.csv': ['web1,"1,5",x', '"say ""hi""",2,y', 'web2,3,'], 'csv-in/b.csv': ['web3,40,z'] },
    activity: (scope) => hive(scope, 'csv', "SELECT host, length(n), note FROM ${input1} WHERE note <> 'y'", {
      input: DataFormat.csv({ columns: ['host', 'n', 'note'] }), output: DataFormat.tsv({ columns: ['host', 'size INT', 'note'] }),
    }),
    written: { 'csv-out': ['web1\t3\tx', 'web2\t1\t', 'web3\t2\tz'] },
  },
  'TSV with types and escapes becomes CSV, by day': {
    files: { 'tsv-in/a': ['it\\\ts\t7', 'b\t-1', 'c\t\\N'] },
    activity: (scope) => hive(scope, 'tsv', "SELECT name, n + 1, '#{format(@scheduledStartTime, \"YYYY-MM-dd\")}' FROM ${input1} WHERE n IS NOT NULL", {
      input: DataFormat.tsv({ columns: ['name', 'n INT'], escapeChar: '\\' }), output: DataFormat.csv({ columns: ['name', 'n', 'day'] }),
    }),
    written: { 'tsv-out': ['"b","0","2026-12-01"', '"it\ts","8","2026-12-01"'] },
  },
  'lines are taken apart by a regular expression': {
    files: { 'regex-in/log': ['10.0.0.1 "GET /a;b" 200', '10.0.0.2 "POST /" 404', 'nonsense'] },
    activity: (scope) => hive(scope, 'regex', "SELECT concat(host, '|', request) FROM ${input1} WHERE status = '200'", {
      input: DataFormat.regEx({ columns: ['host', 'request', 'status'], inputRegEx: '(\\S+) "([^"]*)" (\\d+)$' }),
    }),
    written: { 'regex-out': ['10.0.0.1|GET /a;b'] },
  },
  'whole lines, and a value that would end the quotes it stands in': {
    files: { 'lines-in/a': ["it's; \\ \"so\"", 'other'] },
    activity: (scope) => hive(scope, 'lines', "SELECT record FROM ${input1} WHERE record = '#{sought}'", {}),
    parameters: { sought: "it's; \\ \"so\"" },
    written: { 'lines-out': ["it's; \\ \"so\""] },
  },
  'columns between quotes, compressed, with a variable of the script': {
    files: { 'custom-in/a': ["a'1", "b'2"] },
    activity: (scope) => hive(scope, 'custom', 'SELECT name, n * ${factor} FROM ${input1}', {
      input: DataFormat.custom({ columns: ['name', 'n INT'], columnSeparator: "'" }),
      output: DataFormat.custom({ columns: ['name', 'n INT'], columnSeparator: ';' }),
      compression: S3Compression.GZIP,
    }, { scriptVariable: ['factor=10'] }),
    written: { 'custom-out': ['a;10', 'b;20'] },
  },
  'items of a backup that a filter lets through': {
    files: { 'backup/items': [item({ id: '1', n: 'old' }), item({ id: '2', n: "it's" }), item({ id: '3' })] },
    activity: (scope) => copy(scope, {
      input: data(scope, 'backup', { dataFormat: EXPORT }),
      output: new DynamoDBDataNode(scope, 'restored', { tableName: 'restored' }),
      filterSql: "item['n'] LIKE '%#{part}%' OR item['id'] = '{\"s\":\"3\"}' -- those",
    }),
    parameters: { part: "t's" },
    written: { restored: [item({ id: '2', n: "it's" }), item({ id: '3' })] },
  },
  'items of a table, by a column beside the item': {
    files: { 'table/items': [`${item({ id: '1' })}\t1`, `${item({ id: '20' })}\t20`] },
    activity: (scope) => copy(scope, {
      input: new DynamoDBDataNode(scope, 'table', { tableName: 'table', dataFormat: DataFormat.dynamoDbExport({ columns: ['id BIGINT'] }) }),
      output: data(scope, 'exported', { dataFormat: EXPORT }),
      filterSql: '`id` > #{least}',
    }),
    parameters: { least: '5' },
    written: { exported: [item({ id: '20' })] },
  },
};

/** What only Amazon EMR's connector can do: a table in DynamoDB is a folder here, of rows with tabs. */
function withoutConnector(statement: string): string {
  return statement.replace(/STORED BY '[^']*DynamoDBStorageHandler'\nTBLPROPERTIES \('dynamodb.table.name' = '(\w+)'.*\)$/s,
    "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n'\nSTORED AS TEXTFILE\nLOCATION 's3://data/$1/'");
}

(ready ? describe : describe.skip)('an engine of HiveQL', () => {
  const bucket = new LocalBucket();
  const errors = new Map<string, string | null>();

  beforeAll(async () => {
    const scripts: string[][] = [];
    for (const { files, activity, parameters } of Object.values(CASES)) {
      Object.entries(files).forEach(([key, lines]) => bucket.write(key, ...lines));
      const scope = pipeline({ parameters: { sought: '', part: '', least: '' } });
      const { statements } = await HiveReader.of(activity(scope), parameters);
      scripts.push(statements.map((statement) => bucket.here(withoutConnector(statement))));
    }
    const { stdout, stderr } = spawnSync(python, [join(__dirname, 'hive-engine.py'), bucket.scratch], {
      input: JSON.stringify(scripts), encoding: 'utf8', cwd: bucket.scratch,
    });
    if (stdout.trim() === '') throw new Error(stderr);
    (JSON.parse(stdout.trim().split('\n').at(-1)!) as Array<string | null>).forEach((error, index) => errors.set(Object.keys(CASES)[index], error));
  }, 180_000);

  afterAll(() => bucket.remove());

  test.each(Object.entries(CASES))('%s', (name, { written }) => {
    expect(errors.get(name)).toBeNull();
    for (const [key, lines] of Object.entries(written)) expect(bucket.lines(key)).toEqual([...lines].sort());
  });

  test('compresses what is to be compressed', () => {
    expect(bucket.names('custom-out')).toEqual([expect.stringMatching(/\.gz$/)]);
  });
});
