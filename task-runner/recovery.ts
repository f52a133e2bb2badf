import { basename, join } from 'node:path';
import { failureAnswer, sendAnswer } from './answer';
import { described, TaskFailure } from './failure';
import { Host } from './host';
import { bootId, factsOf, processesWhere } from './host-processes';
import { ATTEMPT_VARIABLE, Leader, Remains, remainsIn } from './journal';
import { stopAll } from './process-group';
import { clear } from './workplace';
import { TASK_RUNNER_STOPPED } from '../src/contract/errors';

/**
 * What processes that are gone have left in the work directory: first their work is stopped, then, while other things go on already, what
 * they held is answered: as they would have, where they knew how, and else as failed so that it is retried. Where several processes find
 * the same, each does it, and the service counts the first. Never throws.
 *
 * @returns what ends when all is answered, or the host abandons it
 */
export async function recover(left: readonly string[], host: Host): Promise<{ readonly answered: Promise<unknown> }> {
  const found = await Promise.all(left.map(async (directory) => ({ directory, remains: await readable(directory, host) })));
  const ofThem = ofUnfinished(found.filter(({ directory }) => basename(directory).includes(`-${bootId()}-`)).flatMap(({ remains }) => remains));
  await stopAll(ofThem, host.processes);
  return { answered: Promise.all(found.map(async ({ directory, remains }) => answerAll(directory, remains, host))) };
}

async function readable(directory: string, { log }: Host): Promise<Remains[]> {
  try {
    return await remainsIn(join(directory, 'journal'));
  } catch (error) {
    log.warn('a journal cannot be read', { directory, error: described(error) });
    return [];
  }
}

async function answerAll(directory: string, remains: readonly Remains[], host: Host): Promise<void> {
  await Promise.all(remains.map(async (each) => answerOne(each, host)));
  await clear(directory).catch((error: unknown) => host.log.warn('a folder could not be cleared away', { directory, error: described(error) }));
}

async function answerOne({ held, task: { token, labels, answer } }: Remains, host: Host): Promise<void> {
  const log = host.log.with(labels);
  log.warn('found a task of a Task Runner that is gone', { decided: answer === undefined ? 'no' : 'yes' });
  const gone = new TaskFailure(TASK_RUNNER_STOPPED, `Task Runner on ${host.hostname} ended before the work was done`);
  if (token === undefined || await sendAnswer(token, answer ?? failureAnswer(gone), host, log, host.abandoned)) await held.release();
}

/** The processes that are known to be of an attempt that was not over: by their environment, or by a leader of their group that lives. */
function ofUnfinished(remains: readonly Remains[]): () => number[] {
  const unfinished = remains.filter(({ task }) => task.answer === undefined);
  const marks = unfinished.map(({ task }) => `\0${ATTEMPT_VARIABLE}=${task.id}\0`);
  const groups = unfinished.flatMap(({ leader }) => (leader && leads(leader) ? [leader.pid] : []));
  if (unfinished.length === 0) return () => [];
  return () => processesWhere(({ group }, environment) => groups.includes(group) || marks.some((mark) => environment().includes(mark)));
}

function leads({ pid, start }: Leader): boolean {
  return factsOf(pid)?.start === start;
}
