import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { checkText } from '../compiler/text';
import { Template } from '../compiler/work';
import { Engine, rdsEngine } from '../contract/connection';
import { TaskDatabase } from '../contract/database';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { inherited } from '../parent';
import { checkProperties } from './connection-string';
import { ConnectionProps, SqlDatabase } from './sql-database';

/** Props of an RdsDatabase: exactly one of `instance` and `rdsInstanceId`. */
export interface RdsDatabaseProps extends ConnectionProps {
  /**
   * The instance, of MySQL, MariaDB or PostgreSQL, Aurora's among them.
   *
   * @default - `rdsInstanceId` is given
   */
  readonly instance?: IDatabaseInstance;

  /**
   * Identifier of the instance. Task Runner asks Amazon RDS for its host, port and engine when it connects.
   *
   * @default - `instance` is given
   */
  readonly rdsInstanceId?: string;

  /**
   * Name of the database. Takes expressions.
   *
   * @default - the one that was created with the instance
   */
  readonly databaseName?: string;

  /**
   * Region of the instance.
   *
   * @default - the instance's, or the pipeline's
   */
  readonly region?: string;
}

/**
 * A database in Amazon RDS that Task Runner connects to. Its hosts must be let in by the security groups of the instance.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-rdsdatabase.html
 */
export class RdsDatabase extends SqlDatabase {
  /** @internal */
  public readonly _connection: Template<TaskDatabase>;
  /** @internal */
  public readonly _engine?: Engine;
  private readonly instanceArn: string;

  constructor(scope: Construct, id: string, private readonly props: RdsDatabaseProps) {
    props = inherited(scope, id, RdsDatabase, props);
    super(scope, id);
    const { instance, rdsInstanceId: resourceName = instance?.instanceIdentifier, databaseName } = props;
    if (resourceName === undefined || instance && props.rdsInstanceId !== undefined) {
      throw invalid(this, 'rdsInstanceId', `exactly one of instance and rdsInstanceId names the database's host; got: ${instance ? 'both' : 'none'}`);
    }
    if (resourceName === '' || resourceName.includes('#{')) throw invalid(this, 'rdsInstanceId', `is a name without expressions; got: "${resourceName}"`);
    const region = props.region ?? instance?.env.region ?? Stack.of(this).region;
    this._engine = this.engine();
    this.instanceArn = instance?.instanceArn ?? Stack.of(this).formatArn({ service: 'rds', region, resource: 'db', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    this._connection = {
      ...this._connectionBy(props),
      rdsInstanceId: resourceName,
      region,
      databaseName: databaseName === undefined ? undefined : checkText(this, 'databaseName', databaseName),
    };
  }

  /** @internal */
  public _connects(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['rds:DescribeDBInstances'], resources: [this.instanceArn] }), ...this._readsSecret(this.props.password)];
  }

  /** @internal */
  protected get _own(): Fields {
    const { instance, rdsInstanceId = instance?.instanceIdentifier, ...props } = this.props;
    return { ...props, rdsInstanceId };
  }

  private engine(): Engine | undefined {
    const type = this.props.instance?.engine?.engineType;
    if (type === undefined) return undefined;
    const engine = rdsEngine(type);
    if (engine === undefined) throw invalid(this, 'instance', `Task Runner has drivers of MySQL, MariaDB and PostgreSQL; got: ${this.props.instance?.node.path} of ${type}`);
    checkProperties(this, engine, this.props.jdbcProperties);
    return engine;
  }
}
