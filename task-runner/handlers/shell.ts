import { COMMAND_FAILED, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../src/contract/errors';
import { ShellTask } from '../../src/contract/task';
import { commandEnvironment } from '../environment';
import { described, TaskFailure } from '../failure';
import { Log } from '../log';
import { AttemptLogs } from '../logs';
import { Ending, Processes, runGroup } from '../process-group';
import { Staging } from '../staging';
import { AttemptDirectories } from '../workplace';

export interface ShellContext {
  readonly directories: AttemptDirectories;
  readonly logs: AttemptLogs;
  readonly log: Log;
  readonly staging: Staging;
  readonly processes: Processes;
  /** Task Runner's own. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Inputs, the command or script, outputs. Nothing of the task becomes part of shell text: the command is the text, and its arguments
 * are `$1`, `$2`, ... A script is executed by itself, and by /bin/sh where it has no `#!` line.
 *
 * @throws TaskFailure
 */
export async function runShell(task: ShellTask, context: ShellContext, signal: AbortSignal): Promise<void> {
  const { directories, log, staging } = context;
  for (const [index, directory] of directories.inputs.entries()) {
    const count = await staging.download(task.inputs[index], directory);
    log.info('input copied', { input: task.inputs[index].object, uri: task.inputs[index].uri, objects: count });
  }
  const ending = await runCommand(task, context, signal);
  log.info('command ended', { exitCode: ending.code ?? undefined, signal: ending.signal ?? undefined });
  if (ending.code !== 0) throw await failed(task, ending, context);
  for (const [index, directory] of directories.outputs.entries()) {
    const count = await staging.upload(task.outputs[index], directory);
    log.info(count === 0 ? 'output is empty' : 'output copied', { output: task.outputs[index].object, uri: task.outputs[index].uri, files: count });
  }
}

async function runCommand(task: ShellTask, context: ShellContext, signal: AbortSignal): Promise<Ending> {
  const { directories, logs, processes, environment } = context;
  const [file, ...args] = await commandLine(task, context);
  const env = commandEnvironment(environment, task, directories);
  try {
    return await runGroup({ file, args, cwd: directories.work, env, stdout: logs.stdout, stderr: logs.stderr }, signal, processes);
  } catch (error) {
    throw new TaskFailure(COMMAND_FAILED, `the command could not be started: ${described(error)}`, { cause: error });
  }
}

async function commandLine(task: ShellTask, { staging, directories }: ShellContext): Promise<string[]> {
  if (task.scriptUri === undefined) return ['/bin/sh', '-c', task.command ?? '', 'sh', ...task.scriptArguments];
  return [await staging.downloadScript(task.scriptUri, directories.script), ...task.scriptArguments];
}

async function failed(task: ShellTask, { code, signal }: Ending, { logs, processes }: ShellContext): Promise<TaskFailure> {
  const tail = await logs.stderrTail();
  const cause = `${code === null ? `signal ${signal}` : `exit code ${code}`}${tail === '' ? '' : `: ${tail}`}`;
  if (task.purpose === 'activity') return new TaskFailure(COMMAND_FAILED, cause);
  const late = task.deadline !== undefined && processes.clock.now() >= Date.parse(task.deadline);
  return new TaskFailure(late ? PRECONDITION_TIMED_OUT : PRECONDITION_NOT_HELD, cause);
}
