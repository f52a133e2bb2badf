import { App, CfnParameter, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  EmrActivity, EmrCluster, EmrStep, Expression, Pipeline, PipelineProps, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode, RedshiftInsertMode,
  S3DataNode, S3KeyExistsPrecondition, Schedule, ScheduleType, ShellCommandActivity, ShellCommandActivityProps, SnsAlarm, StartAt, WorkerGroup,
} from '../src';
import { compile } from '../src/compiler/compile';

/** All stacks are synthesized once. */
const app = new App();
const hourly = Schedule.rate(Duration.hours(1), { startDateTime: new Date('2026-12-01T00:00:00Z') });

function stack(id: string, build: (scope: Stack) => void): Stack {
  const made = new Stack(app, id, { env: { account: '111111111111', region: 'us-east-1' } });
  build(made);
  return made;
}

function pipeline(scope: Construct, id: string, props: Partial<PipelineProps> = {}): Pipeline {
  return new Pipeline(scope, id, { schedule: Schedule.onDemand(), ...props });
}

function shell(scope: Construct, id: string, props: Partial<ShellCommandActivityProps> = {}): ShellCommandActivity {
  const { node } = Pipeline.of(scope);
  const runsOn = node.tryFindChild('Hosts') as WorkerGroup ?? new WorkerGroup(Pipeline.of(scope), 'Hosts');
  return new ShellCommandActivity(scope, id, { runsOn, command: 'work', ...props });
}

const full = stack('Full', (scope) => {
  const etl = pipeline(scope, 'Etl', { schedule: hourly, pipelineName: 'etl', runTimeout: Duration.days(2) });
  const cluster = new EmrCluster(etl, 'Cluster', { terminateAfter: Duration.hours(1) });
  const check = new S3KeyExistsPrecondition(etl, 'Key', { s3Key: 's3://data/key' });
  new EmrActivity(etl, 'Transform', { runsOn: cluster, steps: [EmrStep.command(['ls'])], preconditions: [check] });
});

const least = stack('Least', (scope) => {
  shell(pipeline(scope, 'Etl', { logBucket: Bucket.fromBucketName(scope, 'Logs', 'logs') }), 'Work');
});

const calendar = stack('Calendar', (scope) => {
  const schedule = Schedule.cron({ minute: '30', hour: '6', timeZone: TimeZone.EUROPE_BERLIN, scheduleType: ScheduleType.TIMESERIES });
  shell(pipeline(scope, 'Etl', { schedule }), 'Work');
});

const two = stack('Two', (scope) => {
  for (const id of ['One', 'Other']) shell(pipeline(new Construct(scope, `Team${id}`), 'Etl', { schedule: hourly }), 'Work');
});

/** Objects with the ids that the pipeline's own parts have, and in groups. */
const named = stack('Named', (scope) => {
  const etl = pipeline(scope, 'Etl', { schedule: hourly });
  const raw = new S3DataNode(etl, 'Logs', { directoryPath: 's3://data/logs/' });
  const cluster = new EmrCluster(etl, 'Reaper');
  const emr = new EmrActivity(etl, 'Starter', { runsOn: cluster, steps: [EmrStep.command(['ls'])] });
  shell(new Construct(etl, 'Group'), 'Schedule', { input: [raw], dependsOn: [emr] });
  shell(new Construct(etl, 'Others'), 'Schedule', { dependsOn: [emr] });
});

const told = stack('Told', (scope) => {
  shell(pipeline(scope, 'Etl', { alarmTopic: new Topic(scope, 'Alarms'), schedule: hourly }), 'Work');
});

