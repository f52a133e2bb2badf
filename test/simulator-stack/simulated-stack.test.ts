import { loaded, machine, removeAssemblies, START, SUCCEED, written } from './small-assembly';
import { VirtualClock } from '../../simulator/clock';
import { S3Store } from '../../simulator/servers/s3-store';
import { SimulatedStack } from '../../simulator/stack/simulated-stack';
import { TemplateResource } from '../../simulator/stack/template';
import { Json, TaskFailure } from '../../simulator/task';

afterEach(removeAssemblies);

const HOUR = 3_600_000;
const at = (hours: number) => new Date(START + hours * HOUR);

function task(resource: string, args: Json): { [name: string]: Json } {
  return { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Arguments: args, End: true };
}

describe('definitions', () => {
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: { Type: 'Succeed', Output: '${Answer}' } } });
  const sources: [string, { [name: string]: Json }][] = [
    ['text with substitutions', { DefinitionString: definition, DefinitionSubstitutions: { Answer: 'forty-two' } }],
    ['an uploaded file', {
      DefinitionS3Location: { Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}-${AWS::Region}' }, Key: 'machine.json' },
      DefinitionSubstitutions: { Answer: 'forty-two' },
    }],
    ['an object', { Definition: { QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: { Type: 'Succeed', Output: 'forty-two' } } } }],
  ];

  test.each(sources)('come from %s', async (_, properties) => {
    const resources = { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: properties } };
    const { stack, clock } = await loaded({ resources, files: { 'machine.json': definition } });
    expect(await clock.run(stack.start('Machine', {}).result)).toEqual({ status: 'SUCCEEDED', output: 'forty-two' });
  });
});

test('names are logical ids, or what these end in before their hash', async () => {
  const { stack } = await loaded({ resources: { LogEtlRunMachineEF5671F4: machine(SUCCEED), LogEtlStarterMachine52869BC4: machine(SUCCEED) } });
  const arn = 'arn:aws:states:us-east-1:111111111111:stateMachine:LogEtlRunMachineEF5671F4';
  expect(stack.stateMachine('RunMachine')).toBe(arn);
  expect(stack.stateMachine('LogEtlRunMachineEF5671F4')).toBe(arn);
  expect(() => stack.stateMachine('Machine')).toThrow('2 have that name; there are LogEtlRunMachineEF5671F4, LogEtlStarterMachine52869BC4');
  expect(() => stack.items('Runs')).toThrow("AWS::DynamoDB::Table 'Runs': there is none of that name; there are none at all");
});

describe('a function', () => {
  const code = `
    exports.answer = async event => {
      if (event.bad) throw Object.assign(new Error('no'), { name: 'Bad' });
      return [event.n, process.env.SMALL_TEST];
    };`;
  const answer = async (Handler: string, input: Json) => {
    const { stack, clock } = await loaded({
      resources: {
        Answer: {
          Type: 'AWS::Lambda::Function',
          Properties: { Handler, Code: { S3Bucket: 'b', S3Key: 'code.zip' }, Environment: { Variables: { SMALL_TEST: 'set' } } },
        },
        Machine: machine(
          { ...task('lambda:invoke', { FunctionName: '${Answer}', Payload: '{% $states.input %}' }), Output: '{% $states.result.Payload %}' },
          { DefinitionSubstitutions: { Answer: { 'Fn::GetAtt': ['Answer', 'Arn'] } } },
        ),
      },
      files: { 'code/index.js': code },
      folders: ['code'],
    });
    return clock.run(stack.start('Machine', input).result);
  };

  afterEach(() => delete process.env.SMALL_TEST);

  test('is its own code, with its variables', async () => {
    expect(await answer('index.answer', { n: 7 })).toEqual({ status: 'SUCCEEDED', output: [7, 'set'] });
    expect(await answer('index.answer', { bad: true })).toMatchObject({ status: 'FAILED', error: 'Bad' });
  });

  test('that the code does not export fails its task by name', async () => {
    expect(await answer('index.absent', {})).toMatchObject({ error: 'TemplateError', cause: expect.stringContaining("exports no function 'absent'") });
  });
});

