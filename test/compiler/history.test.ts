import { build, PipelineSpec, WorkSpec } from './random-pipeline';
import { StubbedRun } from './stubbed-run';
import { compile } from '../../src/compiler/compile';

const WORK: WorkSpec = {
  kind: 'shell', seconds: 5, failing: 4, ending: 'fails', retries: 3, cascade: false, checks: [], steps: 1, failingLaunches: [], fatal: false,
};

/** Ten of them, side by side. */
function ten(work: Partial<WorkSpec>): PipelineSpec {
  return { order: { size: 10, pairs: [] }, works: Array.from({ length: 10 }, () => ({ ...WORK, ...work })), concurrency: 10 };
}

const LAUNCHES = { kind: 'emr', ending: 'hangs', failingLaunches: [1] } as const;

/** What is taken for possible is at most so many times what comes of it: clusters could also die, and answers be lost, at every attempt. */
test.each<[string, Partial<WorkSpec>, number]>([
  ['commands on hosts fail', { kind: 'shell' }, 2],
  ['loads fail', { kind: 'redshift' }, 3],
  ['loads hang', { kind: 'redshift', ending: 'hangs' }, 2],
  ['steps hang, each on its own cluster', { kind: 'emr', ending: 'hangs' }, 2.2],
  ['steps hang, each on a cluster that is launched twice', LAUNCHES, 2],
  ['steps hang on a cluster that is shared', { kind: 'emr', shares: 'Shared', ending: 'hangs' }, 3.5],
])('a run whose %s at every attempt has no more events than it is taken to have', async (_, work, times) => {
  const spec = ten(work);
  const built = build(spec);
  const run = new StubbedRun(spec, built);
  await run.run();
  const most = compile(built.pipeline._runs).events!;
  expect(run.events).toBeLessThanOrEqual(most);
  expect(most / run.events).toBeLessThan(times);
});
