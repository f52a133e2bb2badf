import { FakeActivations } from './fake-activations';
import { lifecycle, TableUpdate } from '../../lambda/lifecycle/lifecycle';
import { EndProperties, StackAnswer, StackRequest } from '../../src/contract/lifecycle';

const TEARDOWN = 'arn:aws:states:eu-central-1:111111111111:stateMachine:Teardown';
const REQUEST: StackRequest = {
  RequestType: 'Delete',
  ResponseURL: 'https://answers/here',
  StackId: 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Etl/1',
  RequestId: 'e2b1c3a4',
  LogicalResourceId: 'EtlEnd',
  PhysicalResourceId: 'EtlEnd',
  ResourceProperties: { TeardownArn: TEARDOWN, TableName: 'Runs', QueueItem: 'queue#daily' },
};
const { ResponseURL: URL, StackId, RequestId, LogicalResourceId } = REQUEST;
const IDS = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'EtlEnd' };

const NOW = Date.parse('2026-12-01T10:20:30Z');

/** The table has one start. */
async function handled(event: unknown, start: () => Promise<void> = async () => undefined, recorded?: string, refusals: Error[] = []) {
  const answers: Array<[string, StackAnswer]> = [];
  const started: unknown[][] = [];
  const updates: TableUpdate[] = [];
  await lifecycle(event, {
    update: async (update) => {
      updates.push(update);
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      const given = (update.ExpressionAttributeValues as { ':now'?: { S: string } })[':now'];
      const item: Record<string, { S: string }> = given ? { startDateTime: recorded === undefined ? given : { S: recorded } } : {};
      return item;
    },
    now: () => NOW,
    activations: new FakeActivations(),
    sleep: async () => undefined,
    start: async (...call) => {
      started.push(call);
      await start();
    },
    answer: async (...call) => void answers.push(call),
  });
  return { answers, started, updates };
}

test.each(['Create', 'Update'] as const)('%s is answered at once', async (RequestType) => {
  const { PhysicalResourceId, ...created } = REQUEST;
  const event = RequestType === 'Create' ? { ...created, RequestType } : { ...REQUEST, RequestType };
  expect(await handled(event)).toEqual({ answers: [[URL, { Status: 'SUCCESS', ...IDS }]], started: [], updates: [] });
});

test('Delete deactivates the pipeline and starts the teardown, once however often it is delivered, which answers', async () => {
  expect(await handled(REQUEST)).toEqual({
    answers: [],
    updates: [expect.objectContaining({ TableName: 'Runs', Key: { run: { S: '#pipeline' }, item: { S: 'queue#daily' } }, UpdateExpression: 'SET active = :no ADD version :one' })],
    started: [[TEARDOWN, RequestId, { replyTo: { ResponseURL: URL, ...IDS } }]],
  });
});

test('a teardown that cannot be started fails the deletion', async () => {
  const { answers } = await handled(REQUEST, async () => { throw new Error('not authorized'); });
  expect(answers).toEqual([[URL, { Status: 'FAILED', Reason: 'The teardown could not be started: not authorized', ...IDS }]]);
});

test.each([['', { Status: 'SUCCESS' }], ['a cluster is left', { Status: 'FAILED', Reason: 'a cluster is left' }]])('the end of a teardown with the problem "%s" is answered', async (problem, answer) => {
  expect((await handled({ kind: 'answer', replyTo: { ResponseURL: URL, ...IDS }, problem })).answers).toEqual([[URL, { ...answer, ...IDS }]]);
});

test('what is no request is refused', async () => {
  await expect(handled({ RequestType: 'Delete' })).rejects.toThrow('lifecycle request: ResponseURL: is missing');
  await expect(handled({ ...REQUEST, RequestType: 'Destroy' })).rejects.toThrow('lifecycle request: RequestType: is "Destroy"');
});

describe('the first activation', () => {
  const request = (RequestType: StackRequest['RequestType'], Period = 3_600_000): StackRequest => (
    { ...REQUEST, RequestType, ResourceProperties: { TableName: 'Runs', StartItem: 'start#daily', Period: String(Period) } }
  );
  const denied = () => Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

  test('is recorded, to the minute, and told with the ticks that follow from it', async () => {
    const { answers, updates } = await handled(request('Create'));
    expect(updates).toEqual([expect.objectContaining({
      TableName: 'Runs',
      Key: { run: { S: '#pipeline' }, item: { S: 'start#daily' } },
      UpdateExpression: 'SET startDateTime = if_not_exists(startDateTime, :now)',
      ExpressionAttributeValues: { ':now': { S: '2026-12-01T10:20:00Z' } },
    })]);
    expect(answers).toEqual([[URL, { Status: 'SUCCESS', ...IDS, Data: { StartDateTime: '2026-12-01T10:20:00Z', Cron: '20 * * * ? *' } }]]);
  });

  test('stays what it was, and another period has other ticks', async () => {
    const { answers } = await handled(request('Update', 24 * 3_600_000), undefined, '2026-11-01T03:04:00Z');
    expect(answers).toEqual([[URL, { Status: 'SUCCESS', ...IDS, Data: { StartDateTime: '2026-11-01T03:04:00Z', Cron: '4 3 * * ? *' } }]]);
  });

  test('is not looked for in a table that goes', async () => {
    expect(await handled(request('Delete'))).toEqual({ answers: [[URL, { Status: 'SUCCESS', ...IDS }]], started: [], updates: [] });
  });

  test('waits for a permission that does not count yet, though not for ever', async () => {
    expect((await handled(request('Create'), undefined, undefined, [denied(), denied()])).answers[0][1].Status).toBe('SUCCESS');
    const { answers, updates } = await handled(request('Create'), undefined, undefined, Array.from({ length: 9 }, denied));
    expect(answers).toEqual([[URL, { Status: 'FAILED', Reason: 'The first activation could not be recorded: not authorized', ...IDS }]]);
    expect(updates).toHaveLength(6);
  });

  test.each(['Create', 'Update'] as const)('is the first tick, with all that runs need: %s', async (RequestType) => {
    const ResourceProperties = { ...REQUEST.ResourceProperties as EndProperties, StarterArn: 'starter', StartDateTime: '2026-12-01T10:20:00Z' };
    expect(await handled({ ...REQUEST, RequestType, ResourceProperties })).toEqual({
      answers: [[URL, { Status: 'SUCCESS', ...IDS }]], started: [['starter', RequestId, { scheduledTime: '2026-12-01T10:20:00Z' }]], updates: [],
    });
  });
});
