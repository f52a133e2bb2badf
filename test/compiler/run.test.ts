import fc from 'fast-check';
import { resultOf } from './modelled-run';
import { build, WorkSpec } from './random-pipeline';
import { StubbedRun } from './stubbed-run';
import { VirtualClock } from '../../simulator/clock';
import { Evaluator } from '../../simulator/jsonata';
import { fitting } from '../../src/compiler/render/run';
import { ObjectResult, RunResult } from '../../src/contract/run';

const FINISHED: ObjectResult = { status: 'FINISHED', attempts: 1, startTime: '2026-12-01T00:00:00.000Z', endTime: '2026-12-01T00:01:00.000Z' };
const FAILED: ObjectResult = { ...FINISHED, status: 'FAILED', attempts: 4, reason: `DataPipeline.CommandFailed: ${'x'.repeat(472)}` };

function result(finished: number, failed: number): RunResult {
  const objects = (prefix: string, count: number, each: ObjectResult) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, each]));
  return {
    pipeline: 'p',
    run: 'run',
    status: failed === 0 ? 'FINISHED' : 'FAILED',
    scheduledStartTime: '2026-12-01T00:00:00Z',
    scheduledEndTime: '2026-12-01T01:00:00Z',
    objects: { ...objects('Done', finished, FINISHED), ...objects('Broken', failed, FAILED) },
    resultUri: 's3://logs/p/runs/run.json',
  };
}

async function fit(whole: RunResult, length: number): Promise<RunResult> {
  const evaluator = new Evaluator(new VirtualClock(), () => 0);
  return await evaluator.evaluate(`{% ${fitting('$result', length)} %}`, { variables: { result: whole } }, 'Cause') as unknown as RunResult;
}

describe('what of a result fits a cause', () => {
  const CAUSE = 32_768;

  test('is the whole, if it does', async () => {
    expect(await fit(result(20, 20), CAUSE)).toEqual(result(20, 20));
  });

  test('is the failures with their reasons', async () => {
    expect(await fit(result(300, 40), CAUSE)).toEqual({ ...result(0, 40), omitted: 300 });
  });

  test('is all failures without their reasons', async () => {
    const { objects, omitted } = await fit(result(50, 300), CAUSE);
    expect(omitted).toBe(50);
    expect(objects).toEqual(Object.fromEntries(Object.keys(result(0, 300).objects).map((id) => [id, { status: 'FAILED', attempts: 4 }])));
  });

  test('is some failures, where there are thousands', async () => {
    const { objects, omitted } = await fit(result(1, 3000), CAUSE);
    expect([Object.keys(objects).length, omitted]).toEqual([65, 2936]);
  });

  test('always fits, lists failures only unless it is whole, and counts what it leaves out', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(400), fc.nat(400), fc.integer({ min: 2_000, max: CAUSE }), async (finished, failed, length) => {
      const fitted = await fit(result(finished, failed), length);
      expect(JSON.stringify(fitted).length).toBeLessThanOrEqual(length);
      const { objects, omitted } = fitted;
      expect(Object.keys(objects).length + (omitted ?? 0)).toBe(finished + failed);
      if (omitted !== undefined) expect(Object.values(objects).filter(({ status }) => status === 'FINISHED')).toEqual([]);
    }), { numRuns: 40 });
  });
});

function work(fields: Partial<WorkSpec>): WorkSpec {
  return {
    kind: 'shell',
    seconds: 1,
    failing: 0,
    ending: 'fails',
    retries: 0,
    cascade: false,
    checks: [],
    steps: 1,
    failingLaunches: [],
    fatal: false,
    shares: undefined,
    kept: undefined,
    ...fields,
  };
}

test('a run of 300 objects that all fail ends with a cause that names them', async () => {
  const spec = { concurrency: 2, order: { size: 300, pairs: [] }, works: Array.from({ length: 300 }, () => work({ failing: 1 })) };
  const run = new StubbedRun(spec, build(spec));
  const { error, cause } = await run.run();
  expect(error).toBe('DataPipeline.RunFailed');
  expect(cause!.length).toBeLessThanOrEqual(32_768);
  const { objects, omitted } = JSON.parse(cause!) as RunResult;
  expect(Object.keys(objects).length + (omitted ?? 0)).toBe(600);
  expect(Object.values(objects).every(({ status }) => status !== 'FINISHED')).toBe(true);
  expect(Object.values(run.table).filter((status) => status === 'FAILED')).toHaveLength(301);
});

test('a name that Step Functions has forgotten begins no second run', async () => {
  const spec = { concurrency: 2, order: { size: 1, pairs: [] }, works: [work({})] };
  const run = new StubbedRun(spec, build(spec));
  await run.dynamoDb.call('putItem', { TableName: 'PRunTable', Item: { run: { S: 'run' }, item: { S: 'run' }, startTime: { S: '2026-06-01T00:00:00Z' } } });
  expect(await run.run()).toMatchObject({ status: 'FAILED', error: 'DataPipeline.RanBefore', cause: expect.stringContaining('datapipeline rerun') });
  expect(run.starts).toEqual({});
});

test('what keeps the status of an earlier execution is not run again; those that wait for it go by it', async () => {
  const check = { onHost: false, failing: 0, retries: 0, cascade: false };
  const works = [work({ kept: 'FINISHED', checks: [check] }), work({ checks: [check] }), work({ kept: 'FAILED', cascade: true }), work({})];
  const spec = { concurrency: 2, order: { size: 4, pairs: [[0, 1], [2, 3]] as const }, works };
  const run = new StubbedRun(spec, build(spec));
  expect(resultOf(await run.run())).toMatchObject({
    status: 'FAILED',
    objects: {
      A0: { status: 'FINISHED', attempts: 0 },
      A0C0: { status: 'FINISHED', attempts: 0 },
      A1: { status: 'FINISHED', attempts: 1 },
      A1C0: { status: 'FINISHED', attempts: 1 },
      A2: { status: 'FAILED', attempts: 0 },
      D2: { status: 'CASCADE_FAILED', attempts: 0 },
      A3: { status: 'CASCADE_FAILED', attempts: 0, reason: 'A2 is FAILED' },
    },
  });
  expect(run.starts).toEqual({ A1C0: 0, A1: 0 });
});
