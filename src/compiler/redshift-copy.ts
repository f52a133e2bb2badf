/**
 * The statements of a load from S3 into Redshift, for each insert mode. They run as one transaction, so no statement among them
 * may end it (TRUNCATE would). Values reach SQL as quoted literals, names as quoted identifiers.
 */
import { checkText } from './text';
import { SqlPiece } from './work';
import type { RedshiftCopyActivity, RedshiftCopyActivityProps } from '../activities/redshift-copy-activity';
import type { DataFormat } from '../data-formats/data-format';
import type { RedshiftDataNode } from '../data-nodes/redshift-data-node';
import type { S3DataNode } from '../data-nodes/s3-data-node';

const STAGING = '"staging"';

/** A name as SQL takes it, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}

/** A text as a SQL string literal. */
export function stringLiteral(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}

export function copyStatements(activity: RedshiftCopyActivity, props: RedshiftCopyActivityProps): SqlPiece[][] {
  const { input, output } = props;
  const table = tableName(output);
  const load = (into: string): SqlPiece[] => copy(activity, into, input, output, props.commandOptions ?? []);
  const create: SqlPiece[][] = output._createTableSql ? [[output._createTableSql]] : [];
  switch (String(props.insertMode)) {
    case 'TRUNCATE': return [...create, [`DELETE FROM ${table}`], load(table)];
    case 'KEEP_EXISTING': return [...create, ...merge(output, load(STAGING), STAGING, table)];
    case 'OVERWRITE_EXISTING': return [...create, ...merge(output, load(STAGING), table, STAGING)];
    default: return [...create, load(table)];
  }
}

/** Loads into a table of its own, removes the rows of one side that the other has, and adds what is left. */
function merge(output: RedshiftDataNode, load: SqlPiece[], removeFrom: string, having: string): SqlPiece[][] {
  const table = tableName(output);
  const same = output._primaryKeys.map(identifier).map((key) => `${removeFrom}.${key} = ${having}.${key}`).join(' AND ');
  return [
    [`CREATE TEMP TABLE ${STAGING} (LIKE ${table})`],
    load,
    [`DELETE FROM ${removeFrom} USING ${having} WHERE ${same}`],
    [`INSERT INTO ${table} SELECT * FROM ${STAGING}`],
    [`DROP TABLE ${STAGING}`],
  ];
}

function copy(activity: RedshiftCopyActivity, into: string, input: S3DataNode, output: RedshiftDataNode, commandOptions: string[]): SqlPiece[] {
  const columns = (input._dataFormat?._columns ?? []).map(({ name }) => identifier(name));
  const list = columns.length ? ` (${columns.join(', ')})` : '';
  const role = output.database._iamRole;
  const authority: SqlPiece[] = role ? [' IAM_ROLE ', { literal: checkText(activity, 'output', role.roleArn) }] : [' IAM_ROLE default'];
  return [`COPY ${into}${list} FROM `, { literal: input._uri }, ...authority, ...options(input, commandOptions).map((option) => ` ${option}`)];
}

function options(input: S3DataNode, commandOptions: string[]): string[] {
  return [
    ...input._dataFormat ? formatOptions(input._dataFormat) : commandOptions,
    ...input._compression === 'gzip' ? ['GZIP'] : [],
    ...input._path === 'manifestFilePath' ? ['MANIFEST'] : [],
  ];
}

/** With ESCAPE, CSV's quotes are taken off by another option. */
function formatOptions({ _layout: layout }: DataFormat): string[] {
  if (layout.kind !== 'delimited') return [];
  if (layout.quoted && !layout.escapeChar) return ['FORMAT AS CSV'];
  return [`DELIMITER ${delimiter(layout.columnSeparator)}`, ...(layout.quoted ? ['REMOVEQUOTES'] : []), ...(layout.escapeChar ? ['ESCAPE'] : [])];
}

function delimiter(separator: string): string {
  return separator === '\t' ? "'\\t'" : stringLiteral(separator);
}

function tableName(node: RedshiftDataNode): string {
  const table = identifier(node._tableName);
  return node._schemaName === undefined ? table : `${identifier(node._schemaName)}.${table}`;
}
