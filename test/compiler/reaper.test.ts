import { Stack } from 'aws-cdk-lib';
import { pipeline, shell } from './fixture';
import { concrete } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { ExecutionResult } from '../../simulator/execution';
import { Emr } from '../../simulator/services/emr';
import { modelledSteps } from '../../simulator/services/modelled-steps';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskFailure, TaskHandler } from '../../simulator/task';
import { renderReaper } from '../../src/compiler/reaper';

const START = Date.UTC(2026, 11, 1);

/** The reaper of pipeline `p`, among clusters. */
class Reaping {
  public readonly clock = new VirtualClock(START);
  public readonly updates: Json[] = [];
  private readonly emr = new Emr({ runner: modelledSteps(() => ({ duration: 0 })), launch: () => ({ startup: 1000 }) });
  private readonly service: StepFunctions;
  private readonly reaper: string;

  constructor(update: TaskHandler = async () => ({})) {
    const scope = pipeline();
    shell(scope, 'A');
    this.service = new StepFunctions({
      clock: this.clock,
      handlers: {
        ...this.emr.handlers(),
        'aws-sdk:dynamodb:updateItem': async (request) => {
          this.updates.push(request.arguments);
          return update(request);
        },
      },
    });
    this.reaper = this.service.createStateMachine({ name: 'Reaper', definition: concrete(Stack.of(scope), renderReaper(scope, 'aws').definition) });
  }

  launch(name: string, stateMachine = 'Launch'): Promise<ExecutionResult> {
    const work = {
      Type: 'Task', Resource: 'arn:aws:states:::elasticmapreduce:createCluster', Arguments: { Name: name, Instances: { KeepJobFlowAliveWhenNoSteps: true } }, End: true,
    };
    const stateMachineArn = this.service.createStateMachine({ name: stateMachine, definition: { QueryLanguage: 'JSONata', StartAt: 'Launch', States: { Launch: work } } });
    return this.service.startExecution({ stateMachineArn }).result;
  }

  async launchAll(...names: string[]): Promise<void> {
    for (const name of names) await this.clock.run(this.launch(name));
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
}

test('the clusters of the run are ended, and no others', async () => {
  const it = new Reaping();
  const others = ['p/run.r1/Cluster/1', 'p/ru/Cluster/1', 'other/run/Cluster/1', 'pp/run/Cluster/1', 'p/run', 'analytics'];
  await it.launchAll('p/run/Cluster/1', ...others, 'p/run/Cluster/2', 'p/run/Other/1');
  expect((await it.reap({ run: 'run', passes: 1 })).status).toBe('SUCCEEDED');
  expect(it.alive).toEqual(others);
});

test('a rerun has a name of its own', async () => {
  const it = new Reaping();
  await it.launchAll('p/run/Cluster/1', 'p/run.r1/Cluster/1');
  await it.reap({ run: 'run.r1', passes: 1 });
  expect(it.alive).toEqual(['p/run/Cluster/1']);
});

test('all pages are read, and more clusters than one call can end', async () => {
  const it = new Reaping();
  const own = Array.from({ length: 65 }, (_, index) => `p/run/C${index}/1`);
  const others = Array.from({ length: 120 }, (_, index) => `q/run/C${index}/1`);
  await it.launchAll(...own.slice(0, 12), ...others, ...own.slice(12));
  await it.reap({ run: 'run', passes: 1 });
  expect(it.alive).toEqual(others);
});

test('it looks again for launches that surface late', async () => {
  const it = new Reaping();
  const late = it.clock.sleep(5 * 60_000).then(() => it.launch('p/run/Cluster/2'));
  await it.reap({ run: 'run', status: 'ABORTED' });
  await it.clock.run(late);
  expect(it.minutes).toBe(6);
  expect(it.alive).toEqual([]);
});

test('the run itself has it look once', async () => {
  const it = new Reaping();
  await it.reap({ run: 'run', passes: 1 });
  expect(it.minutes).toBe(0);
  expect(it.updates).toEqual([]);
});

test.each([['ABORTED', 'CANCELED'], ['TIMED_OUT', 'TIMEDOUT'], ['FAILED', 'FAILED']])('a run that ended %s is settled as %s, where it did not settle itself', async (event, status) => {
  const it = new Reaping();
  await it.reap({ run: 'run', status: event, passes: 1 });
  expect(it.updates).toEqual([expect.objectContaining({
    Key: { run: { S: 'run' }, item: { S: 'run' } },
    ConditionExpression: '#status = :running',
    ExpressionAttributeValues: { ':status': { S: status }, ':running': { S: 'RUNNING' }, ':endTime': { S: '2026-12-01T00:00:00.000Z' } },
  })]);
});

test('a run that has settled itself stays as it is', async () => {
  const it = new Reaping(async () => { throw new TaskFailure('DynamoDb.ConditionalCheckFailedException', 'The conditional request failed'); });
  expect((await it.reap({ run: 'run', status: 'FAILED', passes: 1 })).status).toBe('SUCCEEDED');
  expect(it.updates).toHaveLength(1);
});
