import { readFile } from 'node:fs/promises';
import { ThreadHandler, WorkContext } from './handler';
import { sqlFields } from './sql-fields';
import { COMMAND_FAILED } from '../../src/contract/errors';
import { SqlTask } from '../../src/contract/task';
import { Access, accessTo } from '../databases/access';
import { boundStatements } from '../databases/script';
import { BoundStatement, openSession, Session } from '../databases/session';
import { described, TaskFailure } from '../failure';
import { Staging } from '../staging';

/** How long the database has to end what is cancelled. */
const PATIENCE = 5_000;
/** Statements that begin or end a transaction, or whatever else the script decides about them. */
const TRANSACTION = /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)*(BEGIN|START|COMMIT|END|ROLLBACK|ABORT|XA|SAVEPOINT|SET\s+(SESSION\s+)?(@@)?autocommit)\b/i;

export const SQL: ThreadHandler<SqlTask> = { read: sqlFields, run: runSql };

/**
 * The statements of a script one after the other, as one transaction: unless there is only one, which is one by itself, or the script
 * begins its own. Rows that they return go to stdout, each a JSON array on a line of its own.
 *
 * @throws TaskFailure without what is secret
 */
async function runSql(task: SqlTask, context: WorkContext, signal: AbortSignal): Promise<void> {
  const script = task.script ?? [{ sql: await scriptAt(task.scriptUri ?? '', context, signal) }];
  const access = await failing('', undefined, async () => accessTo(task.database, context.databases, signal));
  const session = await failing(`connecting to ${access.host}:${access.port}: `, access, async () => openSession(access));
  const cancel = (): void => void cancelled(session, context);
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    const statements = await failing('the script ', access, async () => Promise.resolve(boundStatements(script, task.scriptArguments, session)));
    for (const statement of queueOf(task, session)) await failing('queue: ', access, async () => session.run(statement, () => undefined));
    await runAll(statements, session, access, context, signal);
  } finally {
    signal.removeEventListener('abort', cancel);
    await session.close().catch(() => undefined);
  }
}

async function runAll(
  statements: readonly BoundStatement[], session: Session, access: Access, { log, logs }: WorkContext, signal: AbortSignal,
): Promise<void> {
  const single = statements.length < 2 || statements.some(({ text }) => TRANSACTION.test(text));
  const control = async (text: string) => failing(`${text}: `, access, async () => session.run({ text, values: [] }, () => undefined));
  const onRow = (row: unknown[]): void => logs.stdout.write(`${JSON.stringify(row)}\n`);
  if (!single) await control('BEGIN');
  for (const [index, statement] of statements.entries()) {
    signal.throwIfAborted();
    const rows = await failing(`statement ${index + 1} of ${statements.length}: `, access, async () => session.run(statement, onRow));
    log.info('statement ended', { statement: index + 1, rows });
  }
  signal.throwIfAborted();
  if (!single) await control('COMMIT');
}

/** In the log only: the attempt is at its end. */
async function cancelled(session: Session, { log, processes: { clock } }: WorkContext): Promise<void> {
  const over = new AbortController();
  await Promise.race([session.cancel(), clock.sleep(PATIENCE, over.signal)]).catch((error: unknown) => log.warn('not cancelled', { error: described(error) }));
  over.abort();
  await session.close().catch(() => undefined);
}

async function scriptAt(uri: string, { storage, directories }: WorkContext, signal: AbortSignal): Promise<string> {
  const file = await new Staging(storage, signal).downloadScript(uri, directories.work);
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
}

/** Of Amazon Redshift: by which it assigns what follows to a queue. */
function queueOf({ queue }: SqlTask, session: Session): BoundStatement[] {
  return queue === undefined ? [] : boundStatements([{ sql: "SET query_group TO '" }, { value: queue }, { sql: "'" }], [], session);
}

async function failing<T>(what: string, access: Access | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = `${what}${described(error)}`;
    throw error instanceof TaskFailure ? error : new TaskFailure(COMMAND_FAILED, access ? cause.replaceAll(access.password, '...') : cause);
  }
}
