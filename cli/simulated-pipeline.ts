/** A pipeline of a cloud assembly in the simulator, with stand-ins for all that its runs call. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf } from './assembly';
import { Behaviour } from './behaviour';
import { timeCheck } from '../lambda/precondition-checker/time';
import { VirtualClock } from '../simulator/clock';
import { Answer } from '../simulator/errors';
import { Execution } from '../simulator/execution';
import { isObject } from '../simulator/json';
import { seededRandom } from '../simulator/jsonata';
import { S3Store } from '../simulator/servers/s3-store';
import { Ec2 } from '../simulator/services/ec2';
import { Emr } from '../simulator/services/emr';
import { LambdaFunction } from '../simulator/services/lambda';
import { modelledSteps } from '../simulator/services/modelled-steps';
import { RedshiftData } from '../simulator/services/redshift-data';
import { Ssm } from '../simulator/services/ssm';
import { Assembly } from '../simulator/stack/assembly';
import { DeployedResource } from '../simulator/stack/resources';
import { SimulatedStack } from '../simulator/stack/simulated-stack';
import { Work } from '../simulator/stack/worker';
import { StepFunctions } from '../simulator/step-functions';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../simulator/task';
import { Observer } from '../simulator/thread';
import { CheckRequest } from '../src/contract/checker';
import { COMMAND_FAILED, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../src/contract/errors';
import { MINUTE } from '../src/contract/grid';
import { END_TYPE, EndProperties, START_TYPE, startAttributes, StartProperties } from '../src/contract/lifecycle';
import { PIPELINE_TAG, PipelineRole, PlanDocument, ROLE_TAG, SCHEDULE_TAG } from '../src/contract/plan';
import { isoTime, scheduleOf } from '../src/contract/run';
import { elsewhereItems, ITEM_KEY, RUN_KEY } from '../src/contract/table';
import { ShellTask } from '../src/contract/task';

export interface SimulationOptions {
  readonly assembly: Assembly;
  readonly pipeline?: string;
  /** Where the assembly's files go. */
  readonly store: S3Store;
  readonly start: number;
  readonly seed: number;
  readonly behaviour: Behaviour;
  readonly observer?: Observer;
  /** How often rules are told of the end of a run. @default 1 */
  readonly eventDeliveries?: number;
}

