import { Construct } from 'constructs';
import { SqlDatabase } from '../databases/sql-database';
import { given, invalid } from '../errors';
import { inherited } from '../parent';

import { DataNode, DataNodeProps } from './data-node';
import { checkSql, sqlParts } from '../compiler/sql';
import { Template } from '../compiler/work';
import { SqlParts } from '../contract/database';

/** Props of a SqlDataNode. */
export interface SqlDataNodeProps extends DataNodeProps {
  /** The database that the table is in. */
  readonly database: SqlDatabase;

  /** Name of the table; not quoted, so that its case counts where the database looks at it. Field `table`. */
  readonly table: string;

  /**
   * Schema of the table.
   *
   * @default - the one of the connection
   */
  readonly schemaName?: string;

  /**
   * A SELECT whose rows are read. Takes expressions: those that the run knows only stand in texts, such as `'#{@scheduledStartTime}'`.
   *
   * @default - all rows of the table
   */
  readonly selectQuery?: string;

  /**
   * An INSERT that is run for each row that is written, with a `?` for each column in turn, such as `INSERT INTO t (id, name) VALUES (?, ?)`.
   * Takes expressions: those that the run knows only stand in texts.
   *
   * @default - an INSERT of all columns into the table
   */
  readonly insertQuery?: string;

  /**
   * A CREATE TABLE statement that is run before rows are written if the table is not there yet.
   *
   * @default - the table is there
   */
  readonly createTableSql?: string;
}

/**
 * A table in a database that Task Runner connects to.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-sqldatanode.html
 */
export class SqlDataNode extends DataNode {
  /** The database that the table is in. */
  public readonly database: SqlDatabase;

  /** @internal */
  public readonly _table: string;
  /** @internal */
  public readonly _schemaName?: string;
  /** @internal */
  public readonly _selectQuery?: Template<SqlParts>;
  /** Its placeholders are for the columns.
   * @internal */
  public readonly _insertQuery?: Template<SqlParts>;
  /** @internal */
  public readonly _createTableSql?: Template<SqlParts>;

  constructor(scope: Construct, id: string, props: SqlDataNodeProps) {
    props = inherited(scope, id, SqlDataNode, props);
    super(scope, id, props);
    this._require('database', SqlDatabase, 'is an RdsDatabase, a JdbcDatabase or a RedshiftDatabase', [props.database]);
    this.database = props.database;
    this._table = this.identifier('table', props.table);
    this._schemaName = props.schemaName === undefined ? undefined : this.identifier('schemaName', props.schemaName);
    this._selectQuery = this.statement('selectQuery', props.selectQuery, /^(SELECT|WITH)\b/i, 'a SELECT');
    this._insertQuery = this.insert(props.insertQuery);
    this._createTableSql = this.statement('createTableSql', props.createTableSql, /^CREATE\s+TABLE\b/i, 'a CREATE TABLE');
  }

  private identifier(prop: string, name: string): string {
    if (typeof name !== 'string' || name === '' || name.length > 127 || name.includes('#{') || name.includes('\0')) {
      throw invalid(this, prop, `is a name of 1 to 127 characters, without expressions; got: ${given(name)}`);
    }
    return name;
  }

  private insert(sql?: string): Template<SqlParts> | undefined {
    if (sql !== undefined && !sql.includes('?')) throw invalid(this, 'insertQuery', `has a "?" for each column of a row; got: "${sql}"`);
    return this.statement('insertQuery', sql, /^(INSERT|REPLACE)\b/i, 'an INSERT');
  }

  private statement(prop: string, sql: string | undefined, begins: RegExp, what: string): Template<SqlParts> | undefined {
    if (sql === undefined) return undefined;
    const { length } = checkSql(this, prop, sql, this.database._engine);
    if (length !== 1 || !begins.test(sql.trim())) throw invalid(this, prop, `is ${what}, one statement; got: "${sql}"`);
    return sqlParts(this, prop, sql);
  }
}
