import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrateCommand } from '../../../cli/migrate/migrate';
import { isWritten } from '../../../cli/migrate/migration';
import { summaryLines } from '../../../cli/migrate/report';
import { stacksOf } from '../../checks/readme-block';

const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NIGHTLY = {
  objects: [
    { id: 'Default', name: 'Default', schedule: { ref: 'EveryDay' }, scheduleType: 'cron', failureAndRerunMode: 'CASCADE', pipelineLogUri: 's3://example-logs/nightly/' },
    { id: 'EveryDay', name: 'Every day', type: 'Schedule', period: '1 days', startDateTime: '2019-05-01T03:00:00' },
    { id: 'Instance', name: 'Instance', type: 'Ec2Resource', terminateAfter: '2 Hours', role: 'DataPipelineDefaultRole', resourceRole: 'DataPipelineDefaultResourceRole' },
    { id: 'Out', name: 'Out', type: 'S3DataNode', directoryPath: "s3://example-logs/#{format(@scheduledStartTime, 'YYYY-MM-dd')}/#{myFolder}" },
    {
      id: 'Extract',
      name: 'Extract',
      type: 'ShellCommandActivity',
      myComment: 'Asks the shop.',
      command: 'echo "#{myFolder}" > "${OUTPUT1_STAGING_DIR}/a"',
      stage: 'true',
      output: { ref: 'Out' },
      runsOn: { ref: 'Instance' },
      maximumRetries: '2',
      unheardOf: 'x',
    },
  ],
  parameters: [{ id: 'myFolder', type: 'String', description: 'Folder of the day', default: 'orders', helpText: 'any' }],
  values: { myFolder: 'sales' },
};
const LOAD = {
  objects: [
    { id: 'Default', scheduleType: 'ondemand', pipelineLogUri: 's3://example-logs/load/' },
    { 'id': 'Shop', 'type': 'JdbcDatabase', 'connectionString': 'jdbc:mysql://db.example.com:3306/shop', 'jdbcDriverClass': 'com.mysql.jdbc.Driver', 'username': 'loader', '*password': 'hunter2' },
    { id: 'Count', type: 'SqlActivity', database: { ref: 'Shop' }, script: 'select 1', workerGroup: 'plant' },
  ],
};
const BROKEN = { objects: [{ id: 'Default', scheduleType: 'ondemand' }, { id: 'Copy', type: 'CopyActivity', input: { ref: 'Nowhere' }, runsOn: { ref: 'Nothing' } }] };

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content, undefined, 2));
  return path;
}

const out = join(folder, 'out');
const options = { out, cutover: new Date('2026-12-01T00:00:00Z'), library: '^1.0.0' };
const now = new Date('2026-11-22T00:00:00Z');
const files = [file('nightly.json', NIGHTLY), file('load.json', LOAD), file('broken.json', BROKEN)];
const { migration } = migrate(files, options, now);
const read = (path: string) => readFileSync(join(out, path), 'utf8');

test('an app is written: a file for each pipeline, and what a program needs', () => {
  expect(readdirSync(out).sort()).toEqual(['.gitignore', 'MIGRATION.md', 'bin', 'cdk.json', 'lib', 'migration.json', 'package.json', 'tsconfig.json']);
  expect(readdirSync(join(out, 'lib')).sort()).toEqual(['load.ts', 'nightly.ts']);
  expect(read('bin/app.ts')).toBe([
    "import { App } from 'aws-cdk-lib';", "import { NightlyStack } from '../lib/nightly';", "import { LoadStack } from '../lib/load';", '',
    'const app = new App();', "new NightlyStack(app, 'Nightly');", "new LoadStack(app, 'Load');", '',
  ].join('\n'));
  expect(JSON.parse(read('package.json'))).toMatchObject({ dependencies: { 'aws-cdk-lib': '^2.257.0', 'cdk-data-pipeline': '^1.0.0' } });
});

test('it synthesizes', () => {
  const stacks = [['nightly', 'Nightly'], ['load', 'Load']].flatMap(([name, id]) => (
    stacksOf({ line: 1, text: `${read(`lib/${name}.ts`)}\nimport { App } from 'aws-cdk-lib';\nnew ${id}Stack(new App(), '${id}');` })));
  expect(stacks).toEqual(['Nightly', 'Load']);
});

test('constructs are named after ids, parameters are props, and the cutover is the first interval from it on', () => {
  const text = read('lib/nightly.ts');
  for (const line of [
    "const exampleLogsBucket = 's3://example-logs';",
    '  /** Folder of the day */',
    "    const { myFolder = 'sales' } = props;",
    "      pipelineName: 'nightly',",
    "startDateTime: new Date('2026-12-01T03:00:00.000Z')",
    "    const instance = new Ec2Resource(pipeline, 'Instance', {",
    '    // Asks the shop.',
    "    new ShellCommandActivity(pipeline, 'Extract', {",
  ]) expect(text).toContain(line);
});

