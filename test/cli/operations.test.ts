/// <reference path="../simulator-services/dynalite.d.ts" />
import { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { SFNClient } from '@aws-sdk/client-sfn';
import dynalite from 'dynalite';
import { Clients, DeployedPipeline } from '../../cli/account';
import { activate, ask, cancel, deactivate, markFinished, rerun } from '../../cli/operations';
import { VirtualClock } from '../../simulator/clock';
import { Endpoint } from '../../simulator/endpoint';
import { StepFunctions } from '../../simulator/step-functions';

const RUN = '2026-12-01T00-00-00Z';
const WAITING = { QueryLanguage: 'JSONata', StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } };
const ENVIRONMENT = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } };

let service: StepFunctions;
let endpoint: Endpoint;
let server: ReturnType<typeof dynalite>;
let pipeline: DeployedPipeline;
let clients: Clients;
let runs: string;
let starter: string;
let arns: Record<string, string>;

beforeEach(async () => {
  service = new StepFunctions({ clock: new VirtualClock() });
  [runs, starter] = ['Run', 'Starter'].map(name => service.createStateMachine({ name, definition: WAITING }));
  endpoint = await Endpoint.start(service);
  server = dynalite({ createTableMs: 0 });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const dynamoDb = new DynamoDBClient({ ...ENVIRONMENT, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  await dynamoDb.send(new CreateTableCommand({
    TableName: 'RunTable',
    AttributeDefinitions: ['run', 'item'].map(AttributeName => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: [{ AttributeName: 'run', KeyType: 'HASH' }, { AttributeName: 'item', KeyType: 'RANGE' }],
    BillingMode: 'PAY_PER_REQUEST',
  }));
  arns = { run: runs, starter, table: 'arn:aws:dynamodb:us-east-1:111111111111:table/RunTable' };
  // The tagging API, of which one call is asked.
  const tagging = {
    send: async ({ input }: { input: { TagFilters: { Key: string; Values: string[] }[] } }) => {
      const [{ Values: [name] }, { Values: [role] }, schedule] = input.TagFilters;
      const found = name === 'p' ? [role, `daily ${role}`].filter(key => key in arns) : [];
      const tagged = found.map(key => ({ ResourceARN: arns[key], Tags: [{ Key: 'datapipeline:schedule', Value: key.startsWith('daily ') ? 'daily' : 'default' }] }));
      return { ResourceTagMappingList: tagged.filter(({ Tags }) => schedule === undefined || Tags[0].Value === schedule.Values[0]) };
    },
  } as unknown as ResourceGroupsTaggingAPIClient;
  clients = { stepFunctions: new SFNClient({ ...ENVIRONMENT, endpoint: endpoint.url }), dynamoDb, tagging };
  pipeline = new DeployedPipeline('p', clients);
});

afterEach(async () => {
  clients.stepFunctions.destroy();
  clients.dynamoDb.destroy();
  await endpoint.close();
  await new Promise(resolve => server.close(resolve));
});

const item = async (run: string, name: string) =>
  (await clients.dynamoDb.send(new GetItemCommand({ TableName: 'RunTable', Key: { run: { S: run }, item: { S: name } } }))).Item;

test('a request goes to the Starter', async () => {
  const backfill = { backfill: { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' } };
  expect(await ask(pipeline, backfill)).toMatch(/^asked the Starter: arn:aws:states:/);
  expect(service.listExecutions(starter).map(({ input }) => input)).toEqual([backfill]);
});

/** A Starter that knows one run, of which all is at rest. */
function deciding(): void {
  const output = (run: string) => ({ Type: 'Succeed', Output: { run, started: [], waits: false } });
  const asks = (field: string, Next: string) => ({ Condition: `{% $states.input.${field}.run = "${RUN}" %}`, Next });
  starter = arns.starter = service.createStateMachine({
    name: 'Deciding',
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'What?',
      States: {
        'What?': { Type: 'Choice', Choices: [asks('rerun', 'Repeat'), asks('markFinished', 'Mark'), { Condition: '{% $states.input.rerun.run = "busy" %}', Next: 'Busy' }], Default: 'No' },
        'Repeat': output(`${RUN}.r1`),
        'Mark': output(RUN),
        'Busy': { Type: 'Succeed', Output: { started: [], waits: false, reason: 'busy.r1 is at work' } },
        'No': { Type: 'Fail', Error: 'DataPipeline.InvalidInput', Cause: 'The Run table knows no such run' },
      },
    },
  });
}

test('a rerun says its name, or why there is none', async () => {
  deciding();
  expect(await rerun(pipeline, { run: RUN, objects: ['Load'], withConsumers: true })).toBe(`started ${RUN}.r1`);
  expect(service.listExecutions(starter).map(({ input }) => input)).toEqual([{ rerun: { run: RUN, objects: ['Load'], withConsumers: true } }]);
  await expect(rerun(pipeline, { run: 'busy' })).rejects.toThrow('busy is not repeated: busy.r1 is at work');
  await expect(rerun(pipeline, { run: 'other' })).rejects.toThrow('The Run table knows no such run');
});

test('objects are marked by the Starter', async () => {
  deciding();
  expect(await markFinished(pipeline, RUN, ['Load', 'Clean'])).toBe(`marked Load, Clean of ${RUN} as FINISHED`);
  expect(service.listExecutions(starter).map(({ input }) => input)).toEqual([{ markFinished: { run: RUN, objects: ['Load', 'Clean'] } }]);
  await expect(markFinished(pipeline, 'other', ['Load'])).rejects.toThrow('The Run table knows no such run');
});

test('a canceled run is stopped', async () => {
  const execution = service.startExecution({ stateMachineArn: runs, name: RUN });
  expect(await cancel(pipeline, RUN)).toBe(`stopped ${RUN}`);
  expect(execution.outcome).toEqual({ status: 'ABORTED', error: 'Canceled', cause: 'datapipeline cancel' });
});

test('activating from a time says which intervals that leaves out', async () => {
  const answers = (output: Record<string, Record<string, string>>) => (
    { QueryLanguage: 'JSONata', StartAt: 'S', States: { S: { Type: 'Succeed', Output: { started: [], waits: false, ...output } } } });
  arns.starter = service.createStateMachine({ name: 'Skipping', definition: answers({ skipped: { from: '2026-12-01T05:00:00Z', to: '2026-12-01T23:00:00Z' } }) });
  arns['daily starter'] = service.createStateMachine({ name: 'Daily', definition: answers({}) });
  expect(await activate(pipeline, '2026-12-02T00:00:00.000Z')).toBe('p is active; schedule default skips the intervals that begin from 2026-12-01T05:00:00Z to '
    + '2026-12-01T23:00:00Z; schedule daily skips no interval');
  for (const queue of ['queue', 'queue#daily']) expect(await item('#pipeline', queue)).toMatchObject({ active: { BOOL: true }, startTimestamp: { S: '2026-12-02T00:00:00.000Z' } });
});

test('deactivating stops the runs at work, and activating lets the Starter start what waits', async () => {
  const [first, second] = ['a', 'b'].map(name => service.startExecution({ stateMachineArn: runs, name }));
  second.stop();
  expect(await deactivate(pipeline, true)).toBe('p is not active; stopped a');
  expect(first.status).toBe('ABORTED');
  expect(await item('#pipeline', 'queue')).toMatchObject({ active: { BOOL: false }, version: { N: '1' } });
  expect(await activate(pipeline)).toMatch(/^p is active; asked the Starter/);
  expect(await item('#pipeline', 'queue')).toMatchObject({ active: { BOOL: true }, version: { N: '2' } });
  expect(service.listExecutions(starter).map(({ input }) => input)).toEqual([{ dispatch: true }]);
});

test('deactivating can let the runs at work finish', async () => {
  const execution = service.startExecution({ stateMachineArn: runs, name: 'a' });
  expect(await deactivate(pipeline, false)).toBe('p is not active');
  expect(execution.status).toBe('RUNNING');
});

test('a pipeline that is not there is named', async () => {
  await expect(cancel(new DeployedPipeline('q', clients), RUN)).rejects
    .toThrow("pipeline 'q': one resource with the tag datapipeline:role=run and datapipeline:schedule=default is wanted; there is none in this account and Region");
});

test('of several schedules all are meant, or one; a run says itself which it is of', async () => {
  const [dailyRuns, dailyStarter] = ['DailyRun', 'DailyStarter'].map(name => service.createStateMachine({ name, definition: WAITING }));
  arns = Object.assign(arns, { 'daily run': dailyRuns, 'daily starter': dailyStarter });
  const daily = service.startExecution({ stateMachineArn: dailyRuns, name: `daily-${RUN}` });
  const own = service.startExecution({ stateMachineArn: runs, name: RUN });
  expect(await cancel(pipeline, `daily-${RUN}`)).toBe(`stopped daily-${RUN}`);
  expect([daily.status, own.status]).toEqual(['ABORTED', 'RUNNING']);

  await ask(pipeline, { dispatch: true });
  await activate(new DeployedPipeline('p', clients, 'daily'));
  expect([starter, dailyStarter].map(arn => service.listExecutions(arn).length)).toEqual([1, 2]);
  expect([await item('#pipeline', 'queue'), await item('#pipeline', 'queue#daily')]).toMatchObject([undefined, { active: { BOOL: true } }]);
  expect(await deactivate(pipeline, true)).toBe(`p is not active; stopped ${RUN}`);
  expect([await item('#pipeline', 'queue'), await item('#pipeline', 'queue#daily')]).toMatchObject([{ active: { BOOL: false } }, { active: { BOOL: false } }]);
});
