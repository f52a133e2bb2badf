import { gunzipSync } from 'node:zlib';
import { PGliteInterface, Transaction } from '@electric-sql/pglite';
import { messageOf } from './integration';
import { CopyCommand } from './redshift-copy';
import { Field, parseRows } from './redshift-rows';
import { parseS3Uri } from './s3-uri';
import { S3Error } from '../servers/s3-error';
import { S3Store } from '../servers/s3-store';

interface Column {
  readonly name: string;
  readonly character: boolean;
}

/** Carries out a COPY, and returns how many rows it has loaded. */
export async function load(command: CopyCommand, database: PGliteInterface | Transaction, store: S3Store): Promise<number> {
  const files = command.manifest ? await listed(command, store) : under(command, store);
  const columns = await columnsOf(command, database);
  const lines: string[] = [];
  for (const uri of files) lines.push(...linesOf(command, columns, await content(uri, command.gzip, store), uri));
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
  // Nulls are the fields without quotes.
  const copy = `COPY ${command.table} (${names}) FROM '/dev/blob' WITH (FORMAT csv)`;
  try {
    await database.query(copy, [], { blob: new Blob(lines) });
  } catch (error) {
    throw loadError(command, messageOf(error));
  }
  return lines.length;
}

/** The URIs of all objects that begin with the command's. */
function under(command: CopyCommand, store: S3Store): string[] {
  const { bucket, key } = parseS3Uri(command.uri);
  const keys = store.keys(bucket, key);
  if (keys.length === 0) throw new Error(`The specified S3 prefix '${key}' does not exist`);
  return keys.map(each => `s3://${bucket}/${each}`);
}

/** The URIs in a manifest; those that are not mandatory may be missing. */
async function listed(command: CopyCommand, store: S3Store): Promise<string[]> {
  const { entries } = JSON.parse(await content(command.uri, false, store)) as { entries: { url: string; mandatory?: boolean }[] };
  const found = entries.filter(({ url }) => exists(url, store));
  const missing = entries.find(entry => entry.mandatory && !found.includes(entry));
  if (missing) throw new Error(`Problem reading manifest file - mandatory url '${missing.url}' does not exist`);
  if (found.length === 0) throw new Error(`Problem reading manifest file - none of the files in '${command.uri}' exists`);
  return found.map(({ url }) => url);
}

function exists(uri: string, store: S3Store): boolean {
  const { bucket, key } = parseS3Uri(uri);
  return store.find(bucket, key) !== undefined;
}

async function content(uri: string, gzip: boolean, store: S3Store): Promise<string> {
  const { bucket, key } = parseS3Uri(uri);
  try {
    const bytes = Buffer.concat(await store.read(store.get(bucket, key)).toArray() as Buffer[]);
    return (gzip ? gunzipSync(bytes) : bytes).toString();
  } catch (error) {
    const reason = error instanceof S3Error ? `S3ServiceException:${error.message},Status ${error.status},Error ${error.code}` : messageOf(error);
    throw new Error(`${reason}: ${uri}`);
  }
}

/** The columns that a COPY fills, in its order. */
async function columnsOf({ table, columns }: CopyCommand, database: PGliteInterface | Transaction): Promise<Column[]> {
  const { rows } = await database.query<Column>(
    `SELECT attname AS name, atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) AS character
       FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, [table]);
  return columns?.map(written => {
    const name = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
    const column = rows.find(row => row.name === name);
    if (!column) throw new Error(`column "${name}" of relation "${table}" does not exist`);
    return column;
  }) ?? rows;
}

/** A file's rows as CSV for PostgreSQL. */
function linesOf(command: CopyCommand, columns: readonly Column[], text: string, uri: string): string[] {
  try {
    return parseRows(text, command).slice(command.ignoreHeader).map((row, index) => {
      const problem = row.length < columns.length ? 'Delimiter not found' : row.length > columns.length ? 'Extra column(s) found' : undefined;
      if (problem) throw new Error(`${problem} in line ${index + 1 + command.ignoreHeader}`);
      return `${row.map((field, position) => rendered(field, columns[position], command)).join(',')}\n`;
    });
  } catch (error) {
    throw loadError(command, `${messageOf(error)} of ${uri}`);
  }
}

/** An empty field is a null, save in character columns, where EMPTYASNULL says whether it is. */
function rendered({ text, quoted }: Field, { character }: Column, { nullAs, emptyAsNull }: CopyCommand): string {
  const isNull = text === '' ? !character || emptyAsNull || nullAs === '' : !quoted && text === nullAs;
  return isNull ? '' : `"${text.replaceAll('"', '""')}"`;
}

function loadError({ table }: CopyCommand, reason: string): Error {
  return new Error(`Load into table '${table}' failed.  Check 'stl_load_errors' system table for details. (${reason})`);
}
