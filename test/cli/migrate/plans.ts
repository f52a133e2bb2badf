/** A pipeline as a definition would become it, with something of everything that is printed. */
import { pipelineFile } from '../../../cli/migrate/pipeline-file';
import { Code, PlannedPipeline } from '../../../src/definition/code';

const literal = (value: string | number | boolean): Code => ({ kind: 'literal', value });
const ref = (id: string): Code => ({ kind: 'object-ref', id });
const call = (callee: string, ...args: Code[]): Code => ({ kind: 'call', callee, args });
const object = (props: Record<string, Code>): Code => ({ kind: 'object', props: Object.entries(props) });
const parameter = (name: string, value: string): Code => ({ kind: 'parameter', name, value });
const list = (...items: Code[]): Code => ({ kind: 'list', items });

const topic: Code = { kind: 'existing', callee: 'Topic.fromTopicArn', id: 'Alarms', value: literal('arn:aws:sns:us-east-1:111122223333:alarms') };

export const ORDERS: PlannedPipeline = {
  pipeline: {
    id: 'orders',
    construct: 'Pipeline',
    props: Object.entries({
      schedule: ref('Every hour'),
      onFail: list(ref('Alarm')),
      maximumRetries: literal(2),
      pipelineLogUri: literal('s3://example-orders/logs/'),
      parameters: object({ myTable: parameter('myTable', 'orders'), description: parameter('description', 'all of "it"'), myCount: parameter('myCount', '3') }),
      parameterTypes: object({ myCount: { kind: 'member', of: 'ParameterType', name: 'INTEGER' } }),
    }),
    note: [],
  },
  parameters: [
    { name: 'myTable', type: 'STRING', value: 'orders', description: 'Table that is copied.' },
    { name: 'description', type: 'STRING', value: 'all of "it"' },
    { name: 'myCount', type: 'INTEGER', value: '3' },
  ],
  objects: [
    {
      id: 'Every hour',
      value: call('Schedule.rate', call('Duration.hours', literal(1)), object({ startDateTime: { kind: 'new', name: 'Date', args: [literal('2026-12-01T00:00:00Z')] } })),
      note: [],
    },
    { id: 'Unused', value: call('DataFormat.csv'), note: [] },
    { id: 'Alarm', value: { kind: 'new', name: 'SnsAlarm', args: [object({ topic, subject: literal("It's #{node.name}") })] }, note: [] },
    {
      id: 'Database',
      construct: 'RedshiftDatabase',
      props: Object.entries({
        clusterId: literal('example'), databaseName: literal('db'), password: { kind: 'given', name: 'Database password', what: 'secret', why: 'Has the password.' },
      }),
      note: [],
    },
    { id: 'Out', construct: 'S3DataNode', props: Object.entries({ directoryPath: literal('s3://example-orders/out/#{myTable}') }), note: [] },
    { id: 'Hosts', construct: 'WorkerGroup', props: [], note: ['The hosts of this group are set up anew.'] },
    {
      id: 'default',
      construct: 'ShellCommandActivity',
      props: Object.entries({
        runsOn: ref('Hosts'),
        output: list(ref('Out')),
        stage: literal(true),
        command: literal('set -e\ncp `date`.csv "${OUTPUT1_STAGING_DIR}"\naws s3 ls s3://example-orders/in/'),
        scriptArgument: list({ kind: 'template', parts: [literal('s3://example-orders/`'), parameter('myTable', 'orders')] }, literal('a\\b'), literal('--where'), literal("id = '1'")),
      }),
      note: [],
    },
  ],
  entries: [],
  problems: [],
};

export const ORDERS_FILE = { className: 'OrdersStack', title: 'orders', source: 'orders.json' };

/** A program of its own. */
export const ORDERS_APP = {
  line: 1,
  text: `${pipelineFile(ORDERS, ORDERS_FILE)}\nimport { App } from 'aws-cdk-lib';\nnew OrdersStack(new App(), 'Orders');`,
};
