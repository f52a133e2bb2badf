import { Duration } from 'aws-cdk-lib';
import { pipeline } from './fixture';
import { TimedRun } from './timed-run';
import { Emr } from '../../simulator/services/emr';
import { TaskHandler } from '../../simulator/task';
import { EmrActivity, EmrActivityProps, EmrCluster, EmrClusterProps, EmrStep, Pipeline, Schedule, ScheduleType, Terminate } from '../../src';

const MINUTE = 60_000;
const REASON = 'A has not finished 10 minutes after 2026-12-01T01:00:00Z';

/** Activities on one cluster that starts in a minute, with steps of so many minutes; A is ended after ten. */
class TerminatedRun extends TimedRun {
  public readonly emr: Emr;

  constructor(activities: (scope: Pipeline, on: Pick<EmrActivityProps, 'runsOn' | 'steps'>, until: Partial<EmrActivityProps>) => void, {
    minutes, cluster = {}, startup = 1, around = (handlers) => handlers,
  }: {
    minutes: Record<string, number>;
    cluster?: EmrClusterProps;
    startup?: number;
    around?: (handlers: Record<string, TaskHandler>) => Record<string, TaskHandler>;
  }) {
    const scope = pipeline({
      schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z'), scheduleType: ScheduleType.TIMESERIES }),
    });
    const on = { runsOn: new EmrCluster(scope, 'Cluster', cluster), steps: [EmrStep.command(['work'])] };
    activities(scope, on, { lateAfterTimeout: Duration.minutes(10), onLateAction: [new Terminate()] });
    const emr = new Emr({
      launch: () => ({ startup: startup * MINUTE, shutdown: 0 }),
      runner: async (_, { clock, signal, stepName }) => clock.sleep(minutes[stepName.split(' ')[0]] * MINUTE, signal),
    });
    super(scope, {}, { handlers: around(emr.handlers()) });
    this.emr = emr;
  }

  async run(): ReturnType<TimedRun['run']> {
    const result = await super.run();
    await this.clock.run(this.clock.sleep(0)); // what ends, ends
    return result;
  }

  get steps(): string[] {
    return this.emr.clusters.flatMap(({ steps }) => steps.map(({ name, state }) => `${name}: ${state}`));
  }

  get clusters(): string[] {
    return this.emr.clusters.map(({ request, state }) => `${request.name} ${state}`);
  }
}

test('a step that is at work by then is cancelled, and the cluster stays for the other activities', async () => {
  const run = new TerminatedRun((scope, on, until) => {
    new EmrActivity(scope, 'After', { ...on, dependsOn: [new EmrActivity(scope, 'A', { ...on, ...until })] });
    new EmrActivity(scope, 'B', on);
  }, { minutes: { A: 60, B: 30 } });
  const { objects, seconds } = await run.run();
  expect(objects).toMatchObject({
    A: { status: 'CANCELED', attempts: 1, reason: REASON, endTime: '2026-12-01T01:10:00.000Z' },
    After: { status: 'WAITING_ON_DEPENDENCIES' },
    B: { status: 'FINISHED', attempts: 1 },
    Cluster: { status: 'FINISHED', attempts: 1 },
  });
  expect([run.steps.sort(), run.clusters, seconds]).toEqual([
    ['A (attempt 1): CANCELLED', 'B (attempt 1): COMPLETED'], ['p/run/Cluster/1 TERMINATED'], 31 * 60,
  ]);
});

test('a step is cancelled where its task has left it at work, and no step of others', async () => {
  const deaf = (handlers: Record<string, TaskHandler>): Record<string, TaskHandler> => ({
    ...handlers, 'elasticmapreduce:addStep': async (request) => handlers['elasticmapreduce:addStep']({ ...request, signal: new AbortController().signal }),
  });
  const run = new TerminatedRun((scope, on, until) => {
    new EmrActivity(scope, 'A', { ...on, steps: [...on.steps, ...on.steps], ...until });
    new EmrActivity(scope, 'AA', on);
  }, { minutes: { 'A:': 7, 'AA': 30 }, around: deaf });
  const { objects } = await run.run();
  expect(objects).toMatchObject({ A: { status: 'CANCELED' }, AA: { status: 'FINISHED' } });
  expect(run.steps.sort()).toEqual(['A: step 1 (attempt 1): COMPLETED', 'A: step 2 (attempt 1): CANCELLED', 'AA (attempt 1): COMPLETED']);
});

test('who waits in the queue of the cluster is ended as well, on whichever page of its list', async () => {
  const run = new TerminatedRun((scope, on, until) => {
    new EmrActivity(scope, 'A', { ...on, ...until });
    for (let index = 0; index < 60; index += 1) new EmrActivity(scope, `B${index}`, on);
  }, { minutes: Object.fromEntries([['A', 60], ...Array.from({ length: 60 }, (_, index) => [`B${index}`, 10] as const)]), cluster: { taskConcurrency: 61 } });
  const { objects } = await run.run();
  expect(objects.A).toMatchObject({ status: 'CANCELED', reason: REASON });
  expect(run.steps.filter((step) => !step.endsWith('COMPLETED'))).toEqual(['A (attempt 1): CANCELLED']);
});

