import { Clock } from './clock';

export type LogFields = Readonly<Record<string, string | number | undefined>>;
export type LogSink = (line: string) => void;

/** What may be said of a task. */
export type Reports = Pick<Log, 'info' | 'warn'>;

/** Node's own warnings go to stderr as plain text otherwise. */
export function logWarnings(log: Reports): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn(message, { warning: name }));
}

/** One JSON object a line. What is logged is named field by field, so that no token, credential or environment gets in. */
export class Log {
  constructor(private readonly clock: Pick<Clock, 'now'>, private readonly sinks: readonly LogSink[], private readonly fields: LogFields = {}) {}

  /** The same log, with fields on every line. */
  with(fields: LogFields): Log {
    return new Log(this.clock, this.sinks, { ...this.fields, ...fields });
  }

  /** The same log, also written elsewhere. */
  tee(sink: LogSink): Log {
    return new Log(this.clock, [...this.sinks, sink], this.fields);
  }

  info(message: string, fields: LogFields = {}): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.write('warn', message, fields);
  }

  private write(level: string, message: string, fields: LogFields): void {
    const line = JSON.stringify({ time: new Date(this.clock.now()).toISOString(), level, message, ...this.fields, ...fields });
    for (const sink of this.sinks) this.writeTo(sink, `${line}\n`);
  }

  private writeTo(sink: LogSink, line: string): void {
    try {
      sink(line);
    } catch {
      // A full disk, mostly: what is done is worth more than what is said about it.
    }
  }
}
