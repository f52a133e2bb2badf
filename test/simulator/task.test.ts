import { ACTIVITY, machine, START, TASK, Trial } from './machine';
import { VirtualClock } from '../../simulator/clock';
import { DefinitionError } from '../../simulator/errors';
import { Signal } from '../../simulator/signals';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskRequest } from '../../simulator/task';

const never = ({ clock, signal }: TaskRequest) => clock.sleep(1e12, signal).then(() => null);
const task = (fields: { [name: string]: Json } = {}, top: { [name: string]: Json } = {}) =>
  machine({ Work: { Type: 'Task', Resource: TASK, End: true, ...fields } }, top);

describe('what a handler is asked', () => {
  test('the parts of the resource, the arguments, and where it is called', async () => {
    const requests: TaskRequest[] = [];
    const handler = async (request: TaskRequest) => {
      requests.push(request);
      return {};
    };
    const resource = 'arn:aws:states:::elasticmapreduce:createCluster.sync';
    const trial = new Trial(task({ Resource: resource, Arguments: { Name: '{% $states.input.name %}' } }), {
      input: { name: 'n' },
      handlers: { 'elasticmapreduce:createCluster': handler },
    });
    await trial.finish();
    expect(requests[0]).toMatchObject({
      resource,
      service: 'elasticmapreduce',
      action: 'createCluster',
      pattern: 'sync',
      arguments: { Name: 'n' },
      executionArn: trial.execution.arn,
      stateName: 'Work',
    });
  });

  test('without Arguments, the state input; a function is invoked with it as the payload', async () => {
    const trial = new Trial(task({ Resource: 'arn:aws:lambda:us-east-1:111111111111:function:f' }), {
      input: { x: 1 },
      handlers: { 'lambda:invoke': async request => ({ StatusCode: 200, Payload: { got: request.arguments } }) },
    });
    const invocation = { FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:f', Payload: { x: 1 } };
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: { got: invocation } });
  });

  test('a resource without a handler is refused when the machine is created', () => {
    const definition = task({ Resource: 'arn:aws:states:::sns:publish' });
    expect(() => new Trial(definition)).toThrow(DefinitionError);
    expect(() => new Trial(definition)).toThrow(/^state 'Work': field 'Resource' is 'arn:aws:states:::sns:publish', for which no handler 'sns:publish'/);
  });

  test('a handler may be registered once the service is there', async () => {
    const service = new StepFunctions({ clock: new VirtualClock(START) });
    service.handle('sns:publish', async () => ({ MessageId: service.region }));
    const stateMachineArn = service.createStateMachine({ name: 'M', definition: task({ Resource: 'arn:aws:states:::sns:publish' }) });
    expect(await service.startExecution({ stateMachineArn }).result).toEqual({ status: 'SUCCEEDED', output: { MessageId: 'us-east-1' } });
  });

  test('an error that is no TaskFailure is a fault, and no Catch hides it', async () => {
    const broken = async () => { throw new TypeError('a bug'); };
    const definition = machine({
      Work: { Type: 'Task', Resource: TASK, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }], End: true },
      End: { Type: 'Succeed' },
    });
    const trial = new Trial(definition, { work: broken });
    await expect(trial.finish()).rejects.toThrow('a bug');
    expect(trial.execution.outcome).toMatchObject({ status: 'FAILED', error: 'Simulator.Fault' });
  });
});

