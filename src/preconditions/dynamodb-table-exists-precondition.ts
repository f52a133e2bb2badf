import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkedTable, DynamoDBTablePreconditionProps } from './dynamodb-table';
import { Precondition } from './precondition';
import { Text } from '../compiler/text';
import { Check } from '../compiler/work';
import { inherited } from '../parent';

/** Props of a DynamoDBTableExistsPrecondition. */
export interface DynamoDBTableExistsPreconditionProps extends DynamoDBTablePreconditionProps {}

/**
 * Holds when a table exists in Amazon DynamoDB, and can be read: one that is being made does not count yet.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-dynamodbtableexists.html
 */
export class DynamoDBTableExistsPrecondition extends Precondition {
  private readonly tableName: Text;
  private readonly role?: IRole;

  constructor(scope: Construct, id: string, props: DynamoDBTableExistsPreconditionProps) {
    props = inherited(scope, id, DynamoDBTableExistsPrecondition, props);
    super(scope, id, props);
    this.role = props.role;
    this.tableName = checkedTable(this, props, 'dynamodb:DescribeTable');
  }

  /** @internal */
  public _check(): Check {
    return { kind: 'function', check: 'dynamoDBTableExists', texts: { tableName: this.tableName }, role: this.role };
  }
}
