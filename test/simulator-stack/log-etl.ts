import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DeletableStack } from './deletable-stack';
import { HOUR, MINUTE, modelledEmr, modelledRedshift, RunningStatements, ServiceBehaviour } from './models';
import { LogEtlStack } from '../../examples/hourly-log-etl/log-etl-stack';
import { VirtualClock } from '../../simulator/clock';
import { Execution } from '../../simulator/execution';
import { S3Store } from '../../simulator/servers/s3-store';
import { Emr } from '../../simulator/services/emr';
import { SimulatedStack, SimulatedStackOptions } from '../../simulator/stack/simulated-stack';
import { Template } from '../../simulator/stack/template';
import { TaskFailure } from '../../simulator/task';
import { RunResult } from '../../src/contract/run';
import { ShellTask } from '../../src/contract/task';

/** When the first interval's tick is due: its run is that of midnight. */
export const FIRST_TICK = new Date('2026-12-01T01:00:00Z');
export const RUN = '2026-12-01T00-00-00Z';

export interface Behaviour extends ServiceBehaviour {
  /** How machines differ from what is synthesized. */
  readonly altered?: SimulatedStackOptions['altered'];
  /** Why a shell task fails, where it does. */
  readonly shell?: (task: ShellTask) => string | undefined;
}

/** Synthesizes the example's stack, or what `edit` makes of its template; `remove` its folder afterwards. */
export function synthesized(edit: (template: Template) => void = () => undefined): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'log-etl-'));
  const app = new App({ outdir: join(folder, 'cdk.out') });
  new LogEtlStack(app, 'HourlyLogEtl');
  app.synth();
  const file = join(folder, 'cdk.out', 'HourlyLogEtl.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  edit(template);
  writeFileSync(file, JSON.stringify(template));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** The hourly log ETL in virtual time, with a modelled host, EMR and Redshift. */
export class LogEtl extends DeletableStack {
  public static async load(folder: string, behaviour: Behaviour = {}): Promise<LogEtl> {
    const store = new S3Store(mkdtempSync(join(folder, 's3-')));
    const clock = new VirtualClock(FIRST_TICK.getTime() - HOUR);
    const emr = modelledEmr(behaviour);
    // Modelled steps write nothing: what they would have written is there.
    const statements: RunningStatements = new Map();
    const etl: { made?: LogEtl } = {};
    const handlers = { ...emr.handlers(), ...modelledRedshift(behaviour, statements), 'lambda:invoke': DeletableStack.functions(() => etl.made) };
    const stack = await SimulatedStack.load({ assembly: join(folder, 'cdk.out'), clock, store, handlers, altered: behaviour.altered });
    return etl.made = new LogEtl(stack, clock, store, emr, statements, behaviour);
  }

  public readonly tasks: ShellTask[] = [];

  private constructor(stack: SimulatedStack, clock: VirtualClock, private readonly store: S3Store,
    emr: Emr, private readonly statements: RunningStatements, behaviour: Behaviour) {
    super(stack, clock, emr);
    stack.work('PlantActivity', async input => {
      const task = input as unknown as ShellTask;
      this.tasks.push(task);
      await clock.sleep(task.purpose === 'precondition' ? 1000 : 2 * MINUTE);
      const error = behaviour.shell?.(task);
      if (error) throw new TaskFailure(error, `${task.object} ended with exit code 1`);
      return { exitCode: 0 };
    });
  }

  /** From the first tick on until nothing runs any more. */
  public async runFirstHour(): Promise<Execution> {
    await this.clock.run(this.firstTick());
    await this.clock.run(this.stack.settled());
    return this.run;
  }

  public begin(): Promise<void> {
    return this.firstTick();
  }

  public async firstTick(): Promise<void> {
    const [starter] = await this.stack.deliverTicks(FIRST_TICK, new Date(FIRST_TICK.getTime() + 1));
    await starter.result;
  }

  public get run(): Execution {
    return this.stack.executions('RunStateMachine')[0];
  }

  /** The document in the log bucket. */
  public async result(): Promise<RunResult> {
    const object = this.store.get(this.stack.bucket('RunLogs'), `log-etl/runs/${RUN}.json`);
    return JSON.parse(Buffer.concat(await this.store.read(object).toArray() as Buffer[]).toString()) as RunResult;
  }

  /** `<object>: <status> <attempts>` of the result. */
  public async outcome(): Promise<Record<string, string>> {
    const { objects } = await this.result();
    return Object.fromEntries(Object.entries(objects).map(([id, { status, attempts }]) => [id, `${status} ${attempts}`]));
  }

  /** The Run table's statuses of the run. */
  public async items(): Promise<Record<string, string>> {
    const items = await this.stack.items('RunTable') as Record<string, { S: string }>[];
    return Object.fromEntries(items.filter(({ run }) => run.S === RUN).map(({ item, status }) => [item.S, status.S]));
  }

  public get subjects(): (string | undefined)[] {
    return this.stack.sns.messages.map(({ subject }) => subject);
  }

  public override get leftovers(): string[] {
    return [...super.leftovers, ...this.statements.values()];
  }

  /** Clusters that cost money. */
  public get living(): string[] {
    return this.emr.clusters.filter(({ alive }) => alive).map(({ request }) => request.name);
  }
}