test('each object, field, attribute and value of the input is in one row, in both files', () => {
  const json = JSON.parse(read('migration.json')) as { pipelines: Array<{ name: string; given: number; entries: Array<Record<string, string>>; unlisted: unknown[] }> };
  const [nightly, load] = json.pipelines;
  const fields = NIGHTLY.objects.reduce((sum, object) => sum + Object.keys(object).length - 1, 0) + 4 + 1;
  expect([nightly.given, nightly.entries.length, nightly.unlisted]).toEqual([fields, fields, []]);
  expect([load.given, load.entries.length, load.unlisted]).toEqual([11, 11, []]);
  const markdown = read('MIGRATION.md');
  const rows = json.pipelines.flatMap(({ entries }) => entries).map(({ object, field, fate }) => ({ inTable: markdown.includes(`| ${object} | ${field} | `), fate }));
  expect(rows.filter(({ inTable, fate }) => !inTable || !/^(kept|changed|not possible)$/.test(fate))).toEqual([]);
  expect(nightly.entries.find(({ field }) => field === 'value')).toMatchObject({ object: 'myFolder', given: 'sales', fate: 'kept' });
  expect(summaryLines(migration.pipelines)[2]).toMatch(new RegExp(`^\\| nightly \\| 5 \\| ${fields} \\| \\d+ \\| \\d+ \\| \\d+ \\| 0 \\|$`));
});

test('no secret is written anywhere, and each is to be made', () => {
  for (const path of ['MIGRATION.md', 'migration.json', 'lib/load.ts']) expect(read(path)).not.toContain('hunter2');
  expect(read('lib/load.ts')).toMatch(/const shop\d* = Secret\.fromSecretNameV2/);
  expect(read('MIGRATION.md')).toContain('make the secret `load/shop` of AWS Secrets Manager');
});

test('a pipeline with errors is told of, and not written', () => {
  const broken = migration.pipelines[2];
  expect(isWritten(broken)).toBe(false);
  expect(read('MIGRATION.md')).toMatch(/- \[ \] broken: \d+:\d+ error Copy\.input: .*Nowhere/);
  expect(migration.pipelines.slice(0, 2).map(isWritten)).toEqual([true, true]);
});

test('the report is the runbook of the cutover', () => {
  const markdown = read('MIGRATION.md');
  for (const step of ['npx cdk deploy Nightly', 'aws datapipeline deactivate-pipeline', 'npx datapipeline backfill nightly --from <time> --to 2026-12-01T00:00:00.000Z',
    '### The way back', 'npx datapipeline deactivate nightly']) expect(markdown).toContain(step);
});

test('a schedule in the past asks for the cutover; one that has ended is told of', () => {
  const { cutover: _, ...without } = options;
  expect(() => migrate([files[0]], { ...without, out: join(folder, 'past') }, now)).toThrow(/^nightly: the schedule began in the past. Give --cutover <time>/);
  expect(migrate([files[1]], { ...without, out: join(folder, 'load') }, now).migration.pipelines.map(isWritten)).toEqual([true]);
  const ended = { ...NIGHTLY, objects: NIGHTLY.objects.map((object) => object.id === 'EveryDay' ? { ...object, endDateTime: '2020-01-01T00:00:00' } : object) };
  const { pipelines: [pipeline] } = migrate([file('ended.json', ended)], { ...options, out: join(folder, 'ended') }, now).migration;
  expect(pipeline.problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('nothing is left to run'));
});

test('a folder with files in it is left alone', () => {
  expect(() => migrate(files, options, now)).toThrow('is no empty folder');
});

test("README's commands do what it says", async () => {
  const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
  const commands = [...readme.matchAll(/^npx datapipeline migrate (.*)$/gm)].map(([, line]) => line.split(/ +/));
  const print = jest.spyOn(console, 'log').mockImplementation();
  const before = process.cwd();
  process.chdir(mkdtempSync(join(folder, 'readme-')));
  mkdirSync('definitions');
  for (const path of ['nightly.json', 'definitions/nightly.json']) writeFileSync(path, JSON.stringify(NIGHTLY));
  writeFileSync('values.json', JSON.stringify({ values: { myFolder: 'returns' } }));
  const lock = jest.fn((app: string) => app === 'migrated');
  for (const command of commands) await migrateCommand(lock).parseAsync(command, { from: 'user' });
  expect(commands).toHaveLength(2);
  expect(readFileSync('migrated/lib/nightly.ts', 'utf8')).toContain("myFolder = 'sales'");
  expect(readFileSync('pipelines/lib/nightly.ts', 'utf8')).toContain("myFolder = 'returns'");
  expect(print.mock.calls.map(([line]) => line as string)).toContain('migrated/MIGRATION.md tells what became of each field, and how to cut over.');
  expect(lock.mock.calls).toEqual([['migrated'], ['pipelines']]);
  expect(print.mock.calls.map(([line]) => line as string).filter((line) => line.startsWith('npm has written no package-lock.json'))).toHaveLength(1);
  print.mockRestore();
  process.chdir(before);
});
