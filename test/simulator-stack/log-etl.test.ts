import { FIRST_TICK, LogEtl, RUN, synthesized } from './log-etl';
import { HOUR, MINUTE } from './models';

let assembly: ReturnType<typeof synthesized>;

beforeAll(() => {
  assembly = synthesized();
});

afterAll(() => assembly.remove());

const FINISHED = {
  LogsWaiting: 'FINISHED 1',
  Extract: 'FINISHED 1',
  Transform: 'FINISHED 1',
  Cluster: 'FINISHED 1',
  CleanComplete: 'FINISHED 1',
  Load: 'FINISHED 1',
  RawLogs: 'FINISHED 1',
  CleanLogs: 'FINISHED 1',
  PageHits: 'FINISHED 1',
};

describe('a run of the hourly log ETL', () => {
  test('goes from its tick to FINISHED, and ends its cluster', async () => {
    const etl = await LogEtl.load(assembly.folder);
    const run = await etl.runFirstHour();
    expect(run).toMatchObject({ name: RUN, status: 'SUCCEEDED', outcome: { output: await etl.result() } });
    expect(await etl.outcome()).toEqual(FINISHED);
    expect(await etl.items()).toEqual({
      'run': 'FINISHED',
      'object#LogsWaiting': 'FINISHED',
      'object#Extract': 'FINISHED',
      'object#Transform': 'FINISHED',
      'object#Cluster': 'FINISHED',
      'object#CleanComplete': 'FINISHED',
      'object#Load': 'FINISHED',
    });
    expect(etl.subjects).toEqual([]);
    expect(etl.emr.clusters.map(({ request }) => request.name)).toEqual([`log-etl/${RUN}/Cluster/1`]);
    expect(etl.living).toEqual([]);
    expect(etl.stack.oneTimeSchedules.names).toEqual([]);
  });

  test('costs this many state transitions', async () => {
    const etl = await LogEtl.load(assembly.folder);
    const run = await etl.runFirstHour();
    const transitions = ['StarterStateMachine', 'ReaperStateMachine'].flatMap(name => etl.stack.executions(name).map(each => each.transitions));
    expect([run.transitions, ...transitions]).toEqual([32, 6, 7]);
  });

  test('starts once, however often its tick is delivered', async () => {
    const etl = await LogEtl.load(assembly.folder);
    const [tick] = etl.stack.ticksBetween(FIRST_TICK, new Date(FIRST_TICK.getTime() + HOUR));
    await etl.runFirstHour();
    const again = etl.stack.deliver(tick);
    await etl.clock.run(again.result);
    await etl.clock.run(etl.stack.settled());
    expect(again.outcome?.output).toMatchObject({ run: RUN });
    expect(etl.stack.executions('RunStateMachine')).toHaveLength(1);
    expect(etl.emr.clusters).toHaveLength(1);
  });

  test('waits for its precondition', async () => {
    let checks = 0;
    const etl = await LogEtl.load(assembly.folder, {
      shell: ({ purpose }) => (purpose === 'precondition' && ++checks < 4 ? 'DataPipeline.PreconditionNotHeld' : undefined),
    });
    await etl.runFirstHour();
    expect(await etl.outcome()).toEqual({ ...FINISHED, LogsWaiting: 'FINISHED 4' });
    expect(etl.tasks.map(({ object, attempt }) => `${object} ${attempt}`)).toEqual(
      ['LogsWaiting 1', 'LogsWaiting 2', 'LogsWaiting 3', 'LogsWaiting 4', 'Extract 1']);
  });

  test('whose precondition never holds fails, and launches nothing', async () => {
    const etl = await LogEtl.load(assembly.folder, {
      shell: ({ purpose, deadline }) => purpose !== 'precondition' ? undefined
        : etl.clock.now() >= Date.parse(deadline!) ? 'DataPipeline.PreconditionTimedOut' : 'DataPipeline.PreconditionNotHeld',
    });
    const run = await etl.runFirstHour();
    expect(run.status).toBe('FAILED');
    expect(run.stopDate! - run.startDate).toBeGreaterThanOrEqual(6 * HOUR);
    expect(run.stopDate! - run.startDate).toBeLessThan(6 * HOUR + 10 * MINUTE);
    expect(await etl.outcome()).toMatchObject({
      LogsWaiting: expect.stringMatching(/^FAILED \d+$/), Extract: 'CASCADE_FAILED 0', Transform: 'CASCADE_FAILED 0', Load: 'CASCADE_FAILED 0',
    });
    expect(etl.emr.clusters).toEqual([]);
  });
});

