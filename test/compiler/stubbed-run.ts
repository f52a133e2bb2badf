import { activityMachines, runMachine } from './machines';
import {
  ATTEMPT_TIMEOUT, BuiltPipeline, CheckSpec, CLUSTER_STARTUP, fatalSeconds, gateOf, HEARTBEAT, INSTANCE_STARTUP, Kept, keptOf, ownerOf, PipelineSpec,
  WorkSpec,
} from './random-pipeline';
import { VirtualClock } from '../../simulator/clock';
import { ServiceError, StateError } from '../../simulator/errors';
import { ExecutionResult } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Ec2, InstanceLaunch } from '../../simulator/services/ec2';
import { Emr } from '../../simulator/services/emr';
import { EmrStep, StepContext } from '../../simulator/services/emr-step';
import { modelledSteps } from '../../simulator/services/modelled-steps';
import { Ssm } from '../../simulator/services/ssm';
import { StepFunctions } from '../../simulator/step-functions';
import { stepFunctionsHandlers } from '../../simulator/step-functions-handlers';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../../simulator/task';
import { ShellTask } from '../../src/contract/task';

type Fields = { readonly [name: string]: string };

const FOREVER = 1e12;
const POLLERS = 40;
const STEP_NAME = /^([AD]\d+(?:C\d?)?)(?:: step (\d))? \(attempt (\d+)\)$/;
const IS_CHECK = /C\d?$/;

/** Stands before the services that a run calls. */
export type Around = (request: TaskRequest, call: () => Promise<Json>) => Promise<Json>;

/** Services that fail before they do what they are asked, or after. */
export function unreliable(fails: (stateName: string) => boolean): Around {
  const fail = (stateName: string): void => {
    if (fails(stateName)) throw new TaskFailure('Service.Unavailable', 'try again');
  };
  return async ({ stateName }, call) => {
    fail(stateName);
    const answer = await call();
    fail(stateName);
    return answer;
  };
}

