import { build, Kept, PipelineSpec } from './random-pipeline';
import { ReferenceModel } from './reference-model';
import { StubbedRun } from './stubbed-run';
import { ExecutionResult } from '../../simulator/execution';
import { Json } from '../../simulator/task';
import { ObjectStatus, RunResult } from '../../src/contract/run';

/** The result of a run, from its output or its failure's cause. */
export function resultOf({ status, error, cause, output }: ExecutionResult): RunResult {
  if (status === 'SUCCEEDED') return output as unknown as RunResult;
  expect({ status, error, cause }).toEqual({ status: 'FAILED', error: 'DataPipeline.RunFailed', cause: expect.any(String) });
  return JSON.parse(cause!) as RunResult;
}

/**
 * Runs a pipeline, and expects what the graph says: statuses, attempts, alarms, and each start when the last dependency has settled.
 * `altered` says what is run in place of the machine.
 */
export async function expectModel(spec: PipelineSpec, altered?: (definition: Json) => Json, kept?: Kept): Promise<Modelled> {
  const built = build(spec);
  const run = new StubbedRun(spec, built, undefined, altered, kept);
  const { objects, status } = resultOf(await run.run());
  const expected = await new ReferenceModel(spec, built.resources, run.submission, kept).run();
  const outcomes = Object.entries(objects).map(([id, { status: its, attempts }]) => [id, { status: its, attempts }]);
  expect(Object.fromEntries(outcomes)).toEqual(expected.objects);
  expect(status).toBe(Object.values(expected.objects).every((object) => object.status === 'FINISHED') ? 'FINISHED' : 'FAILED');
  expect(run.starts).toEqual(expected.starts);
  expect(run.seconds).toBe(expected.seconds);
  expect(run.alarms.sort()).toEqual([...expected.alarms].sort());
  const { run: whole, ...rows } = run.table;
  expect(whole).toBe(status);
  for (const [item, its] of Object.entries(rows)) expect([item, its]).toEqual([item, expected.objects[item.replace('object#', '')].status]);
  // Who starts a rerun writes the data nodes.
  const rerun = spec.works.some((work) => work.kept);
  const rowless = Object.keys(expected.objects).filter((id) => !(`object#${id}` in rows));
  expect(rowless.filter((id) => !rerun || !/^(D|In)\d+$/.test(id))).toEqual([]);
  expect(run.emr.clusters.filter(({ alive }) => alive)).toEqual([]);
  expect(run.ec2.instances.filter(({ ended }) => !ended.aborted)).toEqual([]);
  return { statuses: Object.fromEntries(Object.entries(objects).map(([id, object]) => [id, object.status])), starts: run.starts };
}

/** What a run has come to. */
export interface Modelled {
  readonly statuses: Readonly<Record<string, ObjectStatus>>;
  readonly starts: Readonly<Record<string, number>>;
}
