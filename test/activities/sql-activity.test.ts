import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import jsonata from 'jsonata';
import { JdbcDatabase, RedshiftDatabase, SqlActivity, SqlActivityProps } from '../../src';
import { sqlText } from '../../src/compiler/sql';
import { TextRenderer } from '../../src/compiler/text';
import { RedshiftWork } from '../../src/compiler/work';
import { readTask } from '../../task-runner/task';
import { hosts, pipeline } from '../compiler/fixture';
import { granted } from '../compiler/grants';
import { runMachine } from '../compiler/machines';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:shop-AbCdEf';
const RUN = { run: '2026-12-01T00-00-00Z', scheduledStartTime: '2026-12-01T00:00:00Z', states: { context: { State: { RetryCount: 0 } } } };

test('a task for the hosts of a worker group has the script in parts, and names the secret only', async () => {
  const scope = pipeline();
  const database = new JdbcDatabase(scope, 'Db', {
    connectionString: 'jdbc:mysql://h/shop', password: Secret.fromSecretCompleteArn(scope, 'Secret', SECRET), jdbcProperties: ['sslMode=REQUIRED'],
  });
  new SqlActivity(scope, 'Clean', {
    database,
    runsOn: hosts(scope),
    script: "DELETE FROM log WHERE day < '#{format(@scheduledStartTime, \"YYYY-MM-dd\")}' AND host = ?; -- of #{@id}",
    scriptArgument: ['#{@scheduledStartTime}'],
  });
  const document = await evaluated(runMachine(scope).States.Clean.Arguments);
  expect(readTask(JSON.stringify(document))).toMatchObject({
    kind: 'sql',
    database: { object: 'Db', secretId: SECRET, connectionString: 'jdbc:mysql://h/shop', properties: ['sslMode=REQUIRED'] },
    script: [{ sql: "DELETE FROM log WHERE day < '" }, { value: '2026-12-01' }, { sql: "' AND host = ?; -- of Clean" }],
    scriptArguments: ['2026-12-01T00:00:00Z'],
  });
  expect(granted(hosts(scope).role)).toContain(`secretsmanager:GetSecretValue ${SECRET}`);
});

test('a script in S3 is for the hosts to read', () => {
  const scope = pipeline();
  const database = new RedshiftDatabase(scope, 'Db', { connectionString: 'jdbc:redshift://h/dev', password: Secret.fromSecretCompleteArn(scope, 'Secret', SECRET) });
  new SqlActivity(scope, 'Clean', { database, runsOn: hosts(scope), scriptUri: 's3://code/clean.sql', queue: 'nightly' });
  expect(runMachine(scope).States.Clean.Arguments).toMatchObject({ kind: 'sql', scriptUri: 's3://code/clean.sql', queue: 'nightly', scriptArguments: [] });
  expect(granted(hosts(scope).role)).toContain('s3:GetObject arn:aws:s3:::code/clean.sql');
});

/** What the Data API is sent, evaluated. */
async function statements(props: Partial<SqlActivityProps>, values: object = {}): Promise<string[]> {
  const scope = pipeline({ parameters: { myName: '' } });
  const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'dev' });
  const work = new SqlActivity(scope, 'Clean', { database, ...props })._work() as RedshiftWork;
  const texts = work.statements.map((pieces) => sqlText(new TextRenderer(), pieces));
  return Promise.all(texts.map(async (text) => evaluated(text, { parameters: values }) as Promise<string>));
}

test('the Data API of Redshift is sent each statement, with arguments and values that stay within their quotes', async () => {
  expect(await statements({ script: "SELECT ';'; CREATE TABLE a (b int);\n", queue: 'nightly' })).toEqual([
    "SET query_group TO 'nightly'", "SELECT ';'", ' CREATE TABLE a (b int)',
  ]);
  const hostile = "it's \\";
  expect(await statements({ script: "SELECT '<#{myName}>', ?, a ?? b", scriptArgument: ['#{myName}'] }, { myName: hostile }))
    .toEqual(["SELECT '<it''s \\\\>', 'it''s \\\\', a ? b"]);
});

/** A field of a state as a run evaluates it. */
async function evaluated(field: unknown, more: object = {}): Promise<unknown> {
  if (typeof field === 'string') return field.startsWith('{%') ? jsonata(field.slice(2, -2)).evaluate({}, { ...RUN, ...more }) : field;
  if (Array.isArray(field)) return Promise.all(field.map(async (item) => evaluated(item, more)));
  if (typeof field !== 'object' || field === null) return field;
  return Object.fromEntries(await Promise.all(Object.entries(field).map(async ([name, value]) => [name, await evaluated(value, more)] as const)));
}
