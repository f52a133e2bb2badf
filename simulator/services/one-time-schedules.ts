import { Json, TaskHandler, TaskRequest } from '../task';
import { argumentsOf, Fields, fields, optionalNumber, optionalText, text } from './fields';
import { messageOf, sdkFailure } from './integration';
import { Cancellation } from '../signals';

interface Schedule {
  readonly args: Fields;
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly deleted: Cancellation;
}

/** What became of a schedule that was due. */
export interface Firing {
  readonly name: string;
  readonly at: number;
  /** Why its target failed, where it did. */
  readonly failure?: string;
}

const PAGE = 100;

/** The schedules that runs make: one-time ones (`at(...)`), whose targets are calls of AWS APIs. */
export class OneTimeSchedules {
  public readonly firings: Firing[] = [];
  private readonly schedules = new Map<string, Schedule>();

  /** What the targets call: handlers by name, such as `aws-sdk:emr:terminateJobFlows`. */
  constructor(private readonly targets: Readonly<Record<string, TaskHandler>>) {}

  public handlers(): Record<string, TaskHandler> {
    return {
      'aws-sdk:scheduler:createSchedule': async request => this.create(request),
      'aws-sdk:scheduler:deleteSchedule': async request => this.delete(argumentsOf(request)),
      'aws-sdk:scheduler:listSchedules': async request => this.list(argumentsOf(request)),
    };
  }

  /** Names of the schedules that there are, with their groups: `default/name`. */
  public get names(): string[] {
    return [...this.schedules.keys()];
  }

  private create(request: TaskRequest): Json {
    const args = argumentsOf(request);
    const name = nameOf(args);
    if (this.schedules.has(name)) throw sdkFailure('Scheduler', 'ConflictException', `Schedule ${name} already exists.`, 409);
    const schedule = { args, due: dueTime(args), deleted: new Cancellation() };
    this.target(args);
    this.schedules.set(name, schedule);
    void this.fire(name, schedule, request);
    return { ScheduleArn: `arn:aws:scheduler:us-east-1:123456789012:schedule/${name}` };
  }

  private delete(args: Fields): Json {
    const name = nameOf(args);
    const schedule = this.schedules.get(name);
    if (!schedule) throw sdkFailure('Scheduler', 'ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
    this.schedules.delete(name);
    schedule.deleted.cancel();
    return {};
  }

  private list(args: Fields): Json {
    const prefix = `${optionalText(args, 'GroupName') ?? 'default'}/${optionalText(args, 'NamePrefix') ?? ''}`;
    const [from, count] = [Number(optionalText(args, 'NextToken') ?? 0), optionalNumber(args, 'MaxResults') ?? PAGE];
    const found = this.names.filter(name => name.startsWith(prefix)).sort();
    const page = found.slice(from, from + count).map(name => ({ GroupName: name.split('/')[0], Name: name.split('/')[1], State: 'ENABLED' }));
    return { Schedules: page, ...from + count < found.length ? { NextToken: String(from + count) } : {} };
  }

  private async fire(name: string, { args, due, deleted }: Schedule, request: TaskRequest): Promise<void> {
    try {
      await request.clock.sleep(due - request.clock.now(), deleted.signal);
    } catch {
      return;
    }
    if (args.ActionAfterCompletion === 'DELETE') this.schedules.delete(name);
    this.firings.push({ name, at: request.clock.now(), ...await this.call(args, request) });
  }

  private async call(args: Fields, request: TaskRequest): Promise<{ failure?: string }> {
    const { service, action, handler } = this.target(args);
    const input = JSON.parse(optionalText(fields(args, 'Target'), 'Input') ?? '{}') as Json;
    try {
      await handler({ ...request, resource: `arn:aws:states:::${service}:${action}`, service, action, arguments: input, signal: new Cancellation().signal });
      return {};
    } catch (error) {
      return { failure: messageOf(error) };
    }
  }

  /** `arn:aws:scheduler:::aws-sdk:<service>:<action>` */
  private target(args: Fields): { service: string; action: string; handler: TaskHandler } {
    const target = fields(args, 'Target');
    text(target, 'RoleArn');
    const arn = text(target, 'Arn');
    const [, service, action] = /^arn:[\w-]+:scheduler:::(aws-sdk:\w+):(\w+)$/.exec(arn) ?? [];
    const handler = this.targets[`${service}:${action}`];
    if (!handler) throw invalid(`Provided Arn is not in correct format, or has no stand-in here: ${arn}`);
    return { service, action, handler };
  }
}

function nameOf(args: Fields): string {
  return `${optionalText(args, 'GroupName') ?? 'default'}/${text(args, 'Name')}`;
}

function dueTime(args: Fields): number {
  const expression = text(args, 'ScheduleExpression');
  const [, time] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const zone = optionalText(args, 'ScheduleExpressionTimezone') ?? 'UTC';
  if (!time || zone !== 'UTC') throw invalid(`Invalid Schedule Expression ${expression} in ${zone}: this stand-in knows at(yyyy-mm-ddThh:mm:ss) in UTC`);
  text(fields(args, 'FlexibleTimeWindow'), 'Mode');
  return Date.parse(`${time}Z`);
}

function invalid(message: string): Error {
  return sdkFailure('Scheduler', 'ValidationException', message);
}
