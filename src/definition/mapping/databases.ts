import { literal, Props, textOf } from '../code';
import { propOf, TypeRules, Whole, without } from './rule';
import { gone, known, secret, text, texts } from './rules';

const CONNECTION = {
  '*password': secret('password'),
  'databaseName': text('databaseName'),
  'jdbcDriverJarUri': gone('No Java runs: Task Runner has drivers of MySQL, MariaDB, PostgreSQL and Amazon Redshift of its own.',
    'Nothing, with these; for other engines a `ShellCommandActivity`.'),
  'jdbcProperties': texts('jdbcProperties'),
  'username': text('username'),
};

const REDSHIFT = /^jdbc:(?:redshift|postgresql):\/\/([a-z][a-z0-9-]*)\.[a-z0-9]+\.[a-z0-9-]+\.redshift\.amazonaws\.com(?:\.cn)?(?::\d+)?(?:\/([^?#]+))?/i;

/** A cluster that its connection string names is reached through the Data API, as a clusterId is; and a secret names the user itself. */
function redshift(props: Props, whole: Whole): Props {
  const [, clusterId, database] = REDSHIFT.exec(textOf(propOf(props, 'connectionString')) ?? '') ?? [];
  const connects = clusterId === undefined && propOf(props, 'connectionString') !== undefined;
  if (connects) return replaced(props, 'connectionString', (value) => value.replace(/^jdbc:postgresql:/i, 'jdbc:redshift:'));
  if (clusterId !== undefined && whole.field('clusterId')) whole.warn('connectionString', 'is ignored beside clusterId');
  const named: Props = clusterId === undefined || propOf(props, 'clusterId') ? [] : [['clusterId', literal(clusterId)]];
  const name: Props = database === undefined || propOf(props, 'databaseName') ? [] : [['databaseName', literal(database)]];
  return [...named, ...name, ...without(props, 'connectionString', 'jdbcProperties', ...propOf(props, 'password') ? ['username'] : [])];
}

function replaced(props: Props, name: string, change: (value: string) => string): Props {
  return props.map(([prop, code]) => {
    const value = prop === name ? textOf(code) : undefined;
    return value === undefined || change(value) === value ? [prop, code] : [prop, literal(change(value))];
  });
}

export const DATABASES: Readonly<Record<string, TypeRules>> = {
  JdbcDatabase: {
    kind: 'database',
    construct: 'JdbcDatabase',
    required: ['connectionString', '*password'],
    fields: {
      ...CONNECTION,
      connectionString: text('connectionString'),
      jdbcDriverClass: gone('No Java runs: Task Runner has drivers of MySQL, MariaDB, PostgreSQL and Amazon Redshift of its own.',
        'Nothing, with these; for other engines a `ShellCommandActivity`.'),
    },
  },
  RdsDatabase: {
    kind: 'database',
    construct: 'RdsDatabase',
    required: ['rdsInstanceId', '*password'],
    fields: { ...CONNECTION, rdsInstanceId: known('rdsInstanceId'), region: known('region') },
  },
  RedshiftDatabase: {
    kind: 'database',
    construct: 'RedshiftDatabase',
    oneOf: [['clusterId', 'connectionString']],
    fields: {
      '*password': secret('password'),
      'clusterId': known('clusterId'),
      'connectionString': known('connectionString'),
      'databaseName': known('databaseName'),
      'jdbcProperties': texts('jdbcProperties'),
      'region': gone('Step Functions asks the Data API of the pipeline\'s own Region only.', '`connectionString`: its host says where it is.'),
      'username': known('username'),
    },
    finish: redshift,
  },
};
