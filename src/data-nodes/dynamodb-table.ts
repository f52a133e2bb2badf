import { Stack, Token } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { checkText, Text } from '../compiler/text';
import { invalid } from '../errors';
import type { PipelineObject } from '../pipeline-object';

const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

interface TableProps {
  readonly table?: ITable;
  readonly tableName?: string;
  readonly region?: string;
}

/** A table of Amazon DynamoDB, as an object names it. */
export interface NamedTable {
  readonly name: Text;
  /** ARN, up to the first expression of the name. */
  readonly arn: string;
}

/** Exactly one of `table` and `tableName`, the latter in a Region or in the pipeline's. */
export function namedTable(object: PipelineObject, { table, tableName, region }: TableProps): NamedTable {
  if (!table === (tableName === undefined)) {
    throw invalid(object, 'tableName', `exactly one of table and tableName names the table; got: ${table ? 'both' : 'none'}`);
  }
  const name = table?.tableName ?? tableName ?? '';
  const [known, ...expressions] = name.split('#{');
  if (!Token.isUnresolved(name) && expressions.length === 0 && !TABLE_NAME.test(name)) {
    throw invalid(object, 'tableName', `is 3 to 255 letters, digits, "-", "_" and "."; got: "${name}"`);
  }
  const resourceName = expressions.length ? `${known}*` : name;
  const arn = table?.tableArn ?? Stack.of(object).formatArn({ service: 'dynamodb', region, resource: 'table', resourceName });
  return { name: checkText(object, 'tableName', name), arn };
}
