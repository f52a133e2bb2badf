import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { RedshiftTarget } from '../compiler/work';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { PipelineObject } from '../pipeline-object';

/** Props of a RedshiftDatabase: exactly one of `clusterId` and `workgroupName`. */
export interface RedshiftDatabaseProps {
  /**
   * Identifier of a provisioned cluster, in the pipeline's Region and account.
   *
   * @default - `workgroupName` is given
   */
  readonly clusterId?: string;

  /**
   * Name of a serverless workgroup, in the pipeline's Region and account.
   *
   * @default - `clusterId` is given
   */
  readonly workgroupName?: string;

  /**
   * Id of the workgroup (the last part of its ARN), which limits the permission for temporary credentials to it.
   *
   * @default - any workgroup of the account: an ARN does not carry the name
   */
  readonly workgroupId?: string;

  /** Name of the database. */
  readonly databaseName: string;

  /**
   * Database user that temporary credentials are made for. Not with `password`, whose secret names the user, and not with a
   * workgroup, where the user is derived from the role.
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
 * A database in Amazon Redshift, provisioned or serverless, reached through the Redshift Data API.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-redshiftdatabase.html
 */
export class RedshiftDatabase extends PipelineObject {
  /** @internal */
  public readonly _iamRole?: IRole;
  /** @internal */
  public readonly _target: RedshiftTarget;

  constructor(scope: Construct, id: string, private readonly props: RedshiftDatabaseProps) {
    super(scope, id);
    this.validate();
    this._iamRole = props.iamRole;
    this._target = {
      Database: props.databaseName,
      ...(props.clusterId ? { ClusterIdentifier: props.clusterId } : { WorkgroupName: props.workgroupName }),
      ...(props.password ? { SecretArn: props.password.secretArn } : props.clusterId ? { DbUser: props.username } : {}),
    };
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
    return [run, observe, ...(password ? this.secretStatements(password) : [this.temporaryCredentials()])];
  }

  private secretStatements(secret: ISecret): PolicyStatement[] {
    const read = new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`] });
    const key = secret.encryptionKey;
    return [read, ...(key ? [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] })] : [])];
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
    const { clusterId, workgroupName, workgroupId, username, password } = this.props;
    if ((clusterId === undefined) === (workgroupName === undefined)) {
      throw invalid(this, 'clusterId', `exactly one of clusterId and workgroupName names the database's host; got: ${clusterId ? 'both' : 'none'}`);
    }
    if (workgroupId !== undefined && !workgroupName) {
      throw invalid(this, 'workgroupId', `goes with workgroupName; got: "${workgroupId}" and no workgroup; give workgroupName, or leave it out`);
    }
    if (username !== undefined && (password || workgroupName)) {
      throw invalid(this, 'username', `got: "${username}" with ${password ? 'password, whose secret names the user' : 'workgroupName, where the user is derived from the role'}; leave it out`);
    }
    if (clusterId && username === undefined && !password) {
      throw invalid(this, 'username', 'a provisioned cluster needs a user for temporary credentials, or a secret as password; got: neither');
    }
    if (this.props.databaseName === '') {
      throw invalid(this, 'databaseName', 'is empty; got: ""; give the name of the database');
    }
  }
}
