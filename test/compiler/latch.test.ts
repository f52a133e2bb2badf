import { Duration } from 'aws-cdk-lib';
import { pipeline, shell } from './fixture';
import { runMachine } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { StepFunctions } from '../../simulator/step-functions';
import { stepFunctionsHandlers } from '../../simulator/step-functions-handlers';
import { Json, TaskHandler } from '../../simulator/task';
import { SHARE } from '../../src/compiler/history';
import { RunResult } from '../../src/contract/run';
import { ShellTask } from '../../src/contract/task';

const ACTIVITY = 'arn:aws:states:us-east-1:111111111111:activity:PHostsActivity';

interface Ran {
  readonly result: RunResult;
  /** When each object was taken up, in seconds since the start. */
  readonly starts: Readonly<Record<string, number>>;
  readonly calls: readonly string[];
}

/** Runs A and B, C after A, D after both, each for so many seconds; `around` may stand before a service. */
async function runN(
  seconds: Readonly<Record<string, number>>, around: (name: string, handler: TaskHandler) => TaskHandler = (_, handler) => handler,
): Promise<Ran> {
  const scope = pipeline();
  const [a, b] = [shell(scope, 'A', { reportProgressTimeout: Duration.days(7) }), shell(scope, 'B')];
  shell(scope, 'C', { dependsOn: [a] });
  shell(scope, 'D', { dependsOn: [a, b] });
  const clock = new VirtualClock();
  const begin = clock.now();
  const [starts, calls]: [Record<string, number>, string[]] = [{}, []];
  const dynamoDb = new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]);
  const service = new StepFunctions({ clock });
  const handlers: Record<string, TaskHandler> = { ...dynamoDb.handlers(), ...stepFunctionsHandlers(service), 'aws-sdk:s3:putObject': async () => ({}) };
  for (const [name, handler] of Object.entries(handlers)) {
    const other = around(name, handler);
    service.handle(name, async (request) => {
      calls.push(request.stateName);
      return other(request);
    });
  }
  const poll = async (): Promise<void> => {
    for (;;) {
      const task = await service.activities.getActivityTask(ACTIVITY);
      if (!task) return;
      const { object } = task.input as unknown as ShellTask;
      starts[object] ??= (clock.now() - begin) / 1000;
      await clock.sleep(seconds[object] * 1000);
      service.tokens.sendTaskSuccess(task.taskToken, {});
    }
  };
  for (let count = 0; count < 4; count += 1) void poll();
  const stateMachineArn = service.createStateMachine({ name: 'Run', definition: runMachine(scope) as unknown as Json });
  const input = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };
  const { output } = await clock.run(service.startExecution({ stateMachineArn, name: 'run', input }).result);
  return { result: output as unknown as RunResult, starts, calls };
}

test('who waits is woken as soon as the other has settled', async () => {
  const { result, starts, calls } = await runN({ A: 60, B: 10, C: 5, D: 5 });
  expect(result.status).toBe('FINISHED');
  expect(starts).toEqual({ A: 0, B: 0, C: 60, D: 60 });
  expect(calls.filter((name) => /signal|wake|await|read/.test(name))).toEqual(['D: await 1', 'A: signal', 'A: wake one']);
});

test('who comes late reads what is there', async () => {
  const { starts, calls } = await runN({ A: 10, B: 60, C: 5, D: 5 });
  expect(starts).toEqual({ A: 0, B: 0, C: 10, D: 60 });
  expect(calls.filter((name) => /signal|wake|await|read/.test(name))).toEqual(['A: signal', 'D: await 1', 'D: read 1']);
});

test('a wake-up that is lost costs minutes', async () => {
  const lost = (name: string, handler: TaskHandler): TaskHandler => name === 'aws-sdk:sfn:sendTaskSuccess' ? async () => ({}) : handler;
  const { result, starts } = await runN({ A: 60, B: 10, C: 5, D: 5 }, lost);
  expect(result.status).toBe('FINISHED');
  expect(starts.D).toBeGreaterThan(60);
  expect(starts.D).toBeLessThan(60 + 16 * 60);
});

test('a wait of days registers again ever less often, within its share of the history', async () => {
  const { starts, calls } = await runN({ A: 6 * 86_400, B: 10, C: 5, D: 5 });
  expect(starts.D).toBe(6 * 86_400);
  const registered = calls.filter((name) => name === 'D: await 1').length;
  expect(registered).toBeGreaterThan(5);
  expect(registered * 6).toBeLessThanOrEqual(SHARE.waits);
});
