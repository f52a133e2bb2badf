/** MIGRATION.md and migration.json: what became of every field, what to do, and how to cut over. */
import { isWritten, MigratedPipeline, Migration } from './migration';
import { runbook } from './runbook';
import { Entry, Fate } from '../../src/definition/code';
import { describe, errorsOf } from '../../src/definition/problem';

const FATES: readonly Fate[] = ['kept', 'changed', 'not possible'];
const SHOWN = 60;

export function migrationJson({ pipelines, cutover }: Migration): unknown {
  return {
    cutover: cutover?.toISOString(),
    pipelines: pipelines.map((pipeline) => ({
      name: pipeline.title,
      source: pipeline.source,
      ...isWritten(pipeline) ? { stack: pipeline.stackId, file: `lib/${pipeline.fileName}.ts` } : {},
      objects: pipeline.objects,
      ...pipeline.accounts,
      problems: pipeline.problems,
      secrets: pipeline.secrets,
    })),
  };
}

export function migrationText(migration: Migration): string {
  const { pipelines } = migration;
  return [
    '# Migration from AWS Data Pipeline',
    ...summary(pipelines),
    ...todo(pipelines),
    ...runbook(migration),
    ...pipelines.flatMap(fieldLines),
  ].join('\n\n') + '\n';
}

/** A line for each pipeline, and one for all. */
export function summaryLines(pipelines: readonly MigratedPipeline[]): string[] {
  const total = (count: (pipeline: MigratedPipeline) => number) => pipelines.reduce((sum, pipeline) => sum + count(pipeline), 0);
  const columns = (name: string, count: (of: (pipeline: MigratedPipeline) => number) => number) => [
    name,
    count(({ objects }) => objects),
    count(({ accounts }) => accounts.given),
    ...FATES.map((fate) => count(({ accounts }) => accounts.counts[fate])),
    count(({ accounts }) => accounts.unlisted.length),
  ];
  return [
    ...table(['pipeline', 'objects', 'fields', ...FATES, 'unlisted'],
      [...pipelines.map((pipeline) => columns(pipeline.title + (isWritten(pipeline) ? '' : ' (has errors, not written)'), (of) => of(pipeline))),
        ...pipelines.length > 1 ? [columns('all', total)] : []]),
  ];
}

function summary(pipelines: readonly MigratedPipeline[]): string[] {
  return [
    summaryLines(pipelines).join('\n'),
    'Fields are those of objects, their names, the attributes of parameters and their values. Each is in a table below, in one row: kept, changed (to what, and why) '
      + 'or not possible (why, and what to do instead). `migration.json` has the same, whole.',
  ];
}

function todo(pipelines: readonly MigratedPipeline[]): string[] {
  const items = pipelines.flatMap((pipeline) => [
    ...errorsOf(pipeline.problems).map((problem) => `- [ ] ${pipeline.title}: ${inLine(describe(problem))}`),
    ...pipeline.secrets.map(({ name, why }) => `- [ ] ${pipeline.title}: make the secret \`${name}\` of AWS Secrets Manager: ${inLine(why)}. Its value is in no file here.`),
    ...pipeline.problems.filter(({ severity }) => severity === 'warning').map((problem) => `- [ ] ${pipeline.title}: ${inLine(describe(problem))}`),
  ]);
  return ['## To do', items.length > 0 ? items.join('\n') : 'Nothing but the cutover.'];
}

function fieldLines({ title, source, accounts: { entries, unlisted } }: MigratedPipeline): string[] {
  const rows = entries.map((entry) => [entry.object, entry.field, code(entry.given), entry.fate, outcome(entry)]);
  return [
    `## ${inLine(title)}`,
    `From \`${source}\`.`,
    table(['object', 'field', 'given', 'fate', 'what became of it'], rows).join('\n'),
    ...unlisted.length > 0 ? [`Not accounted for: ${unlisted.map(({ object, field }) => `${object}.${field}`).join(', ')}.`] : [],
  ];
}

function outcome({ to, why, instead, fate }: Entry): string {
  return [to && fate === 'kept' ? `\`${to}\`` : to, why, instead && `Instead: ${instead}`].filter((part) => part !== undefined).join(' - ');
}

export function table(head: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string[] {
  const line = (cells: ReadonlyArray<string | number>) => `| ${cells.map((cell) => inLine(String(cell))).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

function inLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function code(text: string): string {
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  return text === '' ? '' : `\`${short.replaceAll('`', "'")}\``;
}
