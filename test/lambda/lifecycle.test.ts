import { lifecycle, TableUpdate } from '../../lambda/lifecycle/lifecycle';
import { StackAnswer, StackRequest } from '../../src/contract/lifecycle';

const REQUEST: StackRequest = {
  RequestType: 'Delete',
  ResponseURL: 'https://answers/here',
  StackId: 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Etl/1',
  RequestId: 'e2b1c3a4',
  LogicalResourceId: 'EtlEnd',
  PhysicalResourceId: 'EtlEnd',
  ResourceProperties: { TeardownArn: 'arn:aws:states:eu-central-1:111111111111:stateMachine:Teardown', TableName: 'Runs', QueueItem: 'queue#daily' },
};
const { ResponseURL: URL, StackId, RequestId, LogicalResourceId } = REQUEST;
const IDS = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'EtlEnd' };

async function handled(event: unknown, start: () => Promise<void> = async () => undefined) {
  const answers: Array<[string, StackAnswer]> = [];
  const started: unknown[][] = [];
  const updates: TableUpdate[] = [];
  await lifecycle(event, {
    update: async (update) => void updates.push(update),
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
    started: [[REQUEST.ResourceProperties.TeardownArn, RequestId, { replyTo: { ResponseURL: URL, ...IDS } }]],
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
