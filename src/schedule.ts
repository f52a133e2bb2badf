import { Duration, Token } from 'aws-cdk-lib';
import { CronOptionsWithTimezone } from 'aws-cdk-lib/aws-scheduler';
import { Timing } from './contract/calendar';
import { InvalidCronError, parseCron } from './contract/cron';
import { DEFAULT_SCHEDULE } from './contract/plan';
import { DefinitionError } from './errors';
import { Fields } from './fields';
import { timingName } from './schedule-ticks';

/** Whether a run starts at the start or at the end of its interval, or when it is asked for. */
export enum ScheduleType {
  /** At the start of the interval. */
  CRON = 'cron',
  /** At the end of the interval, when all its data can be there. */
  TIMESERIES = 'timeseries',
  /** At each activation. */
  ONDEMAND = 'ondemand',
}

/** A start that is no date of its own. */
export enum StartAt {
  /**
   * When the schedule is deployed for the first time, to the minute. It is recorded then, and never moves, whatever is deployed later. With
   * ScheduleType.CRON the first run starts with the deployment.
   */
  FIRST_ACTIVATION_DATE_TIME = 'FIRST_ACTIVATION_DATE_TIME',
}

/** What schedules with intervals have in common. */
export interface IntervalOptions {
  /**
   * A schedule of the same kind, whose props are taken where they are left out here, but for `scheduleName`. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: Schedule;
  /**
   * Every interval starts before it. Not together with `occurrences`.
   *
   * @default - the schedule does not end
   */
  readonly endDateTime?: Date;
  /**
   * How many intervals there are from the start on. Not together with `endDateTime`.
   *
   * @default - the schedule does not end
   */
  readonly occurrences?: number;
  /**
   * When a run starts: CRON or TIMESERIES.
   *
   * @default ScheduleType.CRON
   */
  readonly scheduleType?: ScheduleType;
  /**
   * What the schedule is called where a pipeline has several: names of its runs begin with it, and commands take it as `--schedule`.
   * 1 to 15 letters, digits and `-`, the first a letter; not `default`, as the pipeline's own is called. Another name is
   * another schedule: it remembers no intervals of the old one.
   *
   * @default - made from the timing, such as `every-6h`, so that another timing is another name
   */
  readonly scheduleName?: string;
}

/** Options of `Schedule.rate`: exactly one of `startDateTime` and `startAt`. */
export interface RateScheduleOptions extends IntervalOptions {
  /**
   * Start of the first interval; the others follow from it, to the millisecond.
   *
   * @default - `startAt` is given
   */
  readonly startDateTime?: Date;

  /**
   * Starts the first interval with the first deployment, where the date does not matter.
   *
   * @default - `startDateTime` is given
   */
  readonly startAt?: StartAt;
}

/**
 * Options of `Schedule.cron`. The fields are those of EventBridge Scheduler; one that is absent means every value.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export interface CronScheduleOptions extends CronOptionsWithTimezone, IntervalOptions {
  /**
   * No interval starts before it.
   *
   * @default - from the deployment on
   */
  readonly startDateTime?: Date;
}

/**
 * When a pipeline runs.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-schedule.html
 */
export class Schedule {
  /**
   * A run for each period since a start.
   *
   * @param period a whole number of minutes, from 1 minute to 3 years
   * @throws DefinitionError naming what is not allowed
   */
  public static rate(period: Duration, options: RateScheduleOptions): Schedule {
    const check = new Checks('Schedule.rate');
    options = check.inherited('rate', options);
    const millis = check.period(period);
    const scheduleType = check.style(options.scheduleType);
    check.start(options);
    check.range(options);
    check.name(options.scheduleName);
    return new Schedule(scheduleType, {
      kind: 'rate',
      period: millis,
      scheduleType,
      startDateTime: options.startDateTime?.toISOString(),
      endDateTime: options.endDateTime?.toISOString(),
      occurrences: options.occurrences,
    }, options);
  }

  /**
   * A run for each interval between the times that a cron expression names in a time zone.
   *
   * @throws DefinitionError naming what is not allowed
   */
  public static cron(options: CronScheduleOptions): Schedule {
    const check = new Checks('Schedule.cron');
    options = check.inherited('cron', options);
    const cron = check.cron(options);
    const timeZone = check.timeZone(options.timeZone?.timezoneName ?? 'Etc/UTC');
    const scheduleType = check.style(options.scheduleType);
    check.range(options);
    check.name(options.scheduleName);
    return new Schedule(scheduleType, {
      kind: 'cron',
      cron,
      timeZone,
      scheduleType,
      startDateTime: options.startDateTime?.toISOString(),
      endDateTime: options.endDateTime?.toISOString(),
      occurrences: options.occurrences,
    }, options);
  }

  /** A run for each activation, and none by itself. */
  public static onDemand(): Schedule {
    return new Schedule(ScheduleType.ONDEMAND, { kind: 'onDemand' });
  }

  /** Whether a run starts at the start or at the end of its interval, or when it is asked for. */
  public readonly scheduleType: ScheduleType;

  /** @internal */
  public readonly _timing: Timing;

  private constructor(
    scheduleType: ScheduleType, timing: Timing,
    /** @internal */
    public readonly _options: IntervalOptions = {},
  ) {
    this.scheduleType = scheduleType;
    this._timing = timing;
  }

  /** @internal */
  public get _name(): string {
    return this._options.scheduleName ?? timingName(this._timing);
  }

