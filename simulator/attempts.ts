import { Retryable, State } from './definition';
import { StateError } from './errors';
import { catcherFor, Retries } from './retry';
import { Json } from './task';
import { Departure, Visit } from './visit';

/** Tries a state as its Retry says, and leaves it through its Catch where that fails. */
export async function attempted(visit: Visit<State & Retryable>, attempt: () => Promise<Departure>): Promise<Departure> {
  const { world, signal, trail } = visit.thread;
  const retries = new Retries(visit.state.Retry, world.random);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !(error instanceof StateError)) throw error;
      const delay = retries.next(error);
      if (delay === undefined) {
        if (visit.state.Type !== 'Task') trail.add(`${visit.state.Type}StateFailed`);
        return caught(visit, error);
      }
      await world.clock.sleep(delay, signal);
      visit.retried();
    }
  }
}

function caught(visit: Visit<State & Retryable>, error: StateError): Departure | Promise<Departure> {
  const catcher = catcherFor(error, visit.state.Catch);
  if (!catcher) throw error;
  const errorOutput: Json = {
    ...error.error === undefined ? {} : { Error: error.error },
    ...error.cause === undefined ? {} : { Cause: error.cause },
  };
  return visit.exit(catcher, errorOutput, { errorOutput });
}
