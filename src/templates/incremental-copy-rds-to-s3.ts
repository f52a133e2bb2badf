import { Construct } from 'constructs';
import { identifier, timestamped } from './rds-table';
import { RdsTableProps } from './rds-table-props';
import { CopyActivity } from '../activities/copy-activity';
import { DataFormat } from '../data-formats/data-format';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { SqlDataNode } from '../data-nodes/sql-data-node';
import { RdsDatabase } from '../databases/rds-database';
import { invalid } from '../errors';
import { Pipeline } from '../pipeline';
import { Ec2Resource } from '../resources/ec2-resource';
import { ScheduleType } from '../schedule';

/** Props of IncrementalCopyRdsToS3. */
export interface IncrementalCopyRdsToS3Props extends RdsTableProps {
  /** Column with the time when the row was last changed: a DATETIME or TIMESTAMP in UTC. An index on it keeps runs short. */
  readonly lastModifiedColumn: string;

  /** S3 URI of the directory that has a folder for each run: `<outputS3Loc>/YYYY-MM-dd-HH-mm-ss/`, the start of the interval in UTC. Takes expressions. */
  readonly outputS3Loc: string;
}

/**
 * Copies those rows of a table of a MySQL database in Amazon RDS to CSV in S3 that were changed within the interval of the run: from
 * its start on, and before its end, so that each change is in one run. The schedule's type is TIMESERIES: an interval is read when it
 * has passed. An interval that was missed is caught up as `catchUp` says; one that failed is run again by `datapipeline rerun`.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-incrementalcopyrdstos3.html
 */
export class IncrementalCopyRdsToS3 extends Pipeline {
  /** The instance that copies. */
  public readonly instance: Ec2Resource;

  /** The database. */
  public readonly database: RdsDatabase;

  /** The rows. */
  public readonly input: SqlDataNode;

  /** The run's folder. */
  public readonly output: S3DataNode;

  /** The copy. */
  public readonly activity: CopyActivity;

  constructor(scope: Construct, id: string, props: IncrementalCopyRdsToS3Props) {
    super(scope, id, props);
    const { schedule: { scheduleType }, tableName, lastModifiedColumn } = props;
    if (scheduleType !== ScheduleType.TIMESERIES) {
      throw invalid(this, 'schedule', `is of ScheduleType.TIMESERIES, which runs when an interval has passed: before, not all of its changes are made; got: ${scheduleType}`);
    }
    const column = identifier(this, 'lastModifiedColumn', lastModifiedColumn);
    this.instance = new Ec2Resource(this, 'Instance', props.ec2Resource);
    this.database = new RdsDatabase(this, 'Database', props.rds);
    this.input = new SqlDataNode(this, 'Changes', {
      database: this.database,
      table: tableName,
      selectQuery: `SELECT * FROM ${identifier(this, 'tableName', tableName)} WHERE ${column} >= '${time('@scheduledStartTime')}' AND ${column} < '${time('@scheduledEndTime')}'`,
    });
    this.output = new S3DataNode(this, 'Output', { directoryPath: timestamped(props.outputS3Loc), dataFormat: DataFormat.csv() });
    this.activity = new CopyActivity(this, 'Copy', { runsOn: this.instance, input: this.input, output: this.output });
  }
}

/** A time as MySQL reads it; intervals begin and end on whole seconds. */
function time(field: string): string {
  return `#{format(${field}, "YYYY-MM-dd HH:mm:ss")}`;
}
