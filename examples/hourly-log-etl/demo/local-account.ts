import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Plant } from './plant';
import { Synthesis } from './synthesis';
import { Teardown } from './teardown';
import { Warehouse } from './warehouse';
import { ForwardingClock } from '../../../simulator/clock';
import { Endpoint } from '../../../simulator/endpoint';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { Emr } from '../../../simulator/services/emr';
import { StepRunner } from '../../../simulator/services/emr-step';
import { localSteps } from '../../../simulator/services/local-steps';
import { RedshiftData } from '../../../simulator/services/redshift-data';
import { SimulatedStack } from '../../../simulator/stack/simulated-stack';
import { RunResult } from '../../../src/contract/run';

export interface LocalAccountOptions {
  readonly folder: string;
  /** The pipeline's time at the beginning. */
  readonly start: Date;
  /** What befalls the steps of EMR. */
  readonly disturbed: (runner: StepRunner) => StepRunner;
  readonly teardown: Teardown;
}

/** The example deployed on this machine: its stack, its services or their stand-ins, and the host in the plant. */
export class LocalAccount {
  static async open({ folder, start, disturbed, teardown }: LocalAccountOptions): Promise<LocalAccount> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const { assembly, done } = teardown.add(new Synthesis(folder), (app) => app.stop());
    await done;
    const store = new S3Store(join(folder, 's3'));
    const s3 = teardown.add(await S3Folder.start(store), (server) => server.close());
    const environment = awsEnvironment(s3.endpoint);
    // For Lambda functions, which run in this process.
    Object.assign(process.env, environment);
    const warehouse = teardown.add(await Warehouse.open(), (database) => database.close());
    const emr = new Emr({ runner: disturbed(localSteps({ store, environment: { PATH: process.env.PATH, ...environment } })) });
    const redshift = new RedshiftData({ database: warehouse.database, store });
    const clock = new ForwardingClock(start.getTime());
    const stack = await SimulatedStack.load({ assembly, clock, store, handlers: { ...emr.handlers(), ...redshift.handlers() } });
    const endpoint = teardown.add(await Endpoint.start(stack.stepFunctions), (server) => server.close());
    const activity = stack.activity('PlantActivity');
    const plantEnvironment = { ...environment, AWS_ENDPOINT_URL_SFN: endpoint.url };
    const plant = teardown.add(new Plant(join(folder, 'plant'), activity, plantEnvironment), (host) => host.stop());
    await Promise.race([endpoint.polled(activity), plant.failure]);
    teardown.add(stack, () => stack.executions('RunStateMachine').forEach((run) => run.stop()));
    return new LocalAccount(folder, clock, stack, store, emr, warehouse, plant);
  }

  private constructor(
    private readonly folder: string,
    readonly clock: ForwardingClock,
    readonly stack: SimulatedStack,
    private readonly store: S3Store,
    private readonly emr: Emr,
    readonly warehouse: Warehouse,
    readonly plant: Plant,
  ) {}

  /** Where the bucket is on this machine. */
  bucketFolder(name: string): string {
    return join(this.folder, 's3', this.stack.bucket(name));
  }

  /** The document that a run leaves in the log bucket. */
  async runResult(run: string): Promise<RunResult> {
    const object = this.store.get(this.stack.bucket('RunLogs'), `log-etl/runs/${run}.json`);
    return JSON.parse(Buffer.concat(await this.store.read(object).toArray() as Buffer[]).toString()) as RunResult;
  }

  /** Names of the clusters that would go on costing money. */
  get leftClusters(): string[] {
    return this.emr.clusters.filter(({ alive }) => alive).map(({ request }) => request.name);
  }
}

function awsEnvironment(s3: string): Record<string, string> {
  return { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo', AWS_ENDPOINT_URL_S3: s3, LC_ALL: 'C' };
}
