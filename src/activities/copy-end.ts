/** The data nodes of a copy as Task Runner is told of them. */
import type { Activity } from './activity';
import { Template } from '../compiler/work';
import { FileFormat, FilesEnd, TableEnd } from '../contract/copy';
import { DataFormat } from '../data-formats/data-format';
import { DataNode } from '../data-nodes/data-node';
import { HostDataNode } from '../data-nodes/host-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { SqlDataNode } from '../data-nodes/sql-data-node';
import { invalid } from '../errors';
import { ITaskRunnerHost } from '../resources/task-runner-host';

export type FilesNode = S3DataNode | HostDataNode;

export function isFiles(node: DataNode): node is FilesNode {
  return node instanceof S3DataNode || node instanceof HostDataNode;
}

export function filesEnd({ objectId, _uri: uri, _path, _compression: compression }: FilesNode, format?: FileFormat): Template<FilesEnd> {
  return { kind: 'files', object: objectId, uri, manifest: _path === 'manifestFilePath', compression, format };
}

/** Lets the host connect, too. Throws if only Amazon Redshift Data API reaches the table. */
export function tableEnd(activity: Activity, prop: 'input' | 'output', node: SqlDataNode, host: ITaskRunnerHost): Template<TableEnd> {
  const { database, objectId } = node;
  if (!database._connection || database._engine === 'redshift') {
    throw invalid(activity, prop, `is a table of MySQL, MariaDB or PostgreSQL; got: ${node.node.path} in ${database.node.path}, which is Amazon Redshift; give RedshiftCopyActivity a RedshiftDataNode`);
  }
  database._grantConnect(host);
  const { _table: table, _schemaName: schemaName, _selectQuery: selectQuery, _insertQuery: insertQuery, _createTableSql: createTableSql } = node;
  return { kind: 'table', object: objectId, database: database._connection, table, schemaName, selectQuery, insertQuery, createTableSql };
}

/** Of files on the other side of a table. */
export function recordsFormat(activity: Activity, prop: 'input' | 'output', files: FilesNode): FileFormat {
  const format = files._dataFormat;
  if (!format) throw invalid(activity, prop, `has a dataFormat, since the other side is a table; got: none on ${files.node.path}; give it DataFormat.csv, tsv, custom or regEx`);
  return prop === 'input' ? readable(activity, files, format) : writable(activity, files, format);
}

export interface CopyFormats {
  readonly input?: FileFormat;
  readonly output?: FileFormat;
}

/** Both formats, or none for data that is copied as it is: throws where one cannot become the other. */
export function checkFormats(activity: Activity, from: FilesNode, to: FilesNode): CopyFormats {
  const [input, output] = [from._dataFormat, to._dataFormat];
  if (!input && !output) return {};
  if (!input || !output) {
    const [without, prop, other] = input ? [to, 'output', from] : [from, 'input', to];
    throw invalid(activity, prop, `has a dataFormat if the other side has one; got: none on ${without.node.path}, and ${other._dataFormat?._name} on ${other.node.path}; ` +
      'give it one, or leave out both to copy the data as it is');
  }
  checkColumns(activity, input, output);
  if (JSON.stringify(input._layout) === JSON.stringify(output._layout)) return { input: fileFormat(input), output: fileFormat(output) };
  return { input: readable(activity, from, input), output: writable(activity, to, output) };
}

function checkColumns(activity: Activity, { _columns: from }: DataFormat, { _columns: to }: DataFormat): void {
  if (from.length === 0 || to.length === 0 || from.length === to.length) return;
  throw invalid(activity, 'output', `has as many columns as the input; got: ${to.length} and ${from.length}; give both dataFormats the same number, or leave them out`);
}

function readable(activity: Activity, { node }: FilesNode, format: DataFormat): FileFormat {
  const layout = fileFormat(format);
  if (!layout) throw invalid(activity, 'input', `is records of CSV, TSV, Custom or RegEx; got: ${node.path} with ${format._name}; HiveCopyActivity reads it`);
  const problem = layout.kind === 'regEx' ? regExProblem(layout.inputRegEx) : undefined;
  if (problem) throw invalid(activity, 'input', `has an inputRegEx that Task Runner can read; got: ${node.path} with "${format._name}", ${problem}`);
  return layout;
}

function writable(activity: Activity, { node }: FilesNode, format: DataFormat): FileFormat {
  const layout = fileFormat(format);
  if (!layout) throw invalid(activity, 'output', `is records of CSV, TSV, Custom or RegEx; got: ${node.path} with ${format._name}; HiveCopyActivity writes it`);
  if (layout.kind === 'regEx' && layout.outputFormat === undefined) {
    throw invalid(activity, 'output', `is written as its outputFormat says; got: none on ${node.path}; give DataFormat.regEx an outputFormat`);
  }
  return layout;
}

/** None for what is copied as it is only. */
function fileFormat({ _layout: layout }: DataFormat): FileFormat | undefined {
  return layout.kind === 'delimited' || layout.kind === 'regEx' ? layout : undefined;
}

/** What Java's expressions have, and Task Runner's mean otherwise. */
const OF_JAVA = /\\[pPhHRAzZGQEaeXN]|&&|\(\?[>a-zA-Z-]|\[:/;

function regExProblem(inputRegEx: string): string | undefined {
  const [found] = OF_JAVA.exec(inputRegEx) ?? [];
  if (found !== undefined) return `which has "${found}" of Java's; write it without`;
  try {
    return new RegExp(inputRegEx, 's').source === '' ? 'which is empty' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
