import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Account, BETWEEN_STARTS, DeployedPipeline } from './account';
import { ForwardingClock } from '../../../simulator/clock';
import { Endpoint } from '../../../simulator/endpoint';
import { S3Folder } from '../../../simulator/servers/s3-folder';
import { S3Store } from '../../../simulator/servers/s3-store';
import { SimulatedStack } from '../../../simulator/stack/simulated-stack';
import { RunResult } from '../../../src/contract/run';

const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** The simulator, with its Step Functions and S3 on loopback for real processes. */
export class SimulatedAccount implements Account {
  public static async open(folder: string): Promise<SimulatedAccount> {
    const store = new S3Store(mkdtempSync(join(folder, 's3-')));
    const s3 = await S3Folder.start(store);
    // For Lambda functions, which run in this process.
    Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL_S3: s3.endpoint });
    return new SimulatedAccount(store, s3);
  }

  private readonly endpoints: Endpoint[] = [];

  private constructor(private readonly store: S3Store, private readonly s3: S3Folder) {}

  public async deploy(assembly: string): Promise<DeployedPipeline> {
    const clock = new ForwardingClock();
    const stack = await SimulatedStack.load({ assembly, clock, store: this.store });
    const endpoint = await Endpoint.start(stack.stepFunctions);
    this.endpoints.push(endpoint);
    const later = (minutes: number) => clock.sleep(minutes * 60_000);
    const activities = stack.activities();
    return {
      environment: { ...CREDENTIALS, AWS_ENDPOINT_URL_S3: this.s3.endpoint, AWS_ENDPOINT_URL_SFN: endpoint.url },
      activities,
      bucket: (name) => stack.bucket(name),
      put: async (bucket, key) => { await clock.busy(this.store.put(bucket, key, '')); },
      activate: async (inputs, meanwhile) => {
        await Promise.all(activities.map(async (arn) => endpoint.polled(arn)));
        const starting = async () => {
          for (const input of inputs) {
            await stack.start('StarterStateMachine', input as Record<string, string>).result;
            await later(BETWEEN_STARTS);
          }
        };
        await clock.run(Promise.all([starting(), meanwhile(later)]));
        await clock.run(stack.settled());
      },
      results: async () => new Map(stack.executions('RunStateMachine').map(({ name, outcome }) => [
        name, (outcome!.output ?? JSON.parse(outcome!.cause!)) as unknown as RunResult,
      ])),
      items: async () => await stack.items('RunTable') as never,
    };
  }

  public async close(): Promise<void> {
    await Promise.all(this.endpoints.map(async (endpoint) => endpoint.close()));
    await this.s3.close();
  }
}