describe('a failure', () => {
  test('of the extract for good holds back what reads from it: no cluster is launched', async () => {
    const etl = await LogEtl.load(assembly.folder, { shell: ({ object }) => (object === 'Extract' ? 'DataPipeline.CommandFailed' : undefined) });
    const run = await etl.runFirstHour();
    expect(run).toMatchObject({ status: 'FAILED', outcome: { error: 'DataPipeline.RunFailed' } });
    expect(JSON.parse(run.outcome!.cause!)).toEqual(await etl.result());
    expect(await etl.outcome()).toEqual({
      LogsWaiting: 'FINISHED 1',
      Extract: 'FAILED 3',
      Transform: 'CASCADE_FAILED 0',
      Cluster: 'FINISHED 0',
      CleanComplete: 'CANCELED 0',
      Load: 'CASCADE_FAILED 0',
      RawLogs: 'CASCADE_FAILED 0',
      CleanLogs: 'CASCADE_FAILED 0',
      PageHits: 'CASCADE_FAILED 0',
    });
    expect((await etl.result()).objects.Extract.reason).toBe('DataPipeline.CommandFailed: Extract ended with exit code 1');
    expect((await etl.items()).run).toBe('FAILED');
    expect(etl.emr.clusters).toEqual([]);
    expect(etl.subjects).toEqual(['Extract failed (log-etl)', 'Transform failed (log-etl)', 'Load failed (log-etl)']);
  });

  test('of the transform is retried on the same cluster', async () => {
    const etl = await LogEtl.load(assembly.folder, { step: number => (number === 2 ? { failure: 'a node was lost' } : {}) });
    await etl.runFirstHour();
    expect(await etl.outcome()).toEqual({ ...FINISHED, Transform: 'FINISHED 2' });
    expect(etl.emr.clusters.map(({ steps }) => steps.map(({ name, state }) => `${name}: ${state}`))).toEqual([[
      'Transform: step 1 (attempt 1): COMPLETED', 'Transform: step 2 (attempt 1): FAILED',
      'Transform: step 1 (attempt 2): COMPLETED', 'Transform: step 2 (attempt 2): COMPLETED',
    ]]);
    expect(etl.living).toEqual([]);
  });

  test('of the transform for good ends the cluster and the run', async () => {
    const etl = await LogEtl.load(assembly.folder, { step: () => ({ failure: 'out of memory' }) });
    await etl.runFirstHour();
    expect(await etl.outcome()).toMatchObject({ Extract: 'FINISHED 1', Transform: 'FAILED 3', Cluster: 'FINISHED 1', Load: 'CASCADE_FAILED 0' });
    const { startTime, endTime, reason } = (await etl.result()).objects.Transform;
    expect(reason).toMatch(/^States\.TaskFailed: .*out of memory/);
    // The last of its three attempts, of 10 minutes each.
    expect(Date.parse(endTime!) - Date.parse(startTime!)).toBe(10 * MINUTE);
    expect(etl.subjects).toEqual(['Transform failed (log-etl)', 'Load failed (log-etl)']);
    expect(etl.living).toEqual([]);
  });

  test('of the load is retried without the cluster', async () => {
    const etl = await LogEtl.load(assembly.folder, { statement: number => (number === 1 ? { Status: 'FAILED', Error: 'disk full' } : { Status: 'FINISHED' }) });
    await etl.runFirstHour();
    expect(await etl.outcome()).toEqual({ ...FINISHED, Load: 'FINISHED 2' });
    expect(etl.emr.clusters).toHaveLength(1);
  });
});

describe('a cluster', () => {
  test('that cannot be launched cancels what was to run on it', async () => {
    const etl = await LogEtl.load(assembly.folder, { launch: () => ({ failure: 'bootstrap action 1 failed' }) });
    await etl.runFirstHour();
    expect(await etl.outcome()).toMatchObject({
      Extract: 'FINISHED 1', Transform: 'CANCELED 0', Cluster: 'FAILED 3', CleanLogs: 'CASCADE_FAILED 0', Load: 'CASCADE_FAILED 0',
    });
    expect(etl.emr.clusters).toHaveLength(3);
    expect(etl.living).toEqual([]);
  });

  test('whose first launch fails is launched again', async () => {
    const etl = await LogEtl.load(assembly.folder, { launch: number => (number === 1 ? { failure: 'no capacity' } : {}) });
    await etl.runFirstHour();
    expect(await etl.outcome()).toEqual({ ...FINISHED, Cluster: 'FINISHED 2' });
    expect(etl.emr.clusters.map(({ alive }) => alive)).toEqual([false, false]);
  });

  test('that dies under a step is replaced', async () => {
    const etl = await LogEtl.load(assembly.folder, {
      step: (number, { clusterId }) => {
        if (number === 1) void etl.clock.sleep(MINUTE).then(() => etl.emr.cluster(clusterId)?.terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node is gone' }));
        return {};
      },
    });
    await etl.runFirstHour();
    expect(await etl.outcome()).toEqual({ ...FINISHED, Transform: 'FINISHED 2', Cluster: 'FINISHED 2' });
    expect(etl.emr.clusters.map(({ alive }) => alive)).toEqual([false, false]);
  });

  test('is ended at terminateAfter, and the run with it', async () => {
    const etl = await LogEtl.load(assembly.folder, { step: () => ({ duration: 5 * HOUR }) });
    const run = await etl.runFirstHour();
    const [cluster] = etl.emr.clusters;
    expect(await etl.outcome()).toMatchObject({ Transform: 'FAILED 1', Cluster: 'TIMEDOUT 1', Load: 'CASCADE_FAILED 0' });
    expect(etl.stack.oneTimeSchedules.firings).toMatchObject([{ at: cluster.createdAt + 2 * HOUR }]);
    expect(run.stopDate! - cluster.createdAt).toBeLessThan(2 * HOUR + 10 * MINUTE);
    expect(etl.living).toEqual([]);
  });
});

/** From the tick: in the precondition, the extract, the launch, after it, the step and the load. */
const MOMENTS = [0, 500, MINUTE, 3 * MINUTE, 5 * MINUTE, 7 * MINUTE + 1000, 12 * MINUTE, 17 * MINUTE + 1000, 17 * MINUTE + 2000];

describe.each(MOMENTS)('a run that is stopped %i ms after its tick', (moment) => {
  test('leaves no cluster, and is CANCELED', async () => {
    const etl = await LogEtl.load(assembly.folder);
    await etl.clock.run(etl.firstTick());
    await etl.pass(moment);
    etl.run.stop('Stopped', 'by the test');
    await etl.clock.run(etl.stack.settled());
    expect(etl.run.status).toBe('ABORTED');
    expect(etl.living).toEqual([]);
    expect((await etl.items()).run).toBe('CANCELED');
  });
});