  /** By AWS Data Pipeline's names, and the time zone of a cron expression.
   * @internal */
  public get _fields(): Fields {
    const { _name: name, _timing: timing, scheduleType } = this;
    const own = { timeZone: 'UTC', ...timing, id: name, name, scheduleType };
    if (timing.kind === 'onDemand') return own;
    const { startDateTime, endDateTime } = timing;
    const range = { startDateTime: startDateTime && new Date(startDateTime), endDateTime: endDateTime && new Date(endDateTime) };
    return { ...own, ...range, ...timing.kind === 'rate' ? { period: Duration.millis(timing.period) } : {} };
  }

  /** Whether objects of the two are of one schedule: the same times, and the same name where one is given.
   * @internal */
  public _equals(other: Schedule): boolean {
    return this._options.scheduleName === other._options.scheduleName && JSON.stringify(this._timing) === JSON.stringify(other._timing);
  }
}

const MOST_DAYS = 3 * 366;
const SCHEDULE_NAME = /^[A-Za-z][A-Za-z0-9-]{0,14}$/;

type Style = ScheduleType.CRON | ScheduleType.TIMESERIES;

type Range = IntervalOptions & Pick<RateScheduleOptions, 'startDateTime' | 'startAt'>;

/** The rules of a schedule's options; each throws the error that names the option and the mend. */
class Checks {
  constructor(private readonly factory: string) {}

  period(period: Duration): number {
    const millis = period.isUnresolved() ? NaN : period.toMilliseconds();
    if (!Number.isInteger(millis / 60_000) || millis < 60_000 || millis > MOST_DAYS * 86_400_000) {
      throw this.error('period', `got ${period.isUnresolved() ? 'a value known only at deployment' : period.toHumanString()}, `
        + 'but ticks come on whole minutes: give whole minutes from 1 minute to 3 years, such as Duration.minutes(15)');
    }
    return millis;
  }

  style(scheduleType = ScheduleType.CRON): Style {
    if (scheduleType === ScheduleType.ONDEMAND) {
      throw this.error('scheduleType', 'got ondemand, which has no interval: give CRON or TIMESERIES, or use Schedule.onDemand()');
    }
    return scheduleType;
  }

  start({ startDateTime, startAt }: RateScheduleOptions): void {
    if ((startDateTime === undefined) !== (startAt === undefined)) return;
    throw this.error('startDateTime', `got ${startAt === undefined ? 'neither it nor' : 'both it and'} startAt: give one of them`);
  }

  inherited<T extends IntervalOptions>(kind: Timing['kind'], options: T): T {
    const { parent } = options;
    if (!parent) return options;
    if (parent._timing.kind !== kind) throw this.error('parent', `got a schedule of another kind, ${parent._timing.kind}: give one of ${this.factory}`);
    const { scheduleName, ...theirs } = parent._options;
    return { ...theirs, ...options };
  }

  range({ startDateTime, startAt, endDateTime, occurrences }: Range): void {
    this.date('startDateTime', startDateTime);
    this.date('endDateTime', endDateTime);
    if (startDateTime !== undefined && endDateTime !== undefined && endDateTime <= startDateTime) {
      throw this.error('endDateTime', `got ${endDateTime.toISOString()}, which is not after startDateTime ${startDateTime.toISOString()}: give a later time`);
    }
    if (occurrences !== undefined) this.occurrences(occurrences, { startDateTime, startAt, endDateTime });
  }

  cron({ minute = '*', hour = '*', day, month = '*', weekDay = '?', year = '*' }: CronOptionsWithTimezone): string {
    const cron = `${minute} ${hour} ${day ?? (weekDay === '?' ? '*' : '?')} ${month} ${weekDay} ${year}`;
    try {
      parseCron(cron);
      return cron;
    } catch (error) {
      throw error instanceof InvalidCronError ? this.error('options', error.message) : error;
    }
  }

  timeZone(name: string): string {
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return name;
    } catch {
      const got = Token.isUnresolved(name) ? 'a value known only at deployment' : `'${name}'`;
      throw this.error('timeZone', `got ${got}, which is no time zone: give one of IANA's, such as TimeZone.EUROPE_BERLIN`);
    }
  }

  name(scheduleName?: string): void {
    if (scheduleName === undefined || SCHEDULE_NAME.test(scheduleName) && scheduleName !== DEFAULT_SCHEDULE) return;
    throw this.error('scheduleName', `got '${scheduleName}': give 1 to 15 letters, digits and '-', the first a letter, and not '${DEFAULT_SCHEDULE}'`);
  }

  private occurrences(occurrences: number, { startDateTime, startAt, endDateTime }: Range): void {
    if (!Number.isSafeInteger(occurrences) || occurrences < 1) {
      throw this.error('occurrences', `got ${occurrences}: give a whole number from 1`);
    }
    if (endDateTime !== undefined) throw this.error('occurrences', `got ${occurrences} together with endDateTime: give one of them`);
    if (startDateTime === undefined && startAt === undefined) throw this.error('occurrences', `got ${occurrences} without startDateTime, from which they count: give it too`);
  }

  private date(prop: string, date: Date | undefined): void {
    if (date !== undefined && Number.isNaN(date.getTime())) {
      throw this.error(prop, "got an invalid date: give a date that exists, such as new Date('2026-12-01T00:00:00Z')");
    }
  }

  private error(prop: string, problem: string): DefinitionError {
    return new DefinitionError(this.factory, prop, problem);
  }
}
