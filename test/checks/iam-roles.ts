/**
 * Which role does what: every call of the machines, the handlers and Task Runner, and what AWS's services do with the roles that
 * are passed to them. A role that nobody here knows is not accounted for.
 */
import { App, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { World } from './answers';
import { connect, InstanceCall, Need, needsOf, readSecret, Surroundings } from './iam-calls';
import { granted, Permission } from './iam-need';
import { generalize, generalizeCondition, keysOf, Places } from './iam-places';
import { scheduledCall } from './integration';
import { Call, rehearse, worldOf } from './rehearsal';
import { ACCOUNT, REGION, SynthesizedTemplate } from './template';
import { isObject, JsonObject } from '../../simulator/json';
import { Json } from '../../simulator/task';
import { Activity, DataNode, DynamoDBDataNode, Precondition, S3DataNode } from '../../src';
import { RUN_SCRIPT } from '../../src/activities/cluster-work';
import { RUN_PARTS } from '../../src/activities/run-parts';
import { resourceOfCheck, resourceOfWork } from '../../src/compiler/sharing';
import { CopyEnd, CopyTask } from '../../src/contract/copy';
import { ShellTask, SqlTask, StepsTask, TaskRunnerTask } from '../../src/contract/task';

/** A permission, and the service that must be trusted with its role. */
export interface RoleUse extends Permission {
  readonly service: string;
}

/** Two worlds in which everything differs that is not known at deployment. */
const WORLDS = [worldOf('2026-12-01T05', 'a'), worldOf('3019-08-17T23', 'z')];

export async function needed(app: App, template: SynthesizedTemplate): Promise<RoleUse[]> {
  const uses = async (world: World) => new Account(app, template, await rehearse(template.stateMachines, world)).uses();
  const [left, right] = await Promise.all(WORLDS.map(uses));
  if (left.length !== right.length) throw new Error('two rehearsals went different ways');
  return left.map((use, index) => ({
    ...use,
    resource: generalize(use.resource, right[index].resource),
    condition: use.condition && generalizeCondition(use.condition, right[index].condition ?? {}),
  }));
}

interface LaunchCall {
  readonly LogUri: string;
  readonly JobFlowRole: string;
  readonly ServiceRole: string;
  readonly Instances: {
    readonly Ec2SubnetId?: string;
    readonly EmrManagedMasterSecurityGroup?: string;
    readonly EmrManagedSlaveSecurityGroup?: string;
    readonly ServiceAccessSecurityGroup?: string;
    readonly AdditionalMasterSecurityGroups?: readonly string[];
  };
  readonly BootstrapActions?: ReadonlyArray<{ readonly ScriptBootstrapAction: { readonly Path: string } }>;
  readonly Tags: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
}

interface StepCall {
  readonly Step: { readonly Name: string; readonly HadoopJarStep: { readonly Jar: string; readonly Args: readonly string[] } };
}

/** Of what the library itself has read: the user's own steps are the user's to grant. */
function scriptsOf(program: string, args: readonly string[]): string[] {
  if (program === 'hive') return args.filter((_, index) => ['-i', '-f'].includes(args[index - 1]));
  if (args[1] === RUN_PARTS) return args.slice(3, 3 + Number(args[2]));
  return args[1] === RUN_SCRIPT ? args.slice(2, tasksOf(args).length > 0 ? 4 : 3) : [];
}

/** What Task Runner is given on a primary node. */
function tasksOf(args: readonly string[]): ShellTask[] {
  return args.filter((arg) => arg.startsWith('%7B%22task%22')).map((arg) => (JSON.parse(decodeURIComponent(arg)) as { task: ShellTask }).task);
}

function runsOn(activity: Activity): string | undefined {
  return resourceOfWork(activity._work())?.objectId;
}

interface DocumentContent {
  readonly mainSteps: ReadonlyArray<{ readonly action: string; readonly inputs: { readonly sourceInfo?: string } }>;
}

class Account {
  private readonly places: Places;

  constructor(private readonly app: App, private readonly template: SynthesizedTemplate, private readonly calls: readonly Call[]) {
    this.places = new Places(keysOf(app, template));
  }

  uses(): RoleUse[] {
    return [
      ...this.machines(), ...this.assumed(), ...this.scheduled(), ...this.schedules(), ...this.rules(), ...this.customResources(),
      ...this.activations(), ...this.functions(),
      ...this.taskRunners(), ...this.clusters(), ...this.instances(),
      ...this.copies(),
    ];
  }

  private machines(): RoleUse[] {
    return this.template.stateMachines.flatMap(({ id, roleArn }) => by(roleArn, 'states.amazonaws.com', [
      ...this.calls.filter(({ machine }) => machine === id).flatMap((call) => (
        call.as === undefined ? needsOf(call, this.about()) : [{ action: 'sts:AssumeRole', resource: call.as }]
      )),
      ...LOGS_AND_TRACES.map((action) => ({ action, resource: '*' })),
    ]));
  }

  /** Roles by which machines make a call. */
  private assumed(): RoleUse[] {
    return this.calls.flatMap((call) => call.as === undefined ? [] : by(call.as, `arn:aws:iam::${ACCOUNT}:root`, needsOf(call, this.about())));
  }

  /** Schedules that runs make. */
  private scheduled(): RoleUse[] {
    return this.calls.flatMap((call) => {
      const later = scheduledCall(call);
      return later ? by(later.roleArn, 'scheduler.amazonaws.com', needsOf(later, this.about())) : [];
    });
  }

  private schedules(): RoleUse[] {
    return this.template.ofType('AWS::Scheduler::Schedule').flatMap(({ properties }) => {
      const { Arn, RoleArn, DeadLetterConfig } = properties.Target as Record<string, string & { Arn: string }>;
      const lost = DeadLetterConfig ? [{ action: 'sqs:SendMessage', resource: DeadLetterConfig.Arn }] : [];
      const action = Arn.includes(':function:') ? 'lambda:InvokeFunction' : 'states:StartExecution';
      return by(RoleArn, 'scheduler.amazonaws.com', [{ action, resource: Arn }, ...lost]);
    });
  }

  private rules(): RoleUse[] {
    return this.template.ofType('AWS::Events::Rule').flatMap(({ properties }) => (properties.Targets as Array<Record<string, string>>)
      .flatMap(({ Arn, RoleArn }) => by(RoleArn, 'events.amazonaws.com', [{ action: 'states:StartExecution', resource: Arn }])));
  }

  /** What the function that stands behind a custom resource does when this is deleted. */
  private customResources(): RoleUse[] {
    return this.template.ofType('Custom::DataPipeline').flatMap(({ properties }) => {
      const role = this.template.ofType('AWS::Lambda::Function').find(({ id }) => this.template.arn(id) === properties.ServiceToken)?.properties.Role;
      return by(String(role), 'lambda.amazonaws.com', [
        { action: 'dynamodb:UpdateItem', resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(properties.TableName)}` },
        { action: 'states:StartExecution', resource: String(properties.TeardownArn) },
        ...properties.StarterArn ? [{ action: 'states:StartExecution', resource: String(properties.StarterArn) }] : [],
      ]);
    });
  }

  /** The function makes activations, for hosts with the role of a worker group, and keeps their codes. */
  private activations(): RoleUse[] {
    return this.template.ofType('Custom::DataPipelineActivation').flatMap(({ properties }) => {
      const { ServiceToken, IamRole, ParameterName, TagKey } = properties as Record<string, string>;
      const role = this.template.ofType('AWS::Lambda::Function').find(({ id }) => this.template.arn(id) === ServiceToken)?.properties.Role;
      return by(String(role), 'lambda.amazonaws.com', [
        ...['Create', 'Describe', 'Delete'].map((does) => ({ action: `ssm:${does}Activation${does === 'Describe' ? 's' : ''}`, resource: '*' })),
        { action: 'ssm:AddTagsToResource', resource: '*', condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': TagKey } } },
        { action: 'iam:PassRole', resource: this.template.arn(IamRole), condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } } },
        ...['Get', 'Put', 'Delete'].map((does) => ({ action: `ssm:${does}Parameter`, resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${ParameterName}` })),
      ]);
    });
  }

  private functions(): RoleUse[] {
    return this.template.ofType('AWS::Lambda::Function').flatMap(({ id, properties }) => {
      const invoked = this.calls.filter(({ arguments: given }) => isObject(given) && given.FunctionName === this.template.arn(id));
      const needs = invoked.flatMap(({ arguments: given }) => this.handler((given as { Payload: JsonObject }).Payload));
      return by(String(properties.Role), 'lambda.amazonaws.com', [...needs, { action: 'managed policy', resource: LAMBDA_LOGS }]);
    });
  }

  /** What a handler asks of AWS for a request; `lambda/`. */
  private handler({ kind, uri, tableName }: JsonObject): Need[] {
    const table = () => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(tableName)}`;
    switch (kind) {
      case 's3KeyExists': return this.places.read(String(uri)); // HeadObject
      case 's3PrefixNotEmpty': return this.places.list(String(uri)); // ListObjectsV2
      case 'dynamoDBTableExists': return [{ action: 'dynamodb:DescribeTable', resource: table() }];
      case 'dynamoDBDataExists': return [{ action: 'dynamodb:Scan', resource: table() }];
      case 'time': return []; // by its clock
      case 'answer': return []; // to a presigned URL
      case 'decide':
      case 'covering':
      case 'zones': return []; // the calendar: no client
      default: throw new Error(`test/checks/iam-roles.ts does not say what a handler does for a request of kind ${JSON.stringify(kind)}; add it`);
    }
  }

  /** Task Runner, for the tasks of the activities that its role may poll. */
  private taskRunners(): RoleUse[] {
    const pollers = granted(this.template).filter(({ action }) => action === 'states:GetActivityTask');
    return this.template.ofType('AWS::StepFunctions::Activity').flatMap(({ id }) => {
      const activity = this.template.arn(id);
      const roles = pollers.filter(({ resource }) => resource === activity);
      if (roles.length !== 1) throw new Error(`${id}: ${roles.length} roles may poll it`);
      const calls = this.calls.filter(({ integration }) => integration === activity);
      const tasks = calls.map(({ arguments: given }) => given as unknown as TaskRunnerTask);
      return by(roles[0].roleArn, 'ssm.amazonaws.com', [
        { action: 'states:GetActivityTask', resource: activity },
        ...TASK_ANSWERS,
        ...this.managed(activity),
        ...tasks.flatMap((task) => this.task(task)),
      ]);
    });
  }

  /** SSM Agent on the hosts of a worker group, for State Manager and the document that installs Task Runner. */
  private managed(activity: string): Need[] {
    const installs = this.template.ofType('AWS::SSM::Document').filter(({ properties }) => JSON.stringify(properties).includes(`--workerGroup ${activity} `));
    return installs.flatMap(({ id }) => [
      ...[...AGENT, ...STATE_MANAGER].map((action) => ({ action, resource: '*' })),
      { action: 'ssm:GetDocument', resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:document/${id}` },
      ...this.downloads(id),
    ]);
  }

  private task(task: TaskRunnerTask): Need[] {
    // One statement for the logs of all objects, present and future: a role's own policies have room for 10,240 characters.
    const logs = this.places.upload(task.logUri.replace(/([^/]+\/){3}$/, ''));
    switch (task.kind) {
      case 'shell': return [...logs, ...this.shell(task)];
      case 'copy': return [...logs, ...this.copy(task)];
      case 'sql': return [...logs, ...this.sql(task)];
      case 'steps': return [...logs, ...this.steps(task)];
    }
  }

  private steps({ object, steps }: StepsTask): Need[] {
    const nodes = this.dataNodes(this.activities(({ objectId }) => objectId === object));
    return [...nodes, ...steps.flatMap(({ jar, args }) => this.stepReads(jar, args))];
  }

  private copy({ input, output }: CopyTask): Need[] {
    return [...this.end(input, (uri) => this.places.read(uri)), ...this.end(output, (uri) => this.places.upload(uri))];
  }

  private end(end: CopyEnd, inS3: (uri: string) => Need[]): Need[] {
    if (end.kind === 'table') return connect(end.database);
    return end.uri.startsWith('s3://') ? inS3(end.uri) : [];
  }

  private sql({ database, scriptUri }: SqlTask): Need[] {
    return [...connect(database), ...scriptUri === undefined ? [] : this.places.read(scriptUri)];
  }

  private shell({ inputs, outputs, scriptUri, stdout, stderr }: ShellTask): Need[] {
    const copies = [stdout, stderr].flatMap((target) => target?.startsWith('s3://') ? [target] : []);
    return [
      ...copies.flatMap((uri) => this.places.upload(uri)),
      ...inputs.flatMap(({ uri }) => this.places.read(uri)),
      ...outputs.flatMap(({ uri }) => this.places.upload(uri)),
      ...scriptUri === undefined ? [] : this.places.read(scriptUri),
    ];
  }

  /** A cluster's instances: their logs, and the data nodes of the activities on them. */
  private clusters(): RoleUse[] {
    const launches = this.calls.filter(({ integration }) => integration === 'elasticmapreduce:createCluster.sync').map(({ arguments: given }) => given as unknown as LaunchCall);
    return launches.flatMap(({ LogUri, JobFlowRole, ServiceRole, Instances, Tags, BootstrapActions = [] }) => [
      ...by(this.profileRole(JobFlowRole), 'ec2.amazonaws.com', [
        ...this.places.upload(LogUri),
        ...this.dataNodes(this.activitiesOn(Tags.find(({ Key }) => Key === 'datapipeline:object')!.Value)),
        ...this.scripts(Tags.find(({ Key }) => Key === 'datapipeline:object')!.Value),
        ...BootstrapActions.flatMap(({ ScriptBootstrapAction }) => this.places.read(ScriptBootstrapAction.Path)),
      ]),
      ...by(ServiceRole, 'elasticmapreduce.amazonaws.com', emrService(this.profileRole(JobFlowRole), Instances)),
    ]);
  }

  /** SSM Agent and Task Runner on an instance. */
  private instances(): RoleUse[] {
    const launches = this.calls.filter(({ integration }) => integration === 'aws-sdk:ec2:runInstances').map(({ arguments: given }) => given as unknown as InstanceCall);
    return launches.flatMap(({ IamInstanceProfile, UserData, TagSpecifications: [{ Tags }] }) => {
      const resource = Tags.find(({ Key }) => Key === 'datapipeline:object')!.Value;
      const objects = [resource, ...this.idsOn(resource)];
      const sent = this.sent().filter(({ task }) => objects.includes(task.object));
      return by(this.profileRole(IamInstanceProfile.Name), 'ec2.amazonaws.com', [
        ...AGENT.map((action) => ({ action, resource: '*' })),
        ...TASK_ANSWERS,
        ...sent.flatMap(({ document, task }) => [...this.downloads(document), ...this.task(task)]),
        ...proxySecrets(UserData).flatMap(readSecret),
      ]);
    });
  }

  /** Tasks in commands. */
  private sent(): Array<{ document: string; task: TaskRunnerTask }> {
    return this.calls.filter(({ integration }) => integration.startsWith('aws-sdk:ssm:sendCommand')).map(({ arguments: given }) => {
      const { DocumentName, Parameters } = given as { DocumentName: string; Parameters: { Task: [string] } };
      return { document: DocumentName, task: (JSON.parse(decodeURIComponent(Parameters.Task[0])) as { task: TaskRunnerTask }).task };
    });
  }

  /** What a document downloads: SSM Agent asks what lies under the key, and fetches what is there by that name where nothing does. */
  private downloads(document: string): Need[] {
    const { Content } = this.template.ofType('AWS::SSM::Document').find(({ id }) => id === document)!.properties as unknown as { Content: DocumentContent };
    return Content.mainSteps.filter(({ action }) => action === 'aws:downloadContent').flatMap(({ inputs }) => {
      const { path } = JSON.parse(inputs.sourceInfo!) as { path: string };
      const [, bucket, ...key] = new URL(path).pathname.split('/');
      return [
        { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key.join('/')}` },
        { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, condition: { StringEquals: { 's3:prefix': `${key.join('/')}/` } } },
      ];
    });
  }

  private dataNodes(activities: readonly Activity[]): Need[] {
    const uris = (nodes: DataNode[]) => nodes.flatMap((node) => node instanceof S3DataNode ? [this.known(node, node.uri)] : []);
    const tables = (nodes: DataNode[], ...actions: string[]) => nodes.filter((node) => node instanceof DynamoDBDataNode)
      .flatMap((node) => ['DescribeTable', ...actions].map((action) => ({ action: `dynamodb:${action}`, resource: this.tableArn(node) })));
    return activities.flatMap(({ input, output }) => [
      ...uris(input).flatMap((uri) => this.places.read(uri)),
      ...uris(output).flatMap((uri) => this.places.commit(uri)),
      ...tables(input, 'Scan', 'Query'),
      ...tables(output, 'BatchWriteItem'),
    ]);
  }

  private activitiesOn(cluster: string): Activity[] {
    return this.activities((activity) => runsOn(activity) === cluster);
  }

  /** Of activities and preconditions. */
  private idsOn(resource: string): string[] {
    const checks = this.app.node.findAll().filter((construct) => construct instanceof Precondition)
      .filter((precondition) => resourceOfCheck(precondition)?.objectId === resource);
    return [...this.activitiesOn(resource), ...checks].map(({ objectId }) => objectId);
  }

  private activities(meant: (activity: Activity) => boolean): Activity[] {
    return this.app.node.findAll().filter((construct) => construct instanceof Activity).filter(meant);
  }

  /** The scripts that the steps of the activities on a cluster read, and the jars. */
  private scripts(cluster: string): Need[] {
    const ids = this.idsOn(cluster);
    const steps = this.calls.filter(({ integration }) => integration === 'elasticmapreduce:addStep.sync')
      .map(({ arguments: given }) => (given as unknown as StepCall).Step).filter(({ Name }) => ids.includes(Name.replace(/(: step \d+)? \(attempt.*$/, '')));
    return steps.flatMap(({ HadoopJarStep: { Jar, Args } }) => [
      ...this.stepReads(Jar, Args), ...tasksOf(Args.slice(1)).flatMap((task) => this.task(task)),
    ]);
  }

  private stepReads(jar: string, [program, ...args]: readonly string[]): Need[] {
    return [...jar.startsWith('s3:') ? [jar] : [], ...scriptsOf(program, args)].flatMap((uri) => this.places.read(uri));
  }

  private tableArn({ tableName, _props, node }: DynamoDBDataNode): string {
    return `arn:aws:dynamodb:${_props.region ?? REGION}:${ACCOUNT}:table/${this.known(node.scope!, tableName)}`;
  }

  /** What is known at deployment of where a data node is. */
  private known(node: IConstruct, text: string): string {
    const [known, ...expressions] = String(this.template.resolve(Stack.of(node).resolve(text) as Json)).split('#{');
    return expressions.length > 0 ? `${known}*` : known;
  }

  /** The role that Redshift loads and unloads with, and what it reads and writes. */
  private copies(): RoleUse[] {
    const statements = this.calls.flatMap(({ arguments: given }) => isObject(given) && Array.isArray(given.Sqls) ? given.Sqls.map(String) : []);
    return statements.flatMap((sql) => {
      const [, direction, uri, roleArn] = /\b(FROM|TO) '(s3:[^']+)' IAM_ROLE '([^']+)'/.exec(sql) ?? [];
      return roleArn === undefined ? [] : by(roleArn, 'redshift.amazonaws.com', direction === 'TO' ? this.places.commit(uri) : this.places.read(uri));
    });
  }

  private about(): Surroundings {
    const tags = this.calls.flatMap(({ arguments: given }) => isObject(given) ? [given, ...given.TagSpecifications as JsonObject[] ?? []] : [])
      .flatMap(({ Tags }) => Tags as JsonObject[] ?? []);
    const topics = this.template.ofType('AWS::SNS::Topic');
    return {
      places: this.places,
      pipeline: String(tags.find(({ Key }) => Key === 'datapipeline:pipeline')?.Value),
      profileRole: (profile) => this.profileRole(profile),
      topicKey: (topicArn) => topics.find(({ id }) => this.template.arn(id) === topicArn)?.properties.KmsMasterKeyId as string | undefined,
    };
  }

  private profileRole(profile: string): string {
    const [role] = this.template.ofType('AWS::IAM::InstanceProfile').find(({ id }) => id === profile)?.properties.Roles as string[];
    return this.template.arn(role);
  }
}

function by(roleArn: string, service: string, needs: readonly Need[]): RoleUse[] {
  return needs.map((need) => ({ ...need, roleArn, service }));
}

/** That user data tells an instance to read. */
function proxySecrets(userData: string): string[] {
  return Buffer.from(userData, 'base64').toString().match(/(?<=^--httpProxySecret=).*/gm) ?? [];
}

/** These have no resource types: a task token says whose task is answered. */
const TASK_ANSWERS = ['Success', 'Failure', 'Heartbeat'].map((what) => ({ action: `states:SendTask${what}`, resource: '*' }));

/**
 * What SSM Agent calls for Run Command, of the managed policy AmazonSSMManagedInstanceCore.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
const AGENT = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
  'ec2messages:AcknowledgeMessage', 'ec2messages:DeleteMessage', 'ec2messages:FailMessage', 'ec2messages:GetEndpoint', 'ec2messages:GetMessages', 'ec2messages:SendReply',
];

/** What it calls for State Manager, of the same policy. */
const STATE_MANAGER = [
  'ListAssociations', 'ListInstanceAssociations', 'DescribeAssociation', 'UpdateAssociationStatus', 'UpdateInstanceAssociationStatus', 'PutComplianceItems',
].map((action) => `ssm:${action}`);

/** CDK's StateMachine adds these for logs and traces; none has resource types. */
const LOGS_AND_TRACES = [
  'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
  'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
  'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets',
];

/** CDK's Function adds it: its own log streams, and those of any other log group. */
const LAMBDA_LOGS = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/**
 * The managed policy creates in subnets and VPCs that carry its tag; so that these need not, the same actions are granted on them.
 *
 * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role.html
 */
function emrService(instanceRole: string, instances: LaunchCall['Instances']): Need[] {
  const create = ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate', 'CreateLaunchTemplateVersion', 'CreateNetworkInterface'];
  const change = ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'];
  const { EmrManagedMasterSecurityGroup, EmrManagedSlaveSecurityGroup, ServiceAccessSecurityGroup, AdditionalMasterSecurityGroups = [] } = instances;
  const managed = [EmrManagedMasterSecurityGroup, EmrManagedSlaveSecurityGroup, ServiceAccessSecurityGroup].flatMap((id) => id ?? []);
  const groups = [...managed, ...AdditionalMasterSecurityGroups];
  const ec2 = (actions: string[], name: string) => actions.map((action) => ({ action: `ec2:${action}`, resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:${name}` }));
  return [
    { action: 'managed policy', resource: 'arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2' },
    { action: 'iam:PassRole', resource: instanceRole, condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } },
    ...ec2(create, `subnet/${instances.Ec2SubnetId ?? '*'}`),
    ...ec2(['CreateSecurityGroup'], 'vpc/*'),
    ...groups.flatMap((id) => ec2(create, `security-group/${id}`)),
    ...managed.flatMap((id) => ec2(change, `security-group/${id}`)),
  ];
}
