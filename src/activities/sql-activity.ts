import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Activity, ActivityProps } from './activity';
import { taskWork } from './task-work';
import { requireHost } from '../checks';
import { checkSql, sqlParts, statementPieces } from '../compiler/sql';
import { checkFixedList, checkList, checkText, Text } from '../compiler/text';
import { RedshiftTarget, SqlPiece, TaskTemplate, Template, Work } from '../compiler/work';
import { TaskDatabase } from '../contract/database';
import { SqlTask } from '../contract/task';
import { DataNode } from '../data-nodes/data-node';
import { S3Location } from '../data-nodes/s3-location';
import { checkNoHost, RedshiftDatabase } from '../databases/redshift-database';
import { SqlDatabase } from '../databases/sql-database';
import { invalid } from '../errors';
import { inherited } from '../parent';
import { ITaskRunnerHost } from '../resources/task-runner-host';

/** Props of a SqlActivity: exactly one of `script` and `scriptUri`. */
export interface SqlActivityProps extends ActivityProps {
  /** The database that the statements are for. */
  readonly database: SqlDatabase;

  /**
   * Where Task Runner connects to the database: a WorkerGroup, an Ec2Resource or an EmrCluster. Field `workerGroup` or `runsOn`.
   *
   * @default - none, for a RedshiftDatabase that the Redshift Data API reaches; required for others
   */
  readonly runsOn?: ITaskRunnerHost;

  /**
   * Statements, separated by `;`; for MySQL, lines `DELIMITER <mark>` change that. They are one transaction, where the database has
   * those; but for a single one, or where the script begins its own: each is by itself then. Takes expressions: those that the run
   * knows only stand in texts, such as `'#{@scheduledStartTime}'`, and whatever characters a value has, it stays within its text.
   *
   * @default - `scriptUri` is given
   */
  readonly script?: string;

  /**
   * S3 URI of a script that Task Runner fetches. Takes expressions; expressions in the script itself are not evaluated. Not through the
   * Redshift Data API.
   *
   * @default - `script` is given
   */
  readonly scriptUri?: string;

  /**
   * Values for each `?` of the script in turn: as many. A `??` is then one `?` of the script's own. Take expressions.
   *
   * @default - none, and a `?` is what it is to the database
   */
  readonly scriptArgument?: string[];

  /**
   * Query group, by which Amazon Redshift assigns the statements to a queue; other databases have none. Takes expressions.
   *
   * @default - the database's own assignment
   */
  readonly queue?: string;

  /**
   * Data nodes that the statements read.
   *
   * @default - none
   */
  readonly input?: DataNode[];

  /**
   * Data nodes that the statements write.
   *
   * @default - none
   */
  readonly output?: DataNode[];

  /**
   * How long a Task Runner may be silent before the attempt counts as lost: TIMEDOUT, and it may be repeated. Task Runner reports by
   * itself while statements run. With `runsOn`.
   *
   * @default - an Ec2Resource's own; else Duration.minutes(5)
   */
  readonly reportProgressTimeout?: Duration;
}

/** `Sqls` of a call to the Data API. */
const MOST_STATEMENTS = 40;

/**
 * Runs SQL. Through Task Runner, the rows that statements return are in `stdout` of the attempt's logs, each a JSON array on a line.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-sqlactivity.html
 */
export class SqlActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, private readonly props: SqlActivityProps) {
    props = inherited(scope, id, SqlActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    const { database, script, scriptUri } = props;
    this._require('database', SqlDatabase, 'is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase', [database]);
    if ((script === undefined) === (scriptUri === undefined)) {
      throw invalid(this, 'script', `exactly one of script and scriptUri says what to run; got: ${script === undefined ? 'none' : 'both'}`);
    }
    const scriptArgument = props.scriptArgument ?? [];
    this.work = database instanceof RedshiftDatabase && database._target
      ? this.throughDataApi(database, database._target, checkFixedList(this, 'scriptArgument', scriptArgument))
      : this.throughTaskRunner(database, database._connection!, checkList(this, 'scriptArgument', scriptArgument));
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private throughDataApi(database: RedshiftDatabase, target: RedshiftTarget, scriptArguments: Text[]): Work {
    const { script, queue, runsOn, reportProgressTimeout } = this.props;
    checkNoHost(this, database, { runsOn, reportProgressTimeout });
    if (script === undefined) {
      throw invalid(this, 'scriptUri', `the Redshift Data API reads no script in S3; got: "${this.props.scriptUri}"; give script, or the database a connectionString`);
    }
    const group: SqlPiece[][] = queue === undefined ? [] : [['SET query_group TO ', { literal: checkText(this, 'queue', queue) }]];
    const statements = [...group, ...this.some(statementPieces(this, 'script', script, this.props.scriptArgument && scriptArguments))];
    if (statements.length > MOST_STATEMENTS) {
      throw invalid(this, 'script', `the Redshift Data API runs at most ${MOST_STATEMENTS} statements at once; got: ${statements.length}; divide it, or give the database a connectionString`);
    }
    this._runs.addLoad();
    return { kind: 'redshiftData', target, statements, permissions: database._statements() };
  }

  private throughTaskRunner(database: SqlDatabase, connection: Template<TaskDatabase>, scriptArguments: Text[]): Work {
    const { queue, reportProgressTimeout } = this.props;
    const host = requireHost(this, this.props.runsOn, `Task Runner connects to ${database.node.path}`);
    if (queue !== undefined && database._engine !== 'redshift') throw invalid(this, 'queue', `only Amazon Redshift has queues; got: "${queue}" for ${database.node.path}; leave it out`);
    database._grantConnect(host);
    const task: TaskTemplate<SqlTask> = {
      kind: 'sql',
      database: connection,
      ...this.scriptFor(host, database, scriptArguments),
      scriptArguments,
      queue: queue === undefined ? undefined : checkText(this, 'queue', queue),
    };
    return taskWork(this, host, task, reportProgressTimeout);
  }

  private scriptFor(host: ITaskRunnerHost, { _engine }: SqlDatabase, scriptArguments: Text[]): Pick<TaskTemplate<SqlTask>, 'script' | 'scriptUri'> {
    const { script, scriptUri = '', scriptArgument } = this.props;
    if (script !== undefined) {
      this.some(checkSql(this, 'script', script, _engine, scriptArgument && scriptArguments));
      return { script: sqlParts(this, 'script', script) };
    }
    S3Location.of(this, 'scriptUri', scriptUri).grantRead(host);
    return { scriptUri: checkText(this, 'scriptUri', scriptUri) };
  }

  private some<T>(statements: T[]): T[] {
    if (statements.length === 0) throw invalid(this, 'script', `has a statement; got: "${this.props.script}"`);
    return statements;
  }
}
