import { join } from 'node:path';
import { Clock } from './clock';
import { described } from './failure';
import { Log } from './log';
import { keptOf, LogFile, removeLog } from './log-file';
import { ObjectStore } from './objects';
import { s3Location } from '../src/contract/s3';

const HOUR = 60 * 60_000;

/** Task Runner's own log in S3: one object for each hour in which something happened, and one for the rest at the end. */
export class OwnLog {
  private hour?: { readonly file: string; readonly log: LogFile };
  private hours = 0;

  /** `logUri` ends in `/`. */
  constructor(
    private readonly directory: string, private readonly logUri: string, private readonly objects: Pick<ObjectStore, 'write'>,
    private readonly clock: Clock,
  ) {}

  write(line: string): void {
    this.hour ??= this.begun();
    this.hour.log.write(line);
  }

  /** Ships every hour until the signal is aborted. */
  async shipHourly(log: Log, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.clock.sleep(HOUR, stopped);
      if (!stopped.aborted) await this.ship(log, stopped);
    }
  }

  /** What cannot be uploaded is dropped, with a warning in the next hour's log: the host's disk is not to fill up. */
  async ship(log: Log, signal: AbortSignal): Promise<void> {
    if (this.hour === undefined) return;
    const { file, log: shipped } = this.hour;
    this.hour = undefined;
    shipped.close();
    const target = `${this.logUri}${new Date(this.clock.now()).toISOString().replace(/[:.]/g, '-')}.log`;
    try {
      await this.objects.write(s3Location(target), keptOf(file), signal);
    } catch (error) {
      log.warn('an hour of the log could not be uploaded', { target, error: described(error) });
    }
    removeLog(file);
  }

  private begun() {
    const file = join(this.directory, `own-${this.hours += 1}.log`);
    return { file, log: new LogFile(file) };
  }
}
