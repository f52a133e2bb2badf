import { Construct } from 'constructs';
import { RedshiftDatabase } from '../databases/redshift-database';
import { given, invalid } from '../errors';
import { inherited } from '../parent';

import { DataNode, DataNodeProps } from './data-node';

/** Props of a RedshiftDataNode. */
export interface RedshiftDataNodeProps extends DataNodeProps {
  /** The database that the table is in. */
  readonly database: RedshiftDatabase;

  /** Name of the table; not quoted, so that its case counts. */
  readonly tableName: string;

  /**
   * Schema of the table.
   *
   * @default - the first schema of the user's search path
   */
  readonly schemaName?: string;

  /**
   * A CREATE TABLE statement that is run if the table is not there yet.
   *
   * @default - the table is there
   */
  readonly createTableSql?: string;

  /**
   * Columns that tell rows apart, for the insert modes KEEP_EXISTING and OVERWRITE_EXISTING.
   *
   * @default - none: those two insert modes are refused
   */
  readonly primaryKeys?: string[];
}

const CREATE_TABLE = /^\s*create\s+table\s+(if\s+not\s+exists\s+)?/i;

/**
 * A table in Amazon Redshift.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-redshiftdatanode.html
 */
export class RedshiftDataNode extends DataNode {
  /** The database that the table is in. */
  public readonly database: RedshiftDatabase;

  /** @internal */
  public readonly _primaryKeys: string[];
  /** @internal */
  public readonly _tableName: string;
  /** @internal */
  public readonly _schemaName?: string;
  /** @internal */
  public readonly _createTableSql?: string;

  constructor(scope: Construct, id: string, props: RedshiftDataNodeProps) {
    props = inherited(scope, id, RedshiftDataNode, props);
    super(scope, id, props);
    this._require('database', RedshiftDatabase, 'is a RedshiftDatabase', [props.database]);
    this.database = props.database;
    this._tableName = this.identifier('tableName', props.tableName);
    this._schemaName = props.schemaName === undefined ? undefined : this.identifier('schemaName', props.schemaName);
    this._primaryKeys = (props.primaryKeys ?? []).map((key) => this.identifier('primaryKeys', key));
    this._createTableSql = this.createTable(props.createTableSql);
  }

  private identifier(prop: string, name: string): string {
    if (typeof name !== 'string' || name === '' || name.length > 127 || name.includes('#{')) {
      throw invalid(this, prop, `is a name of 1 to 127 characters, without expressions; got: ${given(name)}`);
    }
    return name;
  }

  /** The statement in a form that does nothing where the table stands. */
  private createTable(sql?: string): string | undefined {
    if (sql === undefined) return undefined;
    if (!CREATE_TABLE.test(sql) || sql.includes('#{')) {
      throw invalid(this, 'createTableSql', `is one CREATE TABLE statement, without expressions; got: "${sql}"`);
    }
    return sql.replace(CREATE_TABLE, 'CREATE TABLE IF NOT EXISTS ').replace(/;\s*$/, '');
  }
}
