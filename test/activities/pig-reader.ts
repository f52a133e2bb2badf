/** What Pig reads of the arguments of its command: as its documentation says, without a line of what writes them. */
import { createHash } from 'crypto';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Stage } from 'aws-cdk-lib';
import { stepArguments } from './step-arguments';
import { Activity } from '../../src';

/** The text that Pig parses, in a run with these parameters; `foreign` are the scripts that are not the app's. */
export async function pigScript(activity: Activity, parameters?: Record<string, string>, foreign: Record<string, string> = {}): Promise<string> {
  const { text, definitions } = await pigCommand(activity, parameters, foreign);
  const values = new Map(definitions.map((definition) => {
    const [, name, value] = /^(\w+)=(\w+|"[^"]*")$/s.exec(definition)!;
    return [name, value.replace(/^"|"$/g, '')];
  }));
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string) => values.get(braced ?? bare)!);
}

/** The script without its parameters' values, and what gives it these. */
export async function pigCommand(activity: Activity, parameters?: Record<string, string>, foreign: Record<string, string> = {}) {
  const steps = await stepArguments(activity, parameters);
  const args = steps.find((step) => step[0] === 'pig' || step[2]?.includes('pig "$@"'))!;
  const files = { ...uploads(Stage.of(activity)!.outdir), ...foreign };
  const parts = args[0] === 'pig' ? args.slice(-1) : args.slice(4, 4 + Number(args[3]));
  const text = parts.map((uri) => files[uri] ?? files[uri.split('/').pop()!]).join('\n');
  return { text, definitions: args.filter((_, index) => args[index - 1] === '-p') };
}

function uploads(outdir: string): Record<string, string> {
  const scripts = readdirSync(outdir).filter((name) => name.endsWith('.pig')).map((name) => readFileSync(join(outdir, name), 'utf8'));
  return Object.fromEntries(scripts.map((text) => [`${createHash('sha256').update(text).digest('hex')}.pig`, text]));
}
