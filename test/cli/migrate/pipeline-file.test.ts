import { ORDERS, ORDERS_APP, ORDERS_FILE } from './plans';
import { quoted } from '../../../cli/migrate/layout';
import { camelCase, kebabCase, pascalCase } from '../../../cli/migrate/names';
import { pipelineFile } from '../../../cli/migrate/pipeline-file';
import { stacksOf } from '../../checks/readme-block';

const text = pipelineFile(ORDERS, ORDERS_FILE);

test('is as a person would have written it', () => {
  const lines = text.split('\n');
  expect(lines.slice(0, 16)).toEqual([
    "import { Duration, Stack, StackProps } from 'aws-cdk-lib';",
    "import { Secret } from 'aws-cdk-lib/aws-secretsmanager';",
    "import { Topic } from 'aws-cdk-lib/aws-sns';",
    "import { ParameterType, Pipeline, RedshiftDatabase, S3DataNode, Schedule, ShellCommandActivity, SnsAlarm, WorkerGroup } from 'cdk-data-pipeline';",
  ].flatMap((line) => line.length <= 120 ? [line] : [
    'import {', ...line.slice(line.indexOf('{') + 2, line.indexOf(' }')).split(', ').map((name) => `  ${name},`), "} from 'cdk-data-pipeline';",
  ]).concat(["import { Construct } from 'constructs';", '', "const exampleOrdersBucket = 's3://example-orders';"]));
  expect(text.slice(text.indexOf('/** The pipeline')).split('\n')).toEqual([
    '/** The pipeline orders, from orders.json. */',
    'export class OrdersStack extends Stack {',
    '  constructor(scope: Construct, id: string, props: OrdersStackProps = {}) {',
    '    super(scope, id, props);',
    "    const { myTable = 'orders', descriptionParameter = 'all of \"it\"', myCount = '3' } = props;",
    '',
    "    const alarmsTopic = Topic.fromTopicArn(this, 'Alarms', 'arn:aws:sns:us-east-1:111122223333:alarms');",
    '',
    '    // Has the password.',
    "    const databasePassword = Secret.fromSecretNameV2(this, 'Database password', 'orders/database-password');",
    '',
    "    const everyHour = Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') });",
    "    const alarm = new SnsAlarm({ topic: alarmsTopic, subject: 'It\\'s #{node.name}' });",
    '',
    "    const pipeline = new Pipeline(this, 'orders', {",
    '      schedule: everyHour,',
    '      onFail: [alarm],',
    '      maximumRetries: 2,',
    '      pipelineLogUri: `${exampleOrdersBucket}/logs/`,',
    '      parameters: { myTable, description: descriptionParameter, myCount },',
    '      parameterTypes: { myCount: ParameterType.INTEGER },',
    '    });',
    '',
    "    new RedshiftDatabase(pipeline, 'Database', { clusterId: 'example', databaseName: 'db', password: databasePassword });",
    "    const out = new S3DataNode(pipeline, 'Out', { directoryPath: `${exampleOrdersBucket}/out/#{myTable}` });",
    '',
    '    // The hosts of this group are set up anew.',
    "    const hosts = new WorkerGroup(pipeline, 'Hosts', {});",
    '',
    "    new ShellCommandActivity(pipeline, 'default', {",
    '      runsOn: hosts,',
    '      output: [out],',
    '      stage: true,',
    '      command: `set -e',
    'cp \\`date\\`.csv "\\${OUTPUT1_STAGING_DIR}"',
    'aws s3 ls ${exampleOrdersBucket}/in/`,',
    "      scriptArgument: [`${exampleOrdersBucket}/\\`${myTable}`, 'a\\\\b', '--where', 'id = \\'1\\''],",
    '    });',
    '  }',
    '}',
    '',
  ]);
});

test('synthesizes', () => {
  expect(stacksOf(ORDERS_APP)).toEqual(['Orders']);
});

test.each(["it's", 'a\\', '`${x}`\n', '\u0000\n\u2028', 'tab\t', '${x}', "'\r\n'"])('the text %j comes back', (value) => {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  expect(new Function(`return ${quoted(value)}`)()).toBe(value);
});

test('ids become names of TypeScript', () => {
  expect(['EC2Resource_HelloWorld', 'S3InputDataNode', 'DefaultSchedule', '1st', 'a b-c.d', 'ÄÖ', '日本'].map(camelCase))
    .toEqual(['ec2ResourceHelloWorld', 's3InputDataNode', 'defaultSchedule', 'object1St', 'aBCD', 'aO', 'object']);
  expect(['hello-world', '2nd try', 'DynamoDBExport'].map(pascalCase)).toEqual(['HelloWorld', 'Pipeline2NdTry', 'DynamoDbExport']);
  expect(['Hello World', 'DynamoDBExport', '日本'].map(kebabCase)).toEqual(['hello-world', 'dynamo-db-export', 'pipeline']);
});
