import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateActivityCommand, DescribeExecutionCommand, DescribeStateMachineCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { Account, BETWEEN_STARTS, DeployedPipeline, Item } from './account';
import { rewritten, Template, TemplateResource, withoutResources } from './for-ministack';
import { MiniStack, WAIT_SCALE } from './ministack';
import { JsonObject } from '../../../simulator/json';
import { RunResult } from '../../../src/contract/run';

const CDK = join(__dirname, '../../../node_modules/.bin/cdk');
const ACTIVITY = 'AWS::StepFunctions::Activity';
const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
/** Types that MiniStack's CloudFormation does not know, activations, of which it has none, and alarms on an expression of metrics. */
const UNKNOWN_TYPES = [ACTIVITY, 'AWS::SSM::Association', 'AWS::SSM::Document', 'Custom::DataPipelineActivation'];
const unknown = ({ Type, Properties }: TemplateResource) => UNKNOWN_TYPES.includes(Type) || 'Metrics' in (Properties ?? {});

/** MiniStack: the CDK's own command deploys to it. */
export class EmulatedAccount implements Account {
  public static async open(executable: string, folder: string): Promise<EmulatedAccount> {
    const account = new EmulatedAccount(await MiniStack.start(executable, join(folder, 'ministack')), folder);
    await account.cdk('bootstrap', 'aws://000000000000/us-east-1');
    return account;
  }

  /** What was changed for the emulator, by stack. */
  public readonly changes: string[] = [];
  private readonly clients: Clients;

  private constructor(private readonly server: MiniStack, private readonly folder: string) {
    const { environment: its } = server;
    const credentials = { accessKeyId: its.AWS_ACCESS_KEY_ID, secretAccessKey: its.AWS_SECRET_ACCESS_KEY };
    const config = { endpoint: its.AWS_ENDPOINT_URL, region: its.AWS_REGION, credentials };
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    this.clients = { stepFunctions: new SFNClient(config), s3, dynamoDb: new DynamoDBClient(config) };
  }

  public async deploy(assembly: string): Promise<DeployedPipeline> {
    const { stepFunctions } = this.clients;
    const copy = join(this.folder, `for-ministack-${basename(assembly)}`);
    cpSync(assembly, copy, { recursive: true });
    const [stackName] = Object.entries(json<Manifest>(join(copy, 'manifest.json')).artifacts).find(([, { type }]) => type === 'aws:cloudformation:stack')!;
    const file = join(copy, `${stackName}.template.json`);
    const template = json<Template>(file);
    const activities: string[] = [];
    const replacements: Record<string, string> = {};
    for (const [id, { Type }] of Object.entries(template.Resources).filter(([, each]) => unknown(each))) {
      const { activityArn = '' } = Type === ACTIVITY ? await stepFunctions.send(new CreateActivityCommand({ name: id })) : {};
      replacements[id] = activityArn;
      if (activityArn) activities.push(activityArn);
      this.changes.push(`${stackName}: ${id} (${Type}) ${activityArn ? 'created through the API' : 'left out'}`);
    }
    writeFileSync(file, JSON.stringify(withoutResources(template, replacements)));
    const outputs = join(copy, 'outputs.json');
    await this.cdk('deploy', '--app', copy, '--all', '--require-approval', 'never', '--outputs-file', outputs);
    const deployed = new EmulatedPipeline(this.server.environment, activities, ids(template, json<Outputs>(outputs)[stackName]), this.clients);
    this.changes.push(...(await deployed.adapt()).map((change) => `${stackName}: ${change}`));
    return deployed;
  }

  public async close(): Promise<void> {
    await this.server.stop();
  }

  private async cdk(...args: string[]): Promise<void> {
    const env = { PATH: process.env.PATH, HOME: this.folder, CDK_HOME: join(this.folder, 'cdk'), CDK_DISABLE_VERSION_CHECK: '1', ...this.server.environment };
    await promisify(execFile)(process.execPath, [CDK, ...args], { env, cwd: this.folder });
  }
}

interface Clients {
  readonly stepFunctions: SFNClient;
  readonly s3: S3Client;
  readonly dynamoDb: DynamoDBClient;
}

interface Manifest { readonly artifacts: Readonly<Record<string, { readonly type: string }>> }

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
}

function ids(template: Template, outputs: Readonly<Record<string, string>>): Resource[] {
  return Object.entries(template.Resources).map(([logicalId, { Type }]) => ({ logicalId, type: Type, id: outputs[`Id${logicalId}`] }));
}

class EmulatedPipeline implements DeployedPipeline {
  public readonly environment: Readonly<Record<string, string>>;

  constructor(
    environment: Readonly<Record<string, string>>, public readonly activities: readonly string[], private readonly resources: readonly Resource[],
    private readonly clients: Clients,
  ) {
    this.environment = environment;
  }

  public bucket(name: string): string {
    return this.find('AWS::S3::Bucket', name);
  }

  public async put(bucket: string, key: string): Promise<void> {
    await this.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'there' }));
  }

  public async activate(inputs: readonly object[], meanwhile: (later: (minutes: number) => Promise<void>) => Promise<void>): Promise<void> {
    const later = async (minutes: number) => sleep(minutes * 60_000 * WAIT_SCALE);
    const starting = async () => {
      for (const input of inputs) {
        await this.start(input);
        await later(BETWEEN_STARTS);
      }
    };
    await Promise.all([starting(), meanwhile(later)]);
    await this.settled();
  }

  public async results(): Promise<ReadonlyMap<string, RunResult>> {
    const runs = await this.executions(this.find(STATE_MACHINE, 'RunStateMachine'));
    return new Map(await Promise.all(runs.map(async ({ name, executionArn }) => {
      const { output, cause, status } = await this.clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return [name!, JSON.parse((status === 'SUCCEEDED' ? output : cause)!) as RunResult] as const;
    })));
  }

  public async items(): Promise<Item[]> {
    const { Items } = await this.clients.dynamoDb.send(new ScanCommand({ TableName: this.find('AWS::DynamoDB::Table', 'RunTable') }));
    return Items as unknown as Item[];
  }

  /** Gives each machine the definition that the emulator can carry out; returns what was changed. */
  public async adapt(): Promise<string[]> {
    const changes = this.machines.map(async (stateMachineArn) => {
      const { definition, name } = await this.clients.stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn }));
      const { definition: adapted, changes: its } = rewritten(JSON.parse(definition!) as JsonObject);
      await this.clients.stepFunctions.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(adapted) }));
      return its.map((change) => `${name}: ${change}`);
    });
    return (await Promise.all(changes)).flat();
  }

  private get machines(): string[] {
    return this.resources.filter(({ type }) => type === STATE_MACHINE).map(({ id }) => id);
  }

  private find(type: string, name: string): string {
    const found = this.resources.filter((each) => each.type === type && each.logicalId.slice(0, -8).endsWith(name));
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} are named ${name}`);
    return found[0].id;
  }

  private async start(input: object): Promise<void> {
    const stateMachineArn = this.find(STATE_MACHINE, 'StarterStateMachine');
    await this.clients.stepFunctions.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    await this.settled([stateMachineArn]);
  }

  private async settled(machines = this.machines): Promise<void> {
    for (;;) {
      const all = (await Promise.all(machines.map(async (arn) => this.executions(arn)))).flat();
      if (all.every(({ status }) => status !== 'RUNNING')) return;
      await sleep(200);
    }
  }

  private async executions(stateMachineArn: string) {
    const { executions = [] } = await this.clients.stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions;
  }
}

async function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
