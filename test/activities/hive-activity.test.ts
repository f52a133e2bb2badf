import { Stack, CfnParameter } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import { HiveReader, literals, shape } from './hive-reader';
import { DataFormat, DynamoDBDataNode, EmrCluster, HiveActivity, HiveActivityProps, Pipeline, RedshiftDatabase, RedshiftDataNode, S3Compression, S3DataNode, S3DataNodeProps } from '../../src';
import { folder, pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';

const SCRIPT = 'INSERT OVERWRITE TABLE ${output1} SELECT * FROM ${input1};';
const HOSTILE = ["'; DROP TABLE x; --", '"', '\\', "\\'", '${env:AWS_SECRET}', '${hiveconf:a}', 'a\nb', 'a\r--b', ';', '`', '日本', '%s', "a' = 'b"];
const anything = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme' })), { maxLength: 4 }).map((parts) => parts.join(''));

function hive(scope: Pipeline, props: Partial<HiveActivityProps> = {}): HiveActivity {
  return new HiveActivity(scope, 'Count', { runsOn: props.runsOn ?? new EmrCluster(scope, 'Cluster'), ...props.scriptUri ? {} : { hiveScript: SCRIPT }, ...props });
}

const data = (scope: Pipeline, id: string, props: Partial<S3DataNodeProps> = {}) => new S3DataNode(scope, id, { directoryPath: `s3://data/${id}/`, ...props });

/** The statement that makes the table of an input. */
async function table(dataFormat?: DataFormat): Promise<string> {
  const scope = pipeline();
  const { statements } = await HiveReader.of(hive(scope, { input: [data(scope, 'Raw', { dataFormat })], hiveScript: 'SELECT 1' }));
  return statements[1];
}

describe('the table of data in S3', () => {
  const REST = "STORED AS TEXTFILE\nLOCATION 's3://data/Raw/'\nTBLPROPERTIES ('external.table.purge' = 'false')";
  const SERDE = "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.";
  const columns = ['host', 'Score INT', 'tags ARRAY<STRING>'];
  const LIST = '`host` STRING, `Score` INT, `tags` ARRAY<STRING>';

  test.each<[string, DataFormat | undefined, string, string]>([
    ['no format', undefined, '`record` STRING', "ROW FORMAT DELIMITED LINES TERMINATED BY '\\n'"],
    ['no columns', DataFormat.csv(), '`record` STRING', "ROW FORMAT DELIMITED LINES TERMINATED BY '\\n'"],
    ['CSV', DataFormat.csv({ columns }), LIST, `${SERDE}OpenCSVSerde'\nWITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '\\"')`],
    ['CSV with escapes', DataFormat.csv({ columns, escapeChar: '\\' }), LIST,
      `${SERDE}OpenCSVSerde'\nWITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '\\"', 'escapeChar' = '\\\\')`],
    ['TSV', DataFormat.tsv({ columns }), LIST, "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\u0009' LINES TERMINATED BY '\\n'"],
    ['TSV with escapes', DataFormat.tsv({ columns, escapeChar: '\\' }), LIST,
      "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\u0009' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'"],
    ['quotes between columns', DataFormat.custom({ columns, columnSeparator: "'" }), LIST, "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\'' LINES TERMINATED BY '\\n'"],
    ['a regular expression', DataFormat.regEx({ columns, inputRegEx: '(\\S+) \'([^"]*)\' (.*);$' }), LIST,
      `${SERDE}RegexSerDe'\nWITH SERDEPROPERTIES ('input.regex' = '(\\\\S+) \\'([^\\"]*)\\' (.*)\\u003B\\u0024')`],
    ['whole items', DataFormat.dynamoDbExport(), '`item` MAP<STRING,STRING>', "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n'"],
  ])('of %s', async (_, format, list, rows) => {
    expect(await table(format)).toMatch(new RegExp('^CREATE EXTERNAL TABLE input1_count_[0-9a-f]{8} \\('));
    expect((await table(format)).replace(/^.*? \(/, '')).toBe(`${list})\n${rows}\n${REST}`);
  });

  test('is made anew in each attempt, and named by a variable', async () => {
    const scope = pipeline();
    const { statements } = await HiveReader.of(hive(scope, { input: [data(scope, 'Raw')], output: [data(scope, 'Out')] }));
    const [input, output] = statements.filter((statement) => statement.startsWith('CREATE')).map((statement) => statement.split(' ')[3]);
    expect([input.slice(0, 12), output.slice(0, 13)]).toEqual(['input1_count', 'output1_count']);
    expect(statements.map(shape)).toEqual([
      `DROP TABLE IF EXISTS ${input}`, expect.stringContaining(`CREATE EXTERNAL TABLE ${input} (`),
      `DROP TABLE IF EXISTS ${output}`, expect.stringContaining(`CREATE EXTERNAL TABLE ${output} (`),
      `INSERT OVERWRITE TABLE ${output} SELECT * FROM ${input}`,
    ]);
  });

  test('is compressed where the data node is', async () => {
    const scope = pipeline();
    const { statements } = await HiveReader.of(hive(scope, { output: [data(scope, 'Out', { compression: S3Compression.GZIP })], hiveScript: 'SELECT 1' }));
    expect(statements.slice(0, 2)).toEqual([
      'SET hive.exec.compress.output = true', 'SET mapreduce.output.fileoutputformat.compress.codec = org.apache.hadoop.io.compress.GzipCodec',
    ]);
  });

  test('is where the run or the deployment says, whatever characters that has', async () => {
    const scope = pipeline({ parameters: { folder: 'x' } });
    const bucket = Bucket.fromBucketName(scope, 'B', new CfnParameter(Stack.of(scope), 'Name').valueAsString);
    const activity = hive(scope, { input: [new S3DataNode(scope, 'Raw', { bucket, directoryPath: "it's/#{folder}/" })] });
    await fc.assert(fc.asyncProperty(anything, async (value) => {
      const { statements } = await HiveReader.of(activity, { folder: value });
      const benign = (await HiveReader.of(activity)).statements;
      expect(statements.map(shape)).toEqual(benign.map(shape));
      expect(literals(statements[1]).at(-3)).toBe(`s3://Name/it's/${value}/`);
    }), { numRuns: 200 });
  });

  test('is where its path says, whatever characters that has', async () => {
    await fc.assert(fc.asyncProperty(anything.filter((value) => !value.includes('#{')), async (value) => {
      const scope = pipeline();
      const { statements } = await HiveReader.of(hive(scope, { input: [data(scope, 'Raw', { directoryPath: `s3://data/${value}/` })], hiveScript: 'SELECT 1' }));
      expect(statements).toHaveLength(3);
      expect(literals(statements[1])[1]).toBe(`s3://data/${value}/`);
    }), { numRuns: 30 });
  });
});

describe('the table of a table in DynamoDB', () => {
  test.each<[string, DataFormat | undefined, string, string]>([
    ['whole items', undefined, '`item` MAP<STRING,STRING>', ''],
    ['whole items and attributes', DataFormat.dynamoDbExport({ columns: ['timeStamp BIGINT'] }), '`item` MAP<STRING,STRING>, `timeStamp` BIGINT',
      ", 'dynamodb.column.mapping' = 'timestamp:timeStamp'"],
    ['attributes', DataFormat.dynamoDb({ columns: ['hash', 'Range DOUBLE'] }), '`hash` STRING, `Range` DOUBLE', ", 'dynamodb.column.mapping' = 'hash:hash,range:Range'"],
  ])('has %s', async (_, dataFormat, list, mapping) => {
    const scope = pipeline();
    const input = [new DynamoDBDataNode(scope, 'Orders', { tableName: 'orders', dataFormat })];
    const { statements } = await HiveReader.of(hive(scope, { input, hiveScript: 'SELECT 1' }));
    expect(statements[1].replace(/^.*? \(/, '')).toBe(
      `${list})\nSTORED BY 'org.apache.hadoop.hive.dynamodb.DynamoDBStorageHandler'\nTBLPROPERTIES ('dynamodb.table.name' = 'orders'${mapping})`);
  });

  test('takes its share of the capacity, in another Region', async () => {
    const scope = pipeline({ parameters: { stage: "p'" } });
    const output = [new DynamoDBDataNode(scope, 'Orders', { tableName: 'orders-#{stage}', region: 'eu-west-1', readThroughputPercent: 0.25, writeThroughputPercent: 1 })];
    const { statements } = await HiveReader.of(hive(scope, { output, hiveScript: 'SELECT 1' }));
    expect(literals(statements[1]).slice(1)).toEqual([
      'dynamodb.table.name', "orders-p'", 'dynamodb.region', 'eu-west-1', 'dynamodb.throughput.read.percent', '0.25', 'dynamodb.throughput.write.percent', '1',
    ]);
  });
});

describe('a script', () => {
  const run = async (hiveScript: string, parameters: Record<string, string>) => {
    const scope = pipeline({ parameters: { p: 'x' } });
    return (await HiveReader.of(hive(scope, { hiveScript }), parameters)).statements;
  };

  test.each(["SELECT '#{p}'", 'SELECT "it\'s #{p}"', "-- don't\nSELECT 'a\\'b', '#{p}'", "SELECT `it's`, '#{p}'"])('keeps a value within the quotes of %s', async (script) => {
    const benign = await run(script, {});
    await fc.assert(fc.asyncProperty(anything, async (value) => {
      const statements = await run(script, { p: value });
      expect(statements.map(shape)).toEqual(benign.map(shape));
      expect(literals(statements[0]).at(-1)).toMatch(new RegExp(`${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
    }), { numRuns: 25 });
  });

  test.each(["SELECT 'x', #{p}", "SELECT 'it\\'s', #{p}", "-- don't\nSELECT #{p}", 'SELECT `#{p}`'])('has a word in place of an expression outside of quotes, as in %s', async (script) => {
    expect((await run(script, { p: '2026-12-01' }))[0]).toMatch(/2026-12-01`?$/);
    for (const value of ["' OR ''='", '1; DROP TABLE x', '1 OR 1=1', '${env:HOME}', 'a\nb', '1--', 'a`b']) {
      await expect(run(script, { p: value })).rejects.toThrow('has characters that a value may not have where it stands in a script');
    }
  });

  test('has variables, whose values are what the user gives', async () => {
    const scope = pipeline({ parameters: { p: 'x' } });
    const activity = hive(scope, {
      hiveScript: "SELECT '${DAY}', '${SAMPLE}'",
      scriptVariable: ["DAY=#{format(@scheduledStartTime, 'YYYY-MM-dd')}", 'SAMPLE=s3://samples/#{p}', "TEXT=it's"],
    });
    const { statements } = await HiveReader.of(activity, { p: 'a b' });
    expect(statements).toEqual(["SELECT '2026-12-01', 's3://samples/a b'"]);
    for (const value of ["'", '"', '\\', ';', '${env:HOME}', '\n', '`']) await expect(HiveReader.of(activity, { p: value })).rejects.toThrow('where it stands in a script');
  });

  test('refers to fields of its data nodes', async () => {
    const scope = pipeline();
    const input = [new DynamoDBDataNode(scope, 'Orders', { tableName: 'orders' })];
    expect((await HiveReader.of(hive(scope, { input, hiveScript: "SELECT '#{input.tableName}'" }))).statements.at(-1)).toBe("SELECT 'orders'");
  });

  test('of the user\'s in S3 finds the tables made', async () => {
    const scope = pipeline();
    const activity = hive(scope, { scriptUri: 's3://code/count.q', input: [data(scope, 'Raw')], output: [data(scope, 'Out')] });
    const { statements } = await HiveReader.of(activity, {}, { 's3://code/count.q': SCRIPT });
    expect(statements.map((statement) => statement.split(' ')[0])).toEqual(['DROP', 'CREATE', 'DROP', 'CREATE', 'INSERT']);
  });

  test('without stage has no tables', async () => {
    const scope = pipeline();
    const { statements } = await HiveReader.of(hive(scope, { input: [data(scope, 'Raw')], stage: false, hiveScript: 'SHOW TABLES;' }));
    expect(statements).toEqual(['SHOW TABLES']);
  });

  test('submits to a queue', async () => {
    const reader = await HiveReader.of(hive(pipeline(), { hiveScript: 'SELECT 1', hadoopQueue: 'high' }));
    expect(reader.of('--hiveconf')).toEqual(['mapreduce.job.queuename=high', 'tez.queue.name=high']);
  });
});

const redshift = (scope: Pipeline) => new RedshiftDataNode(scope, 'Table', { database: new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' }), tableName: 't' });
const OR_NOT_STAGED = 'or give stage: false';

test.each<[string, (scope: Pipeline) => Partial<HiveActivityProps>, string]>([
  ['without a script', () => ({ hiveScript: undefined }), 'hiveScript: exactly one of hiveScript and scriptUri says what to run; got: none'],
  ['with two scripts', () => ({ scriptUri: 's3://code/a.q', hiveScript: SCRIPT }), 'hiveScript: exactly one of hiveScript and scriptUri says what to run; got: both'],
  ['of no statement', () => ({ hiveScript: ' ' }), 'hiveScript: is empty; got: " "; give statements of HiveQL'],
  ['whose script is not in S3', () => ({ scriptUri: 'a.q' }), 'scriptUri: is not an S3 URI; got: "a.q"; give "s3://<bucket>/<key>", the bucket without #{...}'],
  ['with an expression that there is not', () => ({ hiveScript: 'SELECT #{q}' }), expect.stringContaining('hiveScript: ')],
  ['with a variable of no name', () => ({ scriptVariable: ['1st=a'] }), 'scriptVariable: is "<name>=<value>", the name of letters, digits and "_"; got: "1st=a"'],
  ['with a variable of no value', () => ({ scriptVariable: ['a'] }), 'scriptVariable: is "<name>=<value>", the name of letters, digits and "_"; got: "a"'],
  ['with a variable that is a table', () => ({ scriptVariable: ['input1=a'] }), 'scriptVariable: names a table of the activity\'s own; got: "input1=a"; give another name'],
  ['that stages a warehouse', (scope) => ({ input: [redshift(scope)] }),
    `input: Hive has tables of data in S3 and in DynamoDB; got: Stack/P/Table; leave it out, ${OR_NOT_STAGED}`],
  ['that stages a file', (scope) => ({ input: [new S3DataNode(scope, 'Raw', { filePath: 's3://data/a' })] }),
    `input: a table of Hive is a directory, not a filePath; got: Stack/P/Raw; give the data node a directoryPath, ${OR_NOT_STAGED}`],
  ['that reads records of another end', (scope) => ({ input: [data(scope, 'Raw', { dataFormat: DataFormat.tsv({ recordSeparator: '|' }) })] }),
    `input: Hive ends records by a newline, not by "|"; got: Stack/P/Raw; leave out recordSeparator, ${OR_NOT_STAGED}`],
  ['that reads groups without names', (scope) => ({ input: [data(scope, 'Raw', { dataFormat: DataFormat.regEx({ inputRegEx: '(a)' }) })] }),
    `input: Hive has a column for each group of inputRegEx, and there are none; got: Stack/P/Raw; give DataFormat.regEx columns, ${OR_NOT_STAGED}`],
  ['that writes by a regular expression', (scope) => ({ output: [data(scope, 'Out', { dataFormat: DataFormat.regEx({ inputRegEx: '(a)', columns: ['a'] }) })] }),
    `output: Hive only reads by a regular expression; got: Stack/P/Out; give the output another dataFormat, ${OR_NOT_STAGED}`],
  ['that reads attributes of items in S3', (scope) => ({ input: [data(scope, 'Raw', { dataFormat: DataFormat.dynamoDb({ columns: ['a'] }) })] }),
    `input: items in S3 are whole, in one column, not DataFormat.dynamoDb with columns of its own; got: Stack/P/Raw; give it DataFormat.dynamoDbExport(), ${OR_NOT_STAGED}`],
  ['with a column that goes on as SQL', (scope) => ({ input: [data(scope, 'Raw', { dataFormat: DataFormat.csv({ columns: ['a`,b'] }) })] }),
    `input: Hive's columns have letters, digits, "_" and "-", and one is "a\`,b"; got: Stack/P/Raw; give it another name, ${OR_NOT_STAGED}`],
  ['that compresses some of what it writes', (scope) => ({ output: [data(scope, 'Out'), data(scope, 'Zip', { compression: S3Compression.GZIP })] }),
    'output: Hive compresses all that a script writes, or nothing; got: none and gzip; give all the same compression'],
])('an activity %s is refused', (_, props, message) => {
  const scope = pipeline();
  expect(() => hive(scope, props(scope))).toThrow(expect.objectContaining({ message: typeof message === 'string' ? `Stack/P/Count: ${message}` : message }) as Error);
});

test('the cluster may read the script and the inputs, and write the outputs', () => {
  const scope = pipeline();
  const cluster = new EmrCluster(scope, 'Cluster');
  hive(scope, {
    runsOn: cluster,
    scriptUri: 's3://code/count.q',
    input: [folder(scope, 'Raw'), new DynamoDBDataNode(scope, 'Orders', { tableName: 'orders' })],
    output: [folder(scope, 'Out'), new DynamoDBDataNode(scope, 'Sums', { tableName: 'sums-#{@scheduledStartTime}', region: 'eu-west-1' })],
  });
  const lines = granted(cluster.resourceRole as Role);
  expect(lines.filter((line) => line.startsWith('dynamodb:'))).toEqual([
    'dynamodb:BatchWriteItem arn:aws:dynamodb:eu-west-1:111111111111:table/sums-*',
    'dynamodb:DescribeTable arn:aws:dynamodb:eu-west-1:111111111111:table/sums-*',
    'dynamodb:DescribeTable arn:aws:dynamodb:us-east-1:111111111111:table/orders',
    'dynamodb:Query arn:aws:dynamodb:us-east-1:111111111111:table/orders',
    'dynamodb:Scan arn:aws:dynamodb:us-east-1:111111111111:table/orders',
  ]);
  expect(lines.filter((line) => line.startsWith('s3:GetObject'))).toEqual([
    's3:GetObject arn:aws:s3:::code/count.q', 's3:GetObject arn:aws:s3:::data/Out/*', 's3:GetObject arn:aws:s3:::data/Raw/*',
    expect.stringMatching(/^s3:GetObject arn:aws:s3:::cdk-hnb659fds-assets-111111111111-us-east-1\/[0-9a-f]{64}\.q$/),
  ].sort());
});
