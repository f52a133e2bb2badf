import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { pipeline, shell } from './fixture';
import { concrete } from './machines';
import { handler as calendar } from '../../lambda/calendar/handler';
import { VirtualClock } from '../../simulator/clock';
import { ExecutionResult } from '../../simulator/execution';
import { Lambda } from '../../simulator/services/lambda';
import { StepFunctions } from '../../simulator/step-functions';
import { Json } from '../../simulator/task';
import { Pipeline, Schedule, ScheduleType } from '../../src';
import { renderStarter } from '../../src/compiler/starter';

const NOON = Date.UTC(2026, 11, 1, 12);
const CALENDAR = 'arn:aws:lambda:us-east-1:111111111111:function:Calendar';

/** A pipeline's Starter, beside a Run machine that takes anything. */
class Started {
  private readonly clock = new VirtualClock(NOON);
  private readonly service: StepFunctions;
  private readonly starter: string;
  private readonly runs: string;

  constructor(scope: Pipeline, schedule: Schedule, activeItem: Json = {}) {
    const lambda = new Lambda();
    lambda.register(CALENDAR, calendar);
    this.service = new StepFunctions({ clock: this.clock, handlers: { ...lambda.handlers(), 'aws-sdk:dynamodb:getItem': async () => activeItem } });
    const run = { QueryLanguage: 'JSONata', StartAt: 'Work', States: { Work: { Type: 'Wait', Seconds: 60, End: true } } };
    this.runs = this.service.createStateMachine({ name: 'Run', definition: run });
    const { definition } = renderStarter({
      pipeline: scope,
      partition: 'aws',
      timing: schedule._timing,
      runArn: this.runs,
      calendar: schedule._timing.kind === 'cron' ? Function.fromFunctionArn(scope, 'TestCalendar', CALENDAR) : undefined,
    });
    this.starter = this.service.createStateMachine({ name: 'Starter', definition: concrete(Stack.of(scope), definition) });
  }

  start(input: Json): Promise<ExecutionResult> {
    return this.clock.run(this.service.startExecution({ stateMachineArn: this.starter, input }).result);
  }

  tick(scheduledTime: string): Promise<ExecutionResult> {
    return this.start({ scheduledTime });
  }

  /** The names of the runs, with their input. */
  get started(): Record<string, Json> {
    return Object.fromEntries(this.service.listExecutions(this.runs).map(({ name, input }) => [name, input]));
  }

  pass(seconds: number): Promise<void> {
    return this.clock.run(this.clock.sleep(seconds * 1000));
  }
}

function started(schedule: Schedule, { active, parameters }: { active?: Json; parameters?: Record<string, string> } = {}): Started {
  const scope = pipeline({ schedule, parameters });
  shell(scope, 'A');
  return new Started(scope, schedule, active);
}

const hourly = (options: object = {}) => Schedule.rate(Duration.hours(1), {
  startDateTime: new Date('2026-12-01T00:00:00Z'), endDateTime: new Date('2026-12-02T00:00:00Z'), ...options,
});
const hour = (from: string, to: string) => ({ scheduledStartTime: from, scheduledEndTime: to, parameters: {} });

