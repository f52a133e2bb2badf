/** What a JDBC connection string and its properties mean to the drivers that Task Runner has. */
export type Engine = 'mysql' | 'postgresql' | 'redshift';

/** `verified`: encrypted, by who a trusted authority says the host is. */
export type Tls = 'verified' | 'encrypted' | 'off';

export interface Connection {
  readonly engine: Engine;
  readonly host: string;
  readonly port: number;
  readonly databaseName?: string;
  readonly tls: Tls;
  readonly connectTimeoutSeconds: number;
  readonly applicationName?: string;
  /** The schema of names without one. */
  readonly schema?: string;
}

/** What is wrong with a connection string or a property, and what is allowed. */
export class ConnectionError extends Error {}

const SCHEMES: Readonly<Record<string, Engine>> = { mysql: 'mysql', mariadb: 'mysql', postgresql: 'postgresql', redshift: 'redshift' };
const PORTS: Readonly<Record<Engine, number>> = { mysql: 3306, postgresql: 5432, redshift: 5439 };
const FORM = /^jdbc:([a-z]+):\/\/(\[[0-9a-f:.]+\]|[^:/?#@[\],\s]+)(?::(\d+))?(?:\/([^?#]*))?(?:\?(.*))?$/is;

type Settings = Pick<Connection, 'tls' | 'connectTimeoutSeconds' | 'applicationName' | 'schema'>;
type Setting = (value: string) => Partial<Settings> | undefined;

const tls = (modes: Readonly<Record<string, Tls>>): Setting => (value) => (
  Object.hasOwn(modes, value.toLowerCase()) ? { tls: modes[value.toLowerCase()] } : undefined
);
const timeout = (perSecond: number): Setting => (value) => (
  /^[1-9]\d{0,8}$/.test(value) ? { connectTimeoutSeconds: Math.ceil(Number(value) / perSecond) } : undefined
);
const flag = (whenTrue: Partial<Settings>, whenFalse: Partial<Settings>): Setting => (
  (value) => ({ true: whenTrue, false: whenFalse })[value.toLowerCase()]
);

const POSTGRESQL: Readonly<Record<string, Setting>> = {
  ssl: flag({}, { tls: 'off' }),
  sslmode: tls({ 'disable': 'off', 'allow': 'encrypted', 'prefer': 'encrypted', 'require': 'encrypted', 'verify-ca': 'verified', 'verify-full': 'verified' }),
  connectTimeout: timeout(1),
  loginTimeout: timeout(1),
  ApplicationName: (value) => ({ applicationName: value }),
  currentSchema: (value) => ({ schema: value }),
};
const SETTINGS: Readonly<Record<Engine, Readonly<Record<string, Setting>>>> = {
  mysql: {
    useSSL: flag({}, { tls: 'off' }),
    requireSSL: flag({}, {}),
    verifyServerCertificate: flag({}, { tls: 'encrypted' }),
    trustServerCertificate: flag({ tls: 'encrypted' }, {}),
    sslMode: tls({
      'disabled': 'off',
      'disable': 'off',
      'preferred': 'encrypted',
      'required': 'encrypted',
      'trust': 'encrypted',
      'verify_ca': 'verified',
      'verify-ca': 'verified',
      'verify_identity': 'verified',
      'verify-full': 'verified',
    }),
    connectTimeout: timeout(1000),
  },
  postgresql: POSTGRESQL,
  redshift: POSTGRESQL,
};
/** What these ask for is so here anyhow. */
const GIVEN = ['allowMultiQueries', 'autoReconnect', 'characterEncoding', 'rewriteBatchedStatements', 'reWriteBatchedInserts', 'tcpKeepAlive', 'useUnicode'];
const CREDENTIALS = ['user', 'username', 'password'];
const DEFAULTS: Settings = { tls: 'verified', connectTimeoutSeconds: 30 };

/** `properties` are `<name>=<value>` each, and count more than those in the string. @throws ConnectionError */
export function connectionOf(connectionString: string, properties: readonly string[] = []): Connection {
  const [, scheme, host, port, databaseName, query] = FORM.exec(connectionString) ?? [];
  const engine = engineOf(connectionString);
  if (host === undefined) {
    throw new ConnectionError('is not a connection string of one host; got: ' +
      `"${withoutCredentials(connectionString)}"; give "jdbc:${scheme ?? engine}://<host>:<port>/<database>?<name>=<value>&..."`);
  }
  const given = query ? query.split('&').map(decodeURIComponent) : [];
  return {
    engine,
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? PORTS[engine] : Number(port),
    ...databaseName ? { databaseName: decodeURIComponent(databaseName) } : {},
    ...settingsOf(engine, [...given, ...properties]),
  };
}

/** What the properties say, with what is so without them. @throws ConnectionError */
export function settingsOf(engine: Engine, properties: readonly string[]): Settings {
  return properties.reduce<Settings>((settings, property) => ({ ...settings, ...settingOf(engine, property) }), DEFAULTS);
}

/** As Amazon RDS names it, such as `aurora-mysql`; nothing where there is no driver of it. */
export function rdsEngine(name: string): Engine | undefined {
  const [, kind] = /^(?:aurora-)?(mysql|mariadb|postgres)(?:ql)?$/.exec(name) ?? [];
  return kind === undefined ? undefined : kind === 'postgres' ? 'postgresql' : 'mysql';
}

function engineOf(connectionString: string): Engine {
  const [, scheme] = /^jdbc:([a-z]+):/i.exec(connectionString) ?? [];
  const engine = scheme && SCHEMES[scheme.toLowerCase()];
  if (engine) return engine;
  throw new ConnectionError(`Task Runner has drivers of ${Object.keys(SCHEMES).join(', ')}; got: ` +
    `"${withoutCredentials(connectionString)}"; give one that begins with "jdbc:mysql://", or the like`);
}

function settingOf(engine: Engine, property: string): Partial<Settings> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(property) ?? [];
  if (name === undefined) throw new ConnectionError(`is "<name>=<value>"; got: "${property}"`);
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  if (CREDENTIALS.some(same)) throw new ConnectionError(`has no credentials in it; got: ${name}; keep them in the secret`);
  if (GIVEN.some(same)) return {};
  const known = Object.keys(SETTINGS[engine]);
  const found = known.find(same);
  if (found === undefined) throw new ConnectionError(`the driver has the properties ${known.join(', ')}; got: "${name}"; leave it out`);
  const setting = SETTINGS[engine][found](value);
  if (setting === undefined) throw new ConnectionError(`the driver does not know that value of ${found}; got: "${value}"; leave it out, or give another`);
  return setting;
}

function withoutCredentials(connectionString: string): string {
  return connectionString.replace(/\/\/[^/@]*@/, '//').replace(/(user|username|password)=[^&;]*/gi, '$1=...');
}
