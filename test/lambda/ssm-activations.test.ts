import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SsmActivations } from '../../lambda/lifecycle/ssm-activations';

const EXPIRES = new Date('2026-12-30T00:00:00Z');
const NAME = '/datapipeline/worker-groups/orders.Plant';
const PROPERTIES = {
  IamRole: 'PlantRole',
  DefaultInstanceName: 'orders.Plant',
  RegistrationLimit: '10',
  TagKey: 'datapipeline:worker-group:orders.Plant',
  TagValue: 'task-runner',
  ParameterName: NAME,
};
const SECRET = 'a-1 code';

/** Over HTTP, as Systems Manager has it: what was asked, and what is answered to that, one after the other. */
const asked: Array<{ action: string; body: unknown }> = [];
const answers: Array<{ status?: number; body: object }> = [];
const server: Server = createServer((request, response) => void text(request).then((body) => {
  asked.push({ action: String(request.headers['x-amz-target']).replace('AmazonSSM.', ''), body: JSON.parse(body) });
  const { status = 200, body: answer } = answers.shift() ?? { status: 500, body: { message: 'not expected' } };
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
}));
let activations: SsmActivations;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  activations = new SsmActivations(new SSMClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 }));
});
beforeEach(() => [asked, answers].forEach((each) => each.splice(0)));
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const says = (...bodies: object[]) => answers.push(...bodies.map((body) => ({ body })));
const refuses = (type: string) => answers.push({ status: 400, body: { __type: type, message: 'no' } });

test('creates an activation for the role, with the tag of the group', async () => {
  says({ ActivationId: 'a-1', ActivationCode: 'code' });
  expect(await activations.create(PROPERTIES, EXPIRES)).toEqual({ id: 'a-1', code: 'code' });
  expect(asked).toEqual([{
    action: 'CreateActivation',
    body: {
      IamRole: 'PlantRole',
      DefaultInstanceName: 'orders.Plant',
      Description: 'Hosts of worker group orders.Plant',
      RegistrationLimit: 10,
      ExpirationDate: EXPIRES.getTime() / 1000,
      Tags: [{ Key: 'datapipeline:worker-group:orders.Plant', Value: 'task-runner' }],
    },
  }]);
});

test('lists those of the role, on all pages', async () => {
  const [one, two] = ['a-1', 'a-2'].map((ActivationId) => ({ ActivationId, IamRole: 'PlantRole', ExpirationDate: EXPIRES.getTime() / 1000 }));
  says({ ActivationList: [one], NextToken: 'more' }, { ActivationList: [two] });
  expect(await activations.list('PlantRole')).toEqual([{ ...one, ExpirationDate: EXPIRES }, { ...two, ExpirationDate: EXPIRES }]);
  const Filters = [{ FilterKey: 'IamRole', FilterValues: ['PlantRole'] }];
  expect(asked).toEqual([{ action: 'DescribeActivations', body: { Filters } }, { action: 'DescribeActivations', body: { Filters, NextToken: 'more' } }]);
});

test('keeps the code encrypted, in the place of the one before, and reads it', async () => {
  says({ Version: 1 }, { Parameter: { Name: NAME, Value: SECRET } });
  await activations.keep(NAME, SECRET);
  expect(await activations.kept(NAME)).toBe(SECRET);
  expect(asked).toEqual([
    { action: 'PutParameter', body: expect.objectContaining({ Name: NAME, Value: SECRET, Type: 'SecureString', Overwrite: true }) },
    { action: 'GetParameter', body: { Name: NAME, WithDecryption: true } },
  ]);
});

test('deletes', async () => {
  says({}, {});
  await activations.remove('a-1');
  await activations.forget(NAME);
  expect(asked).toEqual([{ action: 'DeleteActivation', body: { ActivationId: 'a-1' } }, { action: 'DeleteParameter', body: { Name: NAME } }]);
});

test('what is gone is no error', async () => {
  for (const type of ['InvalidActivation', 'InvalidActivationId']) {
    refuses(type);
    await activations.remove('a-1');
  }
  refuses('ParameterNotFound');
  await activations.forget(NAME);
  refuses('ParameterNotFound');
  expect(await activations.kept(NAME)).toBeUndefined();
});

test.each<[string, () => Promise<unknown>]>([
  ['list', async () => activations.list('PlantRole')],
  ['create', async () => activations.create(PROPERTIES, EXPIRES)],
  ['remove', async () => activations.remove('a-1')],
  ['keep', async () => activations.keep(NAME, SECRET)],
  ['kept', async () => activations.kept(NAME)],
  ['forget', async () => activations.forget(NAME)],
])('%s throws what else is refused, by its name', async (_, call) => {
  refuses('ThrottlingException');
  await expect(call()).rejects.toMatchObject({ name: 'ThrottlingException' });
});
