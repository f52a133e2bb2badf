/** Which data nodes can be relations of Pig, and their names there. */
import type { Activity } from './activity';
import { pigLoad, pigSettings, pigStore, pigType } from '../compiler/pig-relations';
import { PigScript } from '../compiler/pig-script';
import { DataFormat } from '../data-formats/data-format';
import type { DataNode } from '../data-nodes/data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';

/** What comes before a script and after it, and the parameters that name its relations. */
export interface PigStaging {
  readonly before: string[];
  readonly after: string[];
  readonly names: string[];
  /** What is written, and so must not be there. */
  readonly written: S3DataNode[];
}

export const NOT_STAGED: PigStaging = { before: [], after: [], names: [], written: [] };

type Refusal = (problem: string, mend: string) => Error;

/** `input1`, `input2`, ..., `output1`, ... */
export function stageInPig(activity: Activity, script: PigScript): PigStaging {
  const inputs = activity.input.map((node) => stageable(activity, 'input', node));
  const outputs = activity.output.map((node) => stageable(activity, 'output', node));
  const kinds = new Set(outputs.map(({ _compression }) => _compression));
  if (kinds.size > 1) throw invalid(activity, 'output', `Pig compresses all that a script writes, or nothing; got: ${[...kinds].join(' and ')}; give all the same compression`);
  const relation = (role: string, index: number): string => `datapipeline_${role}${index + 1}`;
  const named = (role: string, nodes: readonly S3DataNode[]) => nodes.map((_, index) => `${role}${index + 1}=${relation(role, index)}`);
  return {
    before: [...pigSettings(inputs, outputs), ...inputs.flatMap((node, index) => pigLoad(script, relation('input', index), node))],
    after: outputs.map((node, index) => pigStore(script, relation('output', index), node)),
    names: [...named('input', inputs), ...named('output', outputs)],
    written: outputs,
  };
}

function stageable(activity: Activity, prop: 'input' | 'output', node: DataNode): S3DataNode {
  const refused: Refusal = (problem, mend) => invalid(activity, prop, `${problem}; got: ${node.node.path}; ${mend}, or give stage: false`);
  if (!(node instanceof S3DataNode)) throw refused('Pig has relations of data in S3', 'leave it out');
  if (node._path === 'manifestFilePath') throw refused('Pig reads no manifest', 'give the data node a directoryPath or a filePath');
  if (prop === 'output' && node._path !== 'directoryPath') throw refused(`Pig writes a directory, not a ${node._path}`, 'give the data node a directoryPath');
  checkFormat(prop, node._dataFormat, refused);
  return node;
}

function checkFormat(prop: 'input' | 'output', format: DataFormat | undefined, refused: Refusal): void {
  if (!format) return;
  const { _layout: layout, _columns: columns, _name: name } = format;
  if (layout.kind === 'dynamoDb' || layout.kind === 'dynamoDbExport') throw refused(`Pig reads no items of ${name}`, 'run a HiveActivity');
  if (layout.kind === 'regEx' && prop === 'output') throw refused('Pig only reads by a regular expression', 'give the output another dataFormat');
  if (layout.kind === 'regEx' && columns.length === 0) throw refused('Pig has a field for each group of inputRegEx, and there are none', 'give DataFormat.regEx columns');
  if (layout.kind === 'delimited') {
    if (layout.recordSeparator !== '\n') throw refused(`Pig ends records by a newline, not by ${JSON.stringify(layout.recordSeparator)}`, 'leave out recordSeparator');
    if (layout.escapeChar && columns.length > 0) throw refused('Pig reads no escapes', 'leave out escapeChar');
  }
  const column = columns.find((each) => !/^[A-Za-z]\w*$/.test(each.name) || !pigType(each));
  if (column) throw refused(`Pig's fields are letters, digits and "_", of simple types, and one is "${column.name} ${column.type ?? 'STRING'}"`, 'give it another name or type');
}
