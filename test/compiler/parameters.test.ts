import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { pipeline, shell } from './fixture';
import { TimedRun } from './timed-run';
import { readStarterInput } from '../../lambda/calendar/starter-input';
import { ParameterType, PipelineProps, Schedule, SnsAlarm } from '../../src';

const { INTEGER, DOUBLE, S3_OBJECT_KEY } = ParameterType;

function typed(parameterTypes: PipelineProps['parameterTypes'], parameters: PipelineProps['parameters']) {
  return pipeline({ schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') }), parameters, parameterTypes });
}

test.each([
  [{}, '01 -6 1.25 2'],
  [{ myDays: '31', myShare: '3', myText: '7' }, '08 32 1.5 7'],
])('expressions reckon with parameters that are numbers: %j', async (parameters, subject) => {
  const scope = typed({ myDays: INTEGER, myShare: DOUBLE }, { myDays: '-7', myShare: '2.5', myText: '2' });
  const alarm = new SnsAlarm({
    topic: new Topic(scope, 'Topic'),
    subject: "#{format(plusDays(makeDate(2026, 12, 8), myDays), 'dd')} #{day(makeDate(2026, 12, 1)) + myDays} #{myShare / 2} #{myText}",
    message: '.',
  });
  shell(scope, 'Work', { onSuccess: [alarm] });
  const run = new TimedRun(scope, { Work: 1 });
  await run.run({ parameters });
  expect(run.alarms).toEqual([`1: ${subject}: .`]);
});

test('an activation that gives other types is refused', () => {
  const known = { onDemand: true, parameters: ['myDays', 'myKey', 'myText'], parameterTypes: { myDays: 'Integer', myKey: 'AWS::S3::ObjectKey' }, now: 0 };
  expect(() => readStarterInput({ parameters: { myDays: '1.5', myKey: 'lake', myText: '*' } }, known)).toThrow(
    'Parameters of other types: myDays is of type Integer; got: "1.5", myKey is of type AWS::S3::ObjectKey; got: "lake"',
  );
  const parameters = { myDays: '-15', myKey: 's3://lake/raw/', myText: '*' };
  expect(readStarterInput({ parameters }, known)).toEqual({ kind: 'activation', parameters });
});

test.each([
  [{ myDays: INTEGER }, { myDays: 'seven' }, 'Stack/P: parameters: myDays is of type Integer; got: "seven"; give a default of that type'],
  [{ myKey: S3_OBJECT_KEY }, { myKey: 'raw/' }, 'Stack/P: parameters: myKey is of type AWS::S3::ObjectKey; got: "raw/"'],
  [{ myDay: INTEGER }, { myDays: '7' }, 'Stack/P: parameterTypes: are those of parameters; got: myDay, which is none; give its default in parameters or arrayParameters'],
])('%j of %j is refused', (types, parameters, message) => {
  expect(() => typed(types, parameters)).toThrow(message);
});
