/**
 * What each call of a machine needs: the actions and the resources that IAM checks for it, written down from AWS's documentation.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
 */
import { Permission } from './iam-need';
import { Places } from './iam-places';
import { Call } from './rehearsal';
import { ACCOUNT, REGION } from './template';
import { JsonObject } from '../../simulator/json';
import { TaskDatabase } from '../../src/contract/database';

export type Need = Omit<Permission, 'roleArn'>;

/** What calls are about, beyond their arguments. */
export interface Surroundings {
  readonly places: Places;
  /** Value of the tag `datapipeline:pipeline` of what the calling machine's pipeline launches. */
  readonly pipeline: string;
  /** The role in an instance profile. */
  readonly profileRole: (profile: string) => string;
  /** ARN of a topic's customer-managed key. */
  readonly topicKey: (topicArn: string) => string | undefined;
}

type Arguments = Record<string, never>;

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const on = (resource: string, ...actions: string[]): Need[] => actions.map((action) => ({ action, resource }));
const under = (condition: JsonObject, needs: Need[]): Need[] => needs.map((need) => ({ ...need, condition }));

/** Actions without resource types, which IAM grants on all or nothing. */
const anywhere = (...actions: string[]) => on('*', ...actions);

const passed = (roleArn: string, service: string) => under({ StringEquals: { 'iam:PassedToService': service } }, on(roleArn, 'iam:PassRole'));

/** A cluster has its id from its launch: what narrows it down is the tag. */
const onClusters = ({ pipeline }: Surroundings, ...actions: string[]) => (
  under({ StringEquals: { 'elasticmapreduce:ResourceTag/datapipeline:pipeline': pipeline } }, on(arn('elasticmapreduce', 'cluster/*'), ...actions.map((action) => `elasticmapreduce:${action}`)))
);

/** So has an instance. */
const onInstances = ({ pipeline }: Surroundings, key: string, action: string) => (
  under({ StringEquals: { [`${key}/datapipeline:pipeline`]: pipeline } }, on(arn('ec2', 'instance/*'), action))
);

/** All executions of the machine that one is of. */
const executions = (execution: string) => execution.replace(/:[^:]*$/, ':*');

/** The rule by which Step Functions hears of what a .sync task waits for. */
const managedRule = (name: string) => on(arn('events', `rule/StepFunctionsGetEventForEMR${name}Rule`), 'events:PutTargets', 'events:PutRule', 'events:DescribeRule');

