import { Duration } from 'aws-cdk-lib';
import fc from 'fast-check';
import { pipeline, shell } from './fixture';
import { runMachine } from './machines';
import { expectModel } from './modelled-run';
import { calmCrossings } from './random-pipeline';
import { VirtualClock } from '../../simulator/clock';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { StepFunctions } from '../../simulator/step-functions';
import { stepFunctionsHandlers } from '../../simulator/step-functions-handlers';
import { Json, TaskHandler } from '../../simulator/task';
import { SHARE } from '../../src/compiler/history';
import { RunResult } from '../../src/contract/run';
import { ShellTask } from '../../src/contract/task';

const ACTIVITY = 'arn:aws:states:us-east-1:111111111111:activity:PHostsActivity';

/** In CI's tier there are more of them. */
const RUNS = Number(process.env.PROOF_CASES ?? 20);

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
  const [a, b] = ['A', 'B'].map((id) => shell(scope, id, { reportProgressTimeout: Duration.days(7) }));
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
  expect(calls.filter((name) => /signal|wake|await|read/.test(name))).toEqual(['Run: await 1.2', 'Run: signal 1.1', 'Run: wake one 1.1']);
});

test('who comes late reads what is there', async () => {
  const { starts, calls } = await runN({ A: 10, B: 60, C: 5, D: 5 });
  expect(starts).toEqual({ A: 0, B: 0, C: 10, D: 60 });
  expect(calls.filter((name) => /signal|wake|await|read/.test(name))).toEqual(['Run: signal 1.1', 'Run: await 1.2', 'Run: read 1.2']);
});

/** When D is taken up: it waits from the end of B on, and looks again after 15 minutes, or a quarter of the time that the run has taken. */
function startOfD(a: number, b: number, lost: boolean): number {
  let registered = b;
  if (a <= b) return b;
  for (;;) {
    const again = registered + Math.max(900, Math.floor(registered / 4));
    if (a < again) return lost ? again : a;
    registered = again;
  }
}

test('a wake-up that is lost costs no more than the time until the next look, whenever who waits and who signals come', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }), fc.boolean(), async (A, B, lost) => {
    const around = (name: string, handler: TaskHandler): TaskHandler => lost && name === 'aws-sdk:sfn:sendTaskSuccess' ? async () => ({}) : handler;
    const { result, starts } = await runN({ A: A + 0.5, B, C: 5, D: 5 }, around);
    expect(result.status).toBe('FINISHED');
    expect(starts).toEqual({ A: 0, B: 0, C: A + 0.5, D: startOfD(A + 0.5, B, lost) });
  }), { numRuns: RUNS, seed: Number(process.env.PROOF_SEED ?? 1) });
}, 3_600_000);

test('branches that wait for parts of each other begin each part when all that it waits for has ended', async () => {
  const property = fc.asyncProperty(calmCrossings, async (spec) => void await expectModel(spec));
  await fc.assert(property, { numRuns: RUNS / 4, seed: Number(process.env.PROOF_SEED ?? 1) });
}, 3_600_000);

test('a wait of days registers again ever less often, within its share of the history', async () => {
  const { starts, calls } = await runN({ A: 6 * 86_400, B: 10, C: 5, D: 5 });
  expect(starts.D).toBe(6 * 86_400);
  const registered = calls.filter((name) => name === 'Run: await 1.2').length;
  expect(registered).toBeGreaterThan(5);
  expect(registered * 6).toBeLessThanOrEqual(SHARE.waits);
});
