import { activityMachines, lateMachine, runMachine } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { ServiceError } from '../../simulator/errors';
import { Execution } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskHandler } from '../../simulator/task';
import { Pipeline } from '../../src';
import { ObjectResult, RunInput, RunResult } from '../../src/contract/run';
import { ShellTask } from '../../src/contract/task';

export const INTERVAL = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };

const HOSTS = 'arn:aws:states:us-east-1:111111111111:activity:PHostsActivity';

const NOTHING = { QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };

export interface TimedRunOptions {
  /** @default - the end of the interval */
  readonly start?: string;
  readonly handlers?: Record<string, TaskHandler>;
  /** Of the execution. */
  readonly name?: string;
  /** How many hosts take work. */
  readonly pollers?: number;
  /** What is run in place of the Run machine. */
  readonly altered?: (definition: Json) => Json;
}

/** A run of shell commands with a Late machine beside it, in virtual time. */
export class TimedRun {
  /** What was published, each as `<seconds since the start>: <subject>: <message>`. */
  public readonly alarms: string[] = [];
  /** When each object was taken up, in seconds since the start. */
  public readonly starts: Record<string, number> = {};
  /** When Task Runner was refused what it held, by object. */
  public readonly refused: Record<string, number> = {};
  public readonly clock: VirtualClock;
  public readonly service: StepFunctions;
  public readonly dynamoDb = new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]);
  private readonly begun: number;
  private readonly pollers: number;
  private readonly name: string;

  /** Each object takes so many seconds; the run starts at `start`. `handlers` are for what else is called. */
  constructor(
    private readonly pipeline: Pipeline, private readonly durations: Readonly<Record<string, number>>,
    { start = INTERVAL.scheduledEndTime, handlers = {}, pollers = 10, name = 'run', altered = (definition) => definition }: TimedRunOptions = {},
  ) {
    this.pollers = pollers;
    this.name = name;
    this.begun = Date.parse(start);
    this.clock = new VirtualClock(this.begun);
    this.service = new StepFunctions({ clock: this.clock, handlers: { ...this.dynamoDb.handlers(), ...this.own(), ...handlers } });
    if (this.pipeline._runs.lateWatchIfAny) this.service.createStateMachine({ name: 'PRunLateStateMachine', definition: lateMachine(pipeline) as unknown as Json });
    for (const [id, machine] of activityMachines(pipeline)) this.service.createStateMachine({ name: id, definition: machine as unknown as Json });
    this.service.createStateMachine({ name: 'PRunReaperStateMachine', definition: NOTHING });
    this.service.createStateMachine({ name: 'Run', definition: altered(runMachine(pipeline) as unknown as Json) });
  }

  public start(input: Partial<RunInput> = {}): Execution {
    for (let count = 0; count < this.pollers; count += 1) void this.poll();
    return this.service.startExecution({ stateMachineArn: this.arn('Run'), name: this.name, input: { ...INTERVAL, ...input } as unknown as Json });
  }

  /** Runs until all has ended, the Late machine too. */
  public async run(input: Partial<RunInput> = {}): Promise<{ readonly objects: Readonly<Record<string, ObjectResult>>; readonly seconds: number }> {
    const execution = this.start(input);
    const { output, cause } = await this.clock.run(execution.result);
    const { seconds } = this;
    await this.clock.run(Promise.all(this.watches.map(({ result }) => result)));
    return { objects: (output as unknown as RunResult ?? JSON.parse(cause!) as RunResult).objects, seconds };
  }

  public get watches(): Execution[] {
    return this.service.listExecutions(this.arn('PRunLateStateMachine'));
  }

  public get seconds(): number {
    return (this.clock.now() - this.begun) / 1000;
  }

  private arn(name: string): string {
    return `arn:aws:states:us-east-1:111111111111:stateMachine:${name}`;
  }

  private own(): Record<string, TaskHandler> {
    return {
      'aws-sdk:s3:putObject': async () => ({}),
      'sns:publish': async (request) => {
        const { Subject, Message } = request.arguments as Record<string, string>;
        this.alarms.push(`${this.seconds}: ${Subject}: ${Message}`);
        return {};
      },
    };
  }

  private async poll(): Promise<void> {
    for (;;) {
      const task = await this.service.activities.getActivityTask(HOSTS);
      if (!task) return;
      const { object } = task.input as unknown as ShellTask;
      this.starts[object] ??= this.seconds;
      const end = this.clock.now() + this.durations[object] * 1000;
      try {
        while (this.clock.now() < end) {
          await this.clock.sleep(Math.min(10_000, end - this.clock.now()));
          this.service.tokens.sendTaskHeartbeat(task.taskToken);
        }
        this.service.tokens.sendTaskSuccess(task.taskToken, {});
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        this.refused[object] = this.seconds;
      }
    }
  }
}