const CALLS: Readonly<Record<string, (given: Arguments, about: Surroundings) => Need[]>> = {
  'aws-sdk:dynamodb:getItem': ({ TableName }) => on(arn('dynamodb', `table/${TableName}`), 'dynamodb:GetItem'),
  'aws-sdk:dynamodb:query': ({ TableName }) => on(arn('dynamodb', `table/${TableName}`), 'dynamodb:Query'),
  'aws-sdk:dynamodb:transactGetItems': ({ TransactItems }) => (TransactItems as Array<{ Get: { TableName: string } }>)
    .flatMap(({ Get }) => on(arn('dynamodb', `table/${Get.TableName}`), 'dynamodb:GetItem')),
  'aws-sdk:dynamodb:transactWriteItems': ({ TransactItems }) => (TransactItems as Array<{ Update: { TableName: string } }>)
    .flatMap(({ Update }) => on(arn('dynamodb', `table/${Update.TableName}`), 'dynamodb:UpdateItem')),
  'aws-sdk:dynamodb:updateItem': ({ TableName }) => on(arn('dynamodb', `table/${TableName}`), 'dynamodb:UpdateItem'),
  'aws-sdk:dynamodb:updateItem.waitForTaskToken': ({ TableName }) => on(arn('dynamodb', `table/${TableName}`), 'dynamodb:UpdateItem'),
  'aws-sdk:ec2:describeInstances': () => anywhere('ec2:DescribeInstances'),
  'aws-sdk:ec2:runInstances': runInstances,
  'aws-sdk:ec2:terminateInstances': (_, about) => onInstances(about, 'ec2:ResourceTag', 'ec2:TerminateInstances'),
  'aws-sdk:emr:describeCluster': (_, about) => onClusters(about, 'DescribeCluster'),
  'aws-sdk:emr:listClusters': () => anywhere('elasticmapreduce:ListClusters'),
  'aws-sdk:emr:listSteps': (_, about) => onClusters(about, 'ListSteps'),
  'aws-sdk:emr:terminateJobFlows': (_, about) => onClusters(about, 'TerminateJobFlows'),
  'aws-sdk:redshiftdata:batchExecuteStatement': executeStatement,
  // The condition key for the statement's owner compares sessions, and whether Step Functions keeps one is not documented.
  'aws-sdk:redshiftdata:cancelStatement': () => anywhere('redshift-data:CancelStatement'),
  'aws-sdk:redshiftdata:describeStatement': () => anywhere('redshift-data:DescribeStatement'),
  'aws-sdk:redshiftdata:listStatements': () => anywhere('redshift-data:ListStatements'),
  'aws-sdk:s3:putObject': ({ Bucket, Key }, { places }) => places.put(`s3://${Bucket}/${Key}`),
  'aws-sdk:scheduler:createSchedule': ({ GroupName, Name, Target }) => [
    ...on(arn('scheduler', `schedule/${GroupName}/${Name}`), 'scheduler:CreateSchedule'),
    ...passed((Target as { RoleArn: string }).RoleArn, 'scheduler.amazonaws.com'),
  ],
  'aws-sdk:scheduler:deleteSchedule': ({ GroupName, Name }) => on(arn('scheduler', `schedule/${GroupName}/${Name}`), 'scheduler:DeleteSchedule'),
  'aws-sdk:scheduler:listSchedules': () => anywhere('scheduler:ListSchedules'),
  'aws-sdk:sfn:describeExecution': ({ ExecutionArn }) => on(executions(ExecutionArn), 'states:DescribeExecution'),
  'aws-sdk:sfn:listExecutions': ({ StateMachineArn }) => on(StateMachineArn, 'states:ListExecutions'),
  'aws-sdk:sfn:sendTaskSuccess': () => anywhere('states:SendTaskSuccess'),
  'aws-sdk:sfn:startExecution': ({ StateMachineArn }) => on(StateMachineArn, 'states:StartExecution'),
  'aws-sdk:sfn:stopExecution': ({ ExecutionArn }) => on(executions(ExecutionArn), 'states:StopExecution'),
  'aws-sdk:ssm:sendCommand.waitForTaskToken': ({ DocumentName }, about) => [
    ...on(arn('ssm', `document/${DocumentName}`), 'ssm:SendCommand'),
    ...onInstances(about, 'ssm:resourceTag', 'ssm:SendCommand'),
  ],
  // A step's actions are authorized on its cluster.
  'elasticmapreduce:addStep.sync': (_, about) => [...onClusters(about, 'AddJobFlowSteps', 'DescribeStep', 'CancelSteps'), ...managedRule('AddJobFlowSteps')],
  'elasticmapreduce:cancelStep': (_, about) => onClusters(about, 'CancelSteps'),
  'elasticmapreduce:createCluster.sync': (given, about) => [
    ...under({ StringEquals: { 'elasticmapreduce:RequestTag/datapipeline:pipeline': about.pipeline } }, [
      ...anywhere('elasticmapreduce:RunJobFlow'),
      ...on(arn('elasticmapreduce', 'cluster/*'), 'elasticmapreduce:AddTags'),
    ]),
    ...onClusters(about, 'DescribeCluster', 'TerminateJobFlows'),
    ...passed(given.ServiceRole, 'elasticmapreduce.amazonaws.com'),
    ...passed(about.profileRole(given.JobFlowRole), 'ec2.amazonaws.com'),
    ...managedRule('RunJobFlow'),
    // The first launch in an account makes Amazon EMR's service-linked role.
    ...under({ StringEquals: { 'iam:AWSServiceName': 'elasticmapreduce.amazonaws.com' } }, on(
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/elasticmapreduce.amazonaws.com/AWSServiceRoleForEMRCleanup`, 'iam:CreateServiceLinkedRole',
    )),
  ],
  'elasticmapreduce:terminateCluster': (_, about) => onClusters(about, 'TerminateJobFlows'),
  'lambda:invoke': ({ FunctionName }) => on(FunctionName, 'lambda:InvokeFunction'),
  'states:startExecution.sync:2': ({ StateMachineArn }) => [
    ...on(StateMachineArn, 'states:StartExecution'),
    ...on(executions(`${String(StateMachineArn).replace(':stateMachine:', ':execution:')}:any`), 'states:DescribeExecution', 'states:StopExecution'),
    ...on(arn('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'), 'events:PutTargets', 'events:PutRule', 'events:DescribeRule'),
  ],
  'sns:publish': ({ TopicArn }, { topicKey }) => {
    const key = topicKey(TopicArn);
    return [...on(TopicArn, 'sns:Publish'), ...key === undefined ? [] : on(key, 'kms:Decrypt', 'kms:GenerateDataKey')];
  },
};

export interface InstanceCall {
  readonly ImageId: string;
  readonly UserData: string;
  readonly IamInstanceProfile: { readonly Name: string };
  readonly KeyName?: string;
  readonly InstanceMarketOptions?: JsonObject;
  readonly NetworkInterfaces?: ReadonlyArray<{ readonly SubnetId: string; readonly Groups: readonly string[] }>;
  readonly TagSpecifications: ReadonlyArray<{ readonly Tags: ReadonlyArray<{ readonly Key: string; readonly Value: string }> }>;
}

/**
 * What is made must carry the pipeline's tag; what is used is named, or chosen by Amazon EC2. A request for Spot Instances that is not
 * tagged itself is not checked.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html
 */
function runInstances(given: Arguments, about: Surroundings): Need[] {
  const { ImageId, IamInstanceProfile, KeyName, InstanceMarketOptions, NetworkInterfaces: [face] = [] } = given as unknown as InstanceCall;
  const [, parameter] = /^resolve:ssm:(.*)$/.exec(ImageId) ?? [];
  const made = ['instance', 'volume'].map((kind) => arn('ec2', `${kind}/*`));
  const used = [`subnet/${face?.SubnetId ?? '*'}`, ...(face?.Groups ?? ['*']).map((id) => `security-group/${id}`), ...KeyName ? [`key-pair/${KeyName}`] : []];
  return [
    ...under({ StringEquals: { 'aws:RequestTag/datapipeline:pipeline': about.pipeline } }, made.flatMap((each) => on(each, 'ec2:RunInstances'))),
    ...under({ StringEquals: { 'ec2:CreateAction': 'RunInstances' } }, made.flatMap((each) => on(each, 'ec2:CreateTags'))),
    ...on(`arn:aws:ec2:${REGION}::image/${parameter === undefined ? ImageId : '*'}`, 'ec2:RunInstances'),
    ...['network-interface/*', ...used].flatMap((name) => on(arn('ec2', name), 'ec2:RunInstances')),
    ...parameter === undefined ? [] : on(`arn:aws:ssm:${REGION}::parameter${parameter}`, 'ssm:GetParameters'),
    ...passed(about.profileRole(IamInstanceProfile.Name), 'ec2.amazonaws.com'),
    // The first launch in an account makes the service-linked role.
    ...InstanceMarketOptions ? under({ StringEquals: { 'iam:AWSServiceName': 'spot.amazonaws.com' } }, on(
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`, 'iam:CreateServiceLinkedRole',
    )) : [],
  ];
}

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html */
function executeStatement({ ClusterIdentifier, Database, DbUser, SecretArn }: Arguments): Need[] {
  // A workgroup's ARN has its id, where the API takes its name.
  const host = ClusterIdentifier ? arn('redshift', `cluster:${ClusterIdentifier}`) : arn('redshift-serverless', 'workgroup/*');
  return [...on(host, 'redshift-data:BatchExecuteStatement'), ...credentials()];

  function credentials(): Need[] {
    if (SecretArn) return readSecret(SecretArn);
    if (!ClusterIdentifier) return on(host, 'redshift-serverless:GetCredentials');
    return ['dbname', 'dbuser'].flatMap((kind) => (
      on(arn('redshift', `${kind}:${ClusterIdentifier}/${kind === 'dbname' ? Database : DbUser}`), 'redshift:GetClusterCredentials')
    ));
  }
}

/** A secret's ARN ends in six random characters, which an imported name leaves out. */
export function readSecret(secretArn: string): Need[] {
  return on(/-[A-Za-z0-9]{6}$/.test(secretArn) ? secretArn : `${secretArn}-??????`, 'secretsmanager:GetSecretValue');
}

/** What it takes a Task Runner to connect. */
export function connect({ secretId, rdsInstanceId, region }: TaskDatabase): Need[] {
  const instance = `arn:aws:rds:${region}:${ACCOUNT}:db:${rdsInstanceId}`;
  return [...readSecret(secretId), ...rdsInstanceId === undefined ? [] : on(instance, 'rds:DescribeDBInstances')];
}

export function needsOf({ integration, arguments: given, machine, state }: Call, about: Surroundings): Need[] {
  // An activity is no API: no permission is checked when its task is scheduled.
  if (integration.startsWith('arn:')) return [];
  const needs = CALLS[integration];
  if (!needs) throw new Error(`${machine}: ${state}: test/checks/iam-calls.ts does not say what ${integration} needs; add it`);
  return needs(given as Arguments, about);
}
