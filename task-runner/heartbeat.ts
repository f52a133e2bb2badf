import { Clock } from './clock';
import { described, TokenGone } from './failure';
import { Log } from './log';

/** However long the service would wait: a run that was stopped is noticed within this. */
const LONGEST_PAUSE = 60_000;

export interface Pulse {
  readonly timeout: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Stops the heartbeats. */
  readonly signal: AbortSignal;
}

/**
 * Reports progress at a third of the timeout, whatever the work does meanwhile. Ends with why the token is worth nothing any more:
 * it was refused, or no report has got through for so long that the service has given the task up; or with nothing when stopped.
 */
export async function heartbeats(beat: (signal: AbortSignal) => Promise<void>, { timeout, clock, log, signal }: Pulse): Promise<string | undefined> {
  const pause = Math.min(Math.floor(timeout / 3), LONGEST_PAUSE);
  let accepted = clock.now();
  while (!signal.aborted) {
    await clock.sleep(pause, signal);
    const sent = clock.now();
    try {
      if (!signal.aborted) await beat(AbortSignal.any([signal, AbortSignal.timeout(pause)]));
      accepted = sent;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof TokenGone) return error.message;
      if (clock.now() - accepted >= timeout) return `no report of progress got through for ${timeout / 1000} seconds`;
      log.warn('a report of progress did not get through', { error: described(error) });
    }
  }
  return undefined;
}
