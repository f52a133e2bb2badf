import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AttemptContext, CommandHandler } from './handler';
import { DocumentReader } from '../../src/contract/document';
import { COMMAND_FAILED } from '../../src/contract/errors';
import { S3_URI } from '../../src/contract/s3';
import { COMMAND_RUNNER, SCRIPT_RUNNER, StepsTask, TaskStep } from '../../src/contract/task';
import { causeOf, runCommand } from '../command';
import { commandEnvironment, NOTHING_STAGED } from '../environment';
import { TaskFailure } from '../failure';
import { Staging } from '../staging';

export const STEPS: CommandHandler<StepsTask> = { read, run };

function read(reader: DocumentReader): ReturnType<typeof STEPS.read> {
  return { steps: reader.list('steps', step) };
}

function step(item: unknown, name: string): TaskStep {
  const reader = new DocumentReader(item, `task: ${name}`);
  const jar = reader.text('jar');
  const args = reader.texts('args');
  if ((jar === COMMAND_RUNNER || SCRIPT_RUNNER.test(jar)) && !args[0]) reader.refuse('args', `what ${jar} runs, and its arguments`);
  return { name: reader.text('name'), jar, mainClass: reader.optionalText('mainClass'), args, properties: properties(reader.object('properties')) };
}

/** Hadoop's command divides them at spaces. */
function properties(reader: DocumentReader): Record<string, string> {
  for (const name of reader.names()) reader.matching(name, /^\S*$/, 'a string without spaces');
  return reader.strings();
}

/** The steps one after the other, up to one that fails. No shell reads what is run. */
async function run(task: StepsTask, context: AttemptContext, signal: AbortSignal): Promise<void> {
  for (const [index, each] of task.steps.entries()) {
    const directory = join(context.directories.root, `step${index + 1}`);
    await mkdir(directory);
    const command = await commandOf(each, new Staging(context.storage, signal), directory);
    const ending = await runCommand(command, environment(task, each, context), context, signal);
    context.log.info('step ended', { step: each.name, exitCode: ending.code ?? undefined, signal: ending.signal ?? undefined });
    if (ending.code !== 0) throw new TaskFailure(COMMAND_FAILED, `${each.name}: ${causeOf(ending, context.logs)}`);
  }
}

/** What Amazon EMR would run, with what is in S3 fetched into the directory. */
async function commandOf({ jar, mainClass, args }: TaskStep, staging: Staging, directory: string): Promise<string[]> {
  const local = async (uri: string) => S3_URI.test(uri) ? staging.downloadScript(uri, directory) : uri;
  if (jar === COMMAND_RUNNER) return [...args];
  if (SCRIPT_RUNNER.test(jar)) return [await local(args[0]), ...args.slice(1)];
  return ['hadoop', 'jar', await local(jar), ...mainClass === undefined ? [] : [mainClass], ...args];
}

function environment(task: StepsTask, { properties: given }: TaskStep, context: AttemptContext): NodeJS.ProcessEnv {
  const env = commandEnvironment(context.environment, task, NOTHING_STAGED, context.held.id);
  const options = Object.entries(given).map(([name, value]) => `-D${name}=${value}`);
  return options.length === 0 ? env : { ...env, HADOOP_CLIENT_OPTS: [env.HADOOP_CLIENT_OPTS, ...options].filter(Boolean).join(' ') };
}
