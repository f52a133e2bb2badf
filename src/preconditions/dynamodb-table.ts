import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Precondition, PreconditionProps } from './precondition';
import { Text } from '../compiler/text';
import { namedTable } from '../data-nodes/dynamodb-table';

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

  /**
   * Role that the function has which checks. AWS Lambda must be allowed to assume it; what the check reads is added to it.
   *
   * @default - that of all preconditions of the pipeline
   */
  readonly role?: IRole;
}

/** The table that a precondition looks at, which the function that checks may do `action` on. */
export function checkedTable(precondition: Precondition, props: DynamoDBTablePreconditionProps, action: string): Text {
  const { name, arn } = namedTable(precondition, props);
  const { grantPrincipal } = precondition.pipeline._preconditionChecker(props.role);
  grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [arn] }));
  props.table?.encryptionKey?.grantDecrypt(grantPrincipal);
  return name;
}
