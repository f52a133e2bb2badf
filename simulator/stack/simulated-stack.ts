import { Clock } from '../clock';
import { Execution } from '../execution';
import { JsonObject } from '../json';
import { S3Store } from '../servers/s3-store';
import { DynamoDb } from '../services/dynamodb';
import { Lambda, LambdaFunction } from '../services/lambda';
import { OneTimeSchedules } from '../services/one-time-schedules';
import { S3 } from '../services/s3';
import { Sns } from '../services/sns';
import { StatusChange, StepFunctions } from '../step-functions';
import { description } from '../step-functions-handlers';
import { Json, TaskHandler } from '../task';
import { Assembly } from './assembly';
import { EventRule } from './event-rule';
import { functionOf } from './function';
import { CustomResources, DeployedResource, Resources } from './resources';
import { Schedule, Tick } from './schedules';
import { definitionOf, stateMachineName } from './state-machine';
import { tableDefinition } from './table';
import { Environment } from './template';
import { Observer } from '../thread';
import { work, Work } from './worker';
import { Cancellation, Signal } from '../signals';

export interface SimulatedStackOptions {
  /** A folder that `cdk synth` has written, or one stack of it that was read before. */
  readonly assembly: string | Assembly;
  /** @default - the only stack in the folder */
  readonly stackName?: string;
  readonly clock: Clock;
  /** Where the buckets are. */
  readonly store: S3Store;
  /** What tasks call beyond what the template makes (EMR, Redshift), and instead of what it makes. */
  readonly handlers?: Readonly<Record<string, TaskHandler>>;
  /** What runs in place of a function's own code, where it gives something. */
  readonly functions?: (resource: DeployedResource) => LambdaFunction | undefined;
  /** What tasks call for which there is no stand-in. @default - a machine with such a task is refused */
  readonly otherwise?: TaskHandler;
  /** Numbers from 0 up to 1, for jitter, $random and $uuid. @default - the same ones each time */
  readonly random?: () => number;
  /** Whether executions keep their history. @default true */
  readonly keepHistory?: boolean;
  /** What a machine, by its name, is run as in place of its definition: for what would be if a part of it were not there. */
  readonly altered?: (stateMachine: string, definition: Json) => Json;
  readonly observer?: Observer;
  /** How often rules are told of a change of status; EventBridge delivers at least once. @default 1 */
  readonly eventDeliveries?: number;
  /** What custom resources answer. @default - nothing */
  readonly customResources?: CustomResources;
  /** Values of the template's parameters, over their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 111111111111 */
  readonly accountId?: string;
}

const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
const ACTIVITY = 'AWS::StepFunctions::Activity';
const TABLE = 'AWS::DynamoDB::Table';
const BUCKET = 'AWS::S3::Bucket';
const TOPIC = 'AWS::SNS::Topic';

/**
 * A synthesized stack, deployed into the simulator: its state machines, activities, tables, buckets, topics, functions, schedules
 * and rules on the status of executions. Its other resources have ids and do nothing. Names are logical ids, or what these end in
 * before their hash (`RunTable`).
 */
export class SimulatedStack {
  public static async load(options: SimulatedStackOptions): Promise<SimulatedStack> {
    const { store, region = 'us-east-1', accountId = '111111111111' } = options;
    const assembly = typeof options.assembly === 'string' ? Assembly.read(options.assembly, options.stackName) : options.assembly;
    const environment = { stackName: assembly.stackName, region, accountId };
    const stack = new SimulatedStack(assembly, environment, options);
    for (const { ref } of stack.resources.ofType(BUCKET)) store.createBucket(ref);
    await assembly.publish(store, environment);
    await stack.createStateMachines(store, options);
    return stack;
  }

  public readonly stepFunctions: StepFunctions;
  public readonly dynamoDb: DynamoDb;
  public readonly sns: Sns;
  public readonly oneTimeSchedules: OneTimeSchedules;
  private readonly resources: Resources;
  private readonly schedules: readonly Schedule[];
  private readonly rules: readonly EventRule[];
  private readonly clock: Clock;

  private constructor(assembly: Assembly, environment: Environment, options: SimulatedStackOptions) {
    const { clock, store, handlers, functions, random, keepHistory, observer, parameters, customResources } = options;
    const resources = new Resources(assembly.template, environment, parameters, customResources);
    const refs = (type: string) => resources.ofType(type).map(({ ref }) => ref);
    const lambda = new Lambda();
    for (const each of resources.ofType('AWS::Lambda::Function')) lambda.register(each.ref, functions?.(each) ?? functionOf(each, assembly, environment));
    this.clock = clock;
    this.resources = resources;
    this.dynamoDb = new DynamoDb(resources.ofType(TABLE).map(tableDefinition));
    this.sns = new Sns(refs(TOPIC));
    const starts = ({ properties }: DeployedResource) => String((properties.Target as { Arn?: string } | undefined)?.Arn).includes(':states:');
    this.schedules = resources.ofType('AWS::Scheduler::Schedule').filter(starts).map(each => new Schedule(each, clock.now()));
    this.rules = resources.ofType('AWS::Events::Rule').filter(({ properties }) => properties.EventPattern).map(each => new EventRule(each));
    const services = { ...this.dynamoDb.handlers(), ...this.sns.handlers(), ...lambda.handlers(), ...new S3(store).handlers(), ...handlers };
    this.oneTimeSchedules = new OneTimeSchedules(services);
    const { region, accountId } = environment;
    const all = { ...this.oneTimeSchedules.handlers(), ...services };
    this.stepFunctions = new StepFunctions({ clock, region, accountId, random, keepHistory, observer, handlers: all });
    this.stepFunctions.onStatusChange(change => this.publishChange(change, options.eventDeliveries ?? 1));
  }

