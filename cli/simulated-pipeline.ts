/** A pipeline of a cloud assembly in the simulator, with stand-ins for all that its runs call. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plansOf, Selection } from './assembly';
import { Behaviour } from './behaviour';
import { VirtualClock } from '../simulator/clock';
import { Execution } from '../simulator/execution';
import { isObject } from '../simulator/json';
import { seededRandom } from '../simulator/jsonata';
import { S3Store } from '../simulator/servers/s3-store';
import { Emr } from '../simulator/services/emr';
import { LambdaFunction } from '../simulator/services/lambda';
import { modelledSteps } from '../simulator/services/modelled-steps';
import { RedshiftData } from '../simulator/services/redshift-data';
import { DeployedResource } from '../simulator/stack/resources';
import { SimulatedStack } from '../simulator/stack/simulated-stack';
import { TemplateError } from '../simulator/stack/template';
import { Json, TaskFailure, TaskHandler } from '../simulator/task';
import { CheckRequest } from '../src/contract/checker';
import { COMMAND_FAILED, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../src/contract/errors';
import { PIPELINE_TAG, PipelineRole, PlanDocument, ROLE_TAG } from '../src/contract/plan';
import { ShellTask } from '../src/contract/task';

export interface SimulationOptions extends Selection {
  readonly assembly: string;
  readonly start: number;
  readonly seed: number;
  readonly behaviour: Behaviour;
  /** What is done to each service before it is used. */
  readonly wrap?: (handlers: Readonly<Record<string, TaskHandler>>) => Readonly<Record<string, TaskHandler>>;
}

/** Tasks that the hosts of one worker group work on at a time. */
const WORKERS = 10;
const HOST_CHECK = 1000;
const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';

export class SimulatedPipeline {
  static async load(options: SimulationOptions): Promise<SimulatedPipeline> {
    const [plan, ...others] = plansOf(options.assembly, options);
    if (others.length > 0) throw new TemplateError(options.assembly, `has several pipelines: ${[plan, ...others].map(({ pipeline }) => pipeline).join(', ')}; name one with --pipeline`);
    const services = new Services(options.behaviour, new VirtualClock(options.start));
    const folder = mkdtempSync(join(tmpdir(), 'datapipeline-'));
    try {
      const stack = await SimulatedStack.load({
        assembly: options.assembly,
        stackName: options.stack,
        clock: services.clock,
        store: new S3Store(folder),
        handlers: (options.wrap ?? ((handlers) => handlers))(services.handlers()),
        functions: (resource) => services.function(resource),
        otherwise: (request) => services.otherwise(request),
        random: seededRandom(options.seed),
        keepHistory: false,
      });
      return new SimulatedPipeline(plan, stack, services);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  readonly clock: VirtualClock;
  readonly emr: Emr;
  readonly redshift: RedshiftData;

  private constructor(readonly plan: PlanDocument, readonly stack: SimulatedStack, services: Services) {
    ({ clock: this.clock, emr: this.emr, redshift: this.redshift } = services);
    for (const { logicalId } of stack.tagged('AWS::StepFunctions::Activity', {})) {
      for (let worker = 0; worker < WORKERS; worker += 1) stack.work(logicalId, (task, heartbeat) => services.work(task, heartbeat));
    }
  }

  /** ARN of a machine of the pipeline's own, if it has such a one. */
  machine(role: PipelineRole): string | undefined {
    return this.stack.tagged(STATE_MACHINE, { [PIPELINE_TAG]: this.plan.pipeline, [ROLE_TAG]: role })[0]?.ref;
  }

  get starter(): string {
    return this.machine('starter')!;
  }

  get hasSchedule(): boolean {
    return this.stack.tagged('AWS::Scheduler::Schedule', {}).some(({ properties }) => (properties.Target as { Arn?: string }).Arn === this.starter);
  }

  /** What costs, and no run is at work with. */
  get left(): string[] {
    return [
      ...this.emr.clusters.filter(({ alive }) => alive).map(({ request }) => `cluster ${request.name}`),
      ...this.stack.oneTimeSchedules.names.map((name) => `one-time schedule ${name}`),
      ...this.redshift.running.map((sql) => `statement ${sql.slice(0, 60)}`),
    ];
  }

  executions(role: PipelineRole): Execution[] {
    const arn = this.machine(role);
    return arn === undefined ? [] : this.stack.stepFunctions.listExecutions(arn);
  }
}

class Services {
  readonly emr: Emr;
  readonly redshift: RedshiftData;
  /** When each precondition was first asked for. */
  private readonly asked = new Map<string, number>();
  private statements = 0;

  constructor(private readonly behaviour: Behaviour, readonly clock: VirtualClock) {
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
    return { ...this.emr.handlers(), ...this.redshift.handlers(), 'aws-sdk:s3:putObject': async () => ({ ETag: '""' }) };
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

  private async check({ uri, deadline }: CheckRequest): Promise<Json> {
    try {
      this.hold(uri, deadline);
      return { held: true };
    } catch (error) {
      // A function's errors go by the name of what it throws.
      throw error instanceof TaskFailure ? Object.assign(new Error(error.cause), { name: error.error }) : error;
    }
  }

  private hold(precondition: string, deadline?: string): void {
    const now = this.clock.now();
    const first = this.asked.get(precondition) ?? now;
    this.asked.set(precondition, first);
    if (now >= first + this.behaviour.holdsAfter(precondition)) return;
    const late = deadline !== undefined && now >= Date.parse(deadline);
    throw new TaskFailure(late ? PRECONDITION_TIMED_OUT : PRECONDITION_NOT_HELD, `${precondition} does not hold yet`);
  }
}

function roleOf(tags: Json | undefined): string | undefined {
  if (!Array.isArray(tags)) return undefined;
  const tag = tags.filter(isObject).find(({ Key }) => Key === ROLE_TAG);
  return tag && String(tag.Value);
}
