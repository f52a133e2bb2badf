import { Clock } from '../clock';
import { Json, TaskHandler } from '../task';
import { argumentsOf, Fields, fields, optionalFields, optionalTexts, text } from './fields';
import { sdkFailure } from './integration';
import { Cancellation, Signal } from '../signals';

/** How an instance's launch goes. */
export interface InstanceLaunch {
  /** Milliseconds until Systems Manager knows it; Infinity where it never does. */
  readonly registration: number;
  /** Milliseconds until it dies by itself. */
  readonly life?: number;
  /** Why the launch is refused, where it is. */
  readonly failure?: string;
}

export interface Ec2Options {
  /** By default Systems Manager knows it after a minute. */
  readonly launch?: (request: Fields) => Partial<InstanceLaunch>;
}

type State = 'running' | 'terminated';

/** One instance. Its user data may say when it shuts down by itself, which ends it. */
export class Instance {
  public state: State = 'running';
  private readonly launchedAt: number;
  private readonly life = new Cancellation();
  private reason?: string;

  constructor(readonly id: string, readonly request: Fields, private readonly launch: InstanceLaunch, private readonly clock: Clock) {
    this.launchedAt = clock.now();
    void this.endAfter(launch.life, 'Server.InternalError: it died');
    void this.endAfter(shutdownTime(request), 'Client.InstanceInitiatedShutdown: Instance initiated shutdown');
  }

  get registered(): boolean {
    return this.state === 'running' && this.clock.now() - this.launchedAt >= this.launch.registration;
  }

  /** Aborted when it ends. */
  get ended(): Signal {
    return this.life.signal;
  }

  get tags(): Readonly<Record<string, string>> {
    const specifications = (this.request.TagSpecifications ?? []) as Array<{ ResourceType: string; Tags: Array<{ Key: string; Value: string }> }>;
    const own = specifications.find(({ ResourceType }) => ResourceType === 'instance')?.Tags ?? [];
    return Object.fromEntries(own.map(({ Key, Value }) => [Key, Value]));
  }

  end(reason: string): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.reason = reason;
    this.life.cancel(new Error(reason));
  }

  describe(): Json {
    return {
      InstanceId: this.id,
      State: { Name: this.state },
      Tags: Object.entries(this.tags).map(([Key, Value]) => ({ Key, Value })),
      ...this.reason === undefined ? {} : { StateReason: { Message: this.reason } },
    };
  }

  private async endAfter(time: number | undefined, reason: string): Promise<void> {
    if (time === undefined) return;
    await this.clock.sleep(time, this.life.signal).then(() => this.end(reason), () => undefined);
  }
}

/** Instances that are launched once for each client token. */
export class Ec2 {
  public readonly instances: Instance[] = [];
  private readonly byToken = new Map<string, Instance>();

  constructor(private readonly options: Ec2Options = {}) {}

  public handlers(): Record<string, TaskHandler> {
    return {
      'aws-sdk:ec2:runInstances': async request => this.run(argumentsOf(request), request.clock),
      'aws-sdk:ec2:describeInstances': async request => this.describe(argumentsOf(request)),
      'aws-sdk:ec2:terminateInstances': async request => this.terminate(argumentsOf(request)),
    };
  }

  public instance(id: string): Instance | undefined {
    return this.instances.find(each => each.id === id);
  }

  private run(args: Fields, clock: Clock): Json {
    const token = text(args, 'ClientToken');
    if (token.length > 64) throw refused('ClientToken is longer than 64 characters');
    text(args, 'ImageId');
    fields(args, 'IamInstanceProfile');
    const known = this.byToken.get(token);
    if (known) return { Instances: [known.describe()] };
    const launch = { registration: 60_000, ...this.options.launch?.(args) };
    if (launch.failure !== undefined) throw refused(launch.failure);
    const instance = new Instance(`i-${String(this.instances.length + 1).padStart(17, '0')}`, args, launch, clock);
    this.instances.push(instance);
    this.byToken.set(token, instance);
    return { Instances: [instance.describe()] };
  }

  private describe(args: Fields): Json {
    const ids = optionalTexts(args, 'InstanceIds');
    ids?.forEach(id => this.known(id));
    const filters = (args.Filters ?? []) as Array<{ Name: string; Values: string[] }>;
    const listed = (each: Instance) => filters.every(({ Name, Values }) => Values.includes(valueOf(each, Name)));
    const found = this.instances.filter(each => (ids?.includes(each.id) ?? true) && listed(each));
    return { Reservations: found.map(each => ({ Instances: [each.describe()] })) };
  }

  private terminate(args: Fields): Json {
    const named = (optionalTexts(args, 'InstanceIds') ?? []).map(id => this.known(id));
    for (const instance of named) instance.end('Client.UserInitiatedShutdown: User initiated shutdown');
    return { TerminatingInstances: named.map(({ id }) => ({ InstanceId: id, CurrentState: { Name: 'shutting-down' } })) };
  }

  private known(id: string): Instance {
    const instance = this.instance(id);
    if (!instance) throw refused(`The instance ID '${id}' does not exist`);
    return instance;
  }
}

function valueOf(instance: Instance, filter: string): string {
  if (filter === 'instance-state-name') return instance.state;
  if (filter.startsWith('tag:')) return instance.tags[filter.slice('tag:'.length)] ?? '';
  throw refused(`The filter '${filter}' is invalid`);
}

/** Milliseconds, as `shutdown -h +<minutes>` in the user data says. */
function shutdownTime(request: Fields): number | undefined {
  const script = Buffer.from(String(request.UserData ?? ''), 'base64').toString();
  const [, minutes] = /^shutdown -h \+(\d+)/m.exec(script) ?? [];
  return minutes === undefined || optionalFields(request, 'IamInstanceProfile') === undefined ? undefined : Number(minutes) * 60_000;
}

/** Amazon EC2's model names no errors. */
function refused(message: string): Error {
  return sdkFailure('Ec2', 'Ec2Exception', message);
}
