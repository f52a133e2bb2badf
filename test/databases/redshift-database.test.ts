import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { RedshiftDatabase, RedshiftDatabaseProps } from '../../src';
import { pipeline } from '../compiler/fixture';
import { concrete } from '../compiler/machines';

const ARN = 'arn:aws:redshift:us-east-1:111111111111';
const SERVERLESS = 'arn:aws:redshift-serverless:us-east-1:111111111111:workgroup';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:load-AbCdEf';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/k';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

/** Where the Data API finds the database, and what it takes to run statements there. */
function database(propsIn: (scope: Construct) => Partial<RedshiftDatabaseProps>): { target: unknown; allows: string[] } {
  const scope = pipeline();
  const made = new RedshiftDatabase(scope, 'Db', { databaseName: 'dev', ...propsIn(scope) });
  const statements = concrete(Stack.of(scope), made._statements().map((each) => each.toStatementJson())) as unknown as Statement[];
  const allows = statements.flatMap(({ Action, Resource }) => [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)));
  return { target: made._target, allows: allows.filter((line) => !/Describe|Cancel/.test(line)) };
}

test('a cluster gives temporary credentials to one user of one database', () => {
  expect(database(() => ({ clusterId: 'c', username: 'loader' }))).toEqual({
    target: { Database: 'dev', ClusterIdentifier: 'c', DbUser: 'loader' },
    allows: [`redshift-data:BatchExecuteStatement ${ARN}:cluster:c`, `redshift:GetClusterCredentials ${ARN}:dbname:c/dev`, `redshift:GetClusterCredentials ${ARN}:dbuser:c/loader`],
  });
});

test('a workgroup gives them to the role; its id limits them to it', () => {
  expect(database(() => ({ workgroupName: 'w', workgroupId: 'i' }))).toEqual({
    target: { Database: 'dev', WorkgroupName: 'w' },
    allows: [`redshift-data:BatchExecuteStatement ${SERVERLESS}/i`, `redshift-serverless:GetCredentials ${SERVERLESS}/i`],
  });
  expect(database(() => ({ workgroupName: 'w' })).allows).toEqual([
    `redshift-data:BatchExecuteStatement ${SERVERLESS}/*`, `redshift-serverless:GetCredentials ${SERVERLESS}/*`,
  ]);
});

test.each<[string, Partial<RedshiftDatabaseProps>]>([['cluster', { clusterId: 'c' }], ['workgroup', { workgroupName: 'w' }]])(
  'a password is a secret, whose value the Data API reads, with its key: %s', (_, host) => {
    const { target, allows } = database((scope) => ({
      ...host, password: Secret.fromSecretAttributes(scope, 'S', { secretCompleteArn: SECRET, encryptionKey: Key.fromKeyArn(scope, 'K', KEY) }),
    }));
    expect(target).toMatchObject({ SecretArn: SECRET });
    expect(target).not.toHaveProperty('DbUser');
    expect(allows.slice(1)).toEqual([`secretsmanager:GetSecretValue ${SECRET}`, `kms:Decrypt ${KEY}`]);
  });
