import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Activity, ActivityProps, dataNodes } from './activity';
import { taskWork } from './task-work';
import { requireHost } from '../checks';
import { Copy, copyStatements, isTable } from '../compiler/redshift-copy';
import { scriptParts } from '../compiler/sql';
import { RedshiftTarget, Template, Work } from '../compiler/work';
import { TaskDatabase } from '../contract/database';
import { DataNode } from '../data-nodes/data-node';
import { RedshiftDataNode } from '../data-nodes/redshift-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { checkNoHost } from '../databases/redshift-database';
import { given, invalid } from '../errors';
import { inherited } from '../parent';
import { ITaskRunnerHost } from '../resources/task-runner-host';

/** What a RedshiftCopyActivity does with what is there already. Each mode is one transaction. */
export enum RedshiftInsertMode {
  /**
   * Rows whose keys are in the table are left as they are; new ones are added. Needs `primaryKeys` of the data node. In S3: objects that
   * would be overwritten fail the copy.
   */
  KEEP_EXISTING = 'KEEP_EXISTING',
  /**
   * Rows whose keys are in the table are replaced; new ones are added. Needs `primaryKeys` of the data node. In S3: objects of the same
   * keys are overwritten.
   */
  OVERWRITE_EXISTING = 'OVERWRITE_EXISTING',
  /** All rows are replaced: by DELETE, because TRUNCATE would end the transaction. In S3: what is in the directory is removed first. */
  TRUNCATE = 'TRUNCATE',
  /** All rows are added. In S3: as OVERWRITE_EXISTING, so that an attempt can be repeated. */
  APPEND = 'APPEND',
}

/** Props of a RedshiftCopyActivity. */
export interface RedshiftCopyActivityProps extends ActivityProps {
  /** What to copy: an S3DataNode, or a RedshiftDataNode. */
  readonly input: DataNode;

  /**
   * Where Task Runner connects to the database: a WorkerGroup, an Ec2Resource or an EmrCluster. Amazon Redshift itself reads and writes S3.
   * Field `workerGroup` or `runsOn`.
   *
   * @default - none, for a database that the Redshift Data API reaches; required for one with a `connectionString`
   */
  readonly runsOn?: ITaskRunnerHost;

  /** Where to: a RedshiftDataNode; or an S3DataNode with a `directoryPath`, if the input is a table. Tables are in one database. */
  readonly output: DataNode;

  /** What to do with what is there already. */
  readonly insertMode: RedshiftInsertMode;

  /**
   * A SELECT from the table `staging`, where the input is then: its rows are what is written. Expressions stand in texts, such as
   * `'#{@scheduledStartTime}'`. `staging` has the columns of the input's `dataFormat` where that gives all their types, else those of
   * the table that is written.
   *
   * @default - the input as it is
   */
  readonly transformSql?: string;

  /**
   * Query group, by which Amazon Redshift assigns the statements to a queue. Takes expressions.
   *
   * @default - the database's own assignment
   */
  readonly queue?: string;

  /**
   * Parameters of COPY, such as `EMPTYASNULL`, or of UNLOAD where the output is in S3; written into the statement as they are. Ignored,
   * with a warning, where the data node in S3 has a `dataFormat`.
   *
   * @default - the format of the data node in S3
   */
  readonly commandOptions?: string[];

  /**
   * How long a Task Runner may be silent before the attempt counts as lost: TIMEDOUT, and it may be repeated. Task Runner reports by
   * itself while statements run. With `runsOn`.
   *
   * @default - an Ec2Resource's own; else Duration.minutes(5)
   */
  readonly reportProgressTimeout?: Duration;
}

/**
 * Copies data from Amazon S3 into a table in Amazon Redshift, from a table to another, or from a table to S3, through the Redshift Data
 * API: no host is needed; or by Task Runner, in a database with a `connectionString`.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-redshiftcopyactivity.html
 */
export class RedshiftCopyActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, props: RedshiftCopyActivityProps) {
    props = inherited(scope, id, RedshiftCopyActivity, props);
    super(scope, id, props, dataNodes(props.input), dataNodes(props.output));
    const copy = this.copy(props);
    this.checkMode(copy);
    [copy.from, copy.to].forEach((node) => isTable(node) || this.checkFile(copy, node));
    const { database } = copy;
    this.work = database._target ? this.throughDataApi(copy, database._target) : this.throughTaskRunner(copy, database._connection!);
    this.grant(copy);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private throughDataApi(copy: Copy, target: RedshiftTarget): Work {
    const { database, props: { runsOn, reportProgressTimeout } } = copy;
    checkNoHost(this, database, { runsOn, reportProgressTimeout });
    this._runs.addLoad();
    return { kind: 'redshiftData', target, statements: copyStatements(copy), permissions: database._statements() };
  }