test('who waits for the launch is ended, and the cluster is ended when it is there', async () => {
  const run = new TerminatedRun((scope, on, until) => {
    new EmrActivity(scope, 'A', { ...on, ...until });
  }, { minutes: {}, startup: 15 });
  const { objects, seconds } = await run.run();
  expect(objects).toMatchObject({ A: { status: 'CANCELED', reason: REASON }, Cluster: { status: 'FINISHED' } });
  expect([run.steps, run.clusters, seconds]).toEqual([[], ['p/run/Cluster/1 TERMINATED'], 15 * 60]);
});

test('who has finished by then goes on as ever', async () => {
  const run = new TerminatedRun((scope, on, until) => {
    new EmrActivity(scope, 'After', { ...on, dependsOn: [new EmrActivity(scope, 'A', { ...on, ...until })] });
  }, { minutes: { A: 5, After: 30 } });
  const { objects, seconds } = await run.run();
  expect(objects).toMatchObject({ A: { status: 'FINISHED', attempts: 1 }, After: { status: 'FINISHED', attempts: 1 } });
  expect([run.clusters, seconds]).toEqual([['p/run/Cluster/1 TERMINATED'], 36 * 60]);
});

describe('a cluster that is late', () => {
  const late = { lateAfterTimeout: Duration.minutes(10), onLateAction: [new Terminate()] };
  const reason = 'Cluster has not finished 10 minutes after 2026-12-01T01:00:00Z';

  /** One-time schedules end what they name. */
  const scheduler = (run: () => TerminatedRun) => (handlers: Record<string, TaskHandler>): Record<string, TaskHandler> => ({
    ...handlers,
    'aws-sdk:scheduler:createSchedule': async ({ arguments: given }) => {
      const { ScheduleExpression, Target } = given as { ScheduleExpression: string; Target: { Input: string } };
      const { clock, emr } = run();
      const at = Date.parse(`${/at\((.*)\)/.exec(ScheduleExpression)![1]}Z`);
      const [id] = (JSON.parse(Target.Input) as { JobFlowIds: string[] }).JobFlowIds;
      void clock.sleep(at - clock.now()).then(() => emr.cluster(id)!.terminate({ code: 'USER_REQUEST', message: 'Terminated by user request' }));
      return {};
    },
    'aws-sdk:scheduler:deleteSchedule': async () => ({}),
  });

  test('is ended, whatever runs on it, and no other is launched', async () => {
    const run: TerminatedRun = new TerminatedRun((scope, on) => {
      new EmrActivity(scope, 'After', { ...on, dependsOn: [new EmrActivity(scope, 'A', on)] });
      const elsewhere = new EmrActivity(scope, 'Elsewhere', { ...on, runsOn: new EmrCluster(scope, 'Other') });
      new EmrActivity(scope, 'Later', { ...on, dependsOn: [elsewhere] });
    }, { minutes: { A: 60, Elsewhere: 30 }, cluster: late, around: scheduler(() => run) });
    expect((await run.run()).objects).toMatchObject({
      A: { status: 'CANCELED', attempts: 1, reason },
      After: { status: 'WAITING_ON_DEPENDENCIES' },
      Elsewhere: { status: 'FINISHED' },
      Later: { status: 'CANCELED', attempts: 0, reason },
      Cluster: { status: 'CANCELED', attempts: 1, reason },
    });
    expect(run.clusters.filter((name) => name.includes('/Cluster/'))).toEqual(['p/run/Cluster/1 TERMINATED']);
  });

  test('is not launched any more', async () => {
    const run: TerminatedRun = new TerminatedRun((scope, on) => {
      const elsewhere = new EmrActivity(scope, 'Elsewhere', { ...on, runsOn: new EmrCluster(scope, 'Other') });
      new EmrActivity(scope, 'Later', { ...on, dependsOn: [elsewhere] });
    }, { minutes: { Elsewhere: 30 }, cluster: late, around: scheduler(() => run) });
    expect((await run.run()).objects).toMatchObject({ Later: { status: 'CANCELED', attempts: 0, reason }, Cluster: { status: 'CANCELED', attempts: 0, reason } });
    expect(run.clusters).toEqual(['p/run/Other/1 TERMINATED']);
  });

  test('has finished if it is ended in time', async () => {
    const run: TerminatedRun = new TerminatedRun((scope, on) => {
      new EmrActivity(scope, 'A', on);
    }, { minutes: { A: 5 }, cluster: late, around: scheduler(() => run) });
    expect(await run.run()).toMatchObject({ objects: { A: { status: 'FINISHED' }, Cluster: { status: 'FINISHED' } }, seconds: 6 * 60 });
  });
});
