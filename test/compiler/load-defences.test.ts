/**
 * Three lines of defence against loads that nobody waits for any more: what the run itself cancels, the reaper, and the end that the Data API
 * of Redshift gives a statement. Each is tested without the other two, for loads that the run does itself and for those that are handed over.
 */
let mockMany = 40;
jest.mock('../../src/compiler/many', () => ({ get MANY() { return mockMany; } }));

import { Duration, Stack } from 'aws-cdk-lib';
import { folder, pipeline } from './fixture';
import { activityMachines, concrete, runMachine } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { RedshiftData } from '../../simulator/services/redshift-data';
import { StepFunctions } from '../../simulator/step-functions';
import { stepFunctionsHandlers } from '../../simulator/step-functions-handlers';
import { Json } from '../../simulator/task';
import { RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode } from '../../src';
import { renderReaper } from '../../src/compiler/reaper';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const INTERVAL = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };

/** A run of one load that goes on for ever, which is given up after 20 minutes if the run cancels it; without a reaper unless it is asked for. */
class Loading {
  readonly clock = new VirtualClock(Date.UTC(2026, 11, 1));
  readonly redshift = new RedshiftData({ duration: () => Infinity });
  readonly execution: Execution;
  private readonly service: StepFunctions;
  private readonly reaper: string;

  constructor({ cancels = false }: { readonly cancels?: boolean } = {}) {
    const scope = pipeline({ attemptTimeout: Duration.minutes(20), maximumRetries: 0 });
    const database = new RedshiftDatabase(scope, 'Db', { workgroupName: 'w', databaseName: 'd' });
    const output = new RedshiftDataNode(scope, 'Table', { database, tableName: 't' });
    new RedshiftCopyActivity(scope, 'Load', { input: folder(scope, 'In'), output, insertMode: RedshiftInsertMode.APPEND });
    const silent = async () => ({ ExecutionArn: 'arn', StartDate: '' });
    const cancelling = this.redshift.handlers()['aws-sdk:redshiftdata:cancelStatement'];
    this.service = new StepFunctions({ clock: this.clock });
    const handlers = {
      ...stepFunctionsHandlers(this.service),
      ...this.redshift.handlers(),
      ...new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]).handlers(),
      'aws-sdk:s3:putObject': async () => ({}),
      // The run tells the reaper and the Starter of its end: nobody hears it.
      'aws-sdk:sfn:startExecution': silent,
      'aws-sdk:redshiftdata:cancelStatement': async (request: Parameters<typeof cancelling>[0]) => (
        cancels || request.executionArn.includes(':Reaper:') ? cancelling(request) : { Status: true }),
    };
    for (const [name, handler] of Object.entries(handlers)) this.service.handle(name, handler);
    const machines = activityMachines(scope);
    expect(machines.size).toBe(mockMany === 0 ? 1 : 0);
    for (const [name, machine] of machines) this.service.createStateMachine({ name, definition: machine as unknown as Json });
    this.reaper = this.service.createStateMachine({ name: 'Reaper', definition: concrete(Stack.of(scope), renderReaper(scope._runs, 'aws').definition) });
    const stateMachineArn = this.service.createStateMachine({ name: 'Run', definition: runMachine(scope) as unknown as Json });
    this.execution = this.service.startExecution({ stateMachineArn, name: 'run', input: INTERVAL });
  }

  pass(milliseconds: number): Promise<void> {
    return this.clock.run(this.clock.sleep(milliseconds));
  }

  /** Stops the run, and all that it waits for with it or not. */
  stop(): void {
    this.execution.stop('Stopped', 'by the test');
  }

  reap(): Promise<unknown> {
    return this.clock.run(this.service.startExecution({ stateMachineArn: this.reaper, input: { run: 'run', status: 'ABORTED' } }).result);
  }
}

describe.each([['the run does itself', 40], ['is handed over', 0]])('a load that %s', (_, many) => {
  beforeEach(() => {
    mockMany = many;
  });

  test('is cancelled by whoever gives it up', async () => {
    const it = new Loading({ cancels: true });
    await it.pass(19 * MINUTE);
    expect(it.redshift.running).toHaveLength(1);
    await it.clock.run(it.execution.result);
    await it.pass(MINUTE);
    expect(it.redshift.running).toEqual([]);
  });

  test('is cancelled by the reaper, whenever the run is stopped', async () => {
    for (const seconds of [0, 1, 3, 60, 600]) {
      const it = new Loading();
      await it.pass(seconds * 1000);
      it.stop();
      await it.reap();
      expect([seconds, it.redshift.running]).toEqual([seconds, []]);
    }
  });

  test('is ended by the Data API a day after it was submitted, if nobody cancels it', async () => {
    const it = new Loading();
    await it.pass(MINUTE);
    it.stop();
    await it.pass(23 * HOUR);
    expect(it.redshift.running).toHaveLength(1);
    await it.pass(HOUR);
    expect(it.redshift.running).toEqual([]);
  });
});
