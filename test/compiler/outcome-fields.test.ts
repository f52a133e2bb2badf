/** What an alarm may say of the object that it belongs to, with the values that a run gives it. */
import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { pipeline, shell } from './fixture';
import { TimedRun } from './timed-run';
import { FailureAndRerunMode, Schedule, SnsAlarm } from '../../src';

const FIELDS = [
  'name', '@status', 'attemptStatus', 'errorMessage', '@failureReason', 'cancellationReason', '@cascadeFailedOn', '@waitingOn', '@healthStatus',
  '@actualStartTime', '@actualEndTime', '@finishedTime', '@healthStatusUpdatedTime', '@scheduledStartTime', '@scheduledEndTime', '@latestRunTime', '@nextRunTime',
];
const INTERVAL = { '@scheduledStartTime': '2026-12-01T00:00:00Z', '@scheduledEndTime': '2026-12-01T01:00:00Z' };
const RUNS = { '@latestRunTime': INTERVAL['@scheduledStartTime'], '@nextRunTime': INTERVAL['@scheduledEndTime'] };

/** By the name of the object, each field's value. */
async function told(): Promise<Record<string, Record<string, string>>> {
  const scope = pipeline({
    schedule: Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') }),
    failureAndRerunMode: FailureAndRerunMode.CASCADE,
    maximumRetries: 0,
  });
  const alarm = new SnsAlarm({ topic: new Topic(scope, 'Topic'), subject: '-', message: FIELDS.map((field) => `${field}=#{node.${field}}`).join('|') });
  const actions = { onFail: [alarm], onSuccess: [alarm] };
  const good = shell(scope, 'Good', actions);
  const bad = shell(scope, 'Bad', { ...actions, dependsOn: [good], attemptTimeout: Duration.seconds(10) });
  shell(scope, 'Held', { ...actions, dependsOn: [bad] });
  const run = new TimedRun(scope, { Good: 5, Bad: 60, Held: 1 });
  await run.run();
  const values = run.alarms.map((text) => {
    const fields = text.replace(/^.*? -: /, '').replaceAll('.000Z', 'Z').split('|').map((field) => field.split('='));
    return Object.fromEntries(fields) as Record<string, string>;
  });
  return Object.fromEntries(values.map((each) => [each.name, each]));
}

test('an alarm tells of what has finished, has failed, or was held back', async () => {
  const { Good, Bad, Held } = await told();
  const nothing = { 'cancellationReason': '', '@cascadeFailedOn': '', '@waitingOn': '' };
  expect(Good).toEqual({
    'name': 'Good',
    '@status': 'FINISHED',
    'attemptStatus': 'FINISHED',
    'errorMessage': '',
    '@failureReason': '',
    ...nothing,
    '@healthStatus': 'HEALTHY',
    ...Object.fromEntries(['@actualEndTime', '@finishedTime', '@healthStatusUpdatedTime'].map((field) => [field, '2026-12-01T01:00:05Z'])),
    '@actualStartTime': '2026-12-01T01:00:00Z',
    ...INTERVAL,
    ...RUNS,
  });
  expect(Bad).toMatchObject({
    '@status': 'TIMEDOUT',
    'attemptStatus': 'TIMEDOUT',
    'errorMessage': expect.stringContaining('States.Timeout'),
    '@failureReason': Bad.errorMessage,
    ...nothing,
    '@healthStatus': 'ERROR',
    '@actualStartTime': '2026-12-01T01:00:05Z',
    '@actualEndTime': '2026-12-01T01:00:15Z',
    ...INTERVAL,
  });
  expect(Held).toMatchObject({
    '@status': 'CASCADE_FAILED',
    '@cascadeFailedOn': expect.stringContaining('Bad'),
    'errorMessage': Held['@cascadeFailedOn'],
    '@healthStatus': 'ERROR',
    '@actualStartTime': '',
    ...INTERVAL,
  });
});
