import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AttemptContext, CommandHandler } from './handler';
import { DocumentReader } from '../../src/contract/document';
import { COMMAND_FAILED, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../src/contract/errors';
import { AN_S3_URI, S3_URI } from '../../src/contract/s3';
import { ShellTask, StagedLocation } from '../../src/contract/task';
import { causeOf, runCommand } from '../command';
import { commandEnvironment, StagingDirectories } from '../environment';
import { TaskFailure } from '../failure';
import { Ending } from '../process-group';
import { Staging } from '../staging';

export const SHELL: CommandHandler<ShellTask> = { read, run };

interface ShellContext extends AttemptContext {
  readonly staging: Staging;
  readonly staged: StagingDirectories;
  /** Directory of a script that is fetched. */
  readonly script: string;
}

function read(reader: DocumentReader): ReturnType<typeof SHELL.read> {
  return {
    purpose: reader.oneOf('purpose', ['activity', 'precondition']),
    ...commandOrScript(reader),
    scriptArguments: reader.texts('scriptArguments'),
    stage: reader.flag('stage'),
    inputs: reader.list('inputs', location),
    outputs: reader.list('outputs', location),
    stdout: copyTarget(reader, 'stdout'),
    stderr: copyTarget(reader, 'stderr'),
    deadline: reader.optionalTime('deadline'),
  };
}

function commandOrScript(reader: DocumentReader): Pick<ShellTask, 'command' | 'scriptUri'> {
  if (reader.has('command') === reader.has('scriptUri')) reader.refuse('command', 'given where scriptUri is not, and only there');
  return reader.has('command') ? { command: reader.text('command') } : { scriptUri: reader.matching('scriptUri', S3_URI, AN_S3_URI) };
}

function location(item: unknown, name: string): StagedLocation {
  const reader = new DocumentReader(item, `task: ${name}`);
  return { object: reader.text('object'), uri: reader.matching('uri', S3_URI, AN_S3_URI) };
}

function copyTarget(reader: DocumentReader, name: 'stdout' | 'stderr'): string | undefined {
  if (!reader.has(name)) return undefined;
  return reader.matching(name, /^(s3:\/\/[^/]+\/.*|\/[^\0]*[^/\0])$/s, 'an S3 URI, or an absolute path on the host');
}

/**
 * Inputs, the command or script, outputs. Nothing of the task becomes part of shell text: the command is the text, and its arguments
 * are `$1`, `$2`, ... A script is executed by itself, and by /bin/sh where it has no `#!` line.
 */
async function run(task: ShellTask, attempt: AttemptContext, signal: AbortSignal): Promise<void> {
  const context = { ...attempt, staging: new Staging(attempt.storage, signal), ...await workingDirectories(task, attempt.directories.root) };
  const { log, staging } = context;
  for (const [index, directory] of context.staged.inputs.entries()) {
    const count = await staging.download(task.inputs[index], directory);
    log.info('input copied', { input: task.inputs[index].object, uri: task.inputs[index].uri, objects: count });
  }
  const environment = commandEnvironment(context.environment, task, context.staged, context.held.id);
  const ending = await runCommand(await commandLine(task, context), environment, context, signal);
  log.info('command ended', { exitCode: ending.code ?? undefined, signal: ending.signal ?? undefined });
  if (ending.code !== 0) throw failed(task, ending, context);
  for (const [index, directory] of context.staged.outputs.entries()) {
    const count = await staging.upload(task.outputs[index], directory);
    log.info(count === 0 ? 'output is empty' : 'output copied', { output: task.outputs[index].object, uri: task.outputs[index].uri, files: count });
  }
}

async function workingDirectories(task: ShellTask, root: string): Promise<Pick<ShellContext, 'staged' | 'script'>> {
  const numbered = (kind: string, locations: readonly unknown[]) => (task.stage ? locations.map((_, index) => join(root, `${kind}${index + 1}`)) : []);
  const script = join(root, 'script');
  const [inputs, outputs] = [numbered('input', task.inputs), numbered('output', task.outputs)];
  for (const directory of [script, ...inputs, ...outputs]) await mkdir(directory);
  return { staged: { inputs, outputs }, script };
}

async function commandLine(task: ShellTask, { staging, script }: ShellContext): Promise<string[]> {
  if (task.scriptUri === undefined) return ['/bin/sh', '-c', task.command ?? '', 'sh', ...task.scriptArguments];
  return [await staging.downloadScript(task.scriptUri, script), ...task.scriptArguments];
}

function failed(task: ShellTask, ending: Ending, { logs, processes }: ShellContext): TaskFailure {
  const cause = causeOf(ending, logs);
  if (task.purpose === 'activity') return new TaskFailure(COMMAND_FAILED, cause);
  const late = task.deadline !== undefined && processes.clock.now() >= Date.parse(task.deadline);
  return new TaskFailure(late ? PRECONDITION_TIMED_OUT : PRECONDITION_NOT_HELD, cause);
}
