import { Duration, Stack } from 'aws-cdk-lib';
import { folder, pipeline, shell } from './fixture';
import { concrete } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { ExecutionResult } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Emr } from '../../simulator/services/emr';
import { modelledSteps } from '../../simulator/services/modelled-steps';
import { OneTimeSchedules } from '../../simulator/services/one-time-schedules';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskFailure, TaskHandler } from '../../simulator/task';
import {
  EmrActivity, EmrCluster, EmrStep, Pipeline, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode, Schedule,
} from '../../src';
import { renderReaper } from '../../src/compiler/reaper';
import { RunResult } from '../../src/contract/run';
import { RunningStatements, modelledRedshift } from '../simulator-stack/models';

const START = Date.UTC(2026, 11, 1);
const TABLE = 'PRunTable';
const GROUP = 'PRunGuards';

/** A pipeline `p` whose runs may leave everything behind: `Fetch` on a host, then `Count` on `Cluster`, then `Load`. */
function everything(): Pipeline {
  const scope = pipeline({ schedule: Schedule.onDemand() });
  const [raw, table] = [folder(scope, 'Raw'), new RedshiftDataNode(scope, 'Table', { database: new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'd' }), tableName: 't' })];
  const fetch = shell(scope, 'Fetch', { output: [raw] });
  const cluster = new EmrCluster(scope, 'Cluster', { terminateAfter: Duration.hours(2) });
  const count = new EmrActivity(scope, 'Count', { runsOn: cluster, dependsOn: [fetch], steps: [EmrStep.command(['true'])] });
  new RedshiftCopyActivity(scope, 'Load', { input: raw, output: table, insertMode: RedshiftInsertMode.APPEND, commandOptions: ['CSV'], dependsOn: [count] });
  return scope;
}

/** The reaper of a pipeline, among what runs have left behind. */
class Reaping {
  public readonly clock = new VirtualClock(START);
  public readonly written: RunResult[] = [];
  public readonly statements: RunningStatements = new Map();
  public readonly emr = new Emr({ runner: modelledSteps(() => ({ duration: 0 })), launch: () => ({ startup: 1000 }) });
  public readonly schedules = new OneTimeSchedules(this.emr.handlers());
  private readonly dynamoDb = new DynamoDb([{ tableName: TABLE, partitionKey: 'run', sortKey: 'item' }]);
  private readonly service: StepFunctions;
  private readonly reaper: string;
  private others = 0;

  constructor(handlers: Record<string, TaskHandler> = {}, scope = everything()) {
    this.service = new StepFunctions({
      clock: this.clock,
      handlers: {
        ...this.emr.handlers(),
        ...this.schedules.handlers(),
        ...this.dynamoDb.handlers(),
        ...modelledRedshift({}, this.statements),
        'aws-sdk:s3:putObject': async ({ arguments: given }) => {
          this.written.push((given as unknown as { Body: RunResult }).Body);
          return {};
        },
        ...handlers,
      },
    });
    this.reaper = this.service.createStateMachine({ name: 'Reaper', definition: concrete(Stack.of(scope), renderReaper(scope._runs, 'aws').definition) });
  }

  launch(name: string): Promise<ExecutionResult> {
    return this.call('elasticmapreduce:createCluster', { Name: name, Instances: { KeepJobFlowAliveWhenNoSteps: true } });
  }

  async launchAll(...names: string[]): Promise<void> {
    for (const name of names) await this.clock.run(this.launch(name));
  }

