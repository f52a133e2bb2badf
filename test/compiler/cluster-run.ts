import { Duration } from 'aws-cdk-lib';
import { pipeline } from './fixture';
import { activityMachines, runMachine } from './machines';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { DynamoDb } from '../../simulator/services/dynamodb';
import { Emr } from '../../simulator/services/emr';
import { ClusterRequest, Launch } from '../../simulator/services/emr-cluster';
import { StepRunner } from '../../simulator/services/emr-step';
import { StepFunctions } from '../../simulator/step-functions';
import { Json, TaskHandler } from '../../simulator/task';
import { Activity, EmrActivity, EmrCluster, EmrClusterProps, EmrStep, Pipeline } from '../../src';
import { ObjectResult, RunResult } from '../../src/contract/run';

const START = Date.UTC(2026, 11, 1);
export const MINUTE = 60_000;

interface Options {
  readonly cluster?: EmrClusterProps;
  readonly steps?: EmrStep[];
  readonly attemptTimeout?: Duration;
  readonly launch?: (request: ClusterRequest) => Partial<Launch>;
  readonly runner?: StepRunner;
  /** Handlers around those of EMR. */
  readonly around?: (emr: Record<string, TaskHandler>) => Record<string, TaskHandler>;
  readonly more?: (scope: Pipeline, cluster: EmrCluster, first: Activity) => void;
}

/** A run of one activity `A` on `Cluster`. Launches take a minute, steps too. */
export class ClusterRun {
  public readonly clock = new VirtualClock(START);
  public readonly emr: Emr;
  public readonly steps: string[] = [];
  public readonly guards: Json[] = [];
  private readonly execution: Execution;

  constructor({ cluster: props, steps = [EmrStep.command(['work'])], attemptTimeout, launch, runner, around = (emr) => emr, more = () => undefined }: Options) {
    const scope = pipeline();
    const cluster = new EmrCluster(scope, 'Cluster', props);
    more(scope, cluster, new EmrActivity(scope, 'A', { runsOn: cluster, steps, attemptTimeout, maximumRetries: 1 }));
    const work: StepRunner = runner ?? (async (_, { clock, signal }) => clock.sleep(MINUTE, signal));
    this.emr = new Emr({
      launch: (request) => ({ startup: MINUTE, shutdown: 0, ...launch?.(request) }),
      runner: (step, context) => {
        this.steps.push(`${context.clusterId.at(-1)} ${context.stepName}`);
        return work(step, context);
      },
    });
    const service = new StepFunctions({ clock: this.clock, handlers: { ...this.others(), ...around(this.emr.handlers()) } });
    const stateMachineArn = service.createStateMachine({ name: 'Run', definition: runMachine(scope) as unknown as Json });
    for (const [name, machine] of activityMachines(scope)) service.createStateMachine({ name, definition: machine as unknown as Json });
    const input = { scheduledStartTime: '2026-12-01T00:00:00Z', scheduledEndTime: '2026-12-01T01:00:00Z' };
    this.execution = service.startExecution({ stateMachineArn, name: 'run', input });
  }

  async objects(): Promise<Record<string, ObjectResult>> {
    const { output, cause } = await this.clock.run(this.execution.result);
    await this.clock.run(this.clock.sleep(0)); // what ends, ends
    return (output as unknown as RunResult ?? JSON.parse(cause!) as RunResult).objects;
  }

  get minutes(): number {
    return (this.clock.now() - START) / MINUTE;
  }

  get clusters(): string[] {
    return this.emr.clusters.map(({ request, state }) => `${request.name} ${state}`);
  }

  private others(): Record<string, TaskHandler> {
    const done: TaskHandler = async () => ({});
    return {
      ...new DynamoDb([{ tableName: 'PRunTable', partitionKey: 'run', sortKey: 'item' }]).handlers(),
      'aws-sdk:s3:putObject': done,
      'aws-sdk:sfn:startExecution': done,
      'aws-sdk:scheduler:createSchedule': async (request) => {
        this.guards.push(request.arguments);
        return {};
      },
      'aws-sdk:scheduler:deleteSchedule': async (request) => {
        this.guards.push(request.arguments);
        return {};
      },
    };
  }
}
