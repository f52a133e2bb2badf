import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { checkList, checkText } from '../compiler/text';
import { Template } from '../compiler/work';
import { Engine } from '../contract/connection';
import { TaskDatabase } from '../contract/database';
import { invalid } from '../errors';
import { PipelineObject } from '../pipeline-object';
import { secretStatements } from './secret';

/** Props of a database that Task Runner connects to. */
export interface ConnectionProps {
  /**
   * A database of the same kind, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: SqlDatabase;

  /**
   * Secret with the keys `username` and `password`, as Amazon RDS makes them; or, with `username` here, one that is the password alone.
   * Field `*password`: Task Runner reads the secret when it connects, and the value is in no template, log, command line or environment.
   */
  readonly password: ISecret;

  /**
   * User to connect as. Takes expressions.
   *
   * @default - the `username` of the secret
   */
  readonly username?: string;

  /**
   * Properties of the connection, each `<name>=<value>`: `sslMode`, `useSSL`, `requireSSL`, `verifyServerCertificate`,
   * `trustServerCertificate` and `connectTimeout` (milliseconds) of MySQL and MariaDB; `ssl`, `sslmode`, `connectTimeout` (seconds),
   * `ApplicationName` and `currentSchema` of PostgreSQL and Amazon Redshift. Take expressions.
   *
   * @default - a connection encrypted by TLS, to a host with a certificate of Amazon RDS, Amazon Redshift or a public authority (others:
   * `NODE_EXTRA_CA_CERTS` of Task Runner), within 30 seconds
   */
  readonly jdbcProperties?: string[];
}

/** A database that SQL is sent to. */
export abstract class SqlDatabase extends PipelineObject {
  /** Nothing where only Amazon Redshift Data API reaches it.
   * @internal */
  public abstract readonly _connection?: Template<TaskDatabase>;

  /** Where it is known.
   * @internal */
  public abstract readonly _engine?: Engine;

  /** What it takes to connect.
   * @internal */
  public abstract _connects(): PolicyStatement[];

  /** @internal */
  public _grantConnect({ grantPrincipal }: IGrantable): void {
    this._connects().forEach((statement) => grantPrincipal.addToPrincipalPolicy(statement));
  }

  /** @internal */
  protected _connectionBy({ password, username, jdbcProperties }: ConnectionProps): Pick<Template<TaskDatabase>, 'object' | 'secretId' | 'username' | 'properties'> {
    if (!password) throw invalid(this, 'password', 'is the secret that Task Runner connects with; got: nothing; give an ISecret');
    return {
      object: this.objectId,
      secretId: password.secretArn,
      username: username === undefined ? undefined : checkText(this, 'username', username),
      properties: checkList(this, 'jdbcProperties', jdbcProperties ?? []),
    };
  }

  /** @internal */
  protected _readsSecret(secret: ISecret): PolicyStatement[] {
    return secretStatements(secret);
  }
}
