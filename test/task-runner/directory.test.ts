/** What Task Runner asks Amazon RDS and AWS Secrets Manager: of a stand-in that answers as their service models say. */
import { Agent as HttpAgent, createServer, Server } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AwsDatabaseDirectory } from '../../task-runner/databases/access';

const NEVER = new AbortController().signal;
const asked: { target?: string; authorization?: string; body: string }[] = [];
let answer = { status: 200, body: '' };
let server: Server;
let directory: AwsDatabaseDirectory;

beforeAll(async () => {
  server = createServer((request, response) => void text(request).then((body) => {
    asked.push({ target: request.headers['x-amz-target'] as string | undefined, authorization: request.headers.authorization, body });
    response.writeHead(answer.status, { 'content-type': request.headers['content-type'] ?? '' }).end(answer.body);
  }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = endpoint;
  const credentials = async () => Promise.resolve({ accessKeyId: 'AKID', secretAccessKey: 'secret' });
  const requestHandler = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent(), connectionTimeout: 1000 };
  directory = new AwsDatabaseDirectory({ region: 'us-east-1', credentials, requestHandler }, { AWS_ENDPOINT_URL_RDS: endpoint });
});

afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
  await new Promise((resolve) => server.close(resolve));
});

const instance = (fields: string) => `<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstancesResult><DBInstances>
  <DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><DBSubnetGroup><SubnetGroupStatus>Complete</SubnetGroupStatus></DBSubnetGroup>${fields}</DBInstance>
</DBInstances></DescribeDBInstancesResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeDBInstancesResponse>`;

test('finds an instance of Amazon RDS, in its Region', async () => {
  answer = { status: 200, body: instance('<Engine>mysql</Engine><DBName>shop</DBName><Endpoint><HostedZoneId>Z</HostedZoneId><Port>3306</Port><Address>h</Address></Endpoint>') };
  expect(await directory.instance('orders', 'eu-west-1', NEVER)).toEqual({ engine: 'mysql', host: 'h', port: 3306, databaseName: 'shop' });
  const { authorization, body } = asked.at(-1)!;
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ Action: 'DescribeDBInstances', Version: '2014-10-31', DBInstanceIdentifier: 'orders' });
  expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/rds\/aws4_request, SignedHeaders=[\w;-]*host[\w;-]*, Signature=[0-9a-f]{64}$/);
});

test.each([
  ['an instance that is not ready', 200, instance('<Engine>mysql</Engine><DBInstanceStatus>creating</DBInstanceStatus>'), 'instance orders has no endpoint yet: it is creating'],
  ['an instance that there is not', 404,
    '<ErrorResponse><Error><Type>Sender</Type><Code>DBInstanceNotFound</Code><Message>DBInstance orders not found.</Message></Error></ErrorResponse>',
    'Amazon RDS: DBInstanceNotFound: DBInstance orders not found.'],
])('says so of %s', async (_, status, body, message) => {
  answer = { status, body };
  await expect(directory.instance('orders', undefined, NEVER)).rejects.toThrow(new Error(message));
});

test('reads a secret, in the Region of its ARN', async () => {
  answer = { status: 200, body: JSON.stringify({ Name: 'orders', SecretString: '{"username":"etl"}' }) };
  const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-abcdef';
  expect(await directory.secret(arn, NEVER)).toBe('{"username":"etl"}');
  const { target, authorization, body } = asked.at(-1)!;
  expect([target, JSON.parse(body)]).toEqual(['secretsmanager.GetSecretValue', { SecretId: arn }]);
  expect(authorization).toContain('/eu-west-1/secretsmanager/aws4_request');
});

test('says why a secret cannot be read', async () => {
  answer = { status: 400, body: JSON.stringify({ __type: 'AccessDeniedException', Message: 'not allowed' }) };
  await expect(directory.secret('orders', NEVER)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
