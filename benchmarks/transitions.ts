import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { flowOf } from './by-hand';
import { logEtlByHand } from './log-etl-by-hand';
import { Order } from './orders';
import { pipelineOf } from './pipelines';
import { LogEtlStack } from '../examples/hourly-log-etl/log-etl-stack';
import { VirtualClock } from '../simulator/clock';
import { Execution } from '../simulator/execution';
import { S3Store } from '../simulator/servers/s3-store';
import { SimulatedStack } from '../simulator/stack/simulated-stack';
import { Json, TaskHandler } from '../simulator/task';
import { MINUTE, modelledEmr, modelledFunctions, modelledRedshift } from '../test/simulator-stack/models';

export interface Transitions {
  readonly activities: number;
  /** Of the Run machine. */
  readonly run: number;
  /** Of all machines that a run costs. */
  readonly library: number;
  readonly byHand: number;
}

export async function transitionsOf(order: Order): Promise<Transitions> {
  const library = await Deployed.of((app) => pipelineOf(order, app));
  const byHand = await Deployed.of((app) => flowOf(order, app));
  await library.start('StarterStateMachine', {});
  await byHand.start('Flow', {});
  return { activities: order.length, ...library.counted(), byHand: byHand.transitions };
}

/** Its activities: Extract, Transform and Load. */
export async function logEtlTransitions(): Promise<Transitions> {
  const library = await Deployed.of((app) => new LogEtlStack(app, 'LogEtl'));
  const byHand = await Deployed.of(logEtlByHand);
  await library.start('StarterStateMachine', { scheduledTime: '2026-12-01T01:00:00Z' });
  await byHand.start('Flow', {});
  return { activities: 3, ...library.counted(), byHand: byHand.transitions };
}

/** A stack in the simulator, whose services and hosts do all that they are asked for. */
export class Deployed {
  static async of(make: (app: App) => unknown): Promise<Deployed> {
    const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
    try {
      const app = new App({ outdir: join(folder, 'cdk.out') });
      make(app);
      app.synth();
      return await Deployed.load(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private static async load(folder: string): Promise<Deployed> {
    const store = new S3Store(join(folder, 's3'));
    for (const bucket of ['logs', 'data']) store.createBucket(bucket);
    const clock = new VirtualClock(Date.UTC(2026, 11, 1));
    const nothing: TaskHandler = async () => ({});
    const handlers = {
      ...modelledEmr().handlers(), ...modelledRedshift(), 'lambda:invoke': modelledFunctions, 'aws-sdk:s3:headObject': nothing, 'aws-sdk:s3:putObject': nothing,
    };
    const stack = await SimulatedStack.load({ assembly: join(folder, 'cdk.out'), clock, store, handlers });
    const work = async () => {
      await clock.sleep(MINUTE);
      return {};
    };
    for (const arn of stack.activities()) stack.work(arn, work);
    return new Deployed(stack, clock);
  }

  private constructor(private readonly stack: SimulatedStack, private readonly clock: VirtualClock) {}

  /** Until nothing runs any more. */
  async start(machine: string, input: Json): Promise<void> {
    this.stack.start(machine, input);
    await this.clock.run(this.stack.settled());
    const failed = this.executions.find(({ status }) => status !== 'SUCCEEDED');
    if (failed) throw new Error(`${failed.name}: ${failed.status} ${JSON.stringify(failed.outcome)}`);
  }

  get transitions(): number {
    return this.executions.reduce((sum, { transitions }) => sum + transitions, 0);
  }

  counted(): { readonly run: number; readonly library: number } {
    const [run] = this.stack.executions('RunStateMachine');
    return { run: run.transitions, library: this.transitions };
  }

  private get executions(): Execution[] {
    return this.stack.allExecutions();
  }
}
