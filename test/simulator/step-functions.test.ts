import { branch, machine, START, TASK, Trial } from './machine';
import { VirtualClock } from '../../simulator/clock';
import { StepFunctions } from '../../simulator/step-functions';
import { Json } from '../../simulator/task';

const waiting = machine({ Sleep: { Type: 'Wait', Seconds: 60, Next: 'Fine' }, Fine: { Type: 'Succeed', Output: { fine: true } } });

function serviceWith(machines: { [name: string]: Json }): StepFunctions {
  const service = new StepFunctions({ clock: new VirtualClock(START) });
  for (const [name, definition] of Object.entries(machines)) service.createStateMachine({ name, definition });
  return service;
}

const arnOf = (name: string) => `arn:aws:states:us-east-1:111111111111:stateMachine:${name}`;
const executionArn = (name: string) => `arn:aws:states:us-east-1:111111111111:execution:${name.replace('/', ':')}`;

describe('names of executions', () => {
  const start = (service: StepFunctions, name: string, input: Json = {}) => service.startExecution({ stateMachineArn: arnOf('M'), name, input }).arn;

  test('the same name and input while it runs is the same execution', async () => {
    const service = serviceWith({ M: waiting });
    expect(start(service, 'a', { x: 1, y: 2 })).toBe(executionArn('M/a'));
    expect(start(service, 'a', { y: 2, x: 1 })).toBe(executionArn('M/a'));
    expect(service.listExecutions(arnOf('M'))).toHaveLength(1);
  });

  test('the same name with another input, or after the end, is taken', async () => {
    const service = serviceWith({ M: waiting });
    start(service, 'a', { x: 1 });
    const taken = expect.objectContaining({ code: 'ExecutionAlreadyExists' });
    expect(() => start(service, 'a', { x: 2 })).toThrow(taken);
    await (service.clock as VirtualClock).run(service.describeExecution(executionArn('M/a')).result);
    expect(() => start(service, 'a', { x: 1 })).toThrow(taken);
  });

  test.each(['', 'a:b', 'a b', 'n'.repeat(81)])('%j is none', name => {
    expect(() => start(serviceWith({ M: waiting }), name)).toThrow(expect.objectContaining({ code: 'InvalidName' }));
  });

  test('an unknown machine or execution is named', () => {
    const service = serviceWith({});
    expect(() => start(service, 'a')).toThrow(`State Machine Does Not Exist: '${arnOf('M')}'`);
    expect(() => service.stopExecution('nonsense')).toThrow('Execution Does Not Exist: \'nonsense\'');
  });

  test('an input of more than 256 KiB is refused', () => {
    expect(() => start(serviceWith({ M: waiting }), 'a', 'x'.repeat(256 * 1024))).toThrow(expect.objectContaining({ code: 'InvalidExecutionInput' }));
  });
});

test('listeners hear of each start and end', async () => {
  const service = serviceWith({ M: waiting });
  const heard: string[] = [];
  const forget = service.onStatusChange(({ status, execution }) => heard.push(`${execution.name} ${status}`));
  const first = service.startExecution({ stateMachineArn: arnOf('M'), name: 'first' });
  const second = service.startExecution({ stateMachineArn: arnOf('M'), name: 'second' });
  second.stop('Why', 'because');
  await (service.clock as VirtualClock).run(Promise.all([first.result, second.result]));
  expect(heard).toEqual(['first RUNNING', 'second RUNNING', 'second ABORTED', 'first SUCCEEDED']);
  forget();
  service.startExecution({ stateMachineArn: arnOf('M'), name: 'third' });
  expect(heard).toHaveLength(4);
});

