import { Stack, Token } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Precondition, PreconditionProps } from './precondition';
import { checkText, Text } from '../compiler/text';
import { invalid } from '../errors';

const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

/** Props of a precondition on a table: exactly one of `table` and `tableName`. */
export interface DynamoDBTablePreconditionProps extends PreconditionProps {
  /**
   * The table.
   *
   * @default - `tableName` is given
   */
  readonly table?: ITable;

  /**
   * Name of a table in the pipeline's account and Region. Takes expressions.
   *
   * @default - `table` is given
   */
  readonly tableName?: string;
}

/** The table that a precondition looks at, which the function that checks may do `action` on. */
export function checkedTable(precondition: Precondition, { table, tableName }: DynamoDBTablePreconditionProps, action: string): Text {
  if (!table === (tableName === undefined)) {
    throw invalid(precondition, 'tableName', `exactly one of table and tableName names the table; got: ${table ? 'both' : 'none'}`);
  }
  const name = table?.tableName ?? tableName ?? '';
  const [known, ...expressions] = name.split('#{');
  if (!Token.isUnresolved(name) && expressions.length === 0 && !TABLE_NAME.test(name)) {
    throw invalid(precondition, 'tableName', `is 3 to 255 letters, digits, "-", "_" and "."; got: "${name}"`);
  }
  const arn = (resourceName: string) => Stack.of(precondition).formatArn({ service: 'dynamodb', resource: 'table', resourceName });
  const { grantPrincipal } = precondition.pipeline._preconditionChecker();
  grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: [action], resources: [table?.tableArn ?? arn(expressions.length ? `${known}*` : name)],
  }));
  table?.encryptionKey?.grantDecrypt(grantPrincipal);
  return checkText(precondition, 'tableName', name);
}