/** Runs the machine of a random pipeline, with services that behave as its spec says. */
export class StubbedRun {
  /** When each object was first tried, in seconds since the start. */
  public readonly starts: Record<string, number> = {};
  /** Objects that an alarm was published for. */
  public readonly alarms: string[] = [];
  /** The Run table: statuses by item, latches aside. */
  public readonly table: Record<string, string> = {};
  public readonly dynamoDb = new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]);
  public readonly emr: Emr;
  public readonly ec2 = new Ec2({ launch: (request) => this.launchInstance(request) });
  /** Of the run's history. */
  public events = 0;
  public readonly clock = new VirtualClock(Date.UTC(2026, 11, 1));
  private readonly start = this.clock.now();
  private readonly statements: Array<{ readonly id: string; readonly began: number; readonly attempt: number }> = [];
  private readonly asked = new Map<string, number>();
  private readonly ssm = new Ssm(this.ec2, (task, heartbeat) => this.onInstance(task as unknown as ShellTask, heartbeat), () => this.service);
  private readonly fatal = new Set<string>();
  private readonly launches = new Map<string, number>();
  private service!: StepFunctions;

  /** `altered` says what is run in place of the machine. */
  constructor(
    private readonly spec: PipelineSpec,
    private readonly built: BuiltPipeline,
    private readonly around: Around = (_, call) => call(),
    private readonly altered: (definition: Json) => Json = (definition) => definition,
    private readonly kept: Kept = keptOf(spec),
  ) {
    const modelled = modelledSteps(({}, { stepName }) => this.step(stepName));
    this.emr = new Emr({
      runner: async (step, context) => this.isFatal(context.stepName) ? this.die(context) : modelled(step, context),
      launch: ({ name }) => this.launch(name),
    });
  }

  public async run(input: { readonly [name: string]: Json } = {}): Promise<ExecutionResult> {
    const service = this.service = new StepFunctions({ clock: this.clock });
    const all = this.handlers({ ...stepFunctionsHandlers(service), ...this.services() });
    for (const [name, handler] of Object.entries(all)) service.handle(name, handler);
    const definition = this.altered(runMachine(this.built.pipeline) as unknown as Json);
    const stateMachineArn = service.createStateMachine({ name: 'Run', definition });
    for (const [name, machine] of activityMachines(this.built.pipeline)) service.createStateMachine({ name, definition: machine as unknown as Json });
    const interval = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };
    await this.keep();
    for (let count = 0; count < POLLERS; count += 1) void this.poll(service);
    const execution = service.startExecution({ stateMachineArn, name: 'run', input: { ...interval, ...input } });
    const result = await this.clock.run(execution.result);
    this.events = execution.history.length;
    for (const { item, status, settledWith } of await this.dynamoDb.items('PRunTable') as unknown as Item[]) {
      for (const [id, other] of Object.entries(settledWith?.M ?? {})) this.table[`object#${id}`] = other.S;
      if (status) this.table[item.S] = status.S;
    }
    return result;
  }

  /** When a step came to its cluster, among the others. */
  public readonly submission = (step: string): number => this.emr.clusters.flatMap(({ steps }) => steps).findIndex(({ name }) => name === step);

  /** Steps of an activity that began before one before them had ended. */
  public get overlappingSteps(): string[] {
    return this.emr.clusters.flatMap(({ steps }) => steps.flatMap((step, index) => {
      const [, id] = STEP_NAME.exec(step.name)!;
      const before = steps.slice(0, index).filter(({ name }) => STEP_NAME.exec(name)![1] === id);
      return before.every((other) => timeOf(other, 'EndDateTime', Infinity) <= timeOf(step, 'CreationDateTime')) ? [] : [step.name];
    }));
  }

  public get seconds(): number {
    return (this.clock.now() - this.start) / 1000;
  }

  private async keep(): Promise<void> {
    const settledWith = { M: Object.fromEntries(Object.entries(this.kept).map(([id, status]) => [id, { S: status }])) };
    if (Object.keys(this.kept).length > 0) await this.dynamoDb.call('putItem', { TableName: 'PRunTable', Item: { run: { S: 'run' }, item: { S: 'run' }, settledWith } });
  }

  private handlers(services: Record<string, TaskHandler>): Record<string, TaskHandler> {
    const wrapped = (handler: TaskHandler): TaskHandler => (request) => this.around(request, () => handler(request));
    return Object.fromEntries(Object.entries(services).map(([name, handler]) => [name, wrapped(handler)]));
  }

  private services(): Record<string, TaskHandler> {
    const answer = (call: (args: Fields) => Json): TaskHandler => async (request) => call(request.arguments as Fields);
    return {
      ...this.emr.handlers(),
      ...this.ec2.handlers(),
      ...this.ssm.handlers(),
      ...this.dynamoDb.handlers(),
      'aws-sdk:s3:putObject': answer(() => ({})),
      'aws-sdk:sfn:startExecution': answer(() => ({ ExecutionArn: 'arn', StartDate: '' })),
      'sns:publish': answer(({ Subject }) => {
        this.alarms.push(Subject);
        return {};
      }),
      'lambda:invoke': answer(({ Payload }) => {
        const { uri, deadline } = Payload as unknown as Fields;
        this.checked(uri.split('/').pop()!, deadline);
        return { Payload: { held: true } };
      }),
      'aws-sdk:redshiftdata:batchExecuteStatement': answer(({ StatementName }) => this.execute(StatementName)),
      'aws-sdk:redshiftdata:describeStatement': answer(({ Id }) => this.describe(Number(Id))),
      'aws-sdk:redshiftdata:cancelStatement': answer(() => ({ Status: true })),
    };
  }

  private begin(id: string): void {
    this.starts[id] ??= this.seconds;
  }

  private work(id: string): WorkSpec {
    return this.spec.works[Number(id.slice(1))];
  }

  /** Throws where the precondition does not hold. */
  private checked(id: string, deadline?: string): void {
    this.begin(id);
    const count = (this.asked.get(id) ?? 0) + 1;
    this.asked.set(id, count);
    if (count > this.checkSpec(id).failing) return;
    const late = deadline !== undefined && this.clock.now() >= Date.parse(deadline);
    throw new TaskFailure(late ? 'DataPipeline.PreconditionTimedOut' : 'DataPipeline.PreconditionNotHeld', `check ${count}`);
  }

  private checkSpec(id: string): CheckSpec {
    const [, index, position] = /^[AD](\d+)C(\d?)$/.exec(id)!;
    return (position === '' ? gateOf(this.spec, Number(index)) : this.spec.works[Number(index)].checks[Number(position)]) as CheckSpec;
  }

  private launch(name: string): { startup: number; shutdown: number; failure?: string } {
    const [, , cluster, number] = name.split('/');
    const fails = ownerOf(this.spec, this.built.resources, cluster).failingLaunches.includes(Number(number));
    const life = this.spec.lives?.[cluster]?.[Number(number) - 1];
    if (life !== undefined) void this.lose(name, CLUSTER_STARTUP + life);
    return { startup: CLUSTER_STARTUP * 1000, shutdown: 0, ...fails ? { failure: 'no capacity' } : {} };
  }

  /** One that fails is never known to Systems Manager, or is lost before. */
  private launchInstance({ TagSpecifications }: object & { TagSpecifications?: Json }): Partial<InstanceLaunch> {
    const [{ Tags }] = TagSpecifications as unknown as Array<{ readonly Tags: ReadonlyArray<{ readonly Key: string; readonly Value: string }> }>;
    const id = Tags.find(({ Key }) => Key === 'datapipeline:object')!.Value;
    const number = (this.launches.get(id) ?? 0) + 1;
    this.launches.set(id, number);
    const { failingLaunches, seconds } = ownerOf(this.spec, this.built.resources, id);
    if (failingLaunches.includes(number)) return { registration: Infinity, ...seconds % 2 ? { life: INSTANCE_STARTUP * 500 } : {} };
    const life = this.spec.lives?.[id]?.[number - 1];
    return { registration: INSTANCE_STARTUP * 1000, ...life === undefined ? {} : { life: (INSTANCE_STARTUP + life) * 1000 } };
  }

  /** Ends a cluster that is not told to. */
  private async lose(name: string, seconds: number): Promise<void> {
    await this.clock.sleep(seconds * 1000);
    this.emr.clusters.find(({ request }) => request.name === name)?.terminate({ code: 'INSTANCE_FAILURE', message: 'spot instances were taken back' });
  }

  private isFatal(name: string): boolean {
    const [, id, step = '1', attempt] = STEP_NAME.exec(name)!;
    if (IS_CHECK.test(id)) return false;
    const { fatal, steps } = this.work(id);
    return fatal && attempt === '1' && Number(step) === steps && !this.fatal.has(id);
  }

  private async die({ clusterId, stepName, clock, signal }: StepContext): Promise<void> {
    const [, id] = STEP_NAME.exec(stepName)!;
    this.begin(id);
    this.fatal.add(id);
    await clock.sleep(fatalSeconds(this.spec, Number(id.slice(1))) * 1000, signal);
    this.emr.cluster(clusterId)!.terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node failed' });
  }

  private step(name: string): { duration: number; failure?: string } {
    const [, id, step = '1', attempt] = STEP_NAME.exec(name)!;
    this.begin(id);
    if (IS_CHECK.test(id)) return { duration: 1000, ...Number(attempt) > this.checkSpec(id).failing ? {} : { failure: 'exit code 1' } };
    const { seconds, steps, failing, ending } = this.work(id);
    if (Number(attempt) > failing || Number(step) < steps) return { duration: seconds * 1000 };
    return ending === 'fails' ? { duration: seconds * 1000, failure: 'exit code 1 {"a": "b"}' } : { duration: FOREVER };
  }

  private execute(name: string): Json {
    const [, id, attempt] = name.split('/');
    this.begin(id);
    return { Id: String(this.statements.push({ id, began: this.clock.now(), attempt: Number(attempt) }) - 1) };
  }

  private describe(index: number): Json {
    const { id, began, attempt } = this.statements[index];
    const { seconds, failing, ending } = this.work(id);
    const fails = attempt <= failing;
    if (this.clock.now() - began < seconds * 1000 || fails && ending !== 'fails') return { Status: 'STARTED' };
    return fails ? { Status: 'FAILED', Error: 'ERROR: relation "t" does not exist' } : { Status: 'FINISHED' };
  }

  private async poll(service: StepFunctions): Promise<void> {
    for (;;) {
      const arn = 'arn:aws:states:us-east-1:111111111111:activity:PHostsActivity';
      const task = await service.activities.getActivityTask(arn);
      if (!task) return;
      const document = task.input as unknown as ShellTask;
      try {
        await this.perform(document);
        service.tokens.sendTaskSuccess(task.taskToken, {});
      } catch (error) {
        if (error instanceof TaskFailure) service.tokens.sendTaskFailure(task.taskToken, error.error, error.cause);
        else if (error instanceof Silence) await this.hang(service, task.taskToken, error.beats);
        else throw error;
      }
    }
  }

  private async perform({ object, purpose, attempt, deadline }: ShellTask): Promise<void> {
    this.begin(object);
    if (purpose === 'precondition') {
      await this.clock.sleep(1000);
      return this.checked(object, deadline);
    }
    const { seconds, failing, ending } = this.work(object);
    if (attempt <= failing && ending !== 'fails') throw new Silence(ending === 'hangs');
    await this.clock.sleep(seconds * 1000);
    if (attempt <= failing) throw new TaskFailure('DataPipeline.CommandFailed', 'exit code 1');
  }

  private async onInstance({ object, purpose, attempt }: ShellTask, heartbeat: () => void): Promise<Json> {
    if (purpose === 'precondition') {
      this.begin(object);
      await this.clock.sleep(1000);
      if (attempt <= this.checkSpec(object).failing) throw new TaskFailure('DataPipeline.PreconditionNotHeld', 'exit code 1');
      return {};
    }
    // The instance itself is tried with a task that is nothing.
    if (!/^A\d+$/.test(object)) return {};
    const { seconds, failing, ending, fatal } = this.work(object);
    this.begin(object);
    const fails = attempt <= failing;
    const dies = fatal && attempt === 1 && !this.fatal.has(object);
    if (dies) {
      this.fatal.add(object);
      const instance = this.ec2.instance(this.ssm.sent.at(-1)!.instance)!;
      void this.clock.sleep(fatalSeconds(this.spec, Number(object.slice(1))) * 1000).then(() => instance.end('spot instances were taken back'));
    }
    const hangs = dies || fails && ending === 'hangs';
    if (!(fails && ending === 'lost')) await this.beat(hangs ? ATTEMPT_TIMEOUT : seconds, heartbeat);
    if (hangs || fails && ending === 'lost') return new Promise(() => undefined);
    if (fails) throw new TaskFailure('DataPipeline.CommandFailed', 'exit code 1');
    return {};
  }

  private async beat(seconds: number, heartbeat: () => void): Promise<void> {
    for (let left = seconds; left > 0; left -= HEARTBEAT / 2) {
      await this.clock.sleep(Math.min(HEARTBEAT / 2, left) * 1000);
      if (left > HEARTBEAT / 2) heartbeat();
    }
  }

  /** Never answers; who `beats` is heard of until the task is over. */
  private async hang(service: StepFunctions, token: string, beats: boolean): Promise<void> {
    for (let waited = 0; beats && waited < ATTEMPT_TIMEOUT; waited += HEARTBEAT / 2) {
      await this.clock.sleep(HEARTBEAT * 500);
      try {
        service.tokens.sendTaskHeartbeat(token);
      } catch (error) {
        if (error instanceof ServiceError || error instanceof StateError) return;
        throw error;
      }
    }
  }
}

function timeOf(step: EmrStep, name: string, otherwise?: number): number {
  const { Timeline } = step.describe((milliseconds) => milliseconds).Status as { Timeline: Record<string, number | undefined> };
  return Timeline[name] ?? otherwise!;
}

class Silence extends Error {
  constructor(readonly beats: boolean) {
    super('an attempt that does not end');
  }
}

interface Item {
  readonly item: { readonly S: string };
  readonly status?: { readonly S: string };
  readonly settledWith?: { readonly M: Readonly<Record<string, { readonly S: string }>> };
}
