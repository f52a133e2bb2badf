/** Runs of a pipeline under a scenario: one of each schedule, or a few, which wait for each other. */
import { Behaviour } from './behaviour';
import { FaultKind, RunEvent, Scenario, Trace } from './scenario';
import { SimulatedPipeline } from './simulated-pipeline';
import { verifiedRuns } from './verified-runs';
import { nestedScopes, State, StateScope, TaskState } from '../simulator/definition';
import { JsonObject } from '../simulator/json';
import { S3Store } from '../simulator/servers/s3-store';
import { Assembly } from '../simulator/stack/assembly';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../simulator/task';
import { PipelineRole } from '../src/contract/plan';

export interface Subject {
  readonly assembly: Assembly;
  readonly store: S3Store;
  readonly pipeline?: string;
  readonly seed: number;
}

const START = Date.UTC(2026, 11, 1, 1);
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
  /** The task states of each Run machine. */
  private readonly states = new Map<string, ReadonlyMap<string, TaskState>>();
  private readonly down = new Set<string>();

  constructor(private readonly scenario: Scenario) {}

  async run({ seed, ...subject }: Subject): Promise<void> {
    const { eventDeliveries } = this.scenario;
    const observer = {
      entering: (arn: string, state: string) => this.entering(arn, state),
      calling: (request: TaskRequest, handler: TaskHandler) => this.calling(request, handler),
    };
    this.simulated = await SimulatedPipeline.load({ ...subject, seed, start: START, behaviour: new Behaviour(seed, 0), observer, eventDeliveries });
    const { clock, stack, plans } = this.simulated;
    for (const role of ROLES) for (const arn of this.simulated.machines(role)) this.roles.set(arn, role);
    const { runs, finished } = verifiedRuns(plans, START);
    for (const { activity, start } of finished) await this.simulated.finish(activity, start);
    const executions = runs.map(({ schedule, name, input }) => (
      stack.stepFunctions.startExecution({ stateMachineArn: this.simulated.runMachine(schedule), name, input: { ...input } })));
    for (const { stateMachine } of executions) this.states.set(stateMachine.arn, tasksIn(stateMachine.definition));
    await clock.run(Promise.all(executions.map(({ result }) => result)));
    await clock.run(clock.sleep(AFTERWARDS));
    this.left = this.simulated.left;
  }

  private entering(executionArn: string, state: string): void {
    const index = this.events.push({ kind: 'entry', ...this.placeOf(executionArn), state, faults: [] }) - 1;
    if (this.scenario.stop === index) this.stop(executionArn);
  }

  private async calling(request: TaskRequest, handler: TaskHandler): Promise<Json> {
    const { executionArn, stateName: state } = request;
    const place = this.placeOf(executionArn);
    const index = this.events.push({ kind: 'call', ...place, state, faults: this.faultsOf(place.machine, request) }) - 1;
    if (this.down.has(`${executionArn} ${state}`)) throw refused();
    const fault = this.scenario.faults.find(({ at }) => at === index);
    if (fault) return this.failing(fault.kind, `${executionArn} ${state}`, request, handler);
    const answer = handler(request);
    if (this.scenario.stop === index) this.stop(executionArn);
    return answer;
  }

  private async failing(kind: FaultKind, state: string, request: TaskRequest, handler: TaskHandler): Promise<Json> {
    const { clock, ec2, emr } = this.simulated;
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
      case 'instance dies':
        void clock.sleep(DEATH).then(() => ec2.instance(String((request.arguments as { InstanceIds?: Json[] }).InstanceIds?.[0]))?.end('it was taken back'));
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
  private faultsOf(machine: string, { service, action, stateName, executionArn }: TaskRequest): FaultKind[] {
    if (FAULTLESS.includes(machine)) return [];
    const state = this.states.get(machineOf(executionArn))?.get(stateName);
    const named = [...state?.Retry ?? [], ...state?.Catch ?? []].flatMap(({ ErrorEquals }) => ErrorEquals);
    const limited = state?.TimeoutSeconds !== undefined || state?.HeartbeatSeconds !== undefined;
    return [
      'refused', 'lost',
      ...state ? ['down' as const] : [],
      ...limited ? ['hangs' as const] : [],
      ...['createCluster', 'runJobFlow', 'runInstances'].includes(action) ? ['surfaces late' as const] : [],
      ...service === 'elasticmapreduce' && action === 'addStep' ? ['cluster dies' as const] : [],
      ...action === 'sendCommand' ? ['instance dies' as const] : [],
      ...new Set(named.filter((error): error is `DataPipeline.${string}` => error.startsWith('DataPipeline.'))),
    ];
  }

  private stop(executionArn: string): void {
    this.simulated.executions('run').find(({ arn }) => arn === executionArn)?.stop('Stopped', 'by the verification');
  }

  private placeOf(executionArn: string): Pick<RunEvent, 'machine' | 'execution'> {
    const arn = machineOf(executionArn);
    return { machine: this.roles.get(arn) ?? arn.split(':').at(-1)!, execution: executionArn.split(':').at(-1)! };
  }
}

function machineOf(executionArn: string): string {
  return executionArn.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');
}

function refused(): TaskFailure {
  return new TaskFailure('Service.Unavailable', 'a simulated fault');
}

function tasksIn(scope: StateScope): Map<string, TaskState> {
  const entries = Object.entries(scope.States);
  const own = entries.filter((entry): entry is [string, TaskState] => (entry[1] as State).Type === 'Task');
  return new Map([...own, ...entries.flatMap(([, state]) => nestedScopes(state).flatMap((nested) => [...tasksIn(nested)]))]);
}
