import fc from 'fast-check';
import { expectModel } from './modelled-run';
import { build, Kept, PipelineSpec, pipelineSpecs } from './random-pipeline';
import { keptBy, nameable, repeated } from '../../lambda/calendar/rerun';
import { compileRerunGraph } from '../../src/compiler/compile';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 10);
const SEED = Number(process.env.PROOF_SEED ?? 1);

/** The same pipeline when less goes wrong: after two times, nothing. */
function better(spec: PipelineSpec): PipelineSpec {
  const less = <T extends { readonly failing: number }>(each: T): T => ({ ...each, failing: Math.max(0, each.failing - 2) });
  return {
    ...spec,
    works: spec.works.map((work) => ({
      ...less(work), kept: undefined, fatal: false, failingLaunches: [], checks: work.checks.map(less), gate: work.gate && less(work.gate),
    })),
  };
}

test('runs are repeated until all has finished; nothing that has is repeated, and each rerun comes to what the graph says', async () => {
  let reruns = 0;
  await fc.assert(fc.asyncProperty(pipelineSpecs, async (first) => {
    const graph = compileRerunGraph(build(first).pipeline._runs);
    let spec: PipelineSpec = { ...first, works: first.works.map((work) => ({ ...work, kept: undefined })) };
    let { statuses } = await expectModel(spec);
    for (let round = 0; repeated(graph, statuses, { withConsumers: false }).size > 0; round += 1) {
      expect(round).toBeLessThan(3);
      spec = better(spec);
      const before = statuses;
      const kept = keptBy(graph, before, repeated(graph, before, { withConsumers: false })) as Kept;
      const rerun = await expectModel(spec, undefined, kept);
      expect(Object.keys(rerun.starts).filter((id) => /^A\d+$/.test(id) && before[id] === 'FINISHED')).toEqual([]);
      statuses = rerun.statuses;
      reruns += 1;
    }
    expect([...new Set(Object.values(statuses))]).toEqual(['FINISHED']);
  }), { numRuns: RUNS, seed: SEED });
  process.stdout.write(`${RUNS} pipelines, ${reruns} reruns, seed ${SEED}\n`);
  expect(reruns).toBeGreaterThan(0);
}, 3_600_000);

test('what is named runs again, and of what has finished nothing else', async () => {
  await fc.assert(fc.asyncProperty(pipelineSpecs, fc.nat(), fc.boolean(), async (first, place, withConsumers) => {
    const graph = compileRerunGraph(build(first).pipeline._runs);
    const spec = { ...first, works: first.works.map((work) => ({ ...work, kept: undefined })) };
    const { statuses } = await expectModel(spec);
    const ids = nameable(graph);
    const again = repeated(graph, statuses, { objects: [ids[place % ids.length]], withConsumers });
    const { starts, statuses: after } = await expectModel(better(better(spec)), undefined, keptBy(graph, statuses, again) as Kept);
    const rest = graph.units.filter((unit) => !again.has(unit)).map(({ id }) => id);
    expect(Object.keys(starts).filter((id) => rest.includes(id.replace(/C\d?$/, '')))).toEqual([]);
    expect(rest.filter((id) => after[id] !== statuses[id])).toEqual([]);
  }), { numRuns: Math.ceil(RUNS / 2), seed: SEED });
}, 3_600_000);
