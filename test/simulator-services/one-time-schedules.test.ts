import { Caller } from './tasks';
import { OneTimeSchedules } from '../../simulator/services/one-time-schedules';
import { Json, TaskFailure } from '../../simulator/task';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const RoleArn = 'arn:aws:iam::123456789012:role/Guard';

function scheduled() {
  const called: Json[] = [];
  const schedules = new OneTimeSchedules({
    'aws-sdk:emr:terminateJobFlows': async request => {
      called.push(request.arguments);
      return {};
    },
    'aws-sdk:emr:listClusters': async () => { throw new TaskFailure('Emr.EmrException', 'no'); },
  });
  return { called, schedules, caller: new Caller(schedules.handlers()) };
}

const schedule = (rest: Record<string, Json> = {}, action = 'terminateJobFlows'): Record<string, Json> => ({
  Name: 'j-1',
  GroupName: 'guards',
  ScheduleExpression: 'at(2026-01-01T02:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  ActionAfterCompletion: 'DELETE',
  Target: { Arn: `arn:aws:scheduler:::aws-sdk:emr:${action}`, RoleArn, Input: '{"JobFlowIds":["j-1"]}' },
  ...rest,
});

test('calls its target when it is due, once, and is gone', async () => {
  const { called, schedules, caller } = scheduled();
  await caller.call('aws-sdk:scheduler:createSchedule', schedule());
  await caller.run(caller.clock.sleep(2 * HOUR - 1));
  expect([called, schedules.names]).toEqual([[], ['guards/j-1']]);
  await caller.run(caller.clock.sleep(HOUR));
  expect([called, schedules.names]).toEqual([[{ JobFlowIds: ['j-1'] }], []]);
  expect(schedules.firings).toEqual([{ name: 'guards/j-1', at: START + 2 * HOUR }]);
});

test('does nothing when it is deleted in time', async () => {
  const { called, caller } = scheduled();
  await caller.call('aws-sdk:scheduler:createSchedule', schedule());
  await caller.call('aws-sdk:scheduler:deleteSchedule', { Name: 'j-1', GroupName: 'guards' });
  await caller.run(caller.clock.sleep(3 * HOUR));
  expect(called).toEqual([]);
});

test('stays without ActionAfterCompletion', async () => {
  const { schedules, caller } = scheduled();
  await caller.call('aws-sdk:scheduler:createSchedule', schedule({ ActionAfterCompletion: 'NONE' }));
  await caller.run(caller.clock.sleep(3 * HOUR));
  expect(schedules.names).toEqual(['guards/j-1']);
});

test('records that its target failed', async () => {
  const { schedules, caller } = scheduled();
  await caller.call('aws-sdk:scheduler:createSchedule', schedule({}, 'listClusters'));
  await caller.run(caller.clock.sleep(3 * HOUR));
  expect(schedules.firings).toMatchObject([{ failure: 'Emr.EmrException: no' }]);
});

test.each<[string, string, string, Record<string, Json>]>([
  ['ConflictException', 'already exists', 'createSchedule', schedule()],
  ['ValidationException', 'rate(1 hour)', 'createSchedule', schedule({ Name: 'other', ScheduleExpression: 'rate(1 hour)' })],
  ['ValidationException', 'aws-sdk:emr:runJobFlow', 'createSchedule', schedule({ Name: 'other' }, 'runJobFlow')],
  ['ResourceNotFoundException', 'guards/other does not exist', 'deleteSchedule', { Name: 'other', GroupName: 'guards' }],
])('Scheduler.%s: %s', async (name, cause, action, args) => {
  const { caller } = scheduled();
  await caller.call('aws-sdk:scheduler:createSchedule', schedule());
  await expect(caller.call(`aws-sdk:scheduler:${action}`, args)).rejects.toMatchObject({ error: `Scheduler.${name}`, cause: expect.stringContaining(cause) });
});