describe('a machine that starts another', () => {
  const starting = (resource: string, args: { [name: string]: Json }, fields: { [name: string]: Json } = {}) => machine({
    Start: {
      Type: 'Task',
      Resource: resource,
      Arguments: { StateMachineArn: arnOf('Child'), Name: 'child', ...args },
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }],
      End: true,
      ...fields,
    },
    Caught: { Type: 'Succeed' },
  });
  const outputOf = async (service: StepFunctions) => {
    const { output } = await (service.clock as VirtualClock).run(service.startExecution({ stateMachineArn: arnOf('Parent') }).result);
    return output;
  };

  test('goes on at once', async () => {
    const service = serviceWith({ Child: waiting, Parent: starting('arn:aws:states:::states:startExecution', { Input: { x: 1 } }) });
    expect(await outputOf(service)).toEqual({ ExecutionArn: executionArn('Child/child'), StartDate: '2026-12-01T00:00:00Z' });
    expect(service.describeExecution(executionArn('Child/child'))).toMatchObject({ input: { x: 1 }, status: 'RUNNING' });
  });

  test.each([['sync', '{"fine":true}'], ['sync:2', { fine: true }]])('with %s waits for its end', async (pattern, output) => {
    const service = serviceWith({ Child: waiting, Parent: starting(`arn:aws:states:::states:startExecution.${pattern}`, {}) });
    expect(await outputOf(service)).toMatchObject({ Status: 'SUCCEEDED', Output: output, StopDate: '2026-12-01T00:01:00Z' });
  });

  test('with sync fails as it fails', async () => {
    const refuse = machine({ Refuse: { Type: 'Fail', Error: 'E' } });
    const service = serviceWith({ Child: refuse, Parent: starting('arn:aws:states:::states:startExecution.sync:2', {}) });
    expect(await outputOf(service)).toBe('States.TaskFailed');
  });

  test('with sync stops it when it is stopped itself', async () => {
    const service = serviceWith({ Child: waiting, Parent: starting('arn:aws:states:::states:startExecution.sync:2', {}, { TimeoutSeconds: 5 }) });
    expect(await outputOf(service)).toBe('States.Timeout');
    expect(service.describeExecution(executionArn('Child/child')).status).toBe('ABORTED');
  });

  test.each([
    ['states:startExecution', 'StepFunctions.ExecutionAlreadyExistsException'],
    ['aws-sdk:sfn:startExecution', 'Sfn.ExecutionAlreadyExistsException'],
  ])('%s names an execution that exists already', async (action, error) => {
    const service = serviceWith({ Child: waiting, Parent: starting(`arn:aws:states:::${action}`, { Input: '{"x":1}' }) });
    service.startExecution({ stateMachineArn: arnOf('Child'), name: 'child', input: { x: 2 } });
    expect(await outputOf(service)).toBe(error);
  });

  test('the SDK integration takes text only', async () => {
    const service = serviceWith({ Child: waiting, Parent: starting('arn:aws:states:::aws-sdk:sfn:startExecution', { Input: { x: 1 } }) });
    const { status, cause } = await (service.clock as VirtualClock).run(service.startExecution({ stateMachineArn: arnOf('Parent') }).result);
    expect({ status, cause }).toEqual({ status: 'FAILED', cause: 'The value for the field \'Input\' must be a STRING' });
  });
});

describe('aws-sdk:sfn', () => {
  const call = (action: string, args: Json, fields: { [name: string]: Json } = {}) =>
    ({ Type: 'Task', Resource: `arn:aws:states:::aws-sdk:sfn:${action}`, Arguments: args, ...'Next' in fields ? {} : { End: true }, ...fields });

  test('one branch answers the token that another waits with', async () => {
    let token = '';
    const trial = new Trial(machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          branch({ Waiter: { Type: 'Task', Resource: `${TASK}.waitForTaskToken`, Arguments: {}, End: true } }),
          branch({
            Sleep: { Type: 'Wait', Seconds: 10, Next: 'Read' },
            Read: { Type: 'Task', Resource: 'arn:aws:states:::test:token', Assign: { token: '{% $states.result %}' }, Next: 'Answer' },
            Answer: call('sendTaskSuccess', { TaskToken: '{% $token %}', Output: '{% $string({"settled": true}) %}' }, { Next: 'Again' }),
            Again: call('sendTaskSuccess', { TaskToken: '{% $token %}', Output: 'null' }, {
              Catch: [{ ErrorEquals: ['Sfn.TaskTimedOutException'], Output: 'too late', Next: 'Late' }],
            }),
            Late: { Type: 'Succeed' },
          }),
        ],
        End: true,
      },
    }), {
      work: async ({ taskToken }) => {
        token = taskToken ?? '';
        return {};
      },
      handlers: { 'test:token': async () => token },
    });
    expect(await trial.finish()).toEqual({ status: 'SUCCEEDED', output: [{ settled: true }, 'too late'] });
  });

  test('describes and stops an execution', async () => {
    const service = serviceWith({
      Child: waiting,
      Parent: machine({
        Describe: call('describeExecution', { ExecutionArn: executionArn('Child/c') }, { Assign: { before: '{% $states.result.Status %}' }, Next: 'Stop' }),
        Stop: call('stopExecution', { ExecutionArn: executionArn('Child/c'), Cause: 'enough' }, { Next: 'Again' }),
        Again: call('describeExecution', { ExecutionArn: executionArn('Child/c') }, { Output: ['{% $before %}', '{% $states.result.Status %}', '{% $states.result.Cause %}'] }),
      }),
    });
    service.startExecution({ stateMachineArn: arnOf('Child'), name: 'c' });
    const { output } = await (service.clock as VirtualClock).run(service.startExecution({ stateMachineArn: arnOf('Parent') }).result);
    expect(output).toEqual(['RUNNING', 'ABORTED', 'enough']);
  });
});
