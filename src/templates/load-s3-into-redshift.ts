import { Construct } from 'constructs';
import { RedshiftCopyActivity, RedshiftInsertMode } from '../activities/redshift-copy-activity';
import { DataFormat } from '../data-formats/data-format';
import { RedshiftDataNode } from '../data-nodes/redshift-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { RedshiftDatabase, RedshiftDatabaseProps } from '../databases/redshift-database';
import { Pipeline, PipelineProps } from '../pipeline';

/** Props of LoadS3IntoRedshift. */
export interface LoadS3IntoRedshiftProps extends PipelineProps {
  /** S3 URI of the directory with the data. Takes expressions. */
  readonly inputS3Loc: string;

  /**
   * Format of the data.
   *
   * @default DataFormat.csv()
   */
  readonly dataFormat?: DataFormat;

  /** The database: cluster or workgroup, name, and whom to load as. */
  readonly redshift: RedshiftDatabaseProps;

  /** Name of the table. */
  readonly tableName: string;

  /**
   * Schema of the table.
   *
   * @default - of RedshiftDataNode
   */
  readonly schemaName?: string;

  /**
   * Columns that tell one row from another.
   *
   * @default - none: RedshiftInsertMode.APPEND and TRUNCATE need none
   */
  readonly primaryKeys?: string[];

  /**
   * A CREATE TABLE statement that is run if the table is not there yet.
   *
   * @default - the table is there
   */
  readonly createTableSql?: string;

  /** What becomes of rows that are in the table already. */
  readonly insertMode: RedshiftInsertMode;

  /**
   * Options of COPY.
   *
   * @default - those of the format
   */
  readonly commandOptions?: string[];
}

/**
 * Loads data from S3 into a Redshift table, in one transaction; no host takes part.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-s3redshift.html
 */
export class LoadS3IntoRedshift extends Pipeline {
  /** The data. */
  public readonly input: S3DataNode;

  /** The database. */
  public readonly database: RedshiftDatabase;

  /** The table. */
  public readonly table: RedshiftDataNode;

  /** The load. */
  public readonly activity: RedshiftCopyActivity;

  constructor(scope: Construct, id: string, props: LoadS3IntoRedshiftProps) {
    super(scope, id, props);
    const { tableName, schemaName, primaryKeys, createTableSql, insertMode, commandOptions } = props;
    this.input = new S3DataNode(this, 'Input', { directoryPath: props.inputS3Loc, dataFormat: props.dataFormat ?? DataFormat.csv() });
    this.database = new RedshiftDatabase(this, 'Database', props.redshift);
    this.table = new RedshiftDataNode(this, 'Table', { database: this.database, tableName, schemaName, primaryKeys, createTableSql });
    this.activity = new RedshiftCopyActivity(this, 'Load', { input: this.input, output: this.table, insertMode, commandOptions });
  }
}
