/**
 * The statements of a copy into a table in Redshift, or out of one. They run as one transaction, so no statement among them
 * may end it (TRUNCATE would). Values reach SQL as quoted literals, names as quoted identifiers.
 */
import { identifier, queryPieces, stringLiteral } from './sql';
import { checkText } from './text';
import { SqlPiece } from './work';
import type { RedshiftCopyActivity, RedshiftCopyActivityProps } from '../activities/redshift-copy-activity';
import type { DataFormat } from '../data-formats/data-format';
import type { RedshiftDataNode } from '../data-nodes/redshift-data-node';
import type { S3DataNode } from '../data-nodes/s3-data-node';
import type { RedshiftDatabase } from '../databases/redshift-database';

/** Where the input is first, for a `transformSql` to read and for rows to be compared. */
const STAGING = '"staging"';
const TRANSFORMED = '"transformed"';

type Statement = SqlPiece[];

/** What is copied, from where to where. */
export interface Copy {
  readonly activity: RedshiftCopyActivity;
  readonly props: RedshiftCopyActivityProps;
  readonly from: S3DataNode | RedshiftDataNode;
  readonly to: S3DataNode | RedshiftDataNode;
  readonly database: RedshiftDatabase;
}

export function copyStatements(copy: Copy): Statement[] {
  const { activity, props: { queue }, to } = copy;
  const group: Statement[] = queue === undefined ? [] : [['SET query_group TO ', { literal: checkText(activity, 'queue', queue) }]];
  return [...group, ...isTable(to) ? intoTable(copy, to) : unload(copy, to)];
}

export function isTable(node: S3DataNode | RedshiftDataNode): node is RedshiftDataNode {
  return 'database' in node;
}

function intoTable(copy: Copy, to: RedshiftDataNode): Statement[] {
  const { insertMode, transformSql } = copy.props;
  const create: Statement[] = to._createTableSql ? [[to._createTableSql]] : [];
  const table = tableName(to);
  const empty: Statement[] = insertMode === 'TRUNCATE' ? [[`DELETE FROM ${table}`]] : [];
  const merges = insertMode === 'KEEP_EXISTING' || insertMode === 'OVERWRITE_EXISTING';
  if (!merges && transformSql === undefined) return [...create, ...empty, fill(copy, table)];
  const { statements, rows, made } = staged(copy);
  const remove = merges ? [insertMode === 'KEEP_EXISTING' ? remaining(to, rows, table) : remaining(to, table, rows)] : empty;
  return [...create, ...statements, ...remove, [`INSERT INTO ${table} SELECT * FROM ${rows}`], ...drop(made)];
}

interface Staged {
  readonly statements: Statement[];
  /** The table that has the rows to write. */
  readonly rows: string;
  /** The tables that are in the way of the next copy, should the session have one. */
  readonly made: string[];
}

/** The input in a table of its own, transformed if that is asked for: into columns like those of the table that is written, if one is. */
function staged(copy: Copy): Staged {
  const { activity, from, to, props: { transformSql } } = copy;
  const like = isTable(to) ? `(LIKE ${tableName(to)})` : undefined;
  const typed = !isTable(from) && transformSql !== undefined ? columnTypes(from) : undefined;
  const stage: Statement[] = isTable(from)
    ? [[`CREATE TEMP TABLE ${STAGING} AS SELECT * FROM ${tableName(from)}`]]
    : [[`CREATE TEMP TABLE ${STAGING} ${typed ?? like}`], fill(copy, STAGING)];
  if (transformSql === undefined) return { statements: stage, rows: STAGING, made: [STAGING] };
  const query = queryPieces(activity, 'transformSql', transformSql);
  const transform: Statement[] = like === undefined
    ? [[`CREATE TEMP TABLE ${TRANSFORMED} AS `, ...query]]
    : [[`CREATE TEMP TABLE ${TRANSFORMED} ${like}`], [`INSERT INTO ${TRANSFORMED} `, ...query]];
  return { statements: [...stage, ...transform], rows: TRANSFORMED, made: [STAGING, TRANSFORMED] };
}

