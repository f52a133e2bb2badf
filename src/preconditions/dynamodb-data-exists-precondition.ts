import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkedTable, DynamoDBTablePreconditionProps } from './dynamodb-table';
import { Precondition } from './precondition';
import { Text } from '../compiler/text';
import { Check } from '../compiler/work';
import { inherited } from '../parent';

/** Props of a DynamoDBDataExistsPrecondition. */
export interface DynamoDBDataExistsPreconditionProps extends DynamoDBTablePreconditionProps {}

/**
 * Holds when a table of Amazon DynamoDB has an item. A table that does not exist has none.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-dynamodbdataexists.html
 */
export class DynamoDBDataExistsPrecondition extends Precondition {
  private readonly tableName: Text;
  private readonly role?: IRole;

  constructor(scope: Construct, id: string, props: DynamoDBDataExistsPreconditionProps) {
    props = inherited(scope, id, DynamoDBDataExistsPrecondition, props);
    super(scope, id, props);
    this.role = props.role;
    this.tableName = checkedTable(this, props, 'dynamodb:Scan');
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'function', check: 'dynamoDBDataExists', texts: { tableName: this.tableName }, role: this.role };
  }
}
