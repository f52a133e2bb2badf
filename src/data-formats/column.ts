import { DefinitionError } from '../errors';

/** A column of a data format. */
export interface Column {
  readonly name: string;
  /** A type of Hive. */
  readonly type?: string;
}

const PRIMITIVE = 'tinyint|smallint|int|integer|bigint|float|double|boolean|string|binary|date|timestamp'
  + '|(?:decimal|numeric)(?:\\(\\d{1,2}(?:, ?\\d{1,2})?\\))?|(?:var)?char\\(\\d{1,5}\\)';
const TYPE = new RegExp(`^(?:${PRIMITIVE})$`, 'i');
const INNERMOST = new RegExp(`\\b(?:array<(?:${PRIMITIVE})>|map<(?:${PRIMITIVE}), ?(?:${PRIMITIVE})>|struct<\\w+: ?(?:${PRIMITIVE})(?:, ?\\w+: ?(?:${PRIMITIVE}))*>)`, 'gi');

/** Reads `name` or `name TYPE`. `format` is what the error calls the data format. */
export function columnOf(format: string, text: string): Column {
  const [, name, type] = /^(\S+)(?:\s+(.*\S))?\s*$/s.exec(text) ?? [];
  if (name === undefined) throw new DefinitionError(format, 'columns', `are "<name>" or "<name> <TYPE>"; got: "${text}"`);
  if (type !== undefined && !isType(type)) {
    throw new DefinitionError(format, 'columns', `have a type of Hive after the name, such as STRING, INT, DECIMAL(10, 2), TIMESTAMP or ARRAY<STRING>; got: "${text}"`);
  }
  return { name, type };
}

/** Types in types are taken for a simple one, from the inside out. */
function isType(type: string): boolean {
  const simpler = type.replace(INNERMOST, 'int');
  return simpler === type ? TYPE.test(type) : isType(simpler);
}
