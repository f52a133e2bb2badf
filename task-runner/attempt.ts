import { Answer, failureAnswer } from './answer';
import { described, TaskFailure } from './failure';
import { AttemptContext } from './handlers/handler';
import { commandHandlerOf, isForThread } from './handlers/handlers';
import { Host } from './host';
import { Held } from './journal';
import { Log } from './log';
import { LogDelivery } from './log-delivery';
import { AttemptLogs } from './logs';
import { runInThread } from './work-thread';
import { AttemptDirectories } from './workplace';
import { COMMAND_FAILED, TASK_RUNNER_STOPPED } from '../src/contract/errors';
import { TaskRunnerTask, TaskSuccess } from '../src/contract/task';

/**
 * The work of one task, with directories and logs of its own, which are gone afterwards. The answer comes when the logs are where the
 * task wants them. When the signal is aborted, or the host halted, the work is stopped. Never throws.
 */
export async function attempt(task: TaskRunnerTask, held: Held, host: Host, log: Log, signal: AbortSignal): Promise<Answer> {
  try {
    const directories = await host.workplace.create(task);
    const logs = new AttemptLogs(directories.logs);
    const ownLog = log.tee((line) => logs.write(line));
    const delivery = new LogDelivery(directories.logs, task, host.connections.objects, ownLog);
    const answering = work(task, { directories, logs, log: ownLog, held }, host, AbortSignal.any([signal, host.halted]));
    const answer = await delivery.during(answering, host.processes.clock);
    const delivered = await delivery.finish(host.abandoned);
    logs.close();
    await (delivered ? clearAway(directories, host, log) : log.warn('the logs stay here until Task Runner starts again', { directory: directories.logs }));
    return answer;
  } catch (error) {
    return failureAnswer(new TaskFailure(COMMAND_FAILED, `Task Runner on ${host.hostname} could not prepare the attempt: ${described(error)}`));
  }
}

type Surroundings = Pick<AttemptContext, 'directories' | 'logs' | 'held'> & { readonly log: Log };

async function work(task: TaskRunnerTask, surroundings: Surroundings, host: Host, signal: AbortSignal): Promise<Answer> {
  const { hostname, taskRunnerId, connections, settings, processes, environment } = host;
  surroundings.log.info('attempt started', { hostname, taskRunnerId });
  try {
    await (isForThread(task)
      ? runInThread(task, surroundings, settings, signal)
      : commandHandlerOf(task).run(task, { ...surroundings, ...connections, processes, environment }, signal));
    const success: TaskSuccess = { exitCode: 0, hostname, taskRunnerId, logUri: task.logUri };
    surroundings.log.info('attempt succeeded');
    return { output: JSON.stringify(success) };
  } catch (error) {
    const failure = failureOf(error, host);
    surroundings.log.warn('attempt failed', { error: failure.name, cause: failure.message });
    return failureAnswer(failure);
  }
}

function failureOf(error: unknown, { halted, hostname }: Host): TaskFailure {
  if (halted.aborted) return new TaskFailure(TASK_RUNNER_STOPPED, `Task Runner on ${hostname} was stopped before the work was done`);
  return error instanceof TaskFailure ? error : new TaskFailure(COMMAND_FAILED, `Task Runner on ${hostname}: ${described(error)}`);
}

async function clearAway(directories: AttemptDirectories, { workplace }: Host, log: Log): Promise<void> {
  await workplace.remove(directories)
    .catch((error: unknown) => log.warn('an attempt could not be cleared away', { directory: directories.root, error: described(error) }));
}
