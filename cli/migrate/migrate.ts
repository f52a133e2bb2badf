/** `datapipeline migrate`: definitions to a CDK app and the account of every field. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { AppFile, appFiles, json } from './app-files';
import { readInputs, readValues } from './inputs';
import { isWritten, Migration, migrationOf } from './migration';
import { migrationJson, migrationText, summaryLines } from './report';
import { describe, errorsOf } from '../../src/definition/problem';
import { OperationError } from '../account';
import { time } from '../simulate';

/** The lowest that the library supports. */
const CDK = '^2.257.0';
const CONSTRUCTS = '^10.5.1';

export interface MigrateOptions {
  readonly parameters?: string;
  readonly out: string;
  readonly cutover?: Date;
  readonly library: string;
}

export interface Migrated {
  readonly migration: Migration;
  /** Files of folders that hold no definition. */
  readonly others: readonly string[];
}

/** `lock` writes package-lock.json, and says whether it could. */
export function migrateCommand(lock: (folder: string) => boolean = lockedByNpm): Command {
  return new Command('migrate')
    .description('writes a CDK app that does what definitions of AWS Data Pipeline say, and MIGRATION.md, which tells what became of each field')
    .argument('<definitions...>', 'files or folders of definitions, of outputs of get-pipeline-definition, of CloudFormation templates, of outputs of terraform show -json')
    .option('--parameters <file>', 'values of parameters, in JSON, as put-pipeline-definition takes them')
    .option('--cutover <time>', 'the new pipelines run the intervals that start then or later, ISO-8601; required if a schedule has begun', time)
    .option('--out <folder>', 'where the app goes: a folder that is empty or new', 'migrated')
    .option('--library <version>', 'the cdk-data-pipeline that the app depends on, as npm takes it', '*')
    .action((definitions: string[], options: MigrateOptions) => {
      const { migration, others } = migrate(definitions, options);
      for (const line of resultLines(migration, others, options.out)) console.log(line);
      if (migration.pipelines.some(isWritten) && !lock(options.out)) console.log('npm has written no package-lock.json; `npm install` writes it.');
      if (!migration.pipelines.every(isWritten)) process.exitCode = 1;
    });
}

/** @throws OperationError for what the user can mend */
export function migrate(definitions: readonly string[], { parameters, out, cutover, library }: MigrateOptions, now = new Date()): Migrated {
  checkEmpty(out);
  const { inputs, others } = readInputs(definitions);
  const parameterValues = parameters === undefined ? {} : readValues(parameters);
  const migration = migrationOf(inputs, { parameterValues, cutover, now });
  const written = migration.pipelines.filter(isWritten);
  write(out, [
    ...written.length > 0 ? appFiles(written, { cdk: CDK, constructs: CONSTRUCTS, library }) : [],
    { path: 'MIGRATION.md', text: migrationText(migration) },
    { path: 'migration.json', text: json(migrationJson(migration)) },
  ]);
  return { migration, others };
}

function checkEmpty(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat && (!stat.isDirectory() || readdirSync(folder).length > 0)) throw new OperationError(`${folder}: is no empty folder; give another to --out, or clear it`);
}

function write(folder: string, files: readonly AppFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** So that `npm ci` installs what was there at the migration. */
function lockedByNpm(folder: string): boolean {
  return spawnSync('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore', timeout: 120_000 }).status === 0;
}

function resultLines({ pipelines }: Migration, others: readonly string[], out: string): string[] {
  return [
    ...summaryLines(pipelines),
    ...pipelines.flatMap((pipeline) => errorsOf(pipeline.problems).map((problem) => `${pipeline.source}:${describe(problem)}`)),
    ...others.map((file) => `${file}: holds no definition`),
    `${join(out, 'MIGRATION.md')} tells what became of each field, and how to cut over.`,
  ];
}
