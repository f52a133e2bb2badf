/** What Hive reads of the arguments of its command: as its documentation says, without a line of what writes them. */
import { createHash } from 'crypto';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Stage } from 'aws-cdk-lib';
import { stepArguments } from './step-arguments';
import { Activity } from '../../src';

const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/gs;
const DEPTH = 40;

export class HiveReader {
  /** Of an activity's step; `foreign` are the scripts that are not the app's. */
  static async of(activity: Activity, parameters?: Record<string, string>, foreign: Record<string, string> = {}): Promise<HiveReader> {
    const [, ...args] = (await stepArguments(activity, parameters)).find(([program]) => program === 'hive')!;
    const pairs = args.flatMap((option, index) => index % 2 === 0 ? [[option, args[index + 1]]] : []);
    return new HiveReader(pairs, { ...uploads(Stage.of(activity)!.outdir), ...foreign });
  }

  private constructor(private readonly options: string[][], private readonly files: Record<string, string>) {}

  of(option: string): string[] {
    return this.options.filter(([name]) => name === option).map(([, value]) => value);
  }

  /** Of the file for -i, then of that for -f: variables are put in when a line has been divided. */
  get statements(): string[] {
    const text = [...this.of('-i'), ...this.of('-f')].map((uri) => `${this.file(uri)}\n;`).join('\n');
    const lines = text.split('\n').filter((line) => !line.startsWith('--')).join('\n');
    return divided(lines).map((statement) => this.substituted(statement).trim()).filter((statement) => statement !== '');
  }

  private file(uri: string): string {
    const file = this.files[uri] ?? this.files[uri.split('/').pop()!];
    if (file === undefined) throw new Error(`no such file: ${uri}`);
    return file;
  }

  private substituted(statement: string): string {
    const values = new Map(this.of('-d').map((definition) => [definition.split('=')[0], definition.slice(definition.indexOf('=') + 1)]));
    let text = statement;
    for (let depth = 0; depth < DEPTH; depth += 1) text = text.replace(/\$\{([^}$ ]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
    return text;
  }
}

/** By semicolons that are in no quotes. */
function divided(text: string): string[] {
  return text.replace(QUOTED, (quoted) => quoted.replace(/;/g, '\0')).split(';').map((statement) => statement.replace(/\0/g, ';'));
}

/** The values of a statement's literals. */
export function literals(statement: string): string[] {
  return (statement.match(QUOTED) ?? []).filter((quoted) => !quoted.startsWith('`')).map((literal) => unescaped(literal.slice(1, -1)));
}

/** The statement without the values of its literals. */
export function shape(statement: string): string {
  return statement.replace(QUOTED, (quoted) => quoted.startsWith('`') ? quoted : "''");
}

function unescaped(text: string): string {
  const named: Record<string, string> = { n: '\n', r: '\r', t: '\t', 0: '\0' };
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/gs, (_, code: string | undefined, character: string) => (
    code ? String.fromCharCode(parseInt(code, 16)) : named[character] ?? character
  ));
}

/** By the name that they have in the assets bucket: the hash of what is in them. */
function uploads(outdir: string): Record<string, string> {
  const scripts = readdirSync(outdir).filter((name) => /\.(q|pig)$/.test(name)).map((name) => readFileSync(join(outdir, name), 'utf8'));
  return Object.fromEntries(scripts.flatMap((text) => ['q', 'pig'].map((extension) => [`${createHash('sha256').update(text).digest('hex')}.${extension}`, text])));
}