describe('timeouts', () => {
  test('a constant or an expression ends the attempt and aborts its signal', async () => {
    let signal: Signal | undefined;
    const trial = new Trial(task({ TimeoutSeconds: '{% $states.input.limit %}', Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] }), {
      input: { limit: 7 },
      work: request => {
        signal = request.signal;
        return never(request);
      },
    });
    expect(await trial.finish()).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(trial.times('TaskTimedOut')).toEqual([7, 15]);
    expect(signal?.aborted).toBe(true);
  });

  test('a limit that is none is an error of the evaluation', async () => {
    const trial = new Trial(task({ TimeoutSeconds: '{% $states.input.limit %}' }), { input: { limit: 0 } });
    expect(await trial.finish()).toMatchObject({ error: 'States.QueryEvaluationError', cause: expect.stringContaining('TimeoutSeconds field must be an integer between 1') });
  });

  test('the machine times out whatever its states catch', async () => {
    const definition = machine({
      Work: { Type: 'Task', Resource: TASK, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true },
      Caught: { Type: 'Succeed' },
    }, { TimeoutSeconds: 60 });
    const trial = new Trial(definition, { work: never });
    expect(await trial.finish()).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(trial.elapsed).toBe(60);
    expect(trial.eventTypes.slice(-1)).toEqual(['ExecutionTimedOut']);
  });

  test('stopping aborts the work and runs no Catch', async () => {
    let signal: Signal | undefined;
    const definition = machine({
      Work: { Type: 'Task', Resource: TASK, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true },
      Caught: { Type: 'Succeed' },
    });
    const trial = new Trial(definition, {
      work: request => {
        signal = request.signal;
        return never(request);
      },
    });
    await trial.clock.run(trial.clock.sleep(5000));
    trial.service.stopExecution(trial.execution.arn, 'User', 'enough');
    expect(await trial.finish()).toEqual({ status: 'ABORTED', error: 'User', cause: 'enough' });
    expect(trial.elapsed).toBe(5);
    expect(signal?.aborted).toBe(true);
    expect(trial.eventTypes).toEqual(['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'ExecutionAborted']);
  });
});

describe('activities', () => {
  const activity = (fields: { [name: string]: Json } = {}) => task({ Resource: ACTIVITY, Arguments: { command: 'ls' }, ...fields });

  test('wait for a worker without limit; their time begins when one takes the task', async () => {
    const trial = new Trial(activity({ TimeoutSeconds: 100 }));
    await trial.clock.run(trial.clock.sleep(3_600_000));
    const work = await trial.service.activities.getActivityTask(ACTIVITY, 'host-1');
    expect(work?.input).toEqual({ command: 'ls' });
    expect(await trial.finish()).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(trial.elapsed).toBe(3700);
    expect(trial.eventTypes).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'ActivityScheduled', 'ActivityStarted', 'ActivityTimedOut', 'ExecutionFailed',
    ]);
    expect(trial.execution.history[3].details).toEqual({ workerName: 'host-1' });
  });

  test('a worker that polled first gets the task; its answer is the result', async () => {
    const trial = new Trial(activity());
    const polled = trial.service.activities.getActivityTask(ACTIVITY).then(async work => {
      await trial.clock.sleep(30_000);
      trial.service.tokens.sendTaskSuccess(work!.taskToken, { exitCode: 0 });
    });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: { exitCode: 0 } });
    await polled;
    expect(trial.elapsed).toBe(30);
  });

  test('heartbeats keep a task alive, but not beyond its timeout', async () => {
    const trial = new Trial(activity({ HeartbeatSeconds: 10, TimeoutSeconds: 25 }));
    const worker = async () => {
      const work = await trial.service.activities.getActivityTask(ACTIVITY);
      for (let beat = 0; beat < 3; beat++) {
        await trial.clock.sleep(8000);
        trial.service.tokens.sendTaskHeartbeat(work!.taskToken);
      }
    };
    await trial.clock.run(Promise.all([worker(), trial.execution.result]));
    expect(trial.elapsed).toBe(25);
    expect(trial.execution.outcome).toEqual({ status: 'FAILED', error: 'States.Timeout' });
  });

  test.each(['States.Timeout', 'States.HeartbeatTimeout'] as const)('a missed heartbeat is %s; the late answer is refused', async heartbeatError => {
    const trial = new Trial(activity({ HeartbeatSeconds: 10 }), { heartbeatError });
    const work = await trial.clock.run(trial.service.activities.getActivityTask(ACTIVITY));
    expect(await trial.finish()).toEqual({ status: 'FAILED', error: heartbeatError });
    expect(trial.elapsed).toBe(10);
    const late = () => trial.service.tokens.sendTaskSuccess(work!.taskToken, {});
    expect(late).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
    expect(() => trial.service.tokens.sendTaskHeartbeat('nonsense')).toThrow(expect.objectContaining({ code: 'InvalidToken' }));
  });

  test('a failure carries its error and cause', async () => {
    const trial = new Trial(activity());
    const work = await trial.clock.run(trial.service.activities.getActivityTask(ACTIVITY));
    trial.service.tokens.sendTaskFailure(work!.taskToken, 'DataPipeline.CommandFailed', 'exit code 3');
    expect(await trial.finish()).toEqual({ status: 'FAILED', error: 'DataPipeline.CommandFailed', cause: 'exit code 3' });
  });

  test('a task of an execution that was stopped is given to nobody', async () => {
    const trial = new Trial(activity());
    await trial.clock.run(trial.clock.sleep(1));
    trial.service.stopExecution(trial.execution.arn);
    const stop = new AbortController();
    const poll = trial.service.activities.getActivityTask(ACTIVITY, 'w', stop.signal);
    await trial.finish();
    stop.abort();
    expect(await poll).toBeUndefined();
  });
});

describe('task tokens', () => {
  const waiting = (fields: { [name: string]: Json } = {}) =>
    task({ Resource: `${TASK}.waitForTaskToken`, Arguments: { Token: '{% $states.context.Task.Token %}' }, ...fields });

  test('the token is in the context, and who holds it answers', async () => {
    const trial: Trial = new Trial(waiting(), {
      work: async ({ taskToken, arguments: args, clock }) => {
        expect(args).toEqual({ Token: taskToken });
        void clock.sleep(5000).then(() => trial.service.tokens.sendTaskSuccess(taskToken!, 'answer'));
        return { Submitted: true };
      },
    });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: 'answer' });
    expect(trial.eventTypes.slice(2, -2)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  test('a submission that comes after the timeout leaves no trace', async () => {
    const trial = new Trial(machine({
      Work: { Type: 'Task', Resource: `${TASK}.waitForTaskToken`, Arguments: {}, TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Sleep' }], End: true },
      Sleep: { Type: 'Wait', Seconds: 60, End: true },
    }), { work: ({ clock }) => clock.sleep(10_000).then(() => ({})) });
    expect(await trial.finish()).toMatchObject({ status: 'SUCCEEDED' });
    expect(trial.elapsed).toBe(65);
    expect(trial.eventTypes).not.toContain('TaskSubmitted');
  });

  test('each attempt has a token of its own', async () => {
    const tokens: unknown[] = [];
    const trial = new Trial(waiting({ TimeoutSeconds: 60, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 2 }] }), {
      work: async ({ taskToken }) => {
        tokens.push(taskToken);
        return {};
      },
    });
    expect(await trial.finish()).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(new Set(tokens).size).toBe(3);
    expect(() => trial.service.tokens.sendTaskSuccess(String(tokens[2]), {})).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
  });
});
