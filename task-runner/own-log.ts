import { appendFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Clock } from './clock';
import { described } from './failure';
import { Log } from './log';
import { Storage } from './storage';
import { s3Location } from '../src/contract/s3';

const HOUR = 60 * 60_000;

/** Task Runner's own log in S3: one object for each hour in which something happened, and one for the rest at the end. */
export class OwnLog {
  private readonly file: string;
  private written = false;

  /** `logUri` ends in `/`. */
  constructor(directory: string, private readonly logUri: string, private readonly storage: Storage, private readonly clock: Clock) {
    this.file = join(directory, 'own.log');
  }

  write(line: string): void {
    this.written = true;
    appendFileSync(this.file, line, { mode: 0o600 });
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
    if (!this.written) return;
    const name = `${new Date(this.clock.now()).toISOString().replace(/[:.]/g, '-')}.log`;
    const shipped = `${this.file}.${name}`;
    this.written = false;
    await rename(this.file, shipped);
    try {
      await this.storage.upload(shipped, s3Location(this.logUri + name), signal);
    } catch (error) {
      log.warn('an hour of the log could not be uploaded', { target: this.logUri + name, error: described(error) });
    }
    await rm(shipped);
  }
}