/** The columns of the input, where its format says of what types they are, and Redshift has these. */
function columnTypes({ _dataFormat: format }: S3DataNode): string | undefined {
  const columns = format?._columns ?? [];
  if (columns.length === 0 || columns.some(({ type }) => type === undefined || type.includes('<'))) return undefined;
  return `(${columns.map(({ name, type = '' }) => `${identifier(name)} ${REDSHIFT_TYPES[type.toLowerCase()] ?? type}`).join(', ')})`;
}

/** What Hive calls otherwise. */
const REDSHIFT_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR(65535)', tinyint: 'SMALLINT', double: 'DOUBLE PRECISION', binary: 'VARBYTE',
};

/** Removes the rows of one table that another has. */
function remaining(to: RedshiftDataNode, removeFrom: string, having: string): Statement {
  const same = to._primaryKeys.map(identifier).map((key) => `${removeFrom}.${key} = ${having}.${key}`).join(' AND ');
  return [`DELETE FROM ${removeFrom} USING ${having} WHERE ${same}`];
}

function drop(tables: string[]): Statement[] {
  return tables.map((table) => [`DROP TABLE ${table}`]);
}

/** Adds the input to a table. */
function fill({ activity, from, database, props }: Copy, table: string): Statement {
  if (isTable(from)) return [`INSERT INTO ${table} SELECT * FROM ${tableName(from)}`];
  const columns = (from._dataFormat?._columns ?? []).map(({ name }) => identifier(name));
  const list = columns.length ? ` (${columns.join(', ')})` : '';
  const options = [
    ...from._dataFormat ? formatOptions(from._dataFormat, 'REMOVEQUOTES') : props.commandOptions ?? [],
    ...from._compression === 'gzip' ? ['GZIP'] : [],
    ...from._path === 'manifestFilePath' ? ['MANIFEST'] : [],
  ];
  return [`COPY ${table}${list} FROM `, { literal: from._uri }, ...authority(activity, database), ...options.map((option) => ` ${option}`)];
}

/** Writes a table to S3, transformed if that is asked for. What stands there is overwritten, or removed before. */
function unload(copy: Copy, to: S3DataNode): Statement[] {
  const { activity, from, database, props: { insertMode, commandOptions = [], transformSql } } = copy;
  const source = tableName(from as RedshiftDataNode);
  const { statements, rows, made } = transformSql === undefined ? { statements: [], rows: source, made: [] } : staged(copy);
  const options = [
    ...to._dataFormat ? formatOptions(to._dataFormat, 'ADDQUOTES') : commandOptions,
    ...to._compression === 'gzip' ? ['GZIP'] : [],
    ...{ TRUNCATE: ['CLEANPATH'], KEEP_EXISTING: [], OVERWRITE_EXISTING: ['ALLOWOVERWRITE'], APPEND: ['ALLOWOVERWRITE'] }[insertMode],
  ];
  const write: Statement = [
    `UNLOAD (${stringLiteral(`SELECT * FROM ${rows}`)}) TO `, { literal: to._uri }, ...authority(activity, database), ...options.map((option) => ` ${option}`),
  ];
  return [...statements, write, ...drop(made)];
}

function authority(activity: RedshiftCopyActivity, { _iamRole: role }: RedshiftDatabase): SqlPiece[] {
  return role ? [' IAM_ROLE ', { literal: checkText(activity, 'output', role.roleArn) }] : [' IAM_ROLE default'];
}

/** With ESCAPE, CSV's quotes are another option's matter. */
function formatOptions({ _layout: layout }: DataFormat, quotes: 'REMOVEQUOTES' | 'ADDQUOTES'): string[] {
  if (layout.kind !== 'delimited') return [];
  if (layout.quoted && !layout.escapeChar) return ['FORMAT AS CSV'];
  return [`DELIMITER ${delimiter(layout.columnSeparator)}`, ...(layout.quoted ? [quotes] : []), ...(layout.escapeChar ? ['ESCAPE'] : [])];
}

function delimiter(separator: string): string {
  return separator === '\t' ? "'\\t'" : stringLiteral(separator);
}

function tableName(node: RedshiftDataNode): string {
  const table = identifier(node._tableName);
  return node._schemaName === undefined ? table : `${identifier(node._schemaName)}.${table}`;
}
