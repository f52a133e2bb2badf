import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { pipeline, shell } from './fixture';
import { granted } from './grants';
import { runMachine } from './machines';
import { TimedRun } from './timed-run';
import { TaskFailure, TaskHandler } from '../../simulator/task';
import { Expression, Pipeline, Schedule, SnsAlarm } from '../../src';
import { modelledFunctions } from '../simulator-stack/models';

const CALENDAR = { 'lambda:invoke': modelledFunctions };

function alarm(scope: Pipeline, subject: string): SnsAlarm {
  return new SnsAlarm({ topic: scope.node.tryFindChild('Topic') as Topic ?? new Topic(scope, 'Topic'), subject, message: '.' });
}

function hourly(): Pipeline {
  return pipeline({ schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') }) });
}

test('a run that needs time zones asks for them once, first of all', async () => {
  const scope = hourly();
  const berlin = Expression.inTimeZone(Expression.SCHEDULED_START_TIME, 'Europe/Berlin');
  shell(scope, 'Work', {
    onSuccess: [alarm(scope, `${Expression.format(Expression.plusMonths(berlin, 7), 'MM-dd HH:mm z')} ${berlin}`)],
  });
  shell(scope, 'Other', { onSuccess: [alarm(scope, "#{format(inTimeZone(@scheduledEndTime, 'Asia/Tokyo'), 'HH:mm Z')}")] });
  const asked: unknown[] = [];
  const calendar: TaskHandler = (request) => {
    asked.push(request.arguments);
    return modelledFunctions(request);
  };
  const run = new TimedRun(scope, { Work: 5, Other: 10 }, { handlers: { 'lambda:invoke': calendar } });
  await run.run();
  expect(run.alarms).toEqual(['5: 07-01 01:00 CEST 2026-12-01T01:00:00+01:00: .', '10: 10:00 +0900: .']);
  expect(asked).toEqual([{ FunctionName: 'PRunCalendar.Arn', Payload: { kind: 'zones', zones: ['Europe/Berlin', 'Asia/Tokyo'] } }]);
});

test('one that needs none does not', () => {
  const scope = hourly();
  shell(scope, 'Work', { command: "#{inTimeZone(@scheduledStartTime, 'UTC')} #{inTimeZone(makeDate(2026, 7, 1), 'Europe/Berlin')}" });
  expect(Object.keys(runMachine(scope).States)).not.toContain('Run: time zones');
});

test('a run that is not told its time zones does not begin', async () => {
  const scope = hourly();
  shell(scope, 'Work', { command: "date #{inTimeZone(@scheduledStartTime, 'Europe/Berlin')}" });
  const handlers: Record<string, TaskHandler> = { 'lambda:invoke': async () => { throw new TaskFailure('Lambda.Unknown', 'no time'); } };
  const run = new TimedRun(scope, { Work: 5 }, { handlers });
  const { error, cause } = await run.clock.run(run.start().result);
  expect([error, cause]).toEqual(['Lambda.Unknown', expect.stringContaining('The run could not begin')]);
  expect([run.starts, await run.dynamoDb.items('PRunTable')]).toEqual([{}, []]);
});

test('what is late says so in its time zone', async () => {
  const scope = hourly();
  shell(scope, 'Work', { lateAfterTimeout: Duration.minutes(1), onLateAction: [alarm(scope, "#{format(inTimeZone(@scheduledStartTime, 'America/New_York'), 'HH:mm z')}")] });
  const run = new TimedRun(scope, { Work: 90 }, { start: '2026-12-01T00:00:00Z', handlers: CALENDAR });
  await run.run();
  expect(run.alarms).toEqual(['60: 19:00 EST: .']);
});

test('the machine may call the calendar function, and nothing else of Lambda', () => {
  const scope = hourly();
  shell(scope, 'Work', { command: "date #{inTimeZone(@scheduledStartTime, 'Europe/Berlin')}" });
  expect(granted(scope.runStateMachine.role).filter((line) => line.startsWith('lambda:'))).toEqual(['lambda:InvokeFunction PRunCalendar.Arn']);
});

test('time zones beyond what one answer holds are refused', () => {
  const scope = hourly();
  const zones = ['Europe/Berlin', 'Europe/Paris', 'Europe/Rome', 'Europe/Madrid', 'Europe/Oslo', 'Europe/Riga', 'Europe/Sofia', 'Europe/Athens', 'Europe/Vienna'];
  shell(scope, 'Work', { command: zones.map((zone) => `#{inTimeZone(@scheduledStartTime, '${zone}')}`).join(' ') });
  expect(() => runMachine(scope)).toThrow('Stack/P: inTimeZone: its runs know 8 time zones beside UTC at most; got: Europe/Berlin, ');
});
