import { described, TaskFailure } from './failure';
import { AttemptContext } from './handlers/handler';
import { AttemptLogs } from './logs';
import { Ending, runGroup } from './process-group';
import { COMMAND_FAILED } from '../src/contract/errors';

/** Runs a program in the attempt's directory, until it has ended or the signal is aborted; its output is the attempt's. @throws TaskFailure */
export async function runCommand(
  [file, ...args]: readonly string[], env: NodeJS.ProcessEnv, { directories, logs, processes, held }: AttemptContext, signal: AbortSignal,
): Promise<Ending> {
  try {
    return await runGroup({
      file,
      args,
      cwd: directories.work,
      env,
      directory: directories.root,
      onStdout: (chunk) => logs.stdout.write(chunk),
      onStderr: (chunk) => logs.stderr.write(chunk),
      begun: (pid) => held.begun(pid),
    }, signal, processes);
  } catch (error) {
    throw new TaskFailure(COMMAND_FAILED, `the command could not be started: ${described(error)}`, { cause: error });
  }
}

/** How a command failed, with the end of what it wrote to stderr. */
export function causeOf({ code, signal }: Ending, { stderr: { tail } }: AttemptLogs): string {
  return `${code === null ? `signal ${signal}` : `exit code ${code}`}${tail === '' ? '' : `: ${tail}`}`;
}
