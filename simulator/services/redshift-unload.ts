import { gzipSync } from 'node:zlib';
import { PGliteInterface, Transaction } from '@electric-sql/pglite';
import { Authorized, CommandSyntaxError, OptionReaders, readOptions, Words } from './redshift-words';
import { parseS3Uri } from './s3-uri';
import { S3Store } from '../servers/s3-store';

/** An UNLOAD to S3. */
export interface UnloadCommand {
  readonly query: string;
  readonly uri: string;
  readonly csv: boolean;
  readonly delimiter: string;
  readonly header: boolean;
  readonly addQuotes: boolean;
  readonly escape: boolean;
  readonly nullAs: string;
  readonly gzip: boolean;
  readonly allowOverwrite: boolean;
  readonly cleanPath: boolean;
}

type Options = { -readonly [name in keyof UnloadCommand]?: UnloadCommand[name] } & Authorized;

const OPTIONS: OptionReaders<Options> = {
  FORMAT: words => void words.accept('AS'),
  CSV: (_, options) => void (options.csv = true),
  DELIMITER: (words, options) => void (options.delimiter = words.character()),
  HEADER: (_, options) => void (options.header = true),
  ADDQUOTES: (_, options) => void (options.addQuotes = true),
  ESCAPE: (_, options) => void (options.escape = true),
  NULL: (words, options) => void (options.nullAs = words.text()),
  GZIP: (_, options) => void (options.gzip = true),
  ALLOWOVERWRITE: (_, options) => void (options.allowOverwrite = true),
  CLEANPATH: (_, options) => void (options.cleanPath = true),
  // There is one slice here, and one object.
  PARALLEL: words => void words.accept('ON', 'OFF', 'TRUE', 'FALSE'),
};

export function parseUnload(sql: string): UnloadCommand {
  const words = new Words('UNLOAD', sql);
  words.expect('UNLOAD');
  words.expect('(');
  const query = words.text();
  words.expect(')');
  words.expect('TO');
  const options: Options = { query, uri: words.text() };
  readOptions(words, OPTIONS, options);
  if (options.allowOverwrite && options.cleanPath) throw new CommandSyntaxError('CLEANPATH and ALLOWOVERWRITE cannot be specified at the same time');
  return withDefaults(options);
}

function withDefaults({ authorized: _, ...options }: Options): UnloadCommand {
  const { csv = false } = options;
  return {
    query: '',
    uri: '',
    delimiter: csv ? ',' : '|',
    header: false,
    addQuotes: false,
    escape: false,
    nullAs: '',
    gzip: false,
    allowOverwrite: false,
    cleanPath: false,
    ...options,
    csv,
  };
}

/** Truth values, numbers, dates and times are written as the database writes them. */
const AS_TEXT = Object.fromEntries([16, 20, 21, 23, 700, 701, 1082, 1114, 1184, 1700].map(oid => [oid, (value: string) => value]));

/** Carries out an UNLOAD, and returns how many rows it has written. */
export async function unload(command: UnloadCommand, database: PGliteInterface | Transaction, store: S3Store): Promise<number> {
  const { bucket, key } = parseS3Uri(command.uri);
  const there = store.keys(bucket, key);
  if (there.length > 0 && !command.allowOverwrite && !command.cleanPath) {
    throw new Error('Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, ' +
      'or using the ALLOWOVERWRITE option.');
  }
  const { rows, fields } = await database.query<(string | null)[]>(command.query, [], { rowMode: 'array', parsers: AS_TEXT });
  if (command.cleanPath) there.forEach(each => store.delete(bucket, each));
  const lines = [...command.header ? [fields.map(({ name }) => name)] : [], ...rows].map(row => `${row.map(value => field(command, value)).join(command.delimiter)}\n`);
  const text = lines.join('');
  await store.put(bucket, `${key}0000_part_00${command.gzip ? '.gz' : ''}`, command.gzip ? gzipSync(text) : text);
  return rows.length;
}

function field({ csv, delimiter, addQuotes, escape, nullAs }: UnloadCommand, value: string | null): string {
  if (value === null) return nullAs;
  if (csv) return /[",\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  const special = ['\\', '\r', '\n', delimiter, ...addQuotes ? ['"', "'"] : []];
  const escaped = escape ? [...value].map(character => special.includes(character) ? `\\${character}` : character).join('') : value;
  return addQuotes ? `"${escaped}"` : escaped;
}
