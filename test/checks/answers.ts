/**
 * What services may answer to a task, for rehearsing a machine: each integration's answers that a run can tell apart. The
 * service-model check holds them to the services' output shapes.
 */
import { zoneTables } from '../../lambda/calendar/zone-tables';
import { JsonObject } from '../../simulator/json';
import { ZonesRequest } from '../../src/contract/calendar';

/** What differs between two rehearsals, and nothing else does: what is the same in both is known at deployment. */
export interface World {
  readonly run: string;
  readonly scheduledStartTime: string;
  readonly scheduledEndTime: string;
  /** Ids that services hand out; an instance's is the one whose form is checked. */
  readonly id: string;
  readonly uuid: string;
  /** Value of every parameter. */
  readonly parameter: string;
  /** ARN of the Starter of the pipeline whose machine is rehearsed; empty where there is none. */
  readonly starter: string;
  /** Names of clusters launched so far. */
  readonly clusterNames: Set<string>;
  /** Names of steps added so far. */
  readonly stepNames: Set<string>;
  /** ARNs of executions started so far that are waited for, each with the inputs that it may have. */
  readonly children: Map<string, JsonObject[]>;
}

/** `given` are the arguments of the call. */
type Answers = (world: World, given: JsonObject) => readonly object[];

const cluster = (world: World, State: string): JsonObject => ({ Id: world.id, Status: { State } });
const execution = ({ run, scheduledEndTime: StartDate }: World, Status: string): JsonObject => ({
  ExecutionArn: `arn:aws:states:eu-central-1:111122223333:execution:Machine:${run}_1`,
  StateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:Machine',
  StartDate,
  Status,
});
/** What an activity comes to that is handed over. */
const DONE = { status: 'FINISHED', attempts: 1 };
/** The item of an activity that is handed over, after a write that changes nothing that is there. */
const WRITTEN: readonly JsonObject[] = [
  { Attributes: { status: { S: 'FINISHED' }, attempts: { N: '1' } } },
  { Attributes: { status: { S: 'FAILED' }, attempts: { N: '1' }, reason: { S: 'lost' } } },
];
/** The item of a cluster that is shared: asked for, there, and left by all. Left and Right are two that share one in the app of the checks. */
const shared = ({ id }: World): JsonObject[] => {
  const waiting = { L: [{ S: TASK_TOKEN }] };
  return [
    { Attributes: { wanted1: { S: '' }, manager: { S: TASK_TOKEN }, waiters1: waiting } },
    { Attributes: { 'wanted1': { S: '' }, 'done#Left': { N: '1' }, 'done#Right': { N: '1' } } },
    { Attributes: { wanted1: { S: '' }, wanted2: { S: '' }, generation: { N: '1' }, results: { S: JSON.stringify({ generation: 1, id }) } } },
    { Attributes: { wanted1: { S: '' }, manager: { S: TASK_TOKEN }, users: { N: '1000' }, settled: { N: '1000' } } },
  ];
};
/** What the Starter writes about a run that is repeated. */
const RUN_WRITE = {
  Key: { run: { S: 'x' }, item: { S: 'run' } },
  UpdateExpression: 'SET #reruns = :reruns',
  ExpressionAttributeNames: { '#reruns': 'reruns' },
  ExpressionAttributeValues: { ':reruns': { N: '1' } },
};
const none: Answers = () => [{}];

