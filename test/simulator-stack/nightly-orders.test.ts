import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { MINUTE, modelledEmr, modelledRedshift } from './models';
import { NightlyOrdersStack } from '../../examples/nightly-orders/nightly-orders-stack';
import { VirtualClock } from '../../simulator/clock';
import { S3Folder } from '../../simulator/servers/s3-folder';
import { S3Store } from '../../simulator/servers/s3-store';
import { SimulatedStack } from '../../simulator/stack/simulated-stack';
import { RunResult } from '../../src/contract/run';

const TICK = new Date('2026-12-02T01:30:00Z');
const OUTPUTS = join(__dirname, '../../cdk.out');
const ENVIRONMENT = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const before = { ...process.env };
let folder: string;
let s3: S3Folder;

beforeAll(async () => {
  // The functions' bundles leave out the AWS SDK, as Lambda has it: they must find this package's.
  mkdirSync(OUTPUTS, { recursive: true });
  folder = mkdtempSync(join(OUTPUTS, 'nightly-orders-test-'));
  const app = new App({ outdir: join(folder, 'assembly') });
  new NightlyOrdersStack(app, 'NightlyOrders');
  app.synth();
  const store = new S3Store(join(folder, 's3'));
  for (const bucket of ['shop-lake', 'partner-drop']) store.createBucket(bucket);
  await store.put('partner-drop', 'orders/2026-12-02/part-0', 'an order');
  s3 = await S3Folder.start(store);
  Object.assign(process.env, ENVIRONMENT, { AWS_ENDPOINT_URL_S3: s3.endpoint });
});

afterAll(async () => {
  process.env = before;
  await s3.close();
  rmSync(folder, { recursive: true });
});

test('a night runs with the real calendar and precondition functions', async () => {
  const clock = new VirtualClock(TICK.getTime() - MINUTE);
  const emr = modelledEmr();
  const handlers = { ...emr.handlers(), ...modelledRedshift() };
  const stack = await SimulatedStack.load({ assembly: join(folder, 'assembly'), clock, store: s3.store, handlers });
  stack.work('ShopActivity', async () => ({ exitCode: 0 }));
  const customers = async () => {
    await clock.sleep(21 * MINUTE);
    await clock.busy(s3.store.put('shop-lake', 'customers/2026-12-02/_SUCCESS', ''));
  };
  const ticks = stack.deliverTicks(new Date(TICK.getTime() - MINUTE), new Date(TICK.getTime() + 60 * MINUTE));
  await clock.run(Promise.all([ticks, customers()]));
  await clock.run(stack.settled());

  expect(stack.executions('RunStateMachine')).toHaveLength(1);
  const [run] = stack.executions('RunStateMachine');
  expect(run).toMatchObject({ name: '2026-12-02T01-30-00Z', status: 'SUCCEEDED' });
  const { objects } = run.outcome!.output as unknown as RunResult;
  expect(Object.values(objects).map(({ status }) => status)).toEqual(Object.keys(objects).map(() => 'FINISHED'));
  expect(objects.OrdersArrived.attempts).toBe(1);
  expect(objects.CustomersComplete.attempts).toBeGreaterThan(3);
  // The customers came while the cluster was at work: neither waited for the other.
  expect(Date.parse(objects.Clean.startTime!)).toBe(TICK.getTime() + 5 * MINUTE);
  expect(Date.parse(objects.LoadCustomers.endTime!)).toBeLessThan(Date.parse(objects.Join.endTime!));
  expect(emr.clusters.map(({ steps, alive }) => [steps.length, alive])).toEqual([[3, false]]);
  expect(stack.sns.messages.map(({ subject }) => subject)).toEqual(['Orders of 2026-12-02T01:30:00Z are there']);
});