  schedule(name: string): Promise<ExecutionResult> {
    const target = { Arn: 'arn:aws:scheduler:::aws-sdk:emr:terminateJobFlows', RoleArn: 'role', Input: '{"JobFlowIds": []}' };
    const once = { GroupName: GROUP, Name: name, ScheduleExpression: 'at(2026-12-09T00:00:00)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: target };
    return this.clock.run(this.call('aws-sdk:scheduler:createSchedule', once));
  }

  put(item: string, attributes: Record<string, Json>): Promise<ExecutionResult> {
    return this.clock.run(this.call('aws-sdk:dynamodb:putItem', { TableName: TABLE, Item: { run: { S: 'run' }, item: { S: item }, ...attributes } }));
  }

  async item(): Promise<Record<string, Json>> {
    const items = await this.dynamoDb.items(TABLE);
    return items.find(({ item }) => (item as { S: string }).S === 'run') ?? {};
  }

  reap(input: Json): Promise<ExecutionResult> {
    return this.clock.run(this.service.startExecution({ stateMachineArn: this.reaper, input }).result);
  }

  get alive(): string[] {
    return this.emr.clusters.filter(({ alive }) => alive).map(({ request }) => request.name);
  }

  get minutes(): number {
    return (this.clock.now() - START) / 60_000;
  }

  private call(integration: string, given: Json): Promise<ExecutionResult> {
    const work = { Type: 'Task', Resource: `arn:aws:states:::${integration}`, Arguments: given, End: true };
    const definition = { QueryLanguage: 'JSONata', StartAt: 'Call', States: { Call: work } };
    return this.service.startExecution({ stateMachineArn: this.service.createStateMachine({ name: `Call${++this.others}`, definition }) }).result;
  }
}

describe('what a run has left behind', () => {
  test('is ended: clusters of the run, and no others', async () => {
    const it = new Reaping();
    const others = ['p/run.r1/Cluster/1', 'p/ru/Cluster/1', 'other/run/Cluster/1', 'pp/run/Cluster/1', 'p/run', 'analytics'];
    await it.launchAll('p/run/Cluster/1', ...others, 'p/run/Cluster/2', 'p/run/Other/1');
    expect((await it.reap({ run: 'run', looks: 1 })).status).toBe('SUCCEEDED');
    expect(it.alive).toEqual(others);
  });

  test('is ended: a rerun has a name of its own', async () => {
    const it = new Reaping();
    await it.launchAll('p/run/Cluster/1', 'p/run.r1/Cluster/1');
    await it.schedule('run.j-1');
    await it.schedule('run.r1.j-2');
    await it.reap({ run: 'run.r1', looks: 1 });
    expect(it.alive).toEqual(['p/run/Cluster/1']);
    expect(it.schedules.names).toEqual([`${GROUP}/run.j-1`]);
  });

  test('is ended: all pages are read, and more clusters than one call can end', async () => {
    const it = new Reaping();
    const own = Array.from({ length: 65 }, (_, index) => `p/run/C${index}/1`);
    const others = Array.from({ length: 120 }, (_, index) => `q/run/C${index}/1`);
    await it.launchAll(...own.slice(0, 12), ...others, ...own.slice(12));
    await it.reap({ run: 'run', looks: 1 });
    expect(it.alive).toEqual(others);
  });

  test('is ended: one-time schedules of the run, and not those of its reruns', async () => {
    const it = new Reaping();
    for (const name of ['run.j-1', 'run.j-2', 'run.r1.j-3', 'runner.j-4']) await it.schedule(name);
    await it.reap({ run: 'run', looks: 1 });
    expect(it.schedules.names).toEqual([`${GROUP}/run.r1.j-3`, `${GROUP}/runner.j-4`]);
  });

  test('is ended: statements of the run that have not ended', async () => {
    const it = new Reaping();
    it.statements.set('1', 'run/Load/1').set('2', 'run.r1/Load/1');
    await it.reap({ run: 'run', looks: 1 });
    expect([...it.statements.values()]).toEqual(['run.r1/Load/1']);
  });

  test('may end by itself meanwhile', async () => {
    const it = new Reaping({
      'aws-sdk:redshiftdata:cancelStatement': async () => { throw new TaskFailure('RedshiftData.ValidationException', 'it has finished'); },
      'aws-sdk:scheduler:deleteSchedule': async () => { throw new TaskFailure('Scheduler.ResourceNotFoundException', 'it has fired'); },
    });
    it.statements.set('1', 'run/Load/1');
    await it.schedule('run.j-1');
    expect((await it.reap({ run: 'run', looks: 1 })).status).toBe('SUCCEEDED');
  });

  test('is looked for again, for launches that surface late', async () => {
    const it = new Reaping();
    const late = it.clock.sleep(5 * 60_000).then(() => it.launch('p/run/Cluster/2'));
    await it.reap({ run: 'run', status: 'ABORTED' });
    await it.clock.run(late);
    expect(it.minutes).toBe(6);
    expect(it.alive).toEqual([]);
  });

  test('is looked for once, where the run itself asks for that', async () => {
    const it = new Reaping();
    await it.reap({ run: 'run', looks: 1 });
    expect(it.minutes).toBe(0);
    expect(await it.item()).toEqual({});
  });

  test('and cannot be ended holds nothing else back, is tried again, and makes the reaper fail', async () => {
    const refused: TaskHandler = async () => { throw new TaskFailure('Emr.EmrException', 'not authorized'); };
    const it = new Reaping({ 'aws-sdk:emr:terminateJobFlows': refused });
    await it.launchAll('p/run/Cluster/1');
    await it.schedule('run.j-1');
    expect(await it.reap({ run: 'run', status: 'ABORTED' })).toMatchObject({ status: 'FAILED', error: 'DataPipeline.NotReaped', cause: expect.stringContaining('not authorized') });
    expect(it.schedules.names).toEqual([]);
    expect(await it.item()).toMatchObject({ status: { S: 'CANCELED' } });
  });

  test('is nothing where nothing can be: a pipeline on hosts alone is looked at once', async () => {
    const scope = pipeline();
    shell(scope, 'A');
    const it = new Reaping({}, scope);
    await it.reap({ run: 'run', status: 'ABORTED' });
    expect(it.minutes).toBe(0);
    expect(await it.item()).toMatchObject({ status: { S: 'CANCELED' } });
  });
});

describe('a run that could not settle itself', () => {
  const BEGUN = { status: { S: 'RUNNING' }, scheduledStartTime: { S: '2026-11-30T23:00:00Z' }, scheduledEndTime: { S: '2026-12-01T00:00:00Z' } };

  test.each([['ABORTED', 'CANCELED', 'CANCELED'], ['TIMED_OUT', 'TIMEDOUT', 'TIMEDOUT'], ['FAILED', 'FAILED', 'CANCELED']])(
    'and ended %s becomes %s, and what had no end in it %s', async (status, settled, open) => {
      const it = new Reaping();
      await it.put('run', BEGUN);
      await it.put('object#Fetch', {
        status: { S: 'FINISHED' },
        attempts: { N: '2' },
        reason: { S: '' },
        startTime: { S: '2026-11-30T23:01:00Z' },
        endTime: { S: '2026-11-30T23:02:00Z' },
        settledWith: { M: { Raw: { S: 'FINISHED' } } },
      });
      await it.put('object#Count', { status: { S: 'FAILED' }, attempts: { N: '4' }, reason: { S: 'x'.repeat(300) }, startTime: { S: 'a' }, endTime: { S: 'b' } });
      await it.reap({ run: 'run', status, looks: 1 });
      expect(it.written).toEqual([{
        pipeline: 'p',
        run: 'run',
        status: settled,
        scheduledStartTime: '2026-11-30T23:00:00Z',
        scheduledEndTime: '2026-12-01T00:00:00Z',
        resultUri: 's3://logs/p/runs/run.json',
        objects: {
          Fetch: { status: 'FINISHED', attempts: 2, startTime: '2026-11-30T23:01:00Z', endTime: '2026-11-30T23:02:00Z' },
          Raw: { status: 'FINISHED', attempts: 0 },
          Count: { status: 'FAILED', attempts: 4, reason: 'x'.repeat(200), startTime: 'a', endTime: 'b' },
          Cluster: { status: open, attempts: 0 },
          Load: { status: open, attempts: 0 },
          Table: { status: open, attempts: 0 },
        },
      }]);
      expect(await it.item()).toMatchObject({
        ...BEGUN,
        status: { S: settled },
        endTime: { S: '2026-12-01T00:00:00.000Z' },
        settledWith: { M: { Cluster: { S: open }, Load: { S: open }, Table: { S: open } } },
      });
    });

  test('keeps what settled with its begin', async () => {
    const it = new Reaping();
    await it.put('run', { ...BEGUN, settledWith: { M: { Raw: { S: 'FINISHED' } } } });
    await it.reap({ run: 'run', status: 'ABORTED', looks: 1 });
    expect(await it.item()).toMatchObject({ settledWith: { M: { Raw: { S: 'FINISHED' }, Fetch: { S: 'CANCELED' } } } });
  });

  test('has more objects than a page holds', async () => {
    const scope = pipeline();
    const ids = Array.from({ length: 130 }, (_, index) => `A${index}`);
    for (const id of ids) shell(scope, id);
    const it = new Reaping({}, scope);
    await it.put('run', BEGUN);
    for (const id of ids.slice(1)) await it.put(`object#${id}`, { status: { S: 'FINISHED' }, attempts: { N: '1' } });
    await it.reap({ run: 'run', status: 'ABORTED' });
    const [{ objects }] = it.written;
    expect(Object.keys(objects).sort()).toEqual([...ids].sort());
    expect(Object.entries(objects).filter(([, { status }]) => status !== 'FINISHED')).toEqual([['A0', { status: 'CANCELED', attempts: 0 }]]);
  });

  test.each(['FINISHED', 'FAILED'])('but one that has %s is left as it is', async (status) => {
    const it = new Reaping();
    await it.put('run', { ...BEGUN, status: { S: status } });
    expect((await it.reap({ run: 'run', status: 'FAILED', looks: 1 })).status).toBe('SUCCEEDED');
    expect(await it.item()).toMatchObject({ status: { S: status } });
    expect(it.written).toEqual([]);
  });

  test('but settles itself at the last moment stays as it is', async () => {
    const it = new Reaping({
      'aws-sdk:dynamodb:updateItem': async () => { throw new TaskFailure('DynamoDb.ConditionalCheckFailedException', 'The conditional request failed'); },
    });
    await it.put('run', BEGUN);
    expect((await it.reap({ run: 'run', status: 'FAILED', looks: 1 })).status).toBe('SUCCEEDED');
  });

  test('is settled at a later look, if the table cannot be read at the first', async () => {
    let reads = 0;
    const it = new Reaping({
      'aws-sdk:dynamodb:getItem': async () => {
        if (++reads > 6) return {};
        throw new TaskFailure('DynamoDb.InternalServerErrorException', 'try again');
      },
    });
    expect((await it.reap({ run: 'run', status: 'ABORTED' })).status).toBe('SUCCEEDED');
    expect(await it.item()).toMatchObject({ status: { S: 'CANCELED' } });
  });
});
