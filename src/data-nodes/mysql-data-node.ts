import { SqlDataNode } from './sql-data-node';

/**
 * A table in MySQL: the former name of SqlDataNode.
 *
 * @deprecated use SqlDataNode
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-mysqldatanode.html
 */
export class MySqlDataNode extends SqlDataNode {}
