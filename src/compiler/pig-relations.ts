/** Pig's relations of data nodes: what loads an input before the user's script, and stores an output after it. */
import { PigScript, pigLiteral } from './pig-script';
import { Column } from '../data-formats/column';
import type { DataFormat } from '../data-formats/data-format';
import type { Layout } from '../data-formats/layout';
import { S3Compression, S3DataNode } from '../data-nodes/s3-data-node';

/** Amazon EMR has it there. */
const PIGGYBANK = 'REGISTER file:/usr/lib/pig/lib/piggybank.jar';
/** By Hive's types. What Pig reads dates of is not what the other formats write, so they are text. */
const TYPES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(tiny|small)?int(eger)?$/i, 'int'],
  [/^bigint$/i, 'long'],
  [/^(float|double|boolean)$/i, '$&'],
  [/^(decimal|numeric)\b.*/i, 'bigdecimal'],
  [/^binary$/i, 'bytearray'],
  [/^(string|date|timestamp|(var)?char\b.*)$/i, 'chararray'],
];

/** What all the statements need. */
export function pigSettings(inputs: readonly S3DataNode[], outputs: readonly S3DataNode[]): string[] {
  const quoted = [...inputs, ...outputs].some(({ _dataFormat: format }) => isQuoted(format));
  const compressed = outputs.some(({ _compression }) => _compression === S3Compression.GZIP);
  return [
    ...quoted ? [PIGGYBANK] : [],
    ...compressed ? ['SET output.compression.enabled true', 'SET output.compression.codec org.apache.hadoop.io.compress.GzipCodec'] : [],
  ];
}

/** The statements that make a data node the relation of that name. */
export function pigLoad(script: PigScript, relation: string, { _dataFormat: format, _uri: uri }: S3DataNode): string[] {
  const from = `${relation} = LOAD ${script.literal(uri)} USING`;
  if (!format?._columns.length) return [`${from} TextLoader() AS (record:chararray)`];
  const { _layout: layout, _columns: columns } = format;
  if (layout.kind === 'delimited') return [`${from} ${storage(layout)} AS (${schema(columns, pigType)})`];
  if (layout.kind !== 'regEx') throw new Error(`no loader for ${layout.kind}`);
  return [
    `${from} TextLoader() AS (record:chararray)`,
    `${relation} = FOREACH ${relation} GENERATE FLATTEN(REGEX_EXTRACT_ALL(record, ${pigLiteral(layout.inputRegEx)})) AS (${schema(columns, () => 'chararray')})`,
    `${relation} = FOREACH ${relation} GENERATE ${columns.map((column) => `(${pigType(column)}) ${column.name} AS ${column.name}`).join(', ')}`,
  ];
}

export function pigStore(script: PigScript, relation: string, { _dataFormat: format, _uri: uri }: S3DataNode): string {
  const layout = format?._columns.length ? format._layout : undefined;
  return `STORE ${relation} INTO ${script.literal(uri)} USING ${layout?.kind === 'delimited' ? storage(layout) : 'PigStorage()'}`;
}

/** The type of a column; none where Pig has no such. */
export function pigType({ type = 'STRING' }: Column): string | undefined {
  const known = TYPES.find(([pattern]) => pattern.test(type));
  return known && type.toLowerCase().replace(...known);
}

function isQuoted(format?: DataFormat): boolean {
  return format?._layout.kind === 'delimited' && format._layout.quoted && format._columns.length > 0;
}

/** The last line's break is the storage's, and a value with one is quoted. */
function storage({ quoted, columnSeparator }: Extract<Layout, { kind: 'delimited' }>): string {
  if (!quoted) return `PigStorage(${pigLiteral(columnSeparator)})`;
  return `org.apache.pig.piggybank.storage.CSVExcelStorage(${pigLiteral(columnSeparator)}, 'YES_MULTILINE', 'UNIX')`;
}

function schema(columns: readonly Column[], typeOf: (column: Column) => string | undefined): string {
  return columns.map((column) => `${column.name}:${typeOf(column)}`).join(', ');
}
