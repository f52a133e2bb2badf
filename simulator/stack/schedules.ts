import { DeployedResource } from './resources';
import { TemplateError } from './template';
import { fields, optionalText, text } from '../services/fields';
import { ticks } from '../services/scheduler';

/** A moment at which a schedule is due. */
export interface Tick {
  /** Logical id. */
  readonly schedule: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly targetArn: string;
  /** What the target gets, with the context attributes replaced. */
  readonly input: string;
}

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A schedule of EventBridge Scheduler, as a template has it. */
export class Schedule {
  private readonly times: (from: number, to: number) => Iterable<number>;
  private readonly targetArn: string;
  private readonly input: string;

  /** `created` is when the stack is deployed: a rate without a start counts from there. */
  constructor(private readonly resource: DeployedResource, created: number) {
    const { properties } = resource;
    const target = fields(properties, 'Target');
    this.targetArn = text(target, 'Arn');
    this.input = optionalText(target, 'Input') ?? '{}';
    const start = Date.parse(optionalText(properties, 'StartDate') ?? '');
    const end = Date.parse(optionalText(properties, 'EndDate') ?? '');
    const times = this.timesOf(text(properties, 'ScheduleExpression'), start || created);
    const enabled = properties.State !== 'DISABLED';
    this.times = (from, to) => enabled ? times(Math.max(from, start || from), Math.min(to, end || to)) : [];
  }

  /** From `from` inclusive to `to` exclusive. */
  public ticksBetween(from: number, to: number): Tick[] {
    const { logicalId } = this.resource;
    return [...this.times(from, to)].map(time => ({ schedule: logicalId, time, targetArn: this.targetArn, input: this.inputAt(time) }));
  }

  private timesOf(expression: string, anchor: number): (from: number, to: number) => Iterable<number> {
    const [, kind, body] = /^(cron|rate)\((.*)\)$/.exec(expression) ?? [];
    const timeZone = optionalText(this.resource.properties, 'ScheduleExpressionTimezone') ?? 'Etc/UTC';
    if (kind === 'cron') return (from, to) => ticks(body, timeZone, from, to);
    const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(body ?? '') ?? [];
    if (kind === 'rate' && count) return rateTimes(Number(count) * UNITS[unit as keyof typeof UNITS], anchor);
    throw new TemplateError(`schedule '${this.resource.logicalId}'`, `ScheduleExpression is '${expression}'; cron(...) or rate(...) is expected`);
  }

  private inputAt(time: number): string {
    const attributes: Record<string, string> = {
      'scheduled-time': new Date(time).toISOString().replace('.000Z', 'Z'),
      'schedule-arn': this.resource.attributes.Arn,
      // New for each delivery; one that depends on the time alone keeps runs repeatable.
      'execution-id': `${this.resource.logicalId}-${time}`,
      'attempt-number': '1',
    };
    return this.input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => attributes[name] ?? whole);
  }
}

function rateTimes(period: number, anchor: number): (from: number, to: number) => Iterable<number> {
  return function* (from, to) {
    for (let time = anchor + Math.max(0, Math.ceil((from - anchor) / period)) * period; time < to; time += period) yield time;
  };
}
