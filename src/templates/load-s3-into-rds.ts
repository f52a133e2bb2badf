import { Construct } from 'constructs';
import { identifier } from './rds-table';
import { RdsTableProps } from './rds-table-props';
import { CopyActivity } from '../activities/copy-activity';
import { DataFormat } from '../data-formats/data-format';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { SqlDataNode } from '../data-nodes/sql-data-node';
import { RdsDatabase } from '../databases/rds-database';
import { invalid } from '../errors';
import { Pipeline } from '../pipeline';
import { Ec2Resource } from '../resources/ec2-resource';

/** Props of LoadS3IntoRds: exactly one of `columns` and `insertQuery`. */
export interface LoadS3IntoRdsProps extends RdsTableProps {
  /** S3 URI of the CSV file, without a header. Takes expressions. */
  readonly inputS3Loc: string;

  /**
   * Columns of the table, as the file has them, the primary key among them: a row that is there is updated, another is added.
   *
   * @default - `insertQuery` is given
   */
  readonly columns?: string[];

  /**
   * A statement that is run for each row of the file, with a `?` for each of its columns.
   *
   * @default - made from `columns`
   */
  readonly insertQuery?: string;

  /**
   * A CREATE TABLE statement that is run if the table is not there yet.
   *
   * @default - the table is there
   */
  readonly createTableSql?: string;
}

/**
 * Loads a CSV file from S3 into a table of a MySQL database in Amazon RDS, in one transaction: rows that are there are updated, others are
 * added, and loading a file twice changes nothing.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-copys3tords.html
 */
export class LoadS3IntoRds extends Pipeline {
  /** The instance that loads. */
  public readonly instance: Ec2Resource;

  /** The file. */
  public readonly input: S3DataNode;

  /** The database. */
  public readonly database: RdsDatabase;

  /** The table. */
  public readonly output: SqlDataNode;

  /** The load. */
  public readonly activity: CopyActivity;

  constructor(scope: Construct, id: string, props: LoadS3IntoRdsProps) {
    super(scope, id, props);
    this.instance = new Ec2Resource(this, 'Instance', props.ec2Resource);
    this.input = new S3DataNode(this, 'Input', { filePath: props.inputS3Loc, dataFormat: DataFormat.csv() });
    this.database = new RdsDatabase(this, 'Database', props.rds);
    this.output = new SqlDataNode(this, 'Table', {
      database: this.database, table: props.tableName, insertQuery: this.insertQuery(props), createTableSql: props.createTableSql,
    });
    this.activity = new CopyActivity(this, 'Load', { runsOn: this.instance, input: this.input, output: this.output });
  }

  private insertQuery({ tableName, columns, insertQuery }: LoadS3IntoRdsProps): string {
    if ((columns === undefined) === (insertQuery === undefined)) {
      throw invalid(this, 'columns', `exactly one of columns and insertQuery says how a row is written; got: ${columns ? 'both' : 'none'}`);
    }
    if (columns === undefined) return insertQuery!;
    if (columns.length === 0) throw invalid(this, 'columns', 'are those of the file, at least one; got: none');
    const names = columns.map((name) => identifier(this, 'columns', name));
    const row = names.map(() => '?').join(', ');
    const update = names.map((name) => `${name} = VALUES(${name})`).join(', ');
    return `INSERT INTO ${identifier(this, 'tableName', tableName)} (${names.join(', ')}) VALUES (${row}) ON DUPLICATE KEY UPDATE ${update}`;
  }
}