const tokens = stack('Tokens', (scope) => {
  const value = (id: string) => new CfnParameter(scope, id).valueAsString;
  const bucket = new Bucket(scope, 'Data');
  const etl = pipeline(scope, 'Etl', { logBucket: new Bucket(scope, 'Logs'), parameters: { myTable: value('TableParameter') } });
  const start = Expression.SCHEDULED_START_TIME;
  const raw = new S3DataNode(etl, 'Raw', { bucket, directoryPath: `${value('Prefix')}/${start}/` });
  const key = new S3KeyExistsPrecondition(etl, 'Key', { s3Key: `s3://${bucket.bucketName}/${value('KeyParameter')}-${start}` });
  shell(etl, 'Work', {
    command: `echo "${value('Word')}" '${start}' #{myTable}`,
    scriptArgument: [value('Argument'), `${value('Argument2')}${start}`],
    stdout: `s3://${bucket.bucketName}/${start}`,
    stage: true,
    output: [raw],
    preconditions: [key],
    onFail: [new SnsAlarm({ topic: new Topic(scope, 'Topic'), subject: `${value('Subject')} ${start}`, message: value('Message') })],
  });
  new EmrActivity(etl, 'Transform', {
    runsOn: new EmrCluster(etl, 'Cluster', { terminateAfter: Duration.hours(1), emrLogUri: `s3://${bucket.bucketName}/emr` }),
    steps: [EmrStep.jar({ jar: `s3://${bucket.bucketName}/${start}.jar`, arguments: [`${value('Argument3')}${start}`], properties: { a: `${value('Property')}${start}` } })],
  });
  const database = new RedshiftDatabase(etl, 'Db', { workgroupName: value('Workgroup'), databaseName: value('Database') });
  const output = new RedshiftDataNode(etl, 'Table', { database, tableName: value('Name'), schemaName: value('Schema'), primaryKeys: [value('Column')] });
  new RedshiftCopyActivity(etl, 'Load', { input: raw, output, insertMode: RedshiftInsertMode.OVERWRITE_EXISTING, commandOptions: [value('Option')] });
});

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: unknown };
}

interface Trust {
  readonly Principal: { readonly Service: string };
  readonly Condition?: unknown;
}

function template(of: Stack): Template {
  return Template.fromStack(of);
}

function resources(of: Stack): Resource[] {
  return Object.values(template(of).toJSON().Resources as Record<string, Resource>);
}

/** How many resources there are of each type; roles and policies aside. */
function census(of: Stack): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { Type } of resources(of)) if (!Type.startsWith('AWS::IAM')) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

describe('what is made', () => {
  test('on demand, on hosts of one\'s own: four machines and two functions with their logs, a rule, a table, a queue of work, and what keeps Task Runner on the hosts', () => {
    expect(census(least)).toEqual({
      'AWS::DynamoDB::Table': 1,
      'AWS::SSM::Document': 1,
      'AWS::SSM::Association': 1,
      'AWS::Scheduler::Schedule': 1,
      'Custom::DataPipelineActivation': 1,
      'AWS::StepFunctions::StateMachine': 4,
      'AWS::Lambda::Function': 2,
      'AWS::Logs::LogGroup': 6,
      'AWS::Events::Rule': 1,
      'Custom::DataPipeline': 1,
      'AWS::CloudWatch::Alarm': 4,
      'AWS::Logs::MetricFilter': 1,
      'AWS::StepFunctions::Activity': 1,
    });
  });

  test('with a schedule, a cluster and a precondition on AWS: ticks, guards and the checker as well', () => {
    expect(census(full)).toEqual({
      'AWS::DynamoDB::Table': 1,
      'AWS::StepFunctions::StateMachine': 4,
      'AWS::Logs::LogGroup': 7,
      'AWS::Lambda::Function': 3,
      'Custom::DataPipeline': 1,
      'AWS::CloudWatch::Alarm': 4,
      'AWS::Logs::MetricFilter': 1,
      'AWS::Events::Rule': 1,
      'AWS::Scheduler::Schedule': 1,
      'AWS::Scheduler::ScheduleGroup': 1,
      'AWS::SQS::Queue': 1,
      'AWS::SQS::QueuePolicy': 1,
      'AWS::S3::Bucket': 1,
      'AWS::S3::BucketPolicy': 1,
    });
  });

  test('with a cron schedule: nothing more that computes than with any', () => {
    expect(census(calendar)).toMatchObject({ 'AWS::Lambda::Function': 2, 'AWS::StepFunctions::StateMachine': 4 });
    template(calendar).hasResourceProperties('AWS::Lambda::Function', { Description: Match.stringLikeRegexp('^Decides which intervals run'), Runtime: 'nodejs22.x' });
  });

  test('of a schedule that starts with its deployment: what records it, whose answer the ticks and the Starter have', () => {
    const scoped = new Stack(new App(), 'Stack');
    const scope = new Pipeline(scoped, 'P', { schedule: Schedule.rate(Duration.hours(1), { startAt: StartAt.FIRST_ACTIVATION_DATE_TIME, occurrences: 3 }) });
    new ShellCommandActivity(scope, 'A', { runsOn: new WorkerGroup(scope, 'Hosts'), command: 'true' });
    const made = Template.fromStack(scoped);
    const [start] = Object.keys(made.findResources('Custom::DataPipelineStart', { Properties: { StartItem: 'start', Period: '3600000' } }));
    made.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: { 'Fn::Join': ['', ['cron(', { 'Fn::GetAtt': [start, 'Cron'] }, ')']] } });
    made.hasResourceProperties('Custom::DataPipeline', { StartDateTime: { 'Fn::GetAtt': [start, 'StartDateTime'] }, StarterArn: Match.anyValue() });
    const [starter] = Object.values(made.findResources('AWS::StepFunctions::StateMachine')).map((machine) => JSON.stringify(machine)).filter((text) => text.includes('Starts the runs of'));
    expect(starter).toContain(JSON.stringify({ 'Fn::GetAtt': [start, 'StartDateTime'] }));
    expect(starter).toContain('occurrences');
  });

  test('of two schedules, one of which has nothing that can be late: no permissions for looking', () => {
    const scoped = new Stack(new App(), 'Stack');
    const scope = new Pipeline(scoped, 'P', { schedule: hourly });
    const runsOn = new WorkerGroup(scope, 'Hosts');
    const late = { lateAfterTimeout: Duration.hours(1), onLateAction: [new SnsAlarm({ topic: new Topic(scoped, 'Topic') })] };
    const there = new S3KeyExistsPrecondition(scope, 'There', { s3Key: 's3://data/key', ...late });
    new ShellCommandActivity(scope, 'A', { runsOn, command: 'true', preconditions: [there] });
    new ShellCommandActivity(scope, 'B', { runsOn, command: 'true', schedule: Schedule.cron({ minute: '0', hour: '6', scheduleName: 'daily' }) });
    const policies = Object.keys(Template.fromStack(scoped).findResources('AWS::IAM::Policy', { Properties: { PolicyName: 'LatePolicy' } }));
    expect(policies).toEqual([expect.stringMatching(/^PRunLatePolicy/)]);
  });

  test('by a cluster without terminateAfter: no guards', () => {
    expect(census(named)).toMatchObject({ 'AWS::StepFunctions::StateMachine': 4, 'AWS::Events::Rule': 1 });
    template(named).resourceCountIs('AWS::Scheduler::ScheduleGroup', 0);
  });
});

