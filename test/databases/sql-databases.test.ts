import { Stack } from 'aws-cdk-lib';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { JdbcDatabase, Pipeline, RdsDatabase, RdsDatabaseProps, RedshiftDatabase, SqlDatabase } from '../../src';
import { pipeline } from '../compiler/fixture';
import { concrete } from '../compiler/machines';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:shop-AbCdEf';
const RDS = 'arn:aws:rds:us-east-1:111111111111:db';
const password = (scope: Pipeline) => Secret.fromSecretCompleteArn(scope, 'Secret', SECRET);

/** What whoever connects is allowed. */
function allowed(database: SqlDatabase): string[] {
  const statements = concrete(Stack.of(database), database._connects().map((each) => each.toStatementJson())) as unknown as Array<Record<'Action' | 'Resource', string>>;
  return statements.map(({ Action, Resource }) => `${Action} ${Resource}`);
}

test('a connection string is read, and the secret is for the hosts that connect', () => {
  const scope = pipeline();
  const database = new JdbcDatabase(scope, 'Db', { connectionString: 'jdbc:mariadb://h/shop', password: password(scope), username: '#{@id}' });
  expect(database._engine).toBe('mysql');
  expect(database._connection).toMatchObject({ object: 'Db', secretId: SECRET, username: { text: '#{@id}' }, connectionString: { text: 'jdbc:mariadb://h/shop' } });
  expect(allowed(database)).toEqual([`secretsmanager:GetSecretValue ${SECRET}`]);
});

test('of a connection string that is a value, only the run knows the engine', () => {
  const scope = pipeline({ parameters: { myDatabase: 'jdbc:oracle:thin:@h', myHost: 'h' } });
  const engine = (id: string, connectionString: string) => new JdbcDatabase(scope, id, { connectionString, password: secret })._engine;
  const secret = password(scope);
  expect(engine('Any', '#{myDatabase}')).toBeUndefined();
  expect(engine('Shop', 'jdbc:mysql://#{myHost}:3306/shop')).toBe('mysql');
});

test.each<[string, (scope: Pipeline) => Partial<RdsDatabaseProps>, string, string]>([
  ['by its identifier', () => ({ rdsInstanceId: 'shop' }), 'us-east-1', `${RDS}:shop`],
  ['in another Region', () => ({ rdsInstanceId: 'shop', region: 'eu-west-1', databaseName: '#{@id}', username: 'etl', jdbcProperties: ['sslMode=REQUIRED'] }),
    'eu-west-1', `${RDS}:shop`.replace('us-east-1', 'eu-west-1')],
  ['by its construct', (scope) => ({ instance: DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'I', { instanceIdentifier: 'shop', instanceEndpointAddress: 'h', port: 1, securityGroups: [] }) }),
    'us-east-1', `${RDS}:shop`],
])('Amazon RDS is asked about an instance, %s', (_, props, region, arn) => {
  const scope = pipeline();
  const database = new RdsDatabase(scope, 'Db', { password: password(scope), ...props(scope) });
  expect(database._connection).toMatchObject({ rdsInstanceId: 'shop', region });
  expect(allowed(database)).toEqual([`rds:DescribeDBInstances ${arn}`, `secretsmanager:GetSecretValue ${SECRET}`]);
});

test('Amazon Redshift is connected to where the Data API does not reach it', () => {
  const scope = pipeline();
  const database = new RedshiftDatabase(scope, 'Db', { connectionString: 'jdbc:redshift://h/dev', password: password(scope) });
  expect(database._target).toBeUndefined();
  expect(allowed(database)).toEqual([`secretsmanager:GetSecretValue ${SECRET}`]);
});