describe('schedules', () => {
  const schedule = (properties: { [name: string]: Json }): TemplateResource => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: { Target: { Arn: { Ref: 'Machine' }, Input: '{"time":"<aws.scheduler.scheduled-time>"}' }, ...properties },
  });
  const ticks = async (properties: { [name: string]: Json }, hours = 24) => {
    const { stack } = await loaded({ resources: { Machine: machine(SUCCEED), Schedule: schedule(properties) } });
    return stack.ticksBetween(at(0), at(hours)).map(({ time }) => (time - START) / HOUR);
  };

  test('tick by cron, in their time zone', async () => {
    expect(await ticks({ ScheduleExpression: 'cron(0 0/6 * * ? *)' })).toEqual([0, 6, 12, 18]);
    expect(await ticks({ ScheduleExpression: 'cron(0 8 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' })).toEqual([7]);
  });

  test('tick by rate, from their start or from the deployment on', async () => {
    expect(await ticks({ ScheduleExpression: 'rate(8 hours)' })).toEqual([0, 8, 16]);
    expect(await ticks({ ScheduleExpression: 'rate(8 hours)', StartDate: '2026-12-01T01:00:00Z' })).toEqual([1, 9, 17]);
  });

  test('tick between their start and their end, and not while they are disabled', async () => {
    const ScheduleExpression = 'cron(0 0/6 * * ? *)';
    expect(await ticks({ ScheduleExpression, StartDate: '2026-12-01T06:00:00Z', EndDate: '2026-12-01T18:00:00Z' })).toEqual([6, 12]);
    expect(await ticks({ ScheduleExpression, State: 'DISABLED' })).toEqual([]);
  });

  test('that are no cron and no rate are refused', async () => {
    await expect(ticks({ ScheduleExpression: 'at(2026-12-01T00:00:00)' })).rejects.toThrow("schedule 'Schedule': ScheduleExpression is 'at(2026-12-01T00:00:00)'");
  });

  test('start their target when they are due', async () => {
    const { stack, clock } = await loaded({ resources: { Machine: machine(SUCCEED), Schedule: schedule({ ScheduleExpression: 'rate(2 hours)' }) } });
    const started = await clock.run(stack.deliverTicks(at(1), at(5)));
    expect(started.map(({ input, startDate }) => [input, startDate])).toEqual([
      [{ time: '2026-12-01T02:00:00Z' }, at(2).getTime()],
      [{ time: '2026-12-01T04:00:00Z' }, at(4).getTime()],
    ]);
  });
});

