import { Answer, failureAnswer, sendAnswer } from './answer';
import { attempt } from './attempt';
import { described, TaskFailure } from './failure';
import { heartbeats } from './heartbeat';
import { Host } from './host';
import { Held } from './journal';
import { Log, LogFields } from './log';
import { Assignment } from './service';
import { readTask } from './task';
import { COMMAND_FAILED, TASK_RUNNER_STOPPED } from '../src/contract/errors';
import { TaskRunnerTask } from '../src/contract/task';

/**
 * One task, from its assignment to its answer. It is answered once, if need be by the process that comes after this one; or not at all
 * where the service gave it up meanwhile, which stops its work. Never throws.
 */
export async function execute({ token, input }: Assignment, host: Host): Promise<void> {
  const task = readable(input);
  if (task instanceof Error) return void await sendAnswer(token, failureAnswer(task), host, host.log, host.abandoned);
  const labels = labelsOf(task);
  const log = host.log.with(labels);
  const held = await host.workplace.journal.hold(token, labels).catch((error: unknown) => unprepared(host, error));
  if (!(held instanceof Held)) return void await sendAnswer(token, held, host, log, host.abandoned);
  await whileOurs(token, task, host, log, async (lost) => {
    const answer = await attempt(task, held, host, log, lost);
    const settled = lost.aborted || await answered(token, held, answer, host, log, lost);
    if (settled) await held.release().catch((error: unknown) => log.warn('the journal could not be cleared', { error: described(error) }));
  });
}

/** Whether the service has it, or wants it no more. What the disk does not take is sent all the same. */
async function answered(token: string, held: Held, answer: Answer, host: Host, log: Log, lost: AbortSignal): Promise<boolean> {
  await held.decide(answer).catch((error: unknown) => log.warn('the journal could not be written', { error: described(error) }));
  return await sendAnswer(token, answer, host, log, AbortSignal.any([lost, host.abandoned])) || lost.aborted;
}

function unprepared({ hostname }: Host, error: unknown): Answer {
  return failureAnswer(new TaskFailure(COMMAND_FAILED, `Task Runner on ${hostname} could not prepare the attempt: ${described(error)}`));
}

/** Of a task, in logs. */
export function labelsOf({ pipeline, object, run, attempt: number }: TaskRunnerTask): LogFields {
  return { pipeline, object, run, attempt: number };
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
