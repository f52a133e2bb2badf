import { Stack } from 'aws-cdk-lib';
import { concrete } from './machines';
import { handler as calendar } from '../../lambda/calendar/handler';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Lambda } from '../../simulator/services/lambda';
import { StepFunctions } from '../../simulator/step-functions';
import { Json } from '../../simulator/task';
import { Pipeline } from '../../src';
import { compile, compileRerunGraph } from '../../src/compiler/compile';
import { renderReaper } from '../../src/compiler/reaper';
import { renderStarter } from '../../src/compiler/starter';
import { StarterInput } from '../../src/contract/run';
import { ShellTask } from '../../src/contract/task';
import type { ScheduledRuns } from '../../src/scheduled-runs';

const HOSTS = 'arn:aws:states:us-east-1:111111111111:activity:PHostsActivity';
const POLLERS = 100;
const HEARTBEAT = 30_000;

/** What an activity does in a run: how many seconds it takes, and whether it fails then. */
export interface Doing {
  readonly seconds: number;
  readonly fails?: boolean;
}

/** A pipeline with several schedules, each with its Starter, Run machine and reaper, in virtual time. */
export class ScheduledPipeline {
  /** When each activity was taken up in each run, as `<run>/<object>`, ISO-8601. */
  public readonly starts: Record<string, string> = {};
  public readonly clock: VirtualClock;
  public readonly service: StepFunctions;
  public readonly dynamoDb = new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]);

  constructor(private readonly pipeline: Pipeline, start: string, private readonly doing: (object: string, run: string) => Doing) {
    this.clock = new VirtualClock(Date.parse(start));
    const lambda = new Lambda();
    lambda.register(this.concrete(pipeline._calendar.functionArn) as string, calendar as (payload: Json) => unknown);
    this.service = new StepFunctions({
      clock: this.clock,
      handlers: { ...lambda.handlers(), ...this.dynamoDb.handlers(), 'aws-sdk:s3:putObject': async () => ({}) },
    });
    pipeline._allRuns.forEach((runs) => this.create(runs));
    for (let count = 0; count < POLLERS; count += 1) void this.poll();
  }

  public of(schedule: string): ScheduledRuns {
    return this.pipeline._allRuns.find(({ scheduleName }) => scheduleName === schedule)!;
  }

  public begin(schedule: string, input: StarterInput): Execution {
    const stateMachineArn = this.concrete(this.of(schedule).starter.stateMachineArn) as string;
    return this.service.startExecution({ stateMachineArn, input: input as unknown as Json });
  }

  public async start(schedule: string, input: StarterInput): Promise<void> {
    await this.clock.run(this.begin(schedule, input).result);
  }

  /** Ticks of all schedules, each at its time: those of a period in minutes, from a start up to an end. */
  public async tick(from: string, to: string, minutes: Readonly<Record<string, number>>): Promise<void> {
    for (let time = Date.parse(from); time <= Date.parse(to); time += 60_000) {
      await this.clock.run(this.clock.sleep(Math.max(0, time - this.clock.now())));
      for (const [schedule, period] of Object.entries(minutes)) {
        if ((time / 60_000) % period === 0) this.begin(schedule, { scheduledTime: new Date(time).toISOString() });
      }
    }
  }

  /** Until nothing runs any more. */
  public async settle(): Promise<void> {
    const all = () => this.pipeline._allRuns.flatMap((runs) => [runs.stateMachine, runs.starter, runs.reaper])
      .flatMap(({ stateMachineArn }) => this.service.listExecutions(this.concrete(stateMachineArn) as string));
    for (let seen = -1; all().length > seen;) {
      seen = all().length;
      await this.clock.run(Promise.all(all().map(({ result }) => result)));
    }
  }

  public runs(schedule: string): Execution[] {
    return this.service.listExecutions(this.concrete(this.of(schedule).stateMachine.stateMachineArn) as string);
  }

  /** What came of each object of each run of a schedule that has ended. */
  public outcomes(schedule: string): Record<string, Record<string, string>> {
    return Object.fromEntries(this.runs(schedule).map(({ name, outcome }) => {
      const { objects } = (outcome?.output ?? JSON.parse(outcome?.cause ?? '{"objects":{}}')) as { objects: Record<string, { status: string }> };
      return [name, Object.fromEntries(Object.entries(objects).map(([id, { status }]) => [id, status]))];
    }));
  }

  public async put(run: string, item: string, attributes: Readonly<Record<string, string>>): Promise<void> {
    const values = Object.entries({ run, item, ...attributes }).map(([name, S]) => [name, { S }]);
    await this.dynamoDb.call('putItem', { TableName: 'PRunTable', Item: Object.fromEntries(values) as Record<string, { S: string }> });
  }

  public async remove(run: string, item: string): Promise<void> {
    await this.dynamoDb.call('deleteItem', { TableName: 'PRunTable', Key: { run: { S: run }, item: { S: item } } });
  }

  private create(runs: ScheduledRuns): void {
    const of = (arn: string) => (this.concrete(arn) as string).split(':').at(-1)!;
    const starter = renderStarter({
      runs,
      partition: 'aws',
      timing: runs.schedule._timing,
      runArn: runs.stateMachine.stateMachineArn,
      reaperArn: runs.reaper.stateMachineArn,
      calendar: this.pipeline._calendar,
      maxActiveInstances: this.pipeline._defaults.maxActiveInstances,
      catchUp: this.pipeline._catchUp._count,
      graph: compileRerunGraph(runs),
    });
    const machines = { stateMachine: compile(runs), starter, reaper: renderReaper(runs, 'aws') };
    for (const [machine, { definition }] of Object.entries(machines)) {
      const { stateMachineArn } = runs[machine as 'stateMachine' | 'starter' | 'reaper'];
      this.service.createStateMachine({ name: of(stateMachineArn), definition: this.concrete(definition) });
    }
    const run = this.concrete(runs.stateMachine.stateMachineArn);
    const [reaperArn, starterArn] = [runs.reaper, runs.starter].map(({ stateMachineArn }) => this.concrete(stateMachineArn) as string);
    this.service.onStatusChange(({ status, execution }) => {
      if (execution.stateMachine.arn !== run || !['FAILED', 'TIMED_OUT', 'ABORTED'].includes(status)) return;
      this.service.startExecution({ stateMachineArn: reaperArn, input: { run: execution.name, status } });
      this.service.startExecution({ stateMachineArn: starterArn, input: { ended: execution.name } });
    });
  }

  private concrete(value: unknown): Json {
    return concrete(Stack.of(this.pipeline), value);
  }

  private async poll(): Promise<void> {
    for (;;) {
      const task = await this.service.activities.getActivityTask(HOSTS);
      if (!task) return;
      const { object, run } = task.input as unknown as ShellTask;
      this.starts[`${run}/${object}`] ??= new Date(this.clock.now()).toISOString();
      const { seconds, fails } = this.doing(object, run);
      try {
        for (let left = seconds * 1000; left > 0; left -= HEARTBEAT) {
          await this.clock.sleep(Math.min(HEARTBEAT, left));
          this.service.tokens.sendTaskHeartbeat(task.taskToken);
        }
        if (fails) this.service.tokens.sendTaskFailure(task.taskToken, 'Failed', 'it fails');
        else this.service.tokens.sendTaskSuccess(task.taskToken, {});
      } catch {
        // Its run was stopped.
      }
    }
  }
}