describe('rules', () => {
  const failures = { source: ['aws.states'], detail: { status: ['FAILED'], stateMachineArn: [{ Ref: 'Machine' }] } };
  const rule = (target: { [name: string]: Json }, pattern: Json = failures): TemplateResource => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: pattern, Targets: [{ Id: 'Target', Arn: { Ref: 'Reaper' }, ...target }] },
  });
  const failing = machine({ Type: 'Fail', Error: 'Broken', Cause: 'a "quoted" cause' });
  const inputs = async (target: { [name: string]: Json }, first = failing, pattern?: Json) => {
    const { stack, clock } = await loaded({ resources: { Machine: first, Reaper: machine(SUCCEED), Rule: rule(target, pattern) } });
    stack.start('Machine', {}, 'first');
    await clock.run(stack.settled());
    return stack.executions('Reaper').map(({ input }) => input);
  };

  test('start their targets with what the transformer makes of the event', async () => {
    const InputTransformer = {
      InputPathsMap: { name: '$.detail.name', cause: '$.detail.cause', stop: '$.detail.stopDate' },
      InputTemplate: '{"run":<name>,"said":"<name> ended","cause":<cause>,"stop":<stop>}',
    };
    expect(await inputs({ InputTransformer })).toEqual([{ run: 'first', said: 'first ended', cause: 'a "quoted" cause', stop: START }]);
  });

  test('give the event, a part of it, or a constant', async () => {
    expect(await inputs({})).toMatchObject([
      { 'source': 'aws.states', 'detail-type': 'Step Functions Execution Status Change', 'detail': { status: 'FAILED', error: 'Broken' } },
    ]);
    expect(await inputs({ InputPath: '$.detail.status' })).toEqual(['FAILED']);
    expect(await inputs({ Input: '{"a":1}' })).toEqual([{ a: 1 }]);
  });

  test('start their targets once for each delivery of an event', async () => {
    const resources = { Machine: failing, Reaper: machine(SUCCEED), Rule: rule({ Input: '{"a":1}' }) };
    const { stack, clock } = await loaded({ resources }, { eventDeliveries: 2 });
    stack.start('Machine', {}, 'first');
    await clock.run(stack.settled());
    expect(stack.executions('Reaper').map(({ input }) => input)).toEqual([{ a: 1 }, { a: 1 }]);
  });

  test('leave alone what they do not match', async () => {
    expect(await inputs({}, machine(SUCCEED))).toEqual([]);
    expect(await inputs({}, failing, { source: ['aws.emr'] })).toEqual([]);
  });

  test('with patterns beyond plain values are refused by name', async () => {
    await expect(inputs({}, failing, { source: [{ prefix: 'aws.' }] })).rejects.toThrow(
      "rule 'Rule': EventPattern: 'source' is [{\"prefix\":\"aws.\"}]; lists of plain values");
  });
});

describe('a worker', () => {
  const resources = {
    Plant: { Type: 'AWS::StepFunctions::Activity' },
    Machine: machine(
      { Type: 'Task', Resource: '${Plant}', Arguments: '{% $states.input %}', HeartbeatSeconds: 60, End: true },
      { DefinitionSubstitutions: { Plant: { Ref: 'Plant' } } },
    ),
  };

  test('answers tasks in virtual time, and keeps them alive', async () => {
    const { stack, clock } = await loaded({ resources });
    stack.work('Plant', async (input, heartbeat) => {
      for (let minute = 0; minute < 5; minute++) {
        await clock.sleep(50_000);
        heartbeat();
      }
      return { did: input };
    });
    const execution = stack.start('Machine', { n: 1 });
    await clock.run(stack.settled());
    expect(execution.outcome).toEqual({ status: 'SUCCEEDED', output: { did: { n: 1 } } });
    expect(clock.now() - START).toBe(250_000);
  });

  test('fails tasks under a name, and gets over one that has timed out', async () => {
    const { stack, clock } = await loaded({ resources });
    stack.work('Plant', async input => {
      if (input === 'bad') throw new TaskFailure('Bad', 'so it is');
      if (input === 'slow') await clock.sleep(100_000);
      return 'done';
    });
    const executions = ['slow', 'bad', 'good'].map(input => stack.start('Machine', input));
    await clock.run(stack.settled());
    expect(executions.map(({ outcome }) => outcome)).toEqual([
      { status: 'FAILED', error: 'States.Timeout' }, { status: 'FAILED', error: 'Bad', cause: 'so it is' }, { status: 'SUCCEEDED', output: 'done' },
    ]);
  });
});

test('of several stacks, one must be named', async () => {
  const load = (stackName?: string) => SimulatedStack.load({ assembly, stackName, clock: new VirtualClock(), store: new S3Store(`${assembly}/s3`) });
  const assembly = written({ resources: { Machine: machine(SUCCEED) } });
  await expect(load('Other')).rejects.toThrow("one stack 'Other' is wanted; there are Small");
  await expect(load('Small')).resolves.toBeInstanceOf(SimulatedStack);
});
