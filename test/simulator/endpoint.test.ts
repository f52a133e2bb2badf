import { setTimeout as realSleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ACTIVITY, machine, START } from './machine';
import { ForwardingClock } from '../../simulator/clock';
import { Endpoint } from '../../simulator/endpoint';
import { StepFunctions } from '../../simulator/step-functions';
import { Json } from '../../simulator/task';

let clock: ForwardingClock;
let service: StepFunctions;
let endpoint: Endpoint;
let client: SFNClient;

beforeEach(async () => {
  clock = new ForwardingClock(START);
  service = new StepFunctions({ clock });
  endpoint = await Endpoint.start(service, { pollMs: 200, workerGraceMs: 5000 });
  client = new SFNClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

function start(states: { [name: string]: Json }) {
  const stateMachineArn = service.createStateMachine({ name: 'Run', definition: machine(states) });
  return service.startExecution({ stateMachineArn, name: 'run' });
}

const work = (fields: { [name: string]: Json } = {}) => ({ Type: 'Task', Resource: ACTIVITY, Arguments: { command: 'ls' }, End: true, ...fields });
const poll = () => client.send(new GetActivityTaskCommand({ activityArn: ACTIVITY, workerName: 'host-1' }));

test('a poll waits for a task, and is answered empty when none comes', async () => {
  const began = performance.now();
  const answer = await poll();
  expect(answer.taskToken).toBeUndefined();
  expect(performance.now() - began).toBeGreaterThan(190);
});

test('a real worker takes a task after an idle hour, reports progress and succeeds', async () => {
  const worker = (async () => {
    const { taskToken, input } = await poll();
    await realSleep(30);
    await client.send(new SendTaskHeartbeatCommand({ taskToken }));
    await realSleep(30);
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ got: JSON.parse(input!) }) }));
  })();
  await endpoint.polled(ACTIVITY);
  const execution = start({ Idle: { Type: 'Wait', Seconds: 3600, Next: 'Work' }, Work: work({ HeartbeatSeconds: 60 }) });
  expect(await clock.run(execution.result)).toEqual({ status: 'SUCCEEDED', output: { got: { command: 'ls' } } });
  await worker;
  const took = clock.now() - START - 3_600_000;
  expect(took).toBeGreaterThanOrEqual(55);
  expect(took).toBeLessThan(5000);
});

test('a task waits in real time for a worker that lives', async () => {
  await poll();
  const execution = start({ Work: work() });
  const worker = realSleep(50).then(async () => {
    const { taskToken } = await poll();
    await client.send(new SendTaskFailureCommand({ taskToken, error: 'DataPipeline.CommandFailed', cause: 'exit code 3' }));
  });
  expect(await clock.run(execution.result)).toEqual({ status: 'FAILED', error: 'DataPipeline.CommandFailed', cause: 'exit code 3' });
  await worker;
  expect(clock.now() - START).toBeGreaterThanOrEqual(45);
});

test('a worker that falls silent misses its heartbeat in real time; its late answer is refused', async () => {
  const taken = poll();
  await endpoint.polled(ACTIVITY);
  const execution = start({ Work: work({ HeartbeatSeconds: 1 }) });
  expect(await clock.run(execution.result)).toEqual({ status: 'FAILED', error: 'States.Timeout' });
  const { taskToken } = await taken;
  await expect(client.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({ name: 'TaskTimedOut' });
  await expect(client.send(new SendTaskSuccessCommand({ taskToken: 'nonsense', output: '{}' }))).rejects.toMatchObject({ name: 'InvalidToken' });
  await expect(client.send(new SendTaskSuccessCommand({ taskToken, output: '{' }))).rejects.toMatchObject({ name: 'InvalidOutput' });
});

test('a worker that goes away while it polls is given no task', async () => {
  const gone = new AbortController();
  const abandoned = client.send(new GetActivityTaskCommand({ activityArn: ACTIVITY, workerName: 'gone' }), { abortSignal: gone.signal });
  await endpoint.polled(ACTIVITY);
  gone.abort();
  await expect(abandoned).rejects.toMatchObject({ name: 'AbortError' });
  await realSleep(20);
  const execution = start({ Work: work() });
  const worker = poll().then(({ taskToken }) => client.send(new SendTaskSuccessCommand({ taskToken, output: '"done"' })));
  expect(await clock.run(execution.result)).toEqual({ status: 'SUCCEEDED', output: 'done' });
  await worker;
  expect(execution.history.find(event => event.type === 'ActivityStarted')?.details).toEqual({ workerName: 'host-1' });
});

test('starts and describes executions', async () => {
  const definition = machine({ Echo: { Type: 'Succeed', Output: '{% $states.input.x %}' } });
  const stateMachineArn = service.createStateMachine({ name: 'Echo', definition });
  const started = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'e', input: '{"x":7}' }));
  expect(started.startDate).toEqual(new Date(START));
  const { executionArn } = started;
  await clock.run(service.describeExecution(executionArn!).result);
  const described = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect(described).toMatchObject({ executionArn, status: 'SUCCEEDED', input: '{"x":7}', output: '7', name: 'e' });
  await expect(client.send(new StartExecutionCommand({ stateMachineArn, name: 'e', input: '{}' }))).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});
