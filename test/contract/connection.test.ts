import { Connection, connectionOf, ConnectionError, rdsEngine } from '../../src/contract/connection';

const POSTGRESQL: Connection = { engine: 'postgresql', host: 'h', port: 5432, tls: 'verified', connectTimeoutSeconds: 30 };
const MYSQL: Connection = { ...POSTGRESQL, engine: 'mysql', port: 3306 };

test.each<[string, string[], Connection]>([
  ['jdbc:postgresql://h', [], POSTGRESQL],
  ['jdbc:postgresql://h:6432/d%20b', [], { ...POSTGRESQL, port: 6432, databaseName: 'd b' }],
  ['jdbc:postgresql://[::1]:5432/', [], { ...POSTGRESQL, host: '::1' }],
  ['jdbc:redshift://h/dev?ssl=true', [], { ...POSTGRESQL, engine: 'redshift', port: 5439, databaseName: 'dev' }],
  ['jdbc:postgresql://h?sslmode=require&currentSchema=a%26b&ApplicationName=etl', ['connectTimeout=5'],
    { ...POSTGRESQL, tls: 'encrypted', schema: 'a&b', applicationName: 'etl', connectTimeoutSeconds: 5 }],
  ['jdbc:postgresql://h?ssl=false', ['sslmode=verify-full'], POSTGRESQL],
  ['jdbc:postgresql://h', ['sslmode=disable'], { ...POSTGRESQL, tls: 'off' }],
  ['jdbc:mysql://h/shop', [], { ...MYSQL, databaseName: 'shop' }],
  ['jdbc:mariadb://h?trustServerCertificate=true', [], { ...MYSQL, tls: 'encrypted' }],
  ['jdbc:mysql://h?usessl=FALSE&useUnicode=true&characterEncoding=UTF-8', ['connectTimeout=2500'], { ...MYSQL, tls: 'off', connectTimeoutSeconds: 3 }],
  ['jdbc:mysql://h?verifyServerCertificate=false', ['sslMode=VERIFY_IDENTITY'], MYSQL],
])('reads %s with %j', (connectionString, properties, expected) => {
  expect(connectionOf(connectionString, properties)).toEqual(expected);
});

test.each<[string, string[], string]>([
  ['jdbc:oracle:thin:@h:1521:orcl', [], 'Task Runner has drivers of mysql, mariadb, postgresql, redshift; got: "jdbc:oracle:thin:@h:1521:orcl"'],
  ['jdbc:sqlserver://h;databaseName=d;password=swordfish', [], 'got: "jdbc:sqlserver://h;databaseName=d;password=..."'],
  ['postgresql://h/d', [], 'Task Runner has drivers'],
  ['jdbc:postgresql://h1,h2/d', [], 'is not a connection string of one host'],
  ['jdbc:redshift:iam://h/d', [], 'is not a connection string of one host'],
  ['jdbc:mysql://me:swordfish@h/d', [], 'got: "jdbc:mysql://h/d"'],
  ['jdbc:mysql://h/d?user=me', [], 'has no credentials in it; got: user; keep them in the secret'],
  ['jdbc:mysql://h', ['password=swordfish'], 'has no credentials in it; got: password'],
  ['jdbc:mysql://h?zeroDateTimeBehavior=round', [], 'got: "zeroDateTimeBehavior"; leave it out'],
  ['jdbc:postgresql://h', ['sslmode=perhaps'], 'the driver does not know that value of sslmode; got: "perhaps"'],
  ['jdbc:postgresql://h', ['sslmode'], 'is "<name>=<value>"; got: "sslmode"'],
])('refuses %s with %j', (connectionString, properties, problem) => {
  const read = () => connectionOf(connectionString, properties);
  expect(read).toThrow(problem);
  expect(read).toThrow(ConnectionError);
  expect(read).not.toThrow(/swordfish/);
});

test('knows the engines of Amazon RDS that there are drivers of', () => {
  expect(['mysql', 'mariadb', 'postgres', 'aurora-mysql', 'aurora-postgresql', 'oracle-ee', 'sqlserver-ex'].map(rdsEngine))
    .toEqual(['mysql', 'mysql', 'postgresql', 'mysql', 'postgresql', undefined, undefined]);
});
