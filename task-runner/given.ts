import { readFile, unlink } from 'node:fs/promises';
import { execute } from './execute';
import { described, TokenGone } from './failure';
import { Host } from './host';
import { DocumentReader } from '../src/contract/document';

/**
 * The one task that stands with its token in a file: JSON in percent-encoding. The file is gone before anything is done, and nothing
 * is done whose token is worth nothing any more.
 */
export async function doGivenTask(file: string, host: Host): Promise<void> {
  const text = await readFile(file, 'utf8');
  await unlink(file);
  const given = new DocumentReader(JSON.parse(decodeURIComponent(text.trim())), 'task file');
  const token = given.text('token');
  if (await isOurs(token, host)) await execute({ token, input: JSON.stringify(given.value('task')) }, host);
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
