import { call, objectOf } from '../code';
import { Rules, TypeRules } from './rule';
import { known, knownList } from './rules';

function format(callee: string, fields: Rules, required: string[] = []): TypeRules {
  return { kind: 'format', fields: { column: knownList('columns'), ...fields }, required, value: (props) => props.length ? call(callee, objectOf(props)) : call(callee) };
}

export const FORMATS: Readonly<Record<string, TypeRules>> = {
  CSV: format('DataFormat.csv', { escapeChar: known('escapeChar') }),
  Custom: format('DataFormat.custom', { columnSeparator: known('columnSeparator'), recordSeparator: known('recordSeparator') }, ['columnSeparator']),
  DynamoDBDataFormat: format('DataFormat.dynamoDb', {}),
  DynamoDBExportDataFormat: format('DataFormat.dynamoDbExport', {}),
  RegEx: format('DataFormat.regEx', { inputRegEx: known('inputRegEx'), outputFormat: known('outputFormat') }),
  TSV: format('DataFormat.tsv', { columnSeparator: known('columnSeparator'), escapeChar: known('escapeChar'), recordSeparator: known('recordSeparator') }),
};