export const ANSWERS: Readonly<Record<string, Answers>> = {
  'aws-sdk:dynamodb:getItem': ({ id, scheduledStartTime }, { Key = {} }) => JSON.stringify(Key).includes('resource#')
    ? [{ Item: { results: { S: JSON.stringify({ generation: 1, id }) } } }, {}]
    : [{ Item: { active: { BOOL: true }, version: { N: '1' }, scheduledStartTime: { S: scheduledStartTime } } }, {}, { Item: { active: { BOOL: false }, results: { S: '{"Other":{}}' } } }],
  'aws-sdk:dynamodb:query': ({ scheduledStartTime }, given) => JSON.stringify(given).includes('#object#') ? [
    { Items: [{ item: { S: scheduledStartTime }, status: { S: 'FAILED' } }] },
    { Items: [] },
  ] : [
    { Items: [{ item: { S: 'object#Other' }, status: { S: 'FAILED' }, attempts: { N: '1' }, reason: { S: '' } }], LastEvaluatedKey: { item: { S: 'object#Other' } } },
    ...String(given.KeyConditionExpression).includes('BETWEEN') ? [] : [{ Items: [{ item: { S: 'run' }, status: { S: 'RUNNING' } }] }],
    { Items: [] },
  ],
  'aws-sdk:dynamodb:transactGetItems': () => [{ Responses: [{}] }, { Responses: [{ Item: { item: { S: 'run' }, endTime: { S: '2000' } } }] }],
  'aws-sdk:dynamodb:transactWriteItems': none,
  'aws-sdk:dynamodb:updateItem': (world, { UpdateExpression = '' }) => String(UpdateExpression).includes('if_not_exists(#status') ? WRITTEN : [
    {}, { Attributes: { waiters: { L: [{ S: TASK_TOKEN }] }, next: { S: world.starter } } }, ...shared(world),
  ],
  'aws-sdk:ec2:describeInstances': ({ id: InstanceId }) => [
    ...['running', 'terminated'].map((Name) => ({ Reservations: [{ Instances: [{ InstanceId, State: { Name }, StateReason: { Message: 'rehearsed' } }] }] })),
    { Reservations: [], NextToken: 'next' },
    { Reservations: [] },
  ],
  'aws-sdk:ec2:runInstances': ({ id: InstanceId }) => [{ Instances: [{ InstanceId }] }],
  'aws-sdk:ec2:terminateInstances': none,
  'aws-sdk:emr:describeCluster': (world) => ['WAITING', 'TERMINATED'].map((state) => ({ Cluster: cluster(world, state) })),
  'aws-sdk:emr:listClusters': (world) => ['WAITING', 'STARTING'].flatMap((state): JsonObject[] => [
    { Clusters: [...world.clusterNames].map((Name) => ({ ...cluster(world, state), Name })) },
    { Clusters: [], Marker: 'next' },
    { Clusters: [] },
  ]),
  'aws-sdk:emr:listSteps': (world) => [
    ...['COMPLETED', 'RUNNING', 'FAILED'].map((State) => ({ Steps: [...world.stepNames].map((Name) => ({ Id: world.id, Name, Status: { State } })) })),
    { Steps: [], Marker: 'next' },
    { Steps: [] },
  ],
  'aws-sdk:emr:terminateJobFlows': none,
  'aws-sdk:redshiftdata:batchExecuteStatement': (world) => [{ Id: world.uuid }],
  'aws-sdk:redshiftdata:cancelStatement': () => [{ Status: true }],
  'aws-sdk:redshiftdata:describeStatement': (world) => ['FINISHED', 'STARTED', 'FAILED'].map((Status) => ({ Id: world.uuid, Status })),
  'aws-sdk:redshiftdata:listStatements': (world) => [{ Statements: [{ Id: world.uuid, Status: 'STARTED' }] }, { Statements: [], NextToken: 'next' }, { Statements: [] }],
  'aws-sdk:s3:putObject': () => [{ ETag: '"d41d8cd98f00b204e9800998ecf8427e"' }],
  'aws-sdk:scheduler:createSchedule': (world) => [{ ScheduleArn: `arn:aws:scheduler:eu-central-1:111122223333:schedule/guards/${world.id}` }],
  'aws-sdk:scheduler:deleteSchedule': none,
  'aws-sdk:scheduler:listSchedules': (world) => [{ Schedules: [{ Name: `${world.run}.${world.id}` }] }, { Schedules: [], NextToken: 'next' }, { Schedules: [] }],
  'aws-sdk:sfn:describeExecution': (world) => [
    { ...execution(world, 'SUCCEEDED'), Output: JSON.stringify(DONE) },
    ...['RUNNING', 'TIMED_OUT', 'FAILED'].map((status) => execution(world, status)),
  ],
  'aws-sdk:sfn:listExecutions': (world, { StateMachineArn }) => {
    const prefix = `${String(StateMachineArn).replace(':stateMachine:', ':execution:')}:`;
    const children = [...world.children.keys()].filter((arn) => arn.startsWith(prefix));
    const arns = children.length > 0 ? children : [`${prefix}${world.run}`];
    return [
      { Executions: arns.map((ExecutionArn) => ({ ...execution(world, 'RUNNING'), ExecutionArn, Name: ExecutionArn.split(':').pop() })) },
      { Executions: [], NextToken: 'next' },
      { Executions: [] },
    ];
  },
  'aws-sdk:sfn:sendTaskSuccess': none,
  'aws-sdk:sfn:startExecution': (world) => [{ ExecutionArn: `arn:aws:states:eu-central-1:111122223333:execution:Machine:${world.run}`, StartDate: world.scheduledEndTime }],
  'aws-sdk:sfn:stopExecution': ({ scheduledEndTime }) => [{ StopDate: scheduledEndTime }],
  'elasticmapreduce:addStep.sync': (world) => [{ StepId: world.id }],
  'elasticmapreduce:cancelStep': (world) => [{ CancelStepsInfo: { StepId: world.id, Status: 'SUBMITTED' } }],
  'elasticmapreduce:createCluster.sync': (world) => [{ ClusterId: world.id }],
  'elasticmapreduce:terminateCluster': none,
  'lambda:invoke': (world, { Payload = {} }) => functionAnswers(world, Payload as JsonObject).map((answer) => ({ StatusCode: 200, Payload: answer })),
  'states:startExecution.sync:2': (world) => [{ ...execution(world, 'SUCCEEDED'), Output: DONE }],
  'sns:publish': (world) => [{ MessageId: world.uuid }],
};

function functionAnswers({ run, scheduledStartTime }: World, payload: JsonObject): JsonObject[] {
  switch (payload.kind) {
    case 'covering': return [{ starts: [scheduledStartTime] }, { starts: [] }];
    case 'zones': return [zoneTables(payload as unknown as ZonesRequest) as unknown as JsonObject];
    default: return [
      { held: true, memory: '{}', starts: [], output: { started: [], waits: false }, writes: [RUN_WRITE], tells: [{ id: 'Extract', status: 'FINISHED' }] },
      { held: true, memory: '{}', starts: [{ run, input: '{}' }], output: { run, started: [run], waits: true }, tells: [] },
      { memory: '', starts: [], output: { started: [], waits: false, reason: 'between' }, tells: [] },
    ];
  }
}

export const TASK_TOKEN = 'AAAAKgAAAAIAAAAAAAAAAQ==';

/** What a task token is answered with: what other branches have settled, of objects with these ids, or launched. */
export function tokenAnswers({ id }: World, ids: readonly string[]): JsonObject[] {
  return [{}, Object.fromEntries(ids.map((each) => [each, { status: 'FINISHED' }])), { generation: 1, id }];
}

/** What Task Runner answers. */
export const TASK_SUCCESS: JsonObject = { exitCode: 0, hostname: 'host', taskRunnerId: 'host-1', logUri: 's3://logs/' };
