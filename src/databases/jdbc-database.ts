import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkText } from '../compiler/text';
import { Template } from '../compiler/work';
import { Engine } from '../contract/connection';
import { TaskDatabase } from '../contract/database';
import { Fields } from '../fields';
import { inherited } from '../parent';
import { checkConnectionString } from './connection-string';
import { ConnectionProps, SqlDatabase } from './sql-database';

/** Props of a JdbcDatabase. */
export interface JdbcDatabaseProps extends ConnectionProps {
  /**
   * Connection string, such as `jdbc:postgresql://<host>:<port>/<database>?<name>=<value>`, of MySQL (`mysql`), MariaDB (`mariadb`),
   * PostgreSQL (`postgresql`) or Amazon Redshift (`redshift`); without credentials. Takes expressions. No Java driver is loaded: Task
   * Runner has drivers of its own.
   */
  readonly connectionString: string;

  /**
   * Name of the database. Takes expressions.
   *
   * @default - the one in the connection string
   */
  readonly databaseName?: string;
}

/**
 * A database that Task Runner reaches by a connection string.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-jdbcdatabase.html
 */
export class JdbcDatabase extends SqlDatabase {
  /** @internal */
  public readonly _connection: Template<TaskDatabase>;
  /** @internal */
  public readonly _engine?: Engine;

  constructor(scope: Construct, id: string, private readonly props: JdbcDatabaseProps) {
    props = inherited(scope, id, JdbcDatabase, props);
    super(scope, id);
    const { text, known } = checkConnectionString(this, props.connectionString, props.jdbcProperties);
    this._engine = known?.engine;
    this._connection = {
      ...this._connectionBy(props),
      connectionString: text,
      databaseName: props.databaseName === undefined ? undefined : checkText(this, 'databaseName', props.databaseName),
    };
  }

  /** @internal */
  public _connects(): PolicyStatement[] {
    return this._readsSecret(this.props.password);
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this.props };
  }
}
