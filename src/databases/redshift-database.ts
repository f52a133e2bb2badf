import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { checkText } from '../compiler/text';
import type { RedshiftTarget, Template } from '../compiler/work';
import { Engine } from '../contract/connection';
import { TaskDatabase } from '../contract/database';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { inherited } from '../parent';
import type { PipelineObject } from '../pipeline-object';
import { checkConnectionString } from './connection-string';
import { secretStatements } from './secret';
import { SqlDatabase } from './sql-database';

/** Props of a RedshiftDatabase: exactly one of `clusterId`, `workgroupName` and `connectionString`. */
export interface RedshiftDatabaseProps {
  /**
   * A database of the same kind, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: RedshiftDatabase;

  /**
   * Identifier of a provisioned cluster, in the pipeline's Region and account.
   *
   * @default - `workgroupName` or `connectionString` is given
   */
  readonly clusterId?: string;

  /**
   * Name of a serverless workgroup, in the pipeline's Region and account.
   *
   * @default - `clusterId` or `connectionString` is given
   */
  readonly workgroupName?: string;

  /**
   * Id of the workgroup (the last part of its ARN), which limits the permission for temporary credentials to it.
   *
   * @default - any workgroup of the account: an ARN does not carry the name
   */
  readonly workgroupId?: string;

  /**
   * Connection string, `jdbc:redshift://<host>:<port>/<database>`, by which Task Runner connects to what Redshift Data API of the pipeline's
   * Region and account does not reach; with a `password`. Takes expressions.
   *
   * @default - `clusterId` or `workgroupName` is given
   */
  readonly connectionString?: string;

  /**
   * Properties of the connection, each `<name>=<value>`, as a JdbcDatabase has them; with `connectionString`. Take expressions.
   *
   * @default - as of a JdbcDatabase
   */
  readonly jdbcProperties?: string[];

  /**
   * Name of the database.
   *
   * @default - the one in the connection string; required without one
   */
  readonly databaseName?: string;

  /**
   * Database user that temporary credentials are made for; or, with `connectionString`, the user to connect as. Else not with `password`,
   * whose secret names the user, and not with a workgroup, where the user is derived from the role.
   *
   * @default - required with `clusterId` and without `password`
   */
  readonly username?: string;

  /**
   * Secret with the keys `username` and `password`. Field `*password`: the value never reaches the template.
   *
   * @default - temporary credentials
   */
  readonly password?: ISecret;

  /**
   * Role that COPY and UNLOAD reach Amazon S3 with. It must be associated with the cluster or the workgroup's namespace; what a
   * RedshiftCopyActivity reads is granted to it.
   *
   * @default - the default role of the cluster or namespace, whose permissions are yours to give
   */
  readonly iamRole?: IRole;
}

/**
 * A database in Amazon Redshift, provisioned or serverless, reached through the Redshift Data API; or by Task Runner, where that does not
 * reach it.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-redshiftdatabase.html
 */
export class RedshiftDatabase extends SqlDatabase {
  /** @internal */
  public readonly _iamRole?: IRole;
  /** Of the Data API, if it reaches the database.
   * @internal */
  public readonly _target?: RedshiftTarget;
  /** @internal */
  public readonly _connection?: Template<TaskDatabase>;
  /** @internal */
  public readonly _engine: Engine = 'redshift';

