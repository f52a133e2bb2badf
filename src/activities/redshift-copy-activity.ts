import { Construct } from 'constructs';
import { copyStatements } from '../compiler/redshift-copy';
import { SqlPiece, Work } from '../compiler/work';
import { DataNode } from '../data-nodes/data-node';
import { RedshiftDataNode } from '../data-nodes/redshift-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';
import { Activity, ActivityProps } from './activity';

/** What a RedshiftCopyActivity does with rows that are in the table already. Each mode is one transaction. */
export enum RedshiftInsertMode {
  /** Rows whose keys are in the table are left as they are; new ones are added. Needs `primaryKeys` of the data node. */
  KEEP_EXISTING = 'KEEP_EXISTING',
  /** Rows whose keys are in the table are replaced; new ones are added. Needs `primaryKeys` of the data node. */
  OVERWRITE_EXISTING = 'OVERWRITE_EXISTING',
  /** All rows are replaced: by DELETE, because TRUNCATE would end the transaction. */
  TRUNCATE = 'TRUNCATE',
  /** All rows are added. */
  APPEND = 'APPEND',
}

/** Props of a RedshiftCopyActivity. */
export interface RedshiftCopyActivityProps extends ActivityProps {
  /** The data to load. */
  readonly input: S3DataNode;

  /** The table to load it into. */
  readonly output: RedshiftDataNode;

  /** What to do with rows that are in the table already. */
  readonly insertMode: RedshiftInsertMode;

  /**
   * Parameters of COPY, such as `EMPTYASNULL`; written into the statement as they are. Ignored, with a warning, where the
   * input has a `dataFormat`.
   *
   * @default - the input's format
   */
  readonly commandOptions?: string[];
}

/**
 * Loads data from Amazon S3 into a table in Amazon Redshift, through the Redshift Data API: no host is needed.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-redshiftcopyactivity.html
 */
export class RedshiftCopyActivity extends Activity {
  private readonly table: RedshiftDataNode;
  private readonly statements: SqlPiece[][];

  constructor(scope: Construct, id: string, props: RedshiftCopyActivityProps) {
    super(scope, id, props, [props.input], [props.output]);
    this.table = props.output;
    this.validate(props);
    this.statements = copyStatements(this, props);
    const role = this.table.database._iamRole;
    if (role) props.input._location.grantRead(role);
    this._runs.addLoad();
  }

  /** @internal */
  public _work(): Work {
    const { database } = this.table;
    return { kind: 'redshiftData', target: database._target, statements: this.statements, permissions: database._statements() };
  }

  private validate(props: RedshiftCopyActivityProps): void {
    if (!(props.input instanceof S3DataNode)) throw invalid(this, 'input', `is the data to load; got: ${kindOf(props.input)}; give an S3DataNode`);
    if (!(props.output instanceof RedshiftDataNode)) throw invalid(this, 'output', `is the table to load into; got: ${kindOf(props.output)}; give a RedshiftDataNode`);
    const modes = Object.values(RedshiftInsertMode);
    if (!modes.includes(props.insertMode)) {
      throw invalid(this, 'insertMode', `is one of ${modes.join(', ')}; got: ${props.insertMode}`);
    }
    const merges = [RedshiftInsertMode.KEEP_EXISTING, RedshiftInsertMode.OVERWRITE_EXISTING].includes(props.insertMode);
    if (merges && this.table._primaryKeys.length === 0) {
      throw invalid(this, 'insertMode', `${props.insertMode} tells rows apart by their keys; got: no primaryKeys on ${this.table.node.path}; name the columns there`);
    }
    checkFormat(this, props.input);
    if (props.commandOptions?.length && props.input._dataFormat) {
      this._warn('commandOptionsIgnored', `commandOptions (${props.commandOptions.join(' ')}) are ignored: ${props.input.node.path} has a dataFormat`);
    }
    if (!props.commandOptions?.length && !props.input._dataFormat) {
      this._warn('noDataFormat', `${props.input.node.path} has no dataFormat, and there are no commandOptions: COPY expects columns separated by "|"`);
    }
  }
}

/** What COPY has options for. */
function checkFormat(activity: RedshiftCopyActivity, { _dataFormat: format, node }: S3DataNode): void {
  if (!format) return;
  const { _name: name, _layout: layout } = format;
  if (layout.kind !== 'delimited') throw invalid(activity, 'input', `COPY reads separated columns; got: ${node.path} with ${name}; give it DataFormat.csv, tsv or custom`);
  if (layout.recordSeparator !== '\n') {
    throw invalid(activity, 'input', `COPY takes a newline for the end of a record; got: ${node.path} with recordSeparator ${JSON.stringify(layout.recordSeparator)}`);
  }
  if (layout.escapeChar !== undefined && layout.escapeChar !== '\\') {
    throw invalid(activity, 'input', `COPY knows the backslash only as escapeChar; got: ${node.path} with ${JSON.stringify(layout.escapeChar)}`);
  }
}

function kindOf(node: DataNode): string {
  return node.constructor.name;
}
