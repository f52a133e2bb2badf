import { ThreadHandler, WorkContext } from './handler';
import { databaseField, sqlParts } from './sql-fields';
import { CopyEnd, CopyTask, FileFormat, FilesEnd, HOST_URI, TableEnd } from '../../src/contract/copy';
import { DocumentReader } from '../../src/contract/document';
import { S3_URI } from '../../src/contract/s3';
import { copyFiles } from '../copy/copy-files';
import { loadTable, unloadTable } from '../copy/copy-table';

export const COPY: ThreadHandler<CopyTask> = { read, run };

const A_URI = "an S3 URI, or 'file:///' with a path on the host that has no '.' and '..' in it";
const PLACE = new RegExp(`${S3_URI.source}|${HOST_URI.source}`, 's');
const ONE_BYTE = /^[\0-\x7f]$/;
const A_BYTE = 'one character of ASCII';

function read(reader: DocumentReader): ReturnType<typeof COPY.read> {
  return { input: end(reader.object('input')), output: end(reader.object('output')) };
}

function end(reader: DocumentReader): CopyEnd {
  return reader.oneOf('kind', ['files', 'table']) === 'files' ? filesEnd(reader) : tableEnd(reader);
}

function tableEnd(reader: DocumentReader): TableEnd {
  const sql = (name: string) => (reader.has(name) ? sqlParts(reader, name) : undefined);
  return {
    kind: 'table',
    object: reader.text('object'),
    database: databaseField(reader.object('database')),
    table: reader.text('table'),
    schemaName: reader.optionalText('schemaName'),
    selectQuery: sql('selectQuery'),
    insertQuery: sql('insertQuery'),
    createTableSql: sql('createTableSql'),
  };
}

function filesEnd(reader: DocumentReader): FilesEnd {
  return {
    kind: 'files',
    object: reader.text('object'),
    uri: reader.matching('uri', PLACE, A_URI),
    manifest: reader.flag('manifest'),
    compression: reader.oneOf('compression', ['none', 'gzip']),
    format: reader.has('format') ? format(reader.object('format')) : undefined,
  };
}

function format(reader: DocumentReader): FileFormat {
  const kind = reader.oneOf('kind', ['delimited', 'regEx']);
  if (kind === 'regEx') return { kind, inputRegEx: reader.text('inputRegEx'), outputFormat: reader.optionalText('outputFormat') };
  const byte = (name: string) => reader.matching(name, ONE_BYTE, A_BYTE);
  return {
    kind,
    quoted: reader.flag('quoted'),
    columnSeparator: byte('columnSeparator'),
    recordSeparator: byte('recordSeparator'),
    escapeChar: reader.has('escapeChar') ? byte('escapeChar') : undefined,
  };
}

async function run({ input, output }: CopyTask, context: WorkContext, signal: AbortSignal): Promise<void> {
  if (output.kind === 'table') {
    await loadTable(input, output, context, signal);
  } else if (input.kind === 'table') {
    await unloadTable(input, output, context, signal);
  } else {
    const files = await copyFiles(input, output, context, signal);
    context.log.info('files copied', { files });
  }
  context.log.info('copied', { input: input.object, output: output.object });
}
