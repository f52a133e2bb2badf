import { COPY } from './copy';
import { Handler } from './handler';
import { SHELL } from './shell';
import { SQL } from './sql';
import { STEPS } from './steps';
import { TaskRunnerTask } from '../../src/contract/task';

/** The handler of each kind of task. */
export const HANDLERS: { readonly [Kind in TaskRunnerTask['kind']]: Handler<Extract<TaskRunnerTask, { kind: Kind }>> } = {
  shell: SHELL,
  copy: COPY,
  sql: SQL,
  steps: STEPS,
};

export function handlerOf(kind: TaskRunnerTask['kind']): Handler<TaskRunnerTask> {
  return HANDLERS[kind] as Handler<TaskRunnerTask>;
}
