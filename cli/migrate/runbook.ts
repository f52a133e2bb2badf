/** How the new pipelines take over from the old, and the way back. */
import { isWritten, MigratedPipeline, Migration } from './migration';

export function runbook({ pipelines, cutover }: Migration): string[] {
  const written = pipelines.filter(isWritten);
  if (written.length === 0) return [];
  const time = cutover?.toISOString();
  return [
    '## Cutting over',
    ...time === undefined ? ['No schedule began in the past: the new pipelines begin where their definitions say.'] : [
      `The new pipelines run the intervals that start at ${time} or later, and the old ones those before: the schedules of the app begin there, and what they `
        + 'miss is not caught up. So nothing runs twice, and nothing is skipped, if these steps are done in this order, for each pipeline.',
    ],
    steps(written, time),
    '### The way back',
    back(written),
  ];
}

function steps(pipelines: readonly MigratedPipeline[], time: string | undefined): string {
  const [{ stackId, title }] = pipelines;
  const name = nameOf(pipelines[0]);
  return numbered([
    `Before ${time ?? 'the first interval'}, deploy: \`npm install && npx cdk deploy ${stackId}\`. The secrets above must be there by then; the hosts of worker groups come in now.`,
    `When the last interval before ${time ?? 'that'} has run, deactivate the old ${title}: \`aws datapipeline deactivate-pipeline --pipeline-id <id> --no-cancel-active\`.`,
    'Take its last finished interval: `aws datapipeline list-runs --pipeline-id <id> --status finished`. The interval after it is the first that the new pipeline runs. '
      + `Is there a gap, run it: \`npx datapipeline backfill ${name} --from <time> --to ${time ?? '<time>'}\`.`,
    `The deployment has activated the new pipeline; if it was deactivated meanwhile: \`npx datapipeline activate ${name}${time === undefined ? '' : ` --start-timestamp ${time}`}\`.`,
    `Compare the result of its first run, \`runs/<run>.json\` in the folder ${name}/ of its logs, with the old one's last: the objects have the same ids. Compare what both wrote.`,
    'When they agree, delete the old pipeline: `aws datapipeline delete-pipeline --pipeline-id <id>`. Keep its definition with this report.',
  ]);
}

function back(pipelines: readonly MigratedPipeline[]): string {
  const name = nameOf(pipelines[0]);
  return numbered([
    `Deactivate the new pipeline: \`npx datapipeline deactivate ${name} --no-cancel-active\`. It starts nothing more, and finishes what is at work.`,
    `Take its last finished interval, the last of \`runs/\` in the folder ${name}/ of its logs.`,
    'Activate the old one from the interval after it: `aws datapipeline activate-pipeline --pipeline-id <id> --start-timestamp <start of that interval>`.',
    `Destroy the stack when nobody needs it: \`npx cdk destroy ${pipelines[0].stackId}\`. What it wrote stays.`,
  ]);
}

/** What commands call it. */
function nameOf({ plan, title }: MigratedPipeline): string {
  const name = plan.pipeline.props.find(([prop]) => prop === 'pipelineName')?.[1];
  return name?.kind === 'literal' ? String(name.value) : title;
}

function numbered(items: readonly string[]): string {
  return items.map((item, index) => `${index + 1}. ${item}`).join('\n');
}
