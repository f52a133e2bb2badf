/**
 * Work that Task Runner does itself goes on in a thread of its own: whatever that computes, and however long, the others' progress is
 * reported, and it can be ended.
 */
import { isMainThread, MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import { SYSTEM_CLOCK } from './clock';
import { accessTo, connect, ConnectionSettings } from './connections';
import { described, TaskFailure } from './failure';
import { WorkContext } from './handlers/handler';
import { ThreadTask, threadHandlerOf } from './handlers/handlers';
import { LogFields, logWarnings, Reports } from './log';
import { AttemptLogs } from './logs';
import { AttemptDirectories } from './workplace';
import { COMMAND_FAILED } from '../src/contract/errors';

interface Job {
  readonly task: ThreadTask;
  readonly directories: AttemptDirectories;
  readonly settings: ConnectionSettings;
}

/** What a thread says. */
type Word =
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly message: string; readonly fields: LogFields }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

/** How long work that is to stop may take to undo what it has begun. */
const GRACE = 7_000;

/** Runs the work of a task until it is done; when the signal is aborted, until it has stopped or is ended. @throws TaskFailure */
export async function runInThread(
  task: ThreadTask, { directories, log }: Pick<WorkContext, 'directories' | 'log'>, settings: ConnectionSettings, signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const job: Job = { task, directories, settings };
  const thread = new Worker(__filename, { workerData: job });
  let end: NodeJS.Timeout | undefined;
  const stop = () => {
    thread.postMessage('stop');
    end = setTimeout(() => void thread.terminate(), GRACE);
  };
  signal.addEventListener('abort', stop);
  try {
    await lastWord(thread, log);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(end);
    await thread.terminate();
  }
}

async function lastWord(thread: Worker, log: Reports): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.on('message', (word: Word) => {
      if (word.kind === 'log') log[word.level](word.message, word.fields);
      else if (word.kind === 'done') resolve();
      else reject(new TaskFailure(word.error, word.cause));
    });
    thread.once('error', (error) => reject(new TaskFailure(COMMAND_FAILED, `the work broke off: ${described(error)}`)));
    thread.once('exit', () => reject(new TaskFailure(COMMAND_FAILED, 'the work was ended')));
  });
}

/** Whether this is such a thread. */
export function isWorkThread(): boolean {
  return !isMainThread;
}

/** What such a thread does. */
export async function workInThread(): Promise<void> {
  const port = parentPort as MessagePort;
  const { task, directories, settings } = workerData as Job;
  const tell = (word: Word): void => port.postMessage(word);
  const stop = new AbortController();
  port.once('message', () => stop.abort(new Error('the work was stopped')));
  try {
    const report = (level: 'info' | 'warn') => (message: string, fields: LogFields = {}) => tell({ kind: 'log', level, message, fields });
    const log = { info: report('info'), warn: report('warn') };
    logWarnings(log);
    const context: WorkContext = {
      directories,
      log,
      logs: new AttemptLogs(directories.logs),
      processes: { clock: SYSTEM_CLOCK },
      ...connect(accessTo(settings, process.env), process.env, SYSTEM_CLOCK),
    };
    await threadHandlerOf(task).run(task, context, stop.signal);
    tell({ kind: 'done' });
  } catch (error) {
    const failure = error instanceof TaskFailure ? error : new TaskFailure(COMMAND_FAILED, described(error));
    tell({ kind: 'failed', error: failure.name, cause: failure.message });
  }
}