describe('alarms', () => {
  const alarm = (of: Stack, description: string) => {
    const found = resources(of).filter(({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && JSON.stringify(Properties.AlarmDescription).includes(description));
    expect(found).toHaveLength(1);
    return found[0].Properties;
  };
  const metric = (name: string, dimension: string, id: string) => ({
    Metric: { Namespace: 'AWS/States', MetricName: name, Dimensions: [{ Name: dimension, Value: { Ref: expect.stringContaining(id) } }] },
  });

  test.each([['could not start its run', 'StarterStateMachine'], ['could not be ended', 'ReaperStateMachine']])('%s', (description, machine) => {
    expect(alarm(least, description)).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Metrics: [
        { Expression: 'failed + timedOut' },
        { Id: 'failed', MetricStat: { ...metric('ExecutionsFailed', 'StateMachineArn', machine), Period: 300, Stat: 'Sum' } },
        { Id: 'timedOut', MetricStat: { ...metric('ExecutionsTimedOut', 'StateMachineArn', machine), Period: 300, Stat: 'Sum' } },
      ],
    });
  });

  test('a worker group whose tasks nobody takes', () => {
    expect(alarm(least, 'worker group Hosts')).toMatchObject({
      Threshold: 1,
      Metrics: [
        { Expression: 'IF(FILL(scheduled, 0) > 0 AND FILL(started, 0) == 0, 1, 0)' },
        { Id: 'scheduled', MetricStat: { ...metric('ActivitiesScheduled', 'ActivityArn', 'HostsActivity'), Period: 900, Stat: 'Sum' } },
        { Id: 'started', MetricStat: { ...metric('ActivitiesStarted', 'ActivityArn', 'HostsActivity'), Period: 900, Stat: 'Sum' } },
      ],
    });
  });

  test('ticks that are lost', () => {
    expect(alarm(full, 'could not be delivered')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Value: { 'Fn::GetAtt': [expect.stringContaining('LostTicks'), 'QueueName'] } }],
    });
  });

  test('actions that fail', () => {
    const [filter] = resources(least).filter(({ Type }) => Type === 'AWS::Logs::MetricFilter');
    const [{ MetricName, MetricNamespace }] = filter.Properties.MetricTransformations as Array<{ MetricName: string; MetricNamespace: string }>;
    expect(MetricName).toMatch(/^[^:*$]+$/);
    expect(alarm(least, 'an action of a run failed')).toMatchObject({ Threshold: 1, MetricName, Namespace: MetricNamespace, Statistic: 'Sum' });
    expect(filter.Properties.LogGroupName).toEqual({ Ref: expect.stringContaining('RunLog') });
  });

  test('notify nobody, or a topic', () => {
    const actions = (of: Stack) => resources(of).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmActions);
    expect(actions(least)).toEqual(Array(4).fill(undefined));
    expect(actions(told)).toEqual(Array(5).fill([{ Ref: expect.stringContaining('Alarms') }]));
  });
});

