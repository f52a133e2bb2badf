import { Stack } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { checkText } from '../compiler/text';
import { secretStatements } from '../databases/secret';
import { invalid } from '../errors';
import { Fields } from '../fields';
import { inherited } from '../parent';
import { PipelineObject } from '../pipeline-object';

/** Props of an HttpProxy. */
export interface HttpProxyProps {
  /**
   * A proxy, whose props are taken where they are left out here. Field `parent`.
   *
   * @default - none
   */
  readonly parent?: HttpProxy;

  /** Host name or address of the proxy. Takes expressions. */
  readonly hostname: string;

  /** Port of the proxy, 1 to 65535. */
  readonly port: number;

  /**
   * User of the proxy. Takes expressions. Goes with `password`.
   *
   * @default - the `username` of the secret, if `password` is given; else nobody
   */
  readonly username?: string;

  /**
   * Secret with the keys `username` and `password`; or, with `username` here, one that is the password alone. Field `*password`: hosts read it,
   * from AWS Secrets Manager and not through the proxy, so that they need a way there, such as a VPC endpoint. The value is in no template,
   * no user data and on no command line.
   *
   * @default - the proxy asks for none
   */
  readonly password?: ISecret;

  /**
   * Windows domain of the user, for a proxy that takes `<domain>\<username>` by basic authentication; NTLM is not spoken. Goes with `username`.
   *
   * @default - none
   */
  readonly windowsDomain?: string;

  /**
   * Whether hosts go to Amazon S3 without the proxy.
   *
   * @default false
   */
  readonly s3NoProxy?: boolean;
}

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
const NAME = /^[A-Za-z0-9_.@+-]+$/;

/**
 * An HTTP proxy through which an Ec2Resource, or the primary node of an EmrCluster, reaches AWS and the internet: Task Runner, what is
 * installed for it, and SSM Agent.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-httpproxy.html
 */
export class HttpProxy extends PipelineObject {
  private readonly props: HttpProxyProps;

  constructor(scope: Construct, id: string, props: HttpProxyProps) {
    props = inherited(scope, id, HttpProxy, props);
    super(scope, id);
    this.props = props;
    this.check();
  }

  /** Options of Task Runner; no secret is in them.
   * @internal */
  public get _options(): string[] {
    const { hostname, port, username, password, windowsDomain } = this.props;
    const user = windowsDomain === undefined ? username : `${windowsDomain}\\${username}`;
    return [
      `--httpProxy=${hostname}:${port}`,
      `--noProxy=${this.direct().join(',')}`,
      ...user === undefined ? [] : [`--httpProxyUser=${user}`],
      ...password === undefined ? [] : [`--httpProxySecret=${password.secretArn}`],
    ];
  }

  /** The environment of programs that take a proxy from there. One with a password is none: others could read it.
   * @internal */
  public get _environment(): Record<string, string> | undefined {
    const { hostname, port, password } = this.props;
    if (password) return undefined;
    const proxy = `http://${hostname}:${port}`;
    const none = [...this.direct(), '.internal'].join(',');
    return { http_proxy: proxy, https_proxy: proxy, no_proxy: none, HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: none };
  }

  /** Throws if the host name is one that only a run knows.
   * @internal */
  public _requireKnownHost(user: PipelineObject): void {
    const { hostname } = this.props;
    if (hostname.includes('#{')) throw invalid(user, 'httpProxy', `its hostname takes no expressions here; got: "${hostname}" of ${this.node.path}; give its name`);
  }

  /** To read the password.
   * @internal */
  public _grantRead({ grantPrincipal }: IGrantable): void {
    const { password } = this.props;
    if (password) secretStatements(password).forEach((statement) => grantPrincipal.addToPrincipalPolicy(statement));
  }

  /** @internal */
  protected get _own(): Fields {
    return { ...this.props };
  }

  /** Hosts that are not reached through the proxy; one that begins with a dot stands for those below it. */
  private direct(): string[] {
    const { region, urlSuffix } = Stack.of(this);
    const { password, s3NoProxy } = this.props;
    const s3 = [`s3.${region}.${urlSuffix}`, `.s3.${region}.${urlSuffix}`, `.s3.dualstack.${region}.${urlSuffix}`];
    return ['localhost', '127.0.0.1', '169.254.169.254', ...password ? [`secretsmanager.${region}.${urlSuffix}`] : [], ...s3NoProxy ? s3 : []];
  }

  private check(): void {
    const { hostname, port, username, password, windowsDomain } = this.props;
    this.checkName('hostname', hostname, HOST, 'is a host name or an address, such as "proxy.example.com"');
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(this, 'port', `is a whole number from 1 to 65535; got: ${port}`);
    if (username !== undefined) this.checkName('username', username, NAME, 'is of letters, digits and _ . @ + -');
    if (windowsDomain !== undefined) this.checkName('windowsDomain', windowsDomain, NAME, 'is of letters, digits and _ . @ + -');
    if (username !== undefined && !password) throw invalid(this, 'username', `got: "${username}" and no password; give the secret with it`);
    if (windowsDomain !== undefined && username === undefined) throw invalid(this, 'windowsDomain', `got: "${windowsDomain}" and no username; give username`);
  }

  /** What only the run knows is looked at there. */
  private checkName(prop: string, value: string, pattern: RegExp, allowed: string): void {
    if (typeof value !== 'string') throw invalid(this, prop, `${allowed}; got: nothing`);
    checkText(this, prop, value);
    const isKnown = !/#\{|\$\{Token\[/.test(value);
    if (isKnown && !pattern.test(value)) throw invalid(this, prop, `${allowed}; got: "${value}"`);
  }
}
