/** One run of a pipeline under a scenario. */
import { Behaviour } from './behaviour';
import { FaultKind, RunEvent, Scenario, Trace } from './scenario';
import { SimulatedPipeline } from './simulated-pipeline';
import { nestedScopes, State, StateScope, TaskState } from '../simulator/definition';
import { JsonObject } from '../simulator/json';
import { S3Store } from '../simulator/servers/s3-store';
import { Assembly } from '../simulator/stack/assembly';
import { TemplateError } from '../simulator/stack/template';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../simulator/task';
import { DEFAULT_SCHEDULE, PipelineRole } from '../src/contract/plan';

export interface Subject {
  readonly assembly: Assembly;
  readonly store: S3Store;
  readonly pipeline?: string;
  readonly seed: number;
}

const START = Date.UTC(2026, 11, 1, 1);
const INTERVAL = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };
const RUN = '2026-12-01T00-00-00Z';
const AFTERWARDS = 15 * 60_000;
const SURFACING = 90_000;
const DEATH = 30_000;
const ROLES: readonly PipelineRole[] = ['run', 'reaper', 'late', 'starter'];
/** Not answered to anybody's harm: nothing is launched, and what is read is read again. */
const FAULTLESS: readonly string[] = ['starter'];

export async function trace(subject: Subject, scenario: Scenario): Promise<Trace> {
  const traced = new TracedRun(scenario);
  await traced.run(subject);
  return { scenario, events: traced.events, left: traced.left };
}

class TracedRun {
  readonly events: RunEvent[] = [];
  left: readonly string[] = [];
  private simulated!: SimulatedPipeline;
  private roles = new Map<string, string>();
  private states = new Map<string, TaskState>();
  private readonly down = new Set<string>();

  constructor(private readonly scenario: Scenario) {}

  async run({ seed, ...subject }: Subject): Promise<void> {
    const { eventDeliveries } = this.scenario;
    const observer = {
      entering: (arn: string, state: string) => this.entering(arn, state),
      calling: (request: TaskRequest, handler: TaskHandler) => this.calling(request, handler),
    };
    this.simulated = await SimulatedPipeline.load({ ...subject, seed, start: START, behaviour: new Behaviour(seed, 0), observer, eventDeliveries });
    const { clock, stack } = this.simulated;
    const { plans, name } = this.simulated;
    if (plans.length > 1) throw new TemplateError(subject.assembly.stackName, `pipeline '${name}' has several schedules, whose runs wait for each other; verify takes pipelines with one`);
    for (const role of ROLES) for (const arn of this.simulated.machines(role)) this.roles.set(arn, role);
    const run = stack.stepFunctions.startExecution({ stateMachineArn: this.simulated.runMachine(DEFAULT_SCHEDULE), name: RUN, input: INTERVAL });
    this.states = tasksIn(run.stateMachine.definition);
    await clock.run(run.result);
    await clock.run(clock.sleep(AFTERWARDS));
    this.left = this.simulated.left;
  }

  private entering(executionArn: string, state: string): void {
    const machine = this.machineOf(executionArn);
    const index = this.events.push({ kind: 'entry', machine, state, faults: [] }) - 1;
    if (this.scenario.stop === index) this.stop();
  }

  private async calling(request: TaskRequest, handler: TaskHandler): Promise<Json> {
    const { executionArn, stateName: state } = request;
    const machine = this.machineOf(executionArn);
    const index = this.events.push({ kind: 'call', machine, state, faults: this.faultsOf(machine, state, request) }) - 1;
    if (this.down.has(`${machine} ${state}`)) throw refused();
    const fault = this.scenario.faults.find(({ at }) => at === index);
    if (fault) return this.failing(fault.kind, `${machine} ${state}`, request, handler);
    const answer = handler(request);
    if (this.scenario.stop === index) this.stop();
    return answer;
  }

  private async failing(kind: FaultKind, state: string, request: TaskRequest, handler: TaskHandler): Promise<Json> {
    const { clock, emr } = this.simulated;
    switch (kind) {
      case 'lost':
        await handler(request);
        throw refused();
      case 'hangs':
        handler(request).catch(() => undefined);
        return new Promise(() => undefined);
      case 'surfaces late':
        clock.sleep(SURFACING).then(() => handler({ ...request, signal: new AbortController().signal })).catch(() => undefined);
        throw refused();
      case 'cluster dies':
        void clock.sleep(DEATH).then(() => emr.cluster(String((request.arguments as JsonObject).ClusterId))
          ?.terminate({ code: 'INSTANCE_FAILURE', message: 'the primary node is gone' }));
        return handler(request);
      case 'down':
        this.down.add(state);
        throw refused();
      case 'refused':
        throw refused();
      default:
        throw new TaskFailure(kind, 'a simulated fault');
    }
  }

  /** What the state can tell apart. */
  private faultsOf(machine: string, name: string, { service, action }: TaskRequest): FaultKind[] {
    if (FAULTLESS.includes(machine)) return [];
    const state = machine === 'run' ? this.states.get(name) : undefined;
    const named = [...state?.Retry ?? [], ...state?.Catch ?? []].flatMap(({ ErrorEquals }) => ErrorEquals);
    const limited = state?.TimeoutSeconds !== undefined || state?.HeartbeatSeconds !== undefined;
    return [
      'refused', 'lost',
      ...state ? ['down' as const] : [],
      ...limited ? ['hangs' as const] : [],
      ...action === 'createCluster' || action === 'runJobFlow' ? ['surfaces late' as const] : [],
      ...service === 'elasticmapreduce' && action === 'addStep' ? ['cluster dies' as const] : [],
      ...new Set(named.filter((error): error is `DataPipeline.${string}` => error.startsWith('DataPipeline.'))),
    ];
  }

  private stop(): void {
    this.simulated.executions('run')[0].stop('Stopped', 'by the verification');
  }

  private machineOf(executionArn: string): string {
    const machine = executionArn.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');
    return this.roles.get(machine) ?? machine.split(':').at(-1)!;
  }
}

function refused(): TaskFailure {
  return new TaskFailure('Service.Unavailable', 'a simulated fault');
}

function tasksIn(scope: StateScope): Map<string, TaskState> {
  const entries = Object.entries(scope.States);
  const own = entries.filter((entry): entry is [string, TaskState] => (entry[1] as State).Type === 'Task');
  return new Map([...own, ...entries.flatMap(([, state]) => nestedScopes(state).flatMap((nested) => [...tasksIn(nested)]))]);
}