/** Reads an assembly and gives it a store for as long as `use` goes on. */
export async function withAssembly<T>(
  folder: string, stack: string | undefined, use: (assembly: Assembly, store: S3Store) => Promise<T>,
): Promise<T> {
  const assembly = Assembly.read(folder, stack);
  const root = mkdtempSync(join(tmpdir(), 'datapipeline-'));
  try {
    return await use(assembly, new S3Store(root));
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Tasks that the hosts of one worker group work on at a time. */
const WORKERS = 10;
const HOST_CHECK = 1000;
const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';

export class SimulatedPipeline {
  static async load({ assembly, pipeline, store, start, seed, behaviour, observer, eventDeliveries }: SimulationOptions): Promise<SimulatedPipeline> {
    const services = new Services(behaviour, new VirtualClock(start));
    const stack = await SimulatedStack.load({
      assembly,
      clock: services.clock,
      store,
      handlers: services.handlers(),
      functions: (resource) => services.function(resource),
      customResources: (type, properties) => type === START_TYPE ? firstActivation(properties as unknown as StartProperties, start) : {},
      otherwise: (request) => services.otherwise(request),
      random: seededRandom(seed),
      keepHistory: false,
      observer,
      eventDeliveries,
    });
    services.stepFunctions = stack.stepFunctions;
    return new SimulatedPipeline(planOf(assembly, pipeline), stack, services, observer);
  }

  readonly clock: VirtualClock;
  readonly ec2: Ec2;
  readonly emr: Emr;
  readonly redshift: RedshiftData;
  private readonly found = new Map<string, string[]>();

  private constructor(
    readonly plans: readonly PlanDocument[], readonly stack: SimulatedStack, services: Services, private readonly observer?: Observer,
  ) {
    ({ clock: this.clock, ec2: this.ec2, emr: this.emr, redshift: this.redshift } = services);
    for (const { logicalId } of stack.tagged('AWS::StepFunctions::Activity', {})) {
      const work: Work = (task, heartbeat) => this.observed(task, () => services.work(task, heartbeat));
      for (let worker = 0; worker < WORKERS; worker += 1) stack.work(logicalId, work);
    }
  }

  /** Work of a host is seen as a call, too. */
  private observed(task: Json, work: TaskHandler): Promise<Json> {
    const { object = '', run = '' } = task as Partial<ShellTask>;
    const executionArn = `${this.runMachine(scheduleOf(run)).replace(':stateMachine:', ':execution:')}:${run}`;
    const common = { resource: '', service: 'activity', action: 'work', stateName: object, executionArn };
    const request: TaskRequest = { ...common, arguments: task, clock: this.clock, signal: new AbortController().signal };
    return this.observer?.calling?.(request, work) ?? work(request);
  }

  /** ARN of the Run machine of a schedule. */
  runMachine(schedule: string): string {
    return this.machinesWith({ [ROLE_TAG]: 'run', [SCHEDULE_TAG]: schedule })[0];
  }

  get name(): string {
    return this.plans[0].pipeline;
  }

  /** ARNs of the pipeline's own machines of a role: one for each schedule that needs it. */
  machines(role: PipelineRole): string[] {
    return this.machinesWith({ [ROLE_TAG]: role });
  }

  private machinesWith(tags: Readonly<Record<string, string>>): string[] {
    const key = JSON.stringify(tags);
    const found = this.found.get(key) ?? this.stack.tagged(STATE_MACHINE, { [PIPELINE_TAG]: this.name, ...tags }).map(({ ref }) => ref);
    this.found.set(key, found);
    return found;
  }

  get hasSchedule(): boolean {
    const starters = this.machines('starter');
    return this.stack.tagged('AWS::Scheduler::Schedule', {}).some(({ properties }) => starters.includes((properties.Target as { Arn?: string }).Arn ?? ''));
  }

  /** Has an activity that other schedules wait for finished in an interval. */
  async finish(activity: string, start: string): Promise<void> {
    const [{ ref }] = this.stack.tagged('AWS::DynamoDB::Table', { [PIPELINE_TAG]: this.name });
    const Item = { [RUN_KEY]: { S: elsewhereItems(activity) }, [ITEM_KEY]: { S: start }, status: { S: 'FINISHED' } };
    await this.stack.dynamoDb.call('putItem', { TableName: ref, Item });
  }

  /** What the deployment itself starts: the first tick of each schedule that starts with it. */
  deploy(): void {
    const starters = this.machines('starter');
    for (const { properties } of this.stack.tagged(END_TYPE, {})) {
      const { StarterArn: stateMachineArn = '', StartDateTime: scheduledTime = '' } = properties as unknown as EndProperties;
      if (starters.includes(stateMachineArn)) this.stack.stepFunctions.startExecution({ stateMachineArn, input: { scheduledTime } });
    }
  }

  /** What costs, and no run is at work with. */
  get left(): string[] {
    return [
      ...this.emr.clusters.filter(({ alive }) => alive).map(({ request }) => `cluster ${request.name}`),
      ...this.ec2.instances.filter(({ ended }) => !ended.aborted).map(({ tags }) => `instance ${tags.Name}`),
      ...this.stack.oneTimeSchedules.names.map((name) => `one-time schedule ${name}`),
      ...this.redshift.running.map((sql) => `statement ${sql.slice(0, 60)}`),
      ...this.children.filter(({ status }) => status === 'RUNNING').map(({ arn }) => `execution ${arn}`),
    ];
  }

  /** Executions of machines that are not the pipeline's own. */
  private get children(): Execution[] {
    const others = this.stack.tagged(STATE_MACHINE, {}).filter(({ properties }) => roleOf(properties.Tags) === undefined);
    return others.flatMap(({ ref }) => this.stack.stepFunctions.listExecutions(ref));
  }

  executions(role: PipelineRole): Execution[] {
    return this.machines(role).flatMap((arn) => this.stack.stepFunctions.listExecutions(arn));
  }
}

class Services {
  readonly ec2: Ec2;
  /** Known when all else is. */
  stepFunctions!: StepFunctions;
  private readonly ssm: Ssm;
  readonly emr: Emr;
  readonly redshift: RedshiftData;
  /** From when on each precondition holds that was asked for. */
  private readonly holds = new Map<string, number>();
  private statements = 0;

  constructor(private readonly behaviour: Behaviour, readonly clock: VirtualClock) {
    this.ec2 = new Ec2({
      launch: ({ ClientToken }) => ({ registration: behaviour.startup(String(ClientToken)), failure: behaviour.failure(String(ClientToken)) }),
    });
    this.ssm = new Ssm(this.ec2, (task, heartbeat) => this.work(task, heartbeat), () => this.stepFunctions);
    this.emr = new Emr({
      runner: modelledSteps((_, { clusterId, stepName }) => this.modelled(`${this.emr.cluster(clusterId)?.request.name} ${stepName}`)),
      launch: ({ name }) => ({ startup: behaviour.startup(name), failure: behaviour.failure(name) }),
    });
    this.redshift = new RedshiftData({
      duration: () => behaviour.statement(`statement ${this.statements += 1}`),
      failure: () => behaviour.failure(`statement ${this.statements}`),
    });
  }

  handlers(): Record<string, TaskHandler> {
    return { ...this.ec2.handlers(), ...this.ssm.handlers(), ...this.emr.handlers(), ...this.redshift.handlers(), 'aws-sdk:s3:putObject': async () => ({ ETag: '""' }) };
  }

  /** In place of a function: the calendar computes intervals as it does on AWS; what the others do is not known here. */
  function({ properties }: DeployedResource): LambdaFunction | undefined {
    switch (roleOf(properties.Tags)) {
      case 'calendar': return undefined;
      case 'checker': return (request) => this.check(request as unknown as CheckRequest);
      default: return async (_, { functionName, awsRequestId }) => this.worked(`${functionName} ${awsRequestId}`).then(() => ({}));
    }
  }

  /** A service that has no stand-in does what it is asked, in some time. */
  async otherwise({ stateName, executionArn }: { stateName: string; executionArn: string }): Promise<Json> {
    await this.worked(`${executionArn} ${stateName}`);
    return {};
  }

  /** As Task Runner does. */
  async work(input: Json, heartbeat: () => void): Promise<Json> {
    const task = input as unknown as ShellTask;
    const work = `${task.run} ${task.object}`;
    if (task.purpose === 'precondition') {
      await this.clock.sleep(HOST_CHECK);
      this.hold(work, task.deadline);
    } else {
      await this.worked(`${work} ${task.attempt}`, heartbeat, task.reportProgressTimeoutSeconds * 500);
    }
    return { exitCode: 0, hostname: 'simulated', taskRunnerId: 'simulated', logUri: task.logUri };
  }

  /** Reports progress every so often. */
  private async worked(work: string, heartbeat?: () => void, every = Infinity): Promise<void> {
    const { duration, failure } = this.modelled(work);
    for (let left = duration; left > 0; left -= every) {
      await this.clock.sleep(Math.min(every, left));
      if (left > every) heartbeat?.();
    }
    if (failure !== undefined) throw new TaskFailure(COMMAND_FAILED, failure);
  }

  private modelled(work: string): { duration: number; failure?: string } {
    return { duration: this.behaviour.duration(work), failure: this.behaviour.failure(work) };
  }

  private async check(request: CheckRequest): Promise<Json> {
    try {
      if (request.kind === 'time') return { ...timeCheck(request, this.clock.now()) };
      this.hold('uri' in request ? request.uri : request.tableName, request.deadline);
      return { held: true };
    } catch (error) {
      // A function's errors go by the name of what it throws.
      throw error instanceof TaskFailure ? Object.assign(new Answer(error.cause), { name: error.error }) : error;
    }
  }

  private hold(precondition: string, deadline?: string): void {
    const now = this.clock.now();
    const from = this.holds.get(precondition) ?? now + this.behaviour.holdsAfter(precondition);
    this.holds.set(precondition, from);
    if (now >= from) return;
    const late = deadline !== undefined && now >= Date.parse(deadline);
    throw new TaskFailure(late ? PRECONDITION_TIMED_OUT : PRECONDITION_NOT_HELD, `${precondition} does not hold yet`);
  }
}

function roleOf(tags: Json | undefined): string | undefined {
  if (!Array.isArray(tags)) return undefined;
  const tag = tags.filter(isObject).find(({ Key }) => Key === ROLE_TAG);
  return tag && String(tag.Value);
}

/** A simulation begins with the first deployment. */
function firstActivation(properties: StartProperties, start: number): Readonly<Record<string, string>> {
  return { ...startAttributes(properties, isoTime(Math.floor(start / MINUTE) * MINUTE)) };
}
