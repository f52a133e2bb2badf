/**
 * Hive's tables of data nodes. They are external, so that dropping one leaves its data, and each attempt makes them anew. Values reach
 * HiveQL as escaped literals, names between backticks.
 */
import { HiveScript } from './hive-script';
import { escaped } from './step-argument';
import { Column } from '../data-formats/column';
import type { DataFormat } from '../data-formats/data-format';
import type { Layout } from '../data-formats/layout';
import type { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { S3Compression, S3DataNode } from '../data-nodes/s3-data-node';

const WHOLE_RECORD: Column[] = [{ name: 'record', type: 'STRING' }];
const ITEM: Column = { name: 'item', type: 'MAP<STRING,STRING>' };
const KEPT = properties('TBLPROPERTIES', { 'external.table.purge': 'false' });

/** The statements that make a data node the table of that name. */
export function hiveTable(script: HiveScript, table: string, node: S3DataNode | DynamoDBDataNode): string[] {
  return [`DROP TABLE IF EXISTS ${table}`, node instanceof S3DataNode ? s3Table(script, table, node) : dynamoDbTable(script, table, node)];
}

/** What makes Hive compress the files that it writes: for all tables, or for none. */
export function hiveCompression(outputs: readonly (S3DataNode | DynamoDBDataNode)[]): string[] {
  if (!outputs.some((node) => node instanceof S3DataNode && node._compression === S3Compression.GZIP)) return [];
  return ['SET hive.exec.compress.output = true', 'SET mapreduce.output.fileoutputformat.compress.codec = org.apache.hadoop.io.compress.GzipCodec'];
}

function s3Table(script: HiveScript, table: string, { _dataFormat: format, _uri: uri }: S3DataNode): string {
  return [
    `CREATE EXTERNAL TABLE ${table} (${columnList(columnsOf(format))})`,
    rowFormat(format),
    'STORED AS TEXTFILE',
    `LOCATION ${script.literal(uri)}`,
    KEPT,
  ].join('\n');
}

/** Without columns, a record is one: the line as it is. */
function columnsOf(format?: DataFormat): Column[] {
  if (format?._layout.kind === 'dynamoDbExport') return [ITEM];
  return format?._columns.length ? format._columns : WHOLE_RECORD;
}

function rowFormat(format?: DataFormat): string {
  const layout = format?._layout;
  if (layout?.kind === 'dynamoDbExport') return "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n'";
  if (!layout || format._columns.length === 0) return "ROW FORMAT DELIMITED LINES TERMINATED BY '\\n'";
  return layout.kind === 'regEx' ? serde('RegexSerDe', { 'input.regex': layout.inputRegEx }) : delimited(layout);
}

function delimited(layout: Layout): string {
  if (layout.kind !== 'delimited') throw new Error(`no row format for ${layout.kind}`);
  const { quoted, columnSeparator, escapeChar } = layout;
  if (quoted) return serde('OpenCSVSerde', { separatorChar: columnSeparator, quoteChar: '"', ...escapeChar ? { escapeChar } : {} });
  const escape = escapeChar ? ` ESCAPED BY '${escaped(escapeChar)}'` : '';
  return `ROW FORMAT DELIMITED FIELDS TERMINATED BY '${escaped(columnSeparator)}'${escape} LINES TERMINATED BY '\\n'`;
}

function serde(name: string, settings: Record<string, string>): string {
  return `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.${name}'\n${properties('WITH SERDEPROPERTIES', settings)}`;
}

function dynamoDbTable(script: HiveScript, table: string, node: DynamoDBDataNode): string {
  const { _dataFormat: format, _props: { region, readThroughputPercent, writeThroughputPercent } } = node;
  const mapping = format._columns.map(({ name }) => `${name.toLowerCase()}:${name}`).join(',');
  const columns = format._layout.kind === 'dynamoDb' ? format._columns : [ITEM, ...format._columns];
  const settings = {
    ...mapping ? { 'dynamodb.column.mapping': mapping } : {},
    ...readThroughputPercent === undefined ? {} : { 'dynamodb.throughput.read.percent': String(readThroughputPercent) },
    ...writeThroughputPercent === undefined ? {} : { 'dynamodb.throughput.write.percent': String(writeThroughputPercent) },
  };
  const place = [`'dynamodb.table.name' = ${script.literal(node._tableName)}`];
  if (region !== undefined) place.push(`'dynamodb.region' = ${script.literal({ object: node, prop: 'region', text: region })}`);
  return [
    `CREATE EXTERNAL TABLE ${table} (${columnList(columns)})`,
    "STORED BY 'org.apache.hadoop.hive.dynamodb.DynamoDBStorageHandler'",
    `TBLPROPERTIES (${[...place, ...entries(settings)].join(', ')})`,
  ].join('\n');
}

function columnList(columns: readonly Column[]): string {
  return columns.map(({ name, type = 'STRING' }) => `\`${name}\` ${type}`).join(', ');
}

function properties(keyword: string, settings: Record<string, string>): string {
  return `${keyword} (${entries(settings).join(', ')})`;
}

function entries(settings: Record<string, string>): string[] {
  return Object.entries(settings).map(([name, value]) => `'${name}' = '${escaped(value)}'`);
}
