import { readFile, unlink } from 'node:fs/promises';
import { attempt } from './attempt';
import { execute, labelsOf } from './execute';
import { described, TaskFailure, TokenGone } from './failure';
import { Host } from './host';
import { readTask } from './task';
import { DocumentReader } from '../src/contract/document';

/**
 * The one task that stands in a file, with its token: JSON in percent-encoding. The file is gone before anything is done, and nothing
 * is done whose token is worth nothing any more. Without a token, a task that did not succeed is thrown.
 */
export async function doGivenTask(file: string, host: Host): Promise<void> {
  const text = await readFile(file, 'utf8');
  await unlink(file);
  const given = new DocumentReader(JSON.parse(decodeURIComponent(text.trim())), 'task file');
  const input = JSON.stringify(given.value('task'));
  if (given.value('token') === undefined) return doUnanswered(input, host);
  const token = given.text('token');
  if (await isOurs(token, host)) await execute({ token, input }, host);
}

async function doUnanswered(input: string, host: Host): Promise<void> {
  const task = readTask(input);
  const labels = labelsOf(task);
  const held = await host.workplace.journal.hold(undefined, labels);
  const answer = await attempt(task, held, host, host.log.with(labels), host.halted);
  await held.release();
  if ('error' in answer) throw new TaskFailure(answer.error, answer.cause);
}

/** One that cannot be told is found out by the next report of progress. */
async function isOurs(token: string, { service, log, abandoned }: Host): Promise<boolean> {
  try {
    await service.heartbeat(token, abandoned);
  } catch (error) {
    log.warn('the first report of progress did not get through', { error: described(error) });
    return !(error instanceof TokenGone);
  }
  return true;
}
