import { FakeActivations } from './fake-activations';
import { Activations } from '../../lambda/lifecycle/activation';
import { lifecycle } from '../../lambda/lifecycle/lifecycle';
import { ActivationProperties } from '../../src/contract/activation';
import { StackAnswer, StackRequest } from '../../src/contract/lifecycle';

const DAY = 24 * 3_600_000;
const START = Date.parse('2026-12-01T00:00:00Z');
const PROPERTIES: ActivationProperties = {
  IamRole: 'PlantRole',
  DefaultInstanceName: 'orders.Plant',
  RegistrationLimit: '10',
  TagKey: 'datapipeline:worker-group:orders.Plant',
  TagValue: 'task-runner',
  ParameterName: '/datapipeline/worker-groups/orders.Plant',
};
const IDS = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Activation', PhysicalResourceId: 'Activation' };
const request = (RequestType: StackRequest['RequestType'], change: Partial<ActivationProperties> = {}): StackRequest => ({
  ...IDS,
  RequestType,
  ResponseURL: 'https://answers',
  ResourceProperties: { ...PROPERTIES, ...change },
  ...RequestType === 'Update' ? { OldResourceProperties: PROPERTIES } : {},
});
const renewal = { kind: 'renew', ...PROPERTIES };

let service: FakeActivations;
beforeEach(() => { service = new FakeActivations(); });

async function asked(event: unknown, days = 0): Promise<StackAnswer[]> {
  const answers: StackAnswer[] = [];
  const never = async () => { throw new Error('not this'); };
  await lifecycle(event, {
    activations: service,
    now: () => START + days * DAY,
    sleep: async () => undefined,
    update: never,
    start: never,
    answer: async (_, body) => void answers.push(body),
  });
  return answers;
}

/** What there is: the ids of the activations, and the parameters. */
const state = () => ({ activations: [...service.made.keys()], parameters: Object.fromEntries(service.parameters) });
const one = (id: string) => ({ activations: [id], parameters: { [PROPERTIES.ParameterName]: `${id} code-of-${id}` } });
const fails = (call: keyof Activations, when: 'before' | 'after', name: string) => service.faults.push({ call, when, error: Object.assign(new Error('no'), { name }) });

test('a worker group has one activation, whose code is in the parameter and not in the answer', async () => {
  expect(await asked(request('Create'))).toEqual([{ ...IDS, Status: 'SUCCESS' }]);
  expect(state()).toEqual(one('a-1'));
  expect(service.made.get('a-1')).toEqual({
    ActivationId: 'a-1', IamRole: 'PlantRole', DefaultInstanceName: 'orders.Plant', RegistrationLimit: 10, ExpirationDate: new Date(START + 29 * DAY),
  });
});

test('the same request again changes nothing', async () => {
  await asked(request('Create'));
  await asked(request('Create'));
  expect(state()).toEqual(one('a-1'));
});

test.each<[keyof Activations, 'before' | 'after']>([
  ['kept', 'before'], ['list', 'before'], ['create', 'before'], ['create', 'after'], ['keep', 'before'], ['keep', 'after'],
])('an answer that is lost %s, %s it was done, leaves one activation when the request comes again', async (call, when) => {
  fails(call, when, 'TimeoutError');
  expect(await asked(request('Create'))).toEqual([{ ...IDS, Status: 'FAILED', Reason: 'The activation of worker group orders.Plant could not be made: no' }]);
  await asked(request('Create'));
  expect(state()).toEqual(one([...service.made.keys()][0]));
});

test('a role that is too new is waited for', async () => {
  fails('create', 'before', 'ValidationException');
  fails('list', 'before', 'AccessDeniedException');
  expect(await asked(request('Create'))).toEqual([{ ...IDS, Status: 'SUCCESS' }]);
  expect(state()).toEqual(one('a-1'));
});

test('it is renewed while it has days to live, so that a code that is read today can be used', async () => {
  await asked(request('Create'));
  await asked(renewal, 13);
  expect(state()).toEqual(one('a-1'));
  await asked(renewal, 14);
  expect(state()).toEqual(one('a-2'));
  await asked(renewal, 15);
  expect(state()).toEqual(one('a-2'));
});

test('a renewal that fails is thrown, for Lambda to try again', async () => {
  fails('create', 'before', 'ThrottlingException');
  await expect(asked(renewal)).rejects.toThrow('no');
});

test('another limit is another activation', async () => {
  await asked(request('Create'));
  await asked(request('Update', { RegistrationLimit: '20' }));
  expect(state()).toEqual(one('a-2'));
});

test('another role or name leaves nothing of the old one', async () => {
  await asked(request('Create'));
  await asked(request('Update', { IamRole: 'OtherRole', ParameterName: '/other' }));
  expect(state()).toEqual({ activations: ['a-2'], parameters: { '/other': 'a-2 code-of-a-2' } });
});

test('those of others with the same role stay', async () => {
  await service.create({ ...PROPERTIES, DefaultInstanceName: 'orders.Depot' }, new Date());
  await asked(request('Create'));
  await asked(request('Delete'));
  expect(state()).toEqual({ activations: ['a-1'], parameters: {} });
});

test('a deletion leaves nothing, also of what was never known', async () => {
  await asked(request('Create'));
  await service.create(PROPERTIES, new Date());
  expect(await asked(request('Delete'))).toEqual([{ ...IDS, Status: 'SUCCESS' }]);
  expect(state()).toEqual({ activations: [], parameters: {} });
  expect(await asked(request('Delete'))).toEqual([{ ...IDS, Status: 'SUCCESS' }]);
});