describe('a tick', () => {
  test('starts the run of its interval', async () => {
    const it = started(hourly());
    expect(await it.tick('2026-12-01T12:00:00Z')).toEqual({
      status: 'SUCCEEDED',
      output: { started: true, run: '2026-12-01T12-00-00Z', executionArn: 'arn:aws:states:us-east-1:111111111111:execution:Run:2026-12-01T12-00-00Z' },
    });
    expect(it.started).toEqual({ '2026-12-01T12-00-00Z': hour('2026-12-01T12:00:00Z', '2026-12-01T13:00:00Z') });
  });

  test('starts the interval that ends with it in timeseries style', async () => {
    const it = started(hourly({ scheduleType: ScheduleType.TIMESERIES }));
    await it.tick('2026-12-01T12:00:00Z');
    expect(it.started).toEqual({ '2026-12-01T11-00-00Z': hour('2026-12-01T11:00:00Z', '2026-12-01T12:00:00Z') });
  });

  test.each<[string, number]>([['while the run is at work', 0], ['after the run has ended', 120]])('that comes again %s starts nothing more', async (_, seconds) => {
    const it = started(hourly());
    await it.tick('2026-12-01T12:00:00Z');
    await it.pass(seconds);
    expect((await it.tick('2026-12-01T12:00:00Z')).status).toBe('SUCCEEDED');
    expect(Object.keys(it.started)).toEqual(['2026-12-01T12-00-00Z']);
  });

  test('written with another offset is the same tick', async () => {
    const it = started(hourly());
    await it.tick('2026-12-01T12:00:00Z');
    await it.tick('2026-12-01T13:00:00.000+01:00');
    expect(Object.keys(it.started)).toEqual(['2026-12-01T12-00-00Z']);
  });

  test.each([
    ['before the start', hourly(), '2026-11-30T23:00:00Z', 'the first interval is not due yet'],
    ['at the start, in timeseries style', hourly({ scheduleType: ScheduleType.TIMESERIES }), '2026-12-01T00:00:00Z', 'the first interval is not due yet'],
    ['at the end', hourly(), '2026-12-02T00:00:00Z', 'the schedule has ended'],
    ['after the last occurrence', hourly({ endDateTime: undefined, occurrences: 3 }), '2026-12-01T03:00:00Z', 'the schedule has ended'],
    ['within an interval', Schedule.rate(Duration.hours(7), { startDateTime: new Date('2026-12-01T00:00:00Z') }), '2026-12-01T12:00:00Z', 'the tick is within an interval'],
    ['that no cron expression has', Schedule.cron({ minute: '0', hour: '6', timeZone: TimeZone.EUROPE_BERLIN }), '2026-12-01T12:00:00Z',
      '2026-12-01T12:00:00Z is no firing time of cron(0 6 * * ? *) in Europe/Berlin'],
  ])('%s starts nothing, and says why', async (_, schedule, time, reason) => {
    const it = started(schedule);
    expect(await it.tick(time)).toEqual({ status: 'SUCCEEDED', output: { started: false, reason } });
    expect(it.started).toEqual({});
  });

  test('of a cron schedule asks the calendar: a day in autumn has 25 hours', async () => {
    const it = started(Schedule.cron({ minute: '0', hour: '0', timeZone: TimeZone.EUROPE_BERLIN }));
    await it.tick('2026-10-24T22:00:00Z');
    expect(it.started).toEqual({ '2026-10-24T22-00-00Z': hour('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z') });
  });

  test.each<[string, Json, string[]]>([
    ['is off', { Item: { active: { Bool: false } } }, []],
    ['is on', { Item: { active: { Bool: true } } }, ['2026-12-01T12-00-00Z']],
    ['was never set', {}, ['2026-12-01T12-00-00Z']],
  ])('while the active flag %s', async (_, active, runs) => {
    const it = started(hourly(), { active });
    const { output } = await it.tick('2026-12-01T12:00:00Z');
    expect(Object.keys(it.started)).toEqual(runs);
    if (runs.length === 0) expect(output).toEqual({ started: false, reason: 'the pipeline is not active' });
  });

  test.each<[string, Json]>([['no time', {}], ['a time that is none', { scheduledTime: 'noon' }], ['a time that is no text', { scheduledTime: 12 }]])(
    'with %s is refused by name', async (_, input) => {
      for (const schedule of [hourly(), Schedule.cron({ minute: '0' })]) {
        const it = started(schedule);
        const { status, error, cause } = await it.start(input);
        expect({ status, error }).toEqual({ status: 'FAILED', error: 'DataPipeline.InvalidInput' });
        expect(cause).toMatch(/^A tick is \{scheduledTime\}, in ISO-8601\. .*scheduledTime/);
        expect(it.started).toEqual({});
      }
    });
});

describe('an activation', () => {
  const parameters = { myDay: 'monday', myTable: 'orders' };

  test('starts a run of now with the parameters that are given', async () => {
    const it = started(Schedule.onDemand(), { parameters });
    expect((await it.start({ parameters: { myDay: 'tuesday' } })).output).toMatchObject({ started: true, run: '2026-12-01T12-00-00Z' });
    expect(it.started).toEqual({
      '2026-12-01T12-00-00Z': { scheduledStartTime: '2026-12-01T12:00:00Z', scheduledEndTime: '2026-12-01T12:00:00Z', parameters: { myDay: 'tuesday' } },
    });
  });

  test('needs no parameters', async () => {
    const it = started(Schedule.onDemand());
    expect((await it.start({})).output).toMatchObject({ started: true });
  });

  test('with parameters that the pipeline does not have is refused, and names them', async () => {
    const it = started(Schedule.onDemand(), { parameters });
    expect(await it.start({ parameters: { myDay: 'x', myDya: 'x', other: 'x' } })).toEqual({
      status: 'FAILED', error: 'DataPipeline.InvalidInput', cause: 'Parameters that the pipeline does not have: myDya, other',
    });
    expect(it.started).toEqual({});
  });

  test('is a run of its own each time', async () => {
    const it = started(Schedule.onDemand());
    await it.start({});
    await it.pass(1);
    await it.start({});
    expect(Object.keys(it.started)).toEqual(['2026-12-01T12-00-00Z', '2026-12-01T12-00-01Z']);
  });
});