  constructor(scope: Construct, id: string, private readonly props: RedshiftDatabaseProps) {
    props = inherited(scope, id, RedshiftDatabase, props);
    super(scope, id);
    this.validate();
    this._iamRole = props.iamRole;
    this._connection = this.connection();
    this._target = this._connection ? undefined : this.target();
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this.props };
  }

  /** What it takes to run statements here.
   * @internal */
  public _statements(): PolicyStatement[] {
    const { clusterId, password } = this.props;
    const run = new PolicyStatement({
      actions: ['redshift-data:BatchExecuteStatement'],
      resources: [clusterId ? this.arn('redshift', 'cluster', clusterId) : this.workgroupArn()],
    });
    const observe = new PolicyStatement({ actions: ['redshift-data:DescribeStatement'], resources: ['*'] }); // has no resource types
    return [run, observe, ...(password ? secretStatements(password) : [this.temporaryCredentials()])];
  }

  /** @internal */
  public _connects(): PolicyStatement[] {
    return this.props.password ? secretStatements(this.props.password) : [];
  }

  private target(): RedshiftTarget {
    const { clusterId, workgroupName, databaseName: Database = '', password, username } = this.props;
    return {
      Database,
      ...(clusterId ? { ClusterIdentifier: clusterId } : { WorkgroupName: workgroupName }),
      ...(password ? { SecretArn: password.secretArn } : clusterId ? { DbUser: username } : {}),
    };
  }

  private connection(): Template<TaskDatabase> | undefined {
    const { connectionString, databaseName, jdbcProperties, username, password } = this.props;
    if (connectionString === undefined || password === undefined) return undefined;
    return {
      ...this._connectionBy({ password, username, jdbcProperties }),
      connectionString: this.redshiftString(connectionString),
      databaseName: databaseName === undefined ? undefined : checkText(this, 'databaseName', databaseName),
    };
  }

  private redshiftString(connectionString: string) {
    const { text, known } = checkConnectionString(this, connectionString, this.props.jdbcProperties);
    if (known && known.engine !== 'redshift') throw invalid(this, 'connectionString', `begins with "jdbc:redshift://"; got: "${connectionString}"; else give a JdbcDatabase`);
    return text;
  }

  private temporaryCredentials(): PolicyStatement {
    const { clusterId, databaseName, username } = this.props;
    return clusterId
      ? new PolicyStatement({
        actions: ['redshift:GetClusterCredentials'],
        resources: [this.arn('redshift', 'dbname', `${clusterId}/${databaseName}`), this.arn('redshift', 'dbuser', `${clusterId}/${username}`)],
      })
      : new PolicyStatement({ actions: ['redshift-serverless:GetCredentials'], resources: [this.workgroupArn()] });
  }

  private workgroupArn(): string {
    return this.arn('redshift-serverless', 'workgroup', this.props.workgroupId ?? '*', ArnFormat.SLASH_RESOURCE_NAME);
  }

  private arn(service: string, resource: string, resourceName: string, arnFormat = ArnFormat.COLON_RESOURCE_NAME): string {
    return Stack.of(this).formatArn({ service, resource, resourceName, arnFormat });
  }

  private validate(): void {
    const { clusterId, workgroupName, connectionString, workgroupId, username, password, jdbcProperties, databaseName } = this.props;
    const places = Object.entries({ clusterId, workgroupName, connectionString }).flatMap(([name, value]) => value === undefined ? [] : [name]);
    if (places.length !== 1) {
      throw invalid(this, 'clusterId', `exactly one of clusterId, workgroupName and connectionString says where the database is; got: ${places.join(' and ') || 'none'}`);
    }
    if (workgroupId !== undefined && !workgroupName) {
      throw invalid(this, 'workgroupId', `goes with workgroupName; got: "${workgroupId}" and no workgroup; give workgroupName, or leave it out`);
    }
    if (jdbcProperties && !connectionString) throw invalid(this, 'jdbcProperties', `go with connectionString; got: ${places[0]}, and the Data API has none; leave them out`);
    if (connectionString) return this.validateConnection();
    if (username !== undefined && (password || workgroupName)) {
      throw invalid(this, 'username', `got: "${username}" with ${password ? 'password, whose secret names the user' : 'workgroupName, where the user is derived from the role'}; leave it out`);
    }
    if (clusterId && username === undefined && !password) {
      throw invalid(this, 'username', 'a provisioned cluster needs a user for temporary credentials, or a secret as password; got: neither');
    }
    if (!databaseName) {
      throw invalid(this, 'databaseName', `${databaseName === '' ? 'is empty' : 'is missing'}; got: ${JSON.stringify(databaseName) ?? 'nothing'}; give the name of the database`);
    }
  }

  private validateConnection(): void {
    if (!this.props.password) throw invalid(this, 'password', 'is what Task Runner connects with; got: connectionString, and no secret; give one');
  }
}

/** Throws if an activity says how Task Runner is to do what the Data API does. */
export function checkNoHost(activity: PipelineObject, database: RedshiftDatabase, props: object): void {
  const refused = Object.entries(props).find(([, value]) => value !== undefined);
  if (refused) throw invalid(activity, refused[0], `is for what Task Runner does; got: ${database.node.path}, which the Redshift Data API reaches; leave it out`);
}
