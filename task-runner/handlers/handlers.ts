import { COPY } from './copy';
import { CommandHandler, ThreadHandler } from './handler';
import { SHELL } from './shell';
import { SQL } from './sql';
import { STEPS } from './steps';
import { CopyTask } from '../../src/contract/copy';
import { SqlTask, TaskRunnerTask } from '../../src/contract/task';

/** What is worked at in a thread. */
export type ThreadTask = CopyTask | SqlTask;
/** What starts commands. */
export type CommandTask = Exclude<TaskRunnerTask, ThreadTask>;

type OfKind<Kind> = Extract<TaskRunnerTask, { readonly kind: Kind }>;

const COMMAND_HANDLERS: { readonly [Kind in CommandTask['kind']]: CommandHandler<OfKind<Kind>> } = { shell: SHELL, steps: STEPS };
const THREAD_HANDLERS: { readonly [Kind in ThreadTask['kind']]: ThreadHandler<OfKind<Kind>> } = { copy: COPY, sql: SQL };

/** The handler of each kind of task. */
export const HANDLERS = { ...COMMAND_HANDLERS, ...THREAD_HANDLERS };

export function isForThread(task: TaskRunnerTask): task is ThreadTask {
  return task.kind in THREAD_HANDLERS;
}

export function commandHandlerOf({ kind }: CommandTask): CommandHandler<CommandTask> {
  return COMMAND_HANDLERS[kind] as CommandHandler<CommandTask>;
}

export function threadHandlerOf({ kind }: ThreadTask): ThreadHandler<ThreadTask> {
  return THREAD_HANDLERS[kind] as ThreadHandler<ThreadTask>;
}
