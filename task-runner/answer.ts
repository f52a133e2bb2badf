import { persist } from './backoff';
import { described, TokenGone } from './failure';
import { Host } from './host';
import { Log } from './log';

export type Answer = { readonly output: string } | { readonly error: string; readonly cause: string };

export function failureAnswer(error: Error): Answer {
  return { error: error.name, cause: error.message };
}

/** Sends until the service has it, says that the token is gone, or the signal is aborted, which is false. Never throws. */
export async function sendAnswer(
  token: string, answer: Answer, { service, processes, random }: Host, log: Log, signal: AbortSignal,
): Promise<boolean> {
  const send = async () => ('output' in answer
    ? service.succeed(token, answer.output, signal)
    : service.fail(token, answer.error, answer.cause, signal));
  try {
    await persist(send, {
      clock: processes.clock,
      random,
      signal,
      isFinal: (error) => error instanceof TokenGone,
      onFailure: (error) => log.warn('the answer did not get through', { error: described(error) }),
    });
    log.info('answered', 'output' in answer ? {} : { error: answer.error });
    return true;
  } catch (error) {
    log.warn('not answered', { reason: described(error) });
    return error instanceof TokenGone;
  }
}
