import { hosts, pipeline } from './fixture';
import { runMachine } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Ec2, InstanceLaunch } from '../../simulator/services/ec2';
import { Fields } from '../../simulator/services/fields';
import { Ssm } from '../../simulator/services/ssm';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskFailure, TaskHandler } from '../../simulator/task';
import { Ec2Resource, Ec2ResourceProps, Pipeline, Schedule, ShellCommandActivity, ShellCommandActivityProps } from '../../src';
import { ObjectResult, RunResult } from '../../src/contract/run';
import { ShellTask } from '../../src/contract/task';

const START = Date.UTC(2026, 11, 1);
export const MINUTE = 60_000;

interface Options {
  readonly instance?: Ec2ResourceProps | ((scope: Pipeline) => Ec2ResourceProps);
  readonly schedule?: Schedule;
  /** By default activity `A`. */
  readonly activities?: (run: Activities) => void;
  readonly launch?: (request: Fields, number: number) => Partial<InstanceLaunch>;
  /** What fails a task, if anything does. */
  readonly failure?: (task: ShellTask, number: number) => string | undefined;
  readonly around?: (handlers: Record<string, TaskHandler>) => Record<string, TaskHandler>;
}

class Activities {
  constructor(readonly scope: Pipeline, readonly instance: Ec2Resource) {}

  add(id: string, props: Partial<ShellCommandActivityProps> = {}): ShellCommandActivity {
    return new ShellCommandActivity(this.scope, id, { runsOn: this.instance, command: `do ${id}`, maximumRetries: 1, ...props });
  }

  elsewhere(id: string, props: Partial<ShellCommandActivityProps> = {}): ShellCommandActivity {
    return this.add(id, { runsOn: hosts(this.scope), ...props });
  }
}

/** A run of activities on `Host`. Systems Manager knows an instance after a minute; a task takes a minute, and reports progress while it does. */
export class InstanceRun {
  public readonly clock = new VirtualClock(START);
  public readonly ec2: Ec2;
  public readonly ssm: Ssm;
  public readonly scheduled: Json[] = [];
  public readonly execution: Execution;
  private readonly service: StepFunctions;
  private launches = 0;

  constructor(private readonly options: Options = {}) {
    const scope = pipeline(options.schedule ? { schedule: options.schedule } : {});
    const props = typeof options.instance === 'function' ? options.instance(scope) : options.instance;
    const made = new Activities(scope, new Ec2Resource(scope, 'Host', props));
    (options.activities ?? ((run: Activities) => void run.add('A')))(made);
    this.ec2 = new Ec2({ launch: (request) => options.launch?.(request, this.launches += 1) ?? {} });
    this.ssm = new Ssm(this.ec2, (task, heartbeat) => this.work(task as unknown as ShellTask, heartbeat), () => this.service);
    const handlers = { ...this.others(), ...this.ec2.handlers(), ...this.ssm.handlers() };
    this.service = new StepFunctions({ clock: this.clock, handlers: options.around?.(handlers) ?? handlers });
    const stateMachineArn = this.service.createStateMachine({ name: 'Run', definition: runMachine(scope) as unknown as Json });
    const input = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };
    this.execution = this.service.startExecution({ stateMachineArn, name: 'run', input });
  }

  async objects(): Promise<Record<string, ObjectResult>> {
    const { output, cause } = await this.clock.run(this.execution.result);
    return (output as unknown as RunResult ?? JSON.parse(cause!) as RunResult).objects;
  }

  /** When the run had ended. */
  get minutes(): number {
    return (this.clock.now() - START) / MINUTE;
  }

  /** The activities' tasks, each with its instance, by the order in which they were sent. */
  get tasks(): string[] {
    return this.ssm.sent.map(({ instance, task }) => `${(task as { object: string }).object} ${instance.at(-1)}`).filter((sent) => !sent.startsWith('Host'));
  }

  get instances(): string[] {
    return this.ec2.instances.map(({ id, state }) => `${id.at(-1)} ${state}`);
  }

  private async work(task: ShellTask, heartbeat: () => void): Promise<Json> {
    if (task.object !== 'Host') {
      heartbeat();
      await this.clock.sleep(MINUTE);
      const failure = this.options.failure?.(task, this.ssm.sent.length);
      if (failure !== undefined) throw new TaskFailure('DataPipeline.CommandFailed', failure);
    }
    return { exitCode: 0 };
  }

  private others(): Record<string, TaskHandler> {
    const done: TaskHandler = async () => ({});
    const noted: TaskHandler = async (request) => {
      this.scheduled.push(request.arguments);
      return {};
    };
    return {
      ...new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]).handlers(),
      'aws-sdk:s3:putObject': done,
      'aws-sdk:sfn:startExecution': done,
      'aws-sdk:scheduler:createSchedule': noted,
      'aws-sdk:scheduler:deleteSchedule': noted,
    };
  }
}
