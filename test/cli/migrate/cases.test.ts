/** The app of each definition among the cases accounts for all, compiles and synthesizes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWritten, MigratedPipeline, migrationOf } from '../../../cli/migrate/migration';
import { pipelineFile } from '../../../cli/migrate/pipeline-file';
import { readDefinition } from '../../../src/definition/read';
import { Block, stacksOf, typeErrors } from '../../checks/readme-block';

const CASES = join(__dirname, '..', '..', 'cases', 'definitions');
/** The compiler takes long to read the library. */
const inTiers = process.env.CI_TIERS ? test : test.skip;

function migrated(file: string): MigratedPipeline {
  const { definition, options } = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as { definition: object; options?: { parameterValues?: Record<string, string> } };
  const { value, problems } = readDefinition(JSON.stringify(definition));
  const times = { cutover: new Date('2026-12-01T00:00:00Z'), now: new Date('2026-11-22T00:00:00Z') };
  const input = { name: file.replace('.json', ''), file, definition: value, problems };
  return migrationOf([input], { parameterValues: options?.parameterValues ?? {}, ...times }).pipelines[0];
}

function program(pipeline: MigratedPipeline): Block {
  const app = `import { App } from 'aws-cdk-lib';\nnew ${pipeline.className}(new App(), '${pipeline.stackId}');`;
  return { line: 1, text: `${pipelineFile(pipeline.plan, pipeline)}\n${app}` };
}

const pipelines = readdirSync(CASES).map(migrated);
const programs = Object.fromEntries(pipelines.filter(isWritten).map((pipeline) => [pipeline.source, program(pipeline)]));

test('all that they say is accounted for', () => {
  expect(pipelines.filter(({ accounts }) => accounts.unlisted.length > 0)).toEqual([]);
  expect(pipelines.every(({ accounts }) => accounts.entries.length === accounts.given)).toBe(true);
});

inTiers('what is written compiles', () => {
  expect(typeErrors(Object.fromEntries(Object.entries(programs).map(([name, block]) => [name, [block]])))).toEqual([]);
}, 120_000);

inTiers('what is written synthesizes', () => {
  expect(Object.values(programs).flatMap((block) => stacksOf(block))).toHaveLength(Object.keys(programs).length);
}, 120_000);
