import { Construct } from 'constructs';
import { checkedTable, DynamoDBTablePreconditionProps } from './dynamodb-table';
import { Precondition } from './precondition';
import { Text } from '../compiler/text';
import { Check } from '../compiler/work';

/** Props of a DynamoDBDataExistsPrecondition. */
export interface DynamoDBDataExistsPreconditionProps extends DynamoDBTablePreconditionProps {}

/**
 * Holds when a table of Amazon DynamoDB has an item. A table that does not exist has none.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-dynamodbdataexists.html
 */
export class DynamoDBDataExistsPrecondition extends Precondition {
  private readonly tableName: Text;

  constructor(scope: Construct, id: string, props: DynamoDBDataExistsPreconditionProps) {
    super(scope, id, props);
    this.tableName = checkedTable(this, props, 'dynamodb:Scan');
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'function', check: 'dynamoDBDataExists', texts: { tableName: this.tableName } };
  }
}