  /** The ARN. */
  public stateMachine(name: string): string {
    return this.resources.find(STATE_MACHINE, name).ref;
  }

  /** The ARN. */
  public activity(name: string): string {
    return this.resources.find(ACTIVITY, name).ref;
  }

  /** The ARNs of all. */
  public activities(): string[] {
    return this.resources.ofType(ACTIVITY).map(({ ref }) => ref);
  }

  /** The bucket's own name. */
  public bucket(name: string): string {
    return this.resources.find(BUCKET, name).ref;
  }

  /** Resources of a type that have these tags. */
  public tagged(type: string, tags: Readonly<Record<string, string>>): DeployedResource[] {
    const tagsOf = ({ properties }: DeployedResource) => properties.Tags as { Key: string; Value: string }[] | undefined;
    const has = (each: DeployedResource, key: string, value: string) => tagsOf(each)?.some(tag => tag.Key === key && tag.Value === value);
    return this.resources.ofType(type).filter(each => Object.entries(tags).every(([key, value]) => has(each, key, value)));
  }

  /** The table's own name. */
  public table(name: string): string {
    return this.resources.find(TABLE, name).ref;
  }

  /** All items of a table, as DynamoDB JSON. */
  public items(table: string): Promise<Record<string, Json>[]> {
    return this.dynamoDb.items(this.table(table));
  }

  public start(stateMachine: string, input: Json, name?: string): Execution {
    return this.stepFunctions.startExecution({ stateMachineArn: this.stateMachine(stateMachine), input, name });
  }

  /** In the order of their start. */
  public executions(stateMachine: string): Execution[] {
    return this.stepFunctions.listExecutions(this.stateMachine(stateMachine));
  }

  /** Of all machines, machine by machine. */
  public allExecutions(): Execution[] {
    return this.resources.ofType(STATE_MACHINE).flatMap(({ ref }) => this.stepFunctions.listExecutions(ref));
  }

  /** What the template's schedules send, from `from` inclusive to `to` exclusive, in the order of time. */
  public ticksBetween(from: Date, to: Date): Tick[] {
    return this.schedules.flatMap(schedule => schedule.ticksBetween(from.getTime(), to.getTime())).sort((a, b) => a.time - b.time);
  }

  /** Delivers one tick now, as often as it is called: Scheduler may deliver twice. */
  public deliver({ targetArn, input }: Tick): Execution {
    return this.startTarget(targetArn, JSON.parse(input) as Json);
  }

  /** Lets time pass and delivers each tick when it is due. */
  public async deliverTicks(from: Date, to: Date, signal?: Signal): Promise<Execution[]> {
    const started: Execution[] = [];
    for (const tick of this.ticksBetween(from, to)) {
      await this.clock.sleep(tick.time - this.clock.now(), signal);
      started.push(this.deliver(tick));
    }
    return started;
  }

  /** A worker in virtual time for an activity, by its name or ARN; returns how to stop it. */
  public work(activity: string, workFor: Work): () => void {
    const stop = new Cancellation();
    void work(this.stepFunctions, activity.startsWith('arn:') ? activity : this.activity(activity), workFor, stop.signal);
    return () => stop.cancel();
  }

  /** When no execution runs any more, those included that others start meanwhile. */
  public async settled(): Promise<void> {
    for (let seen = 0; this.allExecutions().length > seen;) {
      const results = this.allExecutions().map(({ result }) => result);
      seen = results.length;
      await Promise.all(results);
    }
  }

  private async createStateMachines(store: S3Store, { otherwise, altered }: SimulatedStackOptions): Promise<void> {
    for (const each of this.resources.ofType(STATE_MACHINE)) {
      const written = await definitionOf(each, store);
      const definition = altered ? altered(stateMachineName(each), parsed(written)) : written;
      if (otherwise) this.stepFunctions.handleUnhandled(definition, otherwise);
      this.stepFunctions.createStateMachine({
        name: stateMachineName(each),
        definition,
        roleArn: String(each.properties.RoleArn),
      });
    }
  }

  private startTarget(stateMachineArn: string, input: Json): Execution {
    return this.stepFunctions.startExecution({ stateMachineArn, input });
  }

  private publishChange({ execution }: StatusChange, deliveries: number): void {
    const event = this.eventOf(execution);
    const targets = this.rules.filter(rule => rule.matches(event)).flatMap(rule => rule.targets);
    for (let delivery = 0; delivery < deliveries; delivery++) {
      for (const { arn, inputFor } of targets) this.startTarget(arn, inputFor(event));
    }
  }

  private eventOf(execution: Execution): JsonObject {
    const { region, accountId } = this.stepFunctions;
    const detail = Object.entries(description(execution)).map(([name, value]) => [name[0].toLowerCase() + name.slice(1), value]);
    return {
      'version': '0',
      'detail-type': 'Step Functions Execution Status Change',
      'source': 'aws.states',
      'account': accountId,
      'time': new Date(this.clock.now()).toISOString(),
      region,
      'resources': [execution.arn],
      'detail': { ...Object.fromEntries(detail), startDate: execution.startDate, stopDate: execution.stopDate ?? null },
    };
  }
}

function parsed(definition: Json): Json {
  return typeof definition === 'string' ? JSON.parse(definition) as Json : definition;
}