  private throughTaskRunner(copy: Copy, connection: Template<TaskDatabase>): Work {
    const { database, props: { runsOn, reportProgressTimeout } } = copy;
    const host = requireHost(this, runsOn, `Task Runner connects to ${database.node.path}`);
    database._grantConnect(host);
    return taskWork(this, host, { kind: 'sql', database: connection, script: scriptParts(copyStatements(copy)), scriptArguments: [] }, reportProgressTimeout);
  }

  private copy(props: RedshiftCopyActivityProps): Copy {
    const { input: from, output: to } = props;
    if (!isCopied(from)) throw invalid(this, 'input', `is what to copy; got: ${given(from)}; give an S3DataNode or a RedshiftDataNode`);
    if (!isCopied(to)) throw invalid(this, 'output', `is the place to copy to; got: ${given(to)}; give a RedshiftDataNode or an S3DataNode`);
    if (!isTable(to)) {
      if (!isTable(from)) throw invalid(this, 'output', `one of input and output is a table; got: ${from.node.path} and ${to.node.path}; give a RedshiftDataNode`);
      if (to._path !== 'directoryPath') throw invalid(this, 'output', `is a directory in S3; got: ${to.node.path} with ${to._path}; give it a directoryPath`);
      return { activity: this, props, from, to, database: from.database };
    }
    if (isTable(from) && from.database !== to.database) {
      throw invalid(this, 'input', `is in the database of the output, ${to.database.node.path}; got: ${from.node.path} in ${from.database.node.path}; ` +
        'copy it to S3 in another activity, and load it from there');
    }
    return { activity: this, props, from, to, database: to.database };
  }

  private checkMode({ to, props: { insertMode } }: Copy): void {
    const modes = Object.values(RedshiftInsertMode);
    if (!modes.includes(insertMode)) {
      throw invalid(this, 'insertMode', `is one of ${modes.join(', ')}; got: ${insertMode}`);
    }
    const merges = [RedshiftInsertMode.KEEP_EXISTING, RedshiftInsertMode.OVERWRITE_EXISTING].includes(insertMode);
    if (merges && isTable(to) && to._primaryKeys.length === 0) {
      throw invalid(this, 'insertMode', `${insertMode} tells rows apart by their keys; got: no primaryKeys on ${to.node.path}; name the columns there`);
    }
  }

  private checkFile({ from, props: { commandOptions = [] } }: Copy, file: S3DataNode): void {
    const reads = file === from;
    checkFormat(this, reads ? 'input' : 'output', reads ? 'COPY' : 'UNLOAD', file);
    if (commandOptions.length > 0 && file._dataFormat) {
      this._warn('commandOptionsIgnored', `commandOptions (${commandOptions.join(' ')}) are ignored: ${file.node.path} has a dataFormat`);
    }
    if (commandOptions.length === 0 && !file._dataFormat) {
      this._warn('noDataFormat', `${file.node.path} has no dataFormat, and there are no commandOptions: columns are separated by "|"`);
    }
  }

  /** UNLOAD lists what is there, and removes it where it is to. */
  private grant({ from, to, database: { _iamRole: role } }: Copy): void {
    if (!role) return;
    if (!isTable(from)) from._location.grantRead(role);
    if (!isTable(to)) to._location.grantCommit(role);
  }
}

function isCopied(node: DataNode): node is S3DataNode | RedshiftDataNode {
  return node instanceof S3DataNode || node instanceof RedshiftDataNode;
}

/** What COPY and UNLOAD have options for. */
function checkFormat(activity: RedshiftCopyActivity, prop: string, statement: string, { _dataFormat: format, node }: S3DataNode): void {
  if (!format) return;
  const { _name: name, _layout: layout } = format;
  if (layout.kind !== 'delimited') throw invalid(activity, prop, `${statement} has separated columns; got: ${node.path} with ${name}; give it DataFormat.csv, tsv or custom`);
  if (layout.recordSeparator !== '\n') {
    throw invalid(activity, prop, `${statement} takes a newline for the end of a record; got: ${node.path} with recordSeparator ${JSON.stringify(layout.recordSeparator)}`);
  }
  if (layout.escapeChar !== undefined && layout.escapeChar !== '\\') {
    throw invalid(activity, prop, `${statement} knows the backslash only as escapeChar; got: ${node.path} with ${JSON.stringify(layout.escapeChar)}`);
  }
}
