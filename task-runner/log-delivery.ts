import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Clock } from './clock';
import { described } from './failure';
import { Reports } from './log';
import { keptOf, lengthOf } from './log-file';
import { LOG_NAMES } from './logs';
import { ObjectStore } from './objects';
import { s3Location } from '../src/contract/s3';
import { CommonTask, ShellTask } from '../src/contract/task';

/** Where logs of a task belong. */
export type Logged = Pick<CommonTask, 'logUri'> & Pick<ShellTask, 'stdout' | 'stderr'>;
type LogName = typeof LOG_NAMES[number];

const SOONEST = 5_000;
const LATEST = 60_000;
/** Of the time, at most one part in so many is spent on deliveries of what is not finished. */
const SHARE = 10;

/** Puts the logs of an attempt where its task wants them. What cannot be put there is told: it does not change how the task ends. */
export class LogDelivery {
  private readonly lengths = new Map<LogName, number>();

  constructor(
    private readonly directory: string, private readonly task: Logged, private readonly objects: Pick<ObjectStore, 'write'>, private readonly log: Reports,
  ) {}

  /** Until the work is done, puts what there is of each log into the log folder whenever it has grown: soon at first, then every minute. */
  async during<T>(work: Promise<T>, clock: Clock): Promise<T> {
    const over = new AbortController();
    const deliveries = this.deliverGrown(clock, over.signal);
    try {
      return await work;
    } finally {
      over.abort();
      await deliveries;
    }
  }

  /** Whether all is where it should be. */
  async finish(signal: AbortSignal): Promise<boolean> {
    const whole = async (name: LogName) => this.telling(name, async () => {
      for (const target of this.targets(name)) await this.put(name, target, signal);
    });
    const delivered = await Promise.all([whole('stdout'), whole('stderr')]);
    return [...delivered, await whole('task-runner.log')].every(Boolean);
  }

  private async deliverGrown(clock: Clock, over: AbortSignal): Promise<void> {
    for (let pause = SOONEST, well = true; ;) {
      await clock.sleep(pause, over);
      if (over.aborted) return;
      const began = clock.now();
      for (const name of LOG_NAMES) well = await this.deliver(name, over, well);
      pause = Math.max(Math.min(2 * pause, LATEST), SHARE * (clock.now() - began));
    }
  }

  /** Failures are told when they begin: they may last for as long as the work does. */
  private async deliver(name: LogName, over: AbortSignal, well: boolean): Promise<boolean> {
    const length = lengthOf(join(this.directory, name));
    if (over.aborted || length === (this.lengths.get(name) ?? 0)) return well;
    try {
      await this.put(name, `${this.task.logUri}${name}`, over);
      this.lengths.set(name, length);
      return true;
    } catch (error) {
      if (well && !over.aborted) this.tell(name, error);
      return false;
    }
  }

  private targets(name: LogName): string[] {
    const { logUri } = this.task;
    const wanted = name === 'task-runner.log' ? undefined : this.task[name];
    return [`${logUri}${name}`, ...wanted === undefined ? [] : [wanted.startsWith('s3://') && wanted.endsWith('/') ? wanted + name : wanted]];
  }

  private async put(name: LogName, target: string, signal: AbortSignal): Promise<void> {
    const kept = keptOf(join(this.directory, name));
    if (target.startsWith('s3://')) return this.objects.write(s3Location(target), kept, signal);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(kept, createWriteStream(target), { signal });
  }

  private async telling(name: LogName, deliver: () => Promise<void>): Promise<boolean> {
    try {
      await deliver();
      return true;
    } catch (error) {
      this.tell(name, error);
      return false;
    }
  }

  private tell(name: LogName, error: unknown): void {
    this.log.warn('a log could not be delivered', { log: name, target: this.targets(name).join(' '), error: described(error) });
  }
}
