import { failureAnswer, sendAnswer } from './answer';
import { attempt } from './attempt';
import { TaskFailure } from './failure';
import { heartbeats } from './heartbeat';
import { Host } from './host';
import { Log } from './log';
import { Assignment } from './service';
import { readTask } from './task';
import { TASK_RUNNER_STOPPED } from '../src/contract/errors';
import { TaskRunnerTask } from '../src/contract/task';

/**
 * One task, from its assignment to its answer. It is answered once; or not at all where the service gave it up meanwhile, which stops
 * its work. Never throws.
 */
export async function execute({ token, input }: Assignment, host: Host): Promise<void> {
  const task = readable(input);
  if (task instanceof Error) return sendAnswer(token, failureAnswer(task), host, host.log, host.abandoned);
  const log = host.log.with({ pipeline: task.pipeline, object: task.object, run: task.run, attempt: task.attempt });
  await whileOurs(token, task, host, log, async (lost) => {
    const answer = await attempt(task, host, log, lost);
    if (!lost.aborted) await sendAnswer(token, answer, host, log, AbortSignal.any([lost, host.abandoned]));
  });
}

/** Fails a task that came when no new one is begun any more. */
export async function refuse({ token }: Assignment, host: Host): Promise<void> {
  const stopped = new TaskFailure(TASK_RUNNER_STOPPED, `Task Runner on ${host.hostname} was being stopped when the task came`);
  await sendAnswer(token, failureAnswer(stopped), host, host.log, host.abandoned);
}

/** Reports progress for as long as something is done about a task; what is done is told when the task is ours no more. */
async function whileOurs(
  token: string, task: TaskRunnerTask, { service, processes: { clock } }: Host, log: Log, act: (lost: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const over = new AbortController();
  const timeout = task.reportProgressTimeoutSeconds * 1000;
  const pulse = heartbeats(async (signal) => service.heartbeat(token, signal), { timeout, clock, log, signal: over.signal });
  const watch = pulse.then((reason) => {
    if (reason === undefined) return;
    log.warn('the task is no longer ours, its work is stopped and not answered', { reason });
    lost.abort();
  });
  await act(lost.signal);
  over.abort();
  await watch;
}

function readable(input: string): TaskRunnerTask | Error {
  try {
    return readTask(input);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
