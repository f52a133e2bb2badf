import { Construct } from 'constructs';
import { timestamped } from './rds-table';
import { RdsTableProps } from './rds-table-props';
import { CopyActivity } from '../activities/copy-activity';
import { DataFormat } from '../data-formats/data-format';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { SqlDataNode } from '../data-nodes/sql-data-node';
import { RdsDatabase } from '../databases/rds-database';
import { Pipeline } from '../pipeline';
import { Ec2Resource } from '../resources/ec2-resource';

/** Props of FullCopyRdsToS3. */
export interface FullCopyRdsToS3Props extends RdsTableProps {
  /** S3 URI of the directory that has a folder for each run: `<outputS3Loc>/YYYY-MM-dd-HH-mm-ss/`, the start of the interval in UTC. Takes expressions. */
  readonly outputS3Loc: string;
}

/**
 * Copies a whole table of a MySQL database in Amazon RDS to CSV in S3, each run to a folder of its own.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-copyrdstos3.html
 */
export class FullCopyRdsToS3 extends Pipeline {
  /** The instance that copies. */
  public readonly instance: Ec2Resource;

  /** The database. */
  public readonly database: RdsDatabase;

  /** The table. */
  public readonly input: SqlDataNode;

  /** The run's folder. */
  public readonly output: S3DataNode;

  /** The copy. */
  public readonly activity: CopyActivity;

  constructor(scope: Construct, id: string, props: FullCopyRdsToS3Props) {
    super(scope, id, props);
    this.instance = new Ec2Resource(this, 'Instance', props.ec2Resource);
    this.database = new RdsDatabase(this, 'Database', props.rds);
    this.input = new SqlDataNode(this, 'Table', { database: this.database, table: props.tableName });
    this.output = new S3DataNode(this, 'Output', { directoryPath: timestamped(props.outputS3Loc), dataFormat: DataFormat.csv() });
    this.activity = new CopyActivity(this, 'Copy', { runsOn: this.instance, input: this.input, output: this.output });
  }
}
