import { spawnSync } from 'child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Role } from 'aws-cdk-lib/aws-iam';
import { pigCommand, pigScript } from './pig-reader';
import { stepArguments } from './step-arguments';
import { DataFormat, DynamoDBDataNode, EmrCluster, PigActivity, PigActivityProps, Pipeline, S3Compression, S3DataNode, S3DataNodeProps } from '../../src';
import { pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const SCRIPT = 'B = LIMIT ${input1} 3;\n${output1} = FOREACH B GENERATE *';

function pig(scope: Pipeline, props: Partial<PigActivityProps> = {}): PigActivity {
  return new PigActivity(scope, 'Pick', { runsOn: props.runsOn ?? new EmrCluster(scope, 'Cluster'), ...props.scriptUri ? {} : { script: SCRIPT }, ...props });
}

const data = (scope: Pipeline, id: string, props: Partial<S3DataNodeProps> = {}) =>
  new S3DataNode(scope, id, { ...props.filePath || props.manifestFilePath ? {} : { directoryPath: `s3://data/${id}/` }, ...props });
/** The statements without the user's own. */
async function staged(input?: DataFormat, output?: DataFormat, compression?: S3Compression): Promise<string[]> {
  const scope = pipeline();
  const text = await pigScript(pig(scope, {
    input: [data(scope, 'Raw', { dataFormat: input })], output: [data(scope, 'Out', { dataFormat: output, compression })], script: 'X = 1',
  }));
  return text.split(';\n').map((statement) => statement.trim()).filter((statement) => !['', 'X = 1'].includes(statement));
}

const columns = ['host', 'Score INT', 'at TIMESTAMP', 'n BIGINT', 'price DECIMAL(10, 2)'];
const SCHEMA = 'host:chararray, Score:int, at:chararray, n:long, price:bigdecimal';
const FROM = "datapipeline_input1 = LOAD 's3://data/Raw/' USING";
const INTO = "STORE datapipeline_output1 INTO 's3://data/Out/' USING";
const CSV = "org.apache.pig.piggybank.storage.CSVExcelStorage(',', 'YES_MULTILINE', 'UNIX')";
const PIGGYBANK = 'REGISTER file:/usr/lib/pig/lib/piggybank.jar';

test.each<[string, DataFormat | undefined, string[], string[]]>([
  ['lines', undefined, [`${FROM} TextLoader() AS (record:chararray)`], [`${INTO} PigStorage()`]],
  ['lines of a format without columns', DataFormat.csv(), [`${FROM} TextLoader() AS (record:chararray)`], [`${INTO} PigStorage()`]],
  ['CSV', DataFormat.csv({ columns }), [PIGGYBANK, `${FROM} ${CSV} AS (${SCHEMA})`], [`${INTO} ${CSV}`]],
  ['TSV', DataFormat.tsv({ columns }), [`${FROM} PigStorage('\\u0009') AS (${SCHEMA})`], [`${INTO} PigStorage('\\u0009')`]],
  ['quotes between columns', DataFormat.custom({ columns, columnSeparator: "'" }), [`${FROM} PigStorage('\\'') AS (${SCHEMA})`], [`${INTO} PigStorage('\\'')`]],
])('loads and stores %s', async (_, format, load, store) => {
  expect(await staged(format, format)).toEqual([...load, ...store]);
});

test('takes records apart by a regular expression', async () => {
  const format = DataFormat.regEx({ columns: ['host', 'n INT'], inputRegEx: '(\\S+) \'([^"]*)\' (.*);$' });
  expect((await staged(format)).slice(0, 3)).toEqual([
    `${FROM} TextLoader() AS (record:chararray)`,
    "datapipeline_input1 = FOREACH datapipeline_input1 GENERATE FLATTEN(REGEX_EXTRACT_ALL(record, '(\\\\S+) \\'([^\"]*)\\' (.*)\\u003b\\u0024')) AS (host:chararray, n:chararray)",
    'datapipeline_input1 = FOREACH datapipeline_input1 GENERATE (chararray) host AS host, (int) n AS n',
  ]);
});

test('compresses what it stores', async () => {
  expect((await staged(undefined, undefined, S3Compression.GZIP)).slice(0, 2)).toEqual([
    'SET output.compression.enabled true', 'SET output.compression.codec org.apache.hadoop.io.compress.GzipCodec',
  ]);
});

test('names its relations, and clears what it writes before each attempt', async () => {
  const scope = pipeline();
  const activity = pig(scope, { input: [data(scope, 'Raw')], output: [data(scope, 'Out', { directoryPath: 's3://data/#{@scheduledStartTime}/' })] });
  expect((await stepArguments(activity))[0]).toEqual(['aws', 's3', 'rm', '--recursive', '--only-show-errors', 's3://data/2026-12-01T00:00:00Z/']);
  expect(await pigScript(activity)).toContain('\nB = LIMIT datapipeline_input1 3;\ndatapipeline_output1 = FOREACH B GENERATE *\n;\nSTORE datapipeline_output1 INTO \'s3://data/2026-12-01T00:00:00Z/\'');
});

test('keeps what only the run knows where it stands', async () => {
  const scope = pipeline({ parameters: { p: 'x' } });
  const activity = pig(scope, { script: "A = FILTER X BY a == '#{p}' -- don't\n AND b == #{p}", scriptVariable: ['day=#{p}', "text=it's  a"] });
  expect(await pigScript(activity, { p: '2026-12-01' })).toContain("A = FILTER X BY a == '2026-12-01' -- don't\n AND b == 2026-12-01");
  expect((await pigCommand(activity, { p: 'a' })).definitions.slice(-2)).toEqual(['day="a"', 'text="it\'s  a"']);
  for (const p of ["'", '"', '`id`', '\\', ';', '$x', '\n', '1 OR true']) await expect(pigCommand(activity, { p })).rejects.toThrow('where it stands in a script');
});

test('puts a script from S3 between the relations, whatever the values are', async () => {
  const scope = pipeline({ parameters: { p: 'x' } });
  const activity = pig(scope, { scriptUri: 's3://scripts/#{p}.pig', input: [data(scope, 'Raw')], output: [data(scope, 'Out')], scriptVariable: ['n=#{p}'] });
  const p = 'a b&|<(x)';
  expect(await pigScript(activity, { p }, { [`s3://scripts/${p}.pig`]: 'OWN $n' })).toMatch(/^datapipeline_input1 = LOAD .*;\n\nOWN a b&\|<\(x\)\nSTORE datapipeline_output1 /);
  const step = (await stepArguments(activity, { p })).at(-1)!;
  const dir = mkdtempSync(join(tmpdir(), 'pig-'));
  const tool = (name: string, script: string) => {
    writeFileSync(join(dir, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  tool('aws', 'echo "content of $4"');
  tool('pig', `printf '%s\\n' "$@" > '${dir}/arguments'; cat "\${!#}" > '${dir}/script'`);
  const { status } = spawnSync(step[0], step.slice(1), { env: { PATH: `${dir}:${process.env.PATH}` } });
  const [text, args] = ['script', 'arguments'].map((name) => readFileSync(join(dir, name), 'utf8').split('\n'));
  tool('aws', 'exit 1');
  const failed = spawnSync(step[0], step.slice(1), { env: { PATH: `${dir}:${process.env.PATH}` } });
  rmSync(dir, { recursive: true });
  expect(status).toBe(0);
  expect(text.filter((line) => line !== '')).toEqual([expect.stringMatching(/^content of s3:.*\.pig$/), `content of s3://scripts/${p}.pig`, expect.stringMatching(/^content of s3:.*\.pig$/)]);
  expect(args.slice(0, 6)).toEqual(['-p', 'input1=datapipeline_input1', '-p', 'output1=datapipeline_output1', '-p', `n="${p}"`]);
  expect(failed.status).toBe(1);
});

test('is a script of the user\'s alone where nothing is staged', async () => {
  const scope = pipeline();
  const activity = pig(scope, { scriptUri: 's3://scripts/a.pig', stage: false, input: [data(scope, 'Raw')] });
  expect(await stepArguments(activity)).toEqual([['pig', '-f', 's3://scripts/a.pig']]);
  const { resourceRole } = (activity._props as PigActivityProps).runsOn as EmrCluster;
  expect(granted(resourceRole as Role)).toEqual(expect.arrayContaining(['s3:GetObject arn:aws:s3:::scripts/a.pig', 's3:GetObject arn:aws:s3:::data/Raw/*']));
});

test.each<[string, (scope: Pipeline) => Partial<PigActivityProps>, string]>([
  ['no script', () => ({ script: undefined }), 'script: exactly one of script and scriptUri says what to run; got: none'],
  ['two scripts', () => ({ scriptUri: 's3://a/b', script: SCRIPT }), 'script: exactly one of script and scriptUri says what to run; got: both'],
  ['an empty script', () => ({ script: ' ' }), 'script: is empty; got: " "; give statements of Pig Latin'],
  ['a table of DynamoDB', (scope) => ({ input: [new DynamoDBDataNode(scope, 'T', { tableName: 'table' })] }),
    'input: Pig has relations of data in S3; got: Stack/P/T; leave it out, or give stage: false'],
  ['a manifest', (scope) => ({ input: [data(scope, 'M', { manifestFilePath: 's3://data/m' })] }),
    'input: Pig reads no manifest; got: Stack/P/M; give the data node a directoryPath or a filePath, or give stage: false'],
  ['a file to write', (scope) => ({ output: [data(scope, 'F', { filePath: 's3://data/f' })] }),
    'output: Pig writes a directory, not a filePath; got: Stack/P/F; give the data node a directoryPath, or give stage: false'],
  ['items', (scope) => ({ input: [data(scope, 'I', { dataFormat: DataFormat.dynamoDbExport() })] }),
    'input: Pig reads no items of DataFormat.dynamoDbExport; got: Stack/P/I; run a HiveActivity, or give stage: false'],
  ['output by a regular expression', (scope) => ({ output: [data(scope, 'R', { dataFormat: DataFormat.regEx({ inputRegEx: '(.)', columns: ['a'] }) })] }),
    'output: Pig only reads by a regular expression; got: Stack/P/R; give the output another dataFormat, or give stage: false'],
  ['groups without names', (scope) => ({ input: [data(scope, 'R', { dataFormat: DataFormat.regEx({ inputRegEx: '(.)' }) })] }),
    'input: Pig has a field for each group of inputRegEx, and there are none; got: Stack/P/R; give DataFormat.regEx columns, or give stage: false'],
  ['records that end otherwise', (scope) => ({ input: [data(scope, 'R', { dataFormat: DataFormat.tsv({ recordSeparator: '\r' }) })] }),
    'input: Pig ends records by a newline, not by "\\r"; got: Stack/P/R; leave out recordSeparator, or give stage: false'],
  ['escapes', (scope) => ({ input: [data(scope, 'R', { dataFormat: DataFormat.csv({ escapeChar: '\\', columns: ['a'] }) })] }),
    'input: Pig reads no escapes; got: Stack/P/R; leave out escapeChar, or give stage: false'],
  ['a column of columns', (scope) => ({ input: [data(scope, 'R', { dataFormat: DataFormat.csv({ columns: ['tags ARRAY<INT>'] }) })] }),
    'input: Pig\'s fields are letters, digits and "_", of simple types, and one is "tags ARRAY<INT>"; got: Stack/P/R; give it another name or type, or give stage: false'],
  ['two compressions', (scope) => ({ output: [data(scope, 'A'), data(scope, 'B', { compression: S3Compression.GZIP })] }),
    'output: Pig compresses all that a script writes, or nothing; got: none and gzip; give all the same compression'],
  ['a relation as a variable', () => ({ scriptVariable: ['input1=x'] }), "scriptVariable: names a table of the activity's own; got: \"input1=x\"; give another name"],
  ['a variable that ends its quotes', () => ({ scriptVariable: ['a=b"'] }), 'scriptVariable: has no double quote and no newline; got: "b\\""; leave it out'],
  ['no cluster', () => ({ runsOn: undefined }), 'runsOn: steps need a cluster to run on; got: nothing; give an EmrCluster, or a WorkerGroup of hosts with Hadoop'],
])('refuses %s', (_, props, message) => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  expect(() => new PigActivity(scope, 'Pick', { script: SCRIPT, runsOn: cluster, ...props(scope) })).toThrow(new Error(`Stack/P/Pick: ${message}`));
});
