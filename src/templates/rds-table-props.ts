import { RdsDatabaseProps } from '../databases/rds-database';
import { PipelineProps } from '../pipeline';
import { Ec2ResourceProps } from '../resources/ec2-resource';

/** Props of the templates that copy a table of a MySQL database in Amazon RDS. */
export interface RdsTableProps extends PipelineProps {
  /** The database: instance, name and credentials. Its security groups must let the instance in. */
  readonly rds: RdsDatabaseProps;

  /** Name of the table. */
  readonly tableName: string;

  /**
   * The instance that copies: its VPC, subnet and security groups must reach the database.
   *
   * @default - of Ec2Resource
   */
  readonly ec2Resource?: Ec2ResourceProps;
}
