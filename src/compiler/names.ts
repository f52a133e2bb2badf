/**
 * Names of states and variables. A state that does an object's work is named after the object, every other state of it
 * `<object>: <step>`. Names are at most 80 characters: longer ids are cut, with a hash, so that two never meet.
 */
import { createHash } from 'crypto';

const LONGEST = 80;
const LONGEST_STEP = 24;

export function stateName(id: string, step?: string): string {
  const suffix = step === undefined ? '' : `: ${step}`;
  const room = LONGEST - Math.max(LONGEST_STEP, suffix.length);
  return (id.length <= room ? id : `${id.slice(0, room - 9)}~${hash(id)}`) + suffix;
}

/** The variable of an object: letters, digits and `_`; two ids never share one. */
export function variableName(prefix: string, id: string): string {
  const plain = id.replace(/[^A-Za-z0-9]/g, '_');
  return plain === id && id.length <= 60 ? `${prefix}_${id}` : `${prefix}_${plain.slice(0, 50)}_${hash(id)}`;
}

/** As where capitals do not count, and a name has a hash always. */
export function caseless(prefix: string, id: string): string {
  return `${prefix}_${id.toLowerCase().replace(/[^a-z0-9]/g, '_').slice(0, 50)}_${hash(id)}`;
}

/** A worker group on its hosts, in the names of files, services and tags: letters, digits and `_.-`, at most 89; two groups never share one. */
export function hostName(pipeline: string, group: string): string {
  const name = `${pipeline}.${group}`;
  const plain = name.replace(/[^A-Za-z0-9_.-]/g, '_');
  return plain === name && name.length <= 80 ? name : `${plain.slice(0, 80)}-${hash(name)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
