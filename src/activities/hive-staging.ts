/** Which data nodes can be tables of Hive, and their names there. */
import type { Activity } from './activity';
import { HiveScript } from '../compiler/hive-script';
import { hiveCompression, hiveTable } from '../compiler/hive-tables';
import { caseless } from '../compiler/names';
import { DataFormat } from '../data-formats/data-format';
import type { DataNode } from '../data-nodes/data-node';
import { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';

/** The tables of an activity's data nodes, by the variables that name them, and the statements that make them. */
export interface Staging {
  readonly tables: Record<string, string>;
  readonly statements: string[];
}

export type Stageable = S3DataNode | DynamoDBDataNode;

/** `input1`, `input2`, ..., `output1`, ... */
export function stageInHive(activity: Activity, script: HiveScript): Staging {
  const inputs = activity.input.map((node) => stageable(activity, 'input', node));
  const outputs = activity.output.map((node) => stageable(activity, 'output', node));
  checkCompression(activity, outputs);
  const nodes = [...named('input', inputs), ...named('output', outputs)];
  const tables = nodes.map(([variable]) => [variable, caseless(variable, activity.objectId)]);
  return {
    tables: Object.fromEntries(tables) as Record<string, string>,
    statements: [...hiveCompression(outputs), ...nodes.flatMap(([, node], index) => hiveTable(script, tables[index][1], node))],
  };
}

function named(role: string, nodes: readonly Stageable[]): Array<[string, Stageable]> {
  return nodes.map((node, index) => [`${role}${index + 1}`, node]);
}

function stageable(activity: Activity, prop: 'input' | 'output', node: DataNode): Stageable {
  const refused = (problem: string, mend: string) => invalid(activity, prop, `${problem}; got: ${node.node.path}; ${mend}, or give stage: false`);
  if (node instanceof DynamoDBDataNode) {
    checkNames(node._dataFormat, refused);
    return node;
  }
  if (!(node instanceof S3DataNode)) throw refused('Hive has tables of data in S3 and in DynamoDB', 'leave it out');
  if (node._path !== 'directoryPath') throw refused(`a table of Hive is a directory, not a ${node._path}`, 'give the data node a directoryPath');
  const { _dataFormat: format } = node;
  if (!format) return node;
  checkNames(format, refused);
  const { _layout: layout, _columns: columns, _name: name } = format;
  if (layout.kind === 'dynamoDb' || layout.kind === 'dynamoDbExport' && columns.length > 0) {
    throw refused(`items in S3 are whole, in one column, not ${name} with columns of its own`, 'give it DataFormat.dynamoDbExport()');
  }
  if (layout.kind === 'delimited' && layout.recordSeparator !== '\n') {
    throw refused(`Hive ends records by a newline, not by ${JSON.stringify(layout.recordSeparator)}`, 'leave out recordSeparator');
  }
  if (layout.kind === 'regEx' && columns.length === 0) throw refused('Hive has a column for each group of inputRegEx, and there are none', 'give DataFormat.regEx columns');
  if (layout.kind === 'regEx' && prop === 'output') throw refused('Hive only reads by a regular expression', 'give the output another dataFormat');
  return node;
}

function checkNames({ _columns: columns }: DataFormat, refused: (problem: string, mend: string) => Error): void {
  const impossible = columns.find(({ name }) => !/^[\p{L}\p{N}_-]+$/u.test(name));
  if (impossible) throw refused(`Hive's columns have letters, digits, "_" and "-", and one is ${JSON.stringify(impossible.name)}`, 'give it another name');
}

/** Hive compresses all that a script writes to S3, or nothing. */
function checkCompression(activity: Activity, outputs: readonly Stageable[]): void {
  const kinds = new Set(outputs.flatMap((node) => node instanceof S3DataNode ? [node._compression] : []));
  if (kinds.size > 1) throw invalid(activity, 'output', `Hive compresses all that a script writes, or nothing; got: ${[...kinds].join(' and ')}; give all the same compression`);
}