describe('when a stack is deleted', () => {
  const all = () => template(full).toJSON().Resources as Record<string, { Type: string; DependsOn?: string[] }>;
  const end = () => Object.entries(all()).filter(([, { Type }]) => Type === 'Custom::DataPipeline').map(([id]) => id);

  test('the schedule goes first, then the runs are ended, and only then goes what they, or their end, need', () => {
    const [id, ...others] = end();
    expect(others).toEqual([]);
    const schedules = Object.values(all()).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    expect(schedules).toEqual([expect.objectContaining({ DependsOn: expect.arrayContaining([id]) })]);
    const before = new Set(all()[id].DependsOn);
    const later = Object.keys(all()).filter((each) => each !== id && !before.has(each));
    // What ticks take, and what is not the pipeline's.
    expect(later.map((each) => all()[each].Type + (/Schedule|LostTicks|TicksLost/.test(each) ? '' : ` ${each}`)).sort()).toEqual([
      'AWS::CloudWatch::Alarm', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::Scheduler::Schedule',
    ]);
  });

  test('the deployment waits an hour for it', () => {
    template(full).hasResourceProperties('Custom::DataPipeline', { ServiceTimeout: '3600', TeardownArn: { Ref: Match.stringLikeRegexp('TeardownStateMachine') }, TableName: { Ref: Match.stringLikeRegexp('RunTable') } });
  });
});

describe('the schedule', () => {
  test('ticks without a start date, hands its ticks to the Starter, and keeps those that are lost', () => {
    template(full).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 * * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      StartDate: Match.absent(),
      EndDate: Match.absent(),
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('StarterStateMachine') },
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('LostTicks'), 'Arn'] } },
        RetryPolicy: { MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185 },
      },
    });
    template(full).hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86400 });
  });

  test('of a cron expression ticks in its own time zone', () => {
    template(calendar).hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(30 6 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' });
  });
});

test('the Run table costs nothing while idle, forgets by itself, and goes with the stack', () => {
  template(full).hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Delete',
    Properties: {
      KeySchema: [{ AttributeName: 'run', KeyType: 'HASH' }, { AttributeName: 'item', KeyType: 'RANGE' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
});

test('a bucket for logs is private, encrypted, and stays when the stack goes', () => {
  template(full).hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    },
  });
  for (const type of ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy']) {
    template(full).hasResourceProperties(type, {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
    });
  }
});

test('services take the roles of machines, schedules, hosts and EMR for this account only', () => {
  const trusts = resources(full).concat(resources(least)).filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties }) => (Properties.AssumeRolePolicyDocument as { Statement: Trust[] }).Statement[0]);
  const conditions = (service: string) => trusts.filter(({ Principal }) => Principal.Service === service).map(({ Condition }) => Condition);
  expect(conditions('states.amazonaws.com')).toHaveLength(6);
  expect(conditions('scheduler.amazonaws.com')).toHaveLength(3);
  for (const service of ['states', 'scheduler', 'elasticmapreduce', 'ssm']) {
    const account = (id: unknown) => ({ StringEquals: { 'aws:SourceAccount': id } });
    expect(conditions(`${service}.amazonaws.com`)).not.toEqual([]);
    for (const condition of conditions(`${service}.amazonaws.com`)) {
      expect([account('111111111111'), account({ Ref: 'AWS::AccountId' })]).toContainEqual(condition);
    }
  }
});

