import { invalid } from '../errors';
import { Pipeline } from '../pipeline';

/** Folder of a run's own below a directory. */
export function timestamped(directory: string): string {
  return `${directory.replace(/\/$/, '')}/#{format(@scheduledStartTime, 'YYYY-MM-dd-HH-mm-ss')}/`;
}

/** A name as MySQL reads it, whatever characters it has. */
export function identifier(pipeline: Pipeline, prop: string, name: string): string {
  if (name === '' || name.length > 64 || name.includes('#{') || name.includes('\0')) {
    throw invalid(pipeline, prop, `is a name of 1 to 64 characters, without expressions; got: "${name}"`);
  }
  return `\`${name.replace(/`/g, '``')}\``;
}
