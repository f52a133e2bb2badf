import fc from 'fast-check';
import { allStates, runMachine } from './machines';
import { build, pipelineSpecs } from './random-pipeline';
import { ReferenceModel } from './reference-model';
import { StubbedRun } from './stubbed-run';
import { ExecutionResult } from '../../simulator/execution';
import { RunResult } from '../../src/contract/run';

/** The result of a run, from its output or its failure's cause. */
function resultOf({ status, error, cause, output }: ExecutionResult): RunResult {
  if (status === 'SUCCEEDED') return output as unknown as RunResult;
  expect({ status, error, cause }).toEqual({ status: 'FAILED', error: 'DataPipeline.RunFailed', cause: expect.any(String) });
  return JSON.parse(cause!) as RunResult;
}

test('any run comes to what the graph says: statuses, attempts, alarms, and each start when the last dependency has settled', async () => {
  await fc.assert(fc.asyncProperty(pipelineSpecs, async (spec) => {
    const built = build(spec);
    const run = new StubbedRun(spec, built);
    const expected = new ReferenceModel(spec, built.clusters).run();
    const { objects, status } = resultOf(await run.run());
    expect(Object.fromEntries(Object.entries(objects).map(([id, { status: its, attempts }]) => [id, { status: its, attempts }]))).toEqual(expected.objects);
    expect(status).toBe(Object.values(expected.objects).every((object) => object.status === 'FINISHED') ? 'FINISHED' : 'FAILED');
    expect(run.starts).toEqual(expected.starts);
    expect(run.seconds).toBe(expected.seconds);
    expect(run.alarms.sort()).toEqual([...expected.alarms].sort());
    const { run: whole, ...rows } = run.table;
    expect(whole).toBe(status);
    for (const [item, its] of Object.entries(rows)) expect([item, its]).toEqual([item, expected.objects[item.replace('object#', '')].status]);
    expect(run.emr.clusters.filter(({ alive }) => alive)).toEqual([]);
  }), { numRuns: 200 });
}, 120_000);