test('the end of a run that did not finish starts the reaper, and the Starter, with the run\'s name', () => {
  template(full).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      'source': ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      'detail': { stateMachineArn: [{ Ref: Match.stringLikeRegexp('^EtlRunStateMachine') }], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    Targets: [Match.objectLike({
      Arn: { Ref: Match.stringLikeRegexp('ReaperStateMachine') },
      InputTransformer: { InputPathsMap: { 'detail-name': '$.detail.name', 'detail-status': '$.detail.status' }, InputTemplate: '{"run":<detail-name>,"status":<detail-status>}' },
    }), Match.objectLike({
      Arn: { Ref: Match.stringLikeRegexp('StarterStateMachine') },
      InputTransformer: { InputPathsMap: { 'detail-name': '$.detail.name' }, InputTemplate: '{"ended":<detail-name>}' },
    })],
  });
});

describe('names', () => {
  const only = (of: Stack, ...path: string[]) => path.reduce<Construct>((scope, id) => scope.node.findChild(id) as Construct, of) as Pipeline;

  test('of pipelines come from their paths, and differ from stack to stack', () => {
    const names = [only(two, 'TeamOne', 'Etl'), only(two, 'TeamOther', 'Etl'), only(calendar, 'Etl')].map(({ pipelineName }) => pipelineName);
    expect(names).toEqual(['Two-TeamOne-Etl', 'Two-TeamOther-Etl', 'Calendar-Etl'].map((path) => expect.stringMatching(new RegExp(`^${path}-[0-9A-F]{8}$`))));
  });

  test('of two pipelines in a stack do not meet', () => {
    expect(census(two)).toMatchObject({ 'AWS::StepFunctions::StateMachine': 8, 'AWS::Scheduler::Schedule': 4, 'AWS::DynamoDB::Table': 2 });
  });

  test('of the pipeline\'s own parts do not meet those of its objects, and groups are part of an id', () => {
    const etl = only(named, 'Etl');
    const { States } = compile(etl._runs).definition as { States: Record<string, { Branches?: Array<{ States: object }> }> };
    expect(Object.keys(States)).toEqual(expect.arrayContaining(['Starter: ready?', 'Starter', 'Starter: settle', 'Reaper: release']));
    expect(States['Run: parallel 1'].Branches?.map((branch) => Object.keys(branch.States).slice(0, 2))).toEqual([
      ['Group/Schedule: ready?', 'Group/Schedule'], ['Others/Schedule: ready?', 'Others/Schedule'],
    ]);
    expect(Pipeline.of(etl.node.findChild('Group').node.findChild('Schedule'))).toBe(etl);
  });
});

describe('values that are known at deployment', () => {
  const definition = resources(tokens).map(({ Properties }) => JSON.stringify(Properties?.DefinitionString ?? '')).find((text) => text.includes('A run of')) ?? '';

  test('never stand in an expression', () => {
    const text = (JSON.parse(definition) as { 'Fn::Join': [string, Array<string | { Ref?: string }>] })['Fn::Join'][1]
      .map((part) => typeof part === 'string' ? part : '<value>').join('');
    const states = JSON.stringify(JSON.parse(text));
    expect(states).toContain('"c1":"<value>"');
    expect(states.match(/\{%.*?%\}/g)!.length).toBeGreaterThan(20);
    expect(states.match(/\{%.*?%\}/g)!.filter((expression) => expression.includes('<value>'))).toEqual([]);
  });

  test('are constants of the run where an expression needs them, whatever stands around them', () => {
    const { States } = compile((tokens.node.findChild('Etl') as Pipeline)._runs).definition as { States: Record<string, Record<string, never>> };
    const { Assign } = tokens.resolve(States['Run: begin']) as { Assign: Record<string, unknown> };
    const branches = States['Run: parallel 1']?.Branches as unknown as Array<{ States: Record<string, { Arguments: { command: string } }> }>;
    const all = Object.assign({}, States, ...branches.map((branch) => branch.States)) as Record<string, { Arguments: { command: string } }>;
    const [, word, table] = /^\{% "echo \\"" & \$(c\d+) & "\\" '" & \$scheduledStartTime & "' " & .*\$(c\d+)\)+ %\}$/.exec(all.Work.Arguments.command) ?? [];
    expect([Assign[word], Assign[table]]).toEqual([{ Ref: 'Word' }, { Ref: 'TableParameter' }]);
  });

  test.each([
    'Prefix', 'KeyParameter', 'Word', 'TableParameter', 'Argument', 'Argument2', 'Argument3', 'Subject', 'Message', 'Property', 'Workgroup', 'Database', 'Name', 'Schema', 'Column', 'Option',
  ])('%s reaches the machine', (parameter) => {
    expect(definition).toContain(JSON.stringify({ Ref: parameter }).slice(1, -1));
  });
});
