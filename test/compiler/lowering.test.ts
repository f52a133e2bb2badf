import { Duration } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { folder, hosts, pipeline, shell } from './fixture';
import { Definition, runMachine } from './machines';
import { Json } from '../../simulator/task';
import {
  EmrActivity, EmrCluster, EmrClusterProps, EmrStep, FailureAndRerunMode, Pipeline, RedshiftCopyActivity, RedshiftDatabase, RedshiftDataNode,
  RedshiftInsertMode, S3DataNode, S3KeyExistsPrecondition, ShellCommandPrecondition, SnsAlarm,
} from '../../src';
import { fitting } from '../../src/compiler/render/run';

type States = Definition['States'];
type State = States[string];

const HOSTS = 'arn:aws:states:us-east-1:111111111111:activity:PHostsActivity';
const TRANSIENT = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2, JitterStrategy: 'FULL' };
const REASON = '$substring($join([$states.errorOutput.Error, $states.errorOutput.Cause], ": "), 0, 500)';
const CAUGHT = '($states.errorOutput.Error in ["States.Timeout", "States.HeartbeatTimeout"] ? "TIMEDOUT" : "FAILED")';
const ENTERED = '$states.context.State.EnteredTime';
const TRIES = '($states.context.State.RetryCount + 1)';

const sdk = (name: string) => `arn:aws:states:::${name}`;
const catchAll = (next: string, fields: Json = {}) => [{ ErrorEquals: ['States.ALL'], ...fields as object, Next: next }];
const finished = (attempts: string, startTime = ENTERED) => `{% {"status": "FINISHED", "attempts": ${attempts}, "startTime": ${startTime}, "endTime": $now()} %}`;
const failed = (status: string, attempts: string, reason: string, startTime = ENTERED) =>
  `{% {"status": ${status}, "attempts": ${attempts}, "reason": ${reason}, "startTime": ${startTime}, "endTime": $now()} %}`;
const untried = (status: string) => ({ status, attempts: 0 });
/** Held back by others, with the reason as JSONata. */
const held = (status: string, reason: string) => `{% {"status": "${status}", "attempts": 0, "reason": ${reason}} %}`;

/** The state that writes a result to the Run table. */
function settle(id: string, leave: { Next: string } | { End: true; Output: string }, after?: string, others?: Record<string, string>): State {
  const settledWith = Object.entries(others ?? {}).map(([other, status]) => `"${other}": {"S": ${status}}`).join(', ');
  return {
    Type: 'Task',
    Resource: sdk('aws-sdk:dynamodb:updateItem'),
    Arguments: `{% ($r := $r_${id}; $merge([$${others ? 'settlingWith' : 'settling'}, `
      + `{"Key": {"run": {"S": $run}, "item": {"S": "object#${id}"}}, "ExpressionAttributeValues": {`
      + '":s": {"S": $r.status}, ":n": {"N": $string($r.attempts)}, ":r": {"S": $r.reason & ""}, ":b": {"S": $r.startTime & ""}, ":e": {"S": $r.endTime & ""}, '
      + `":x": {"N": $expiresAt}${others ? `, ":w": {"M": {${settledWith}}}` : ''}}}])) %}`,
    Retry: [TRANSIENT],
    Catch: catchAll(after ?? ('Next' in leave ? leave.Next : '')),
    Output: {},
    ...leave,
  };
}

/** The constants of the run that those states share. */
const settling = (others = false): Json => ({
  TableName: 'PRunTable',
  UpdateExpression: `SET #status = :s, attempts = :n, reason = :r, startTime = :b, endTime = :e, expiresAt = :x${others ? ', settledWith = :w' : ''}`,
  ExpressionAttributeNames: { '#status': 'status' },
});

/** What waits in a worker group for a command. */
function shellTask(id: string, next: string, fields: { [name: string]: Json } = {}): State {
  return {
    Type: 'Task',
    Resource: HOSTS,
    Arguments: {
      version: 1,
      kind: 'shell',
      purpose: 'activity',
      pipeline: 'p',
      object: id,
      run: '{% $run %}',
      attempt: `{% ${TRIES} %}`,
      command: `do ${id}`,
      scriptArguments: [],
      stage: false,
      inputs: [],
      outputs: [],
      logUri: `{% "s3://logs/p/${id}/" & $run & "/" & $string(${TRIES}) & "/" %}`,
      reportProgressTimeoutSeconds: 300,
    },
    HeartbeatSeconds: 300,
    Retry: [
      { ErrorEquals: ['DataPipeline.InvalidTask', 'States.QueryEvaluationError'], MaxAttempts: 0 },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 3, BackoffRate: 1 },
    ],
    Catch: catchAll(next, { Assign: { [`r_${id}`]: failed(CAUGHT, TRIES, REASON) } }),
    Assign: { [`r_${id}`]: finished(TRIES) },
    Output: {},
    Next: next,
    ...fields,
  };
}

/** The decision at the beginning of an object that waits for nothing. */
function ready(id: string, begin: string, after: string, assign: { [name: string]: Json } = {}): State {
  return {
    Type: 'Choice',
    Choices: [{ Condition: `{% $exists($lookup($kept, "${id}")) %}`, Assign: { [`r_${id}`]: `{% $lookup($kept, "${id}") %}` }, Next: after }],
    Assign: assign,
    Default: begin,
  };
}

/** The states of a Run machine, without those of the run itself. */
function objectStates(scope: Pipeline): States {
  const own = /^Run: (begin|ran before|refused|result|report|settle|clean up|leave queue|start next|outcome|actions failed|finished|failed)$/;
  return Object.fromEntries(Object.entries(runMachine(scope).States).filter(([name]) => !own.test(name)));
}

test('the run itself: begin, result, report, settle, leave queue, outcome', () => {
  const scope = pipeline({ runTimeout: Duration.days(1) });
  shell(scope, 'A');
  const { States, ...machine } = runMachine(scope);
  expect(machine).toEqual({ Comment: 'A run of p', QueryLanguage: 'JSONata', StartAt: 'Run: begin', TimeoutSeconds: 86400 });
  const time = (name: string) => `{% $replace($fromMillis($toMillis($states.input.${name})), '.000Z', 'Z') %}`;
  const expiresAt = `{% $string($floor($millis() / 1000) + ${91 * 86400}) %}`;
  const runItem = (run: string, values: { [name: string]: string }) => ({
    Type: 'Task',
    Resource: sdk('aws-sdk:dynamodb:updateItem'),
    Arguments: {
      TableName: 'PRunTable',
      Key: { run: { S: run }, item: { S: 'run' } },
      UpdateExpression: `SET ${Object.keys(values).map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, S]) => [`:${name}`, { S }])),
    },
    Output: {},
  });
  const { 'A': _, 'A: ready?': __, 'A: settle': ___, ...own } = States;
  const begun = runItem('{% $states.context.Execution.Name %}', {
    status: 'RUNNING',
    scheduledStartTime: time('scheduledStartTime'),
    scheduledEndTime: time('scheduledEndTime'),
    parameters: '{% $string(($exists($states.input.parameters) ? $states.input.parameters : {})) %}',
    startTime: '{% $states.context.Execution.StartTime %}',
    executionArn: '{% $states.context.Execution.Id %}',
  });
  expect(own).toEqual({
    'Run: begin': {
      ...begun,
      Arguments: {
        ...begun.Arguments,
        UpdateExpression: `${begun.Arguments.UpdateExpression}, settledWith = if_not_exists(settledWith, :settledWith)`,
        ConditionExpression: 'attribute_not_exists(startTime) OR startTime = :startTime',
        ExpressionAttributeValues: { ...begun.Arguments.ExpressionAttributeValues, ':settledWith': { M: {} } },
        ReturnValues: 'ALL_NEW',
      },
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError', 'DynamoDb.ConditionalCheckFailedException'], MaxAttempts: 0 }, TRANSIENT],
      Catch: [
        { ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], Next: 'Run: ran before' },
        ...catchAll('Run: refused', { Output: '{% $states.errorOutput %}' }),
      ],
      Assign: {
        run: '{% $states.context.Execution.Name %}',
        scheduledStartTime: time('scheduledStartTime'),
        scheduledEndTime: time('scheduledEndTime'),
        parameters: '{% ($exists($states.input.parameters) ? $states.input.parameters : {}) %}',
        kept: expect.stringContaining('$states.result.Attributes.settledWith.M'),
        expiresAt,
        settling: settling(),
      },
      Next: 'A: ready?',
    },
    'Run: ran before': {
      Type: 'Fail', Error: 'DataPipeline.RanBefore', Cause: 'A run has this name already; datapipeline rerun repeats what of it has not finished',
    },
    'Run: refused': {
      Type: 'Fail',
      Error: '{% $states.input.Error = "States.QueryEvaluationError" ? "DataPipeline.InvalidInput" : $states.input.Error %}',
      Cause: '{% "The run could not begin. Its input is {scheduledStartTime, scheduledEndTime, parameters?}, times in ISO-8601. " '
        + '& $states.input.Error & ": " & $states.input.Cause %}',
    },
    'Run: result': { Type: 'Pass', Assign: { result: expect.stringContaining('$activities := {"A": $r_A};') }, Output: {}, Next: 'Run: report' },
    'Run: report': {
      Type: 'Task',
      Resource: sdk('aws-sdk:s3:putObject'),
      Arguments: { Bucket: 'logs', Key: '{% "p/runs/" & $run & ".json" %}', Body: '{% $result %}', ContentType: 'application/json' },
      Retry: [TRANSIENT],
      Catch: catchAll('Run: settle'),
      Output: {},
      Next: 'Run: settle',
    },
    'Run: settle': {
      ...runItem('{% $run %}', { status: '{% $result.status %}', endTime: '{% $now() %}' }),
      Retry: [TRANSIENT],
      Catch: catchAll('Run: leave queue'),
      Next: 'Run: leave queue',
    },
    'Run: leave queue': {
      Type: 'Task',
      Resource: sdk('aws-sdk:dynamodb:updateItem'),
      Arguments: {
        TableName: 'PRunTable',
        Key: { run: { S: '#pipeline' }, item: { S: 'queue' } },
        UpdateExpression: 'SET ended = list_append(if_not_exists(ended, :none), :ended) ADD version :one',
        ExpressionAttributeValues: { ':none': { L: [] }, ':ended': { L: [{ S: '{% $run %}' }] }, ':one': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      },
      Retry: [TRANSIENT],
      Catch: catchAll('Run: outcome', { Assign: { next: '' } }),
      Assign: { next: '{% $states.result.Attributes.next.S & "" %}' },
      Output: {},
      Next: 'Run: outcome',
    },
    'Run: outcome': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $next != "" %}', Next: 'Run: start next' },
        { Condition: '{% $exists($result.objects.*.actionError) %}', Next: 'Run: actions failed' },
        { Condition: '{% $result.status = "FINISHED" %}', Next: 'Run: finished' },
      ],
      Default: 'Run: failed',
    },
    'Run: start next': {
      Type: 'Task',
      Resource: sdk('aws-sdk:sfn:startExecution'),
      Arguments: { StateMachineArn: '{% $next %}', Input: '{"dispatch":true}' },
      Retry: [TRANSIENT],
      Catch: catchAll('Run: outcome', { Assign: { next: '' } }),
      Assign: { next: '' },
      Output: {},
      Next: 'Run: outcome',
    },
    'Run: actions failed': {
      Type: 'Choice', Choices: [{ Condition: '{% $result.status = "FINISHED" %}', Next: 'Run: finished' }], Default: 'Run: failed',
    },
    'Run: finished': { Type: 'Succeed', Output: `{% ${fitting('$result', 250_000)} %}` },
    'Run: failed': { Type: 'Fail', Error: 'DataPipeline.RunFailed', Cause: `{% $string(${fitting('$result', 32_768)}) %}` },
  });
});

describe('a shell command', () => {
  test('is handed to a worker group, and tried again by Retry', () => {
    const scope = pipeline();
    shell(scope, 'A');
    expect(objectStates(scope)).toEqual({
      'A: ready?': ready('A', 'A', 'Run: result'),
      'A': shellTask('A', 'A: settle'),
      'A: settle': settle('A', { Next: 'Run: result' }),
    });
  });

  test('takes its limits, staging, arguments and copies with it', () => {
    const scope = pipeline();
    const hour = "#{format(@scheduledStartTime,'HH')}";
    const raw = new S3DataNode(scope, 'Raw', { directoryPath: `s3://data/raw/${hour}/` });
    shell(scope, 'A', {
      command: undefined,
      scriptUri: 's3://code/run.sh',
      scriptArgument: ['-h', hour],
      stdout: `s3://data/out-${hour}`,
      stderr: '/tmp/err',
      stage: true,
      input: [raw],
      output: [folder(scope, 'Out')],
      maximumRetries: 0,
      attemptTimeout: Duration.minutes(1),
      reportProgressTimeout: Duration.minutes(2),
    });
    const task = shellTask('A', 'A: settle');
    const { command: _, ...document } = task.Arguments as { [name: string]: Json };
    const { HeartbeatSeconds: __, ...fields } = task;
    expect(objectStates(scope).A).toEqual({
      ...fields,
      Arguments: {
        ...document,
        scriptUri: 's3://code/run.sh',
        scriptArguments: ['-h', '{% $fromMillis($toMillis($scheduledStartTime), "[H01]") %}'],
        stage: true,
        inputs: [{ object: 'Raw', uri: '{% "s3://data/raw/" & $fromMillis($toMillis($scheduledStartTime), "[H01]") & "/" %}' }],
        outputs: [{ object: 'Out', uri: 's3://data/Out/' }],
        stdout: '{% "s3://data/out-" & $fromMillis($toMillis($scheduledStartTime), "[H01]") %}',
        stderr: '/tmp/err',
        reportProgressTimeoutSeconds: 120,
      },
      // A heartbeat that is due after the attempt's end says nothing.
      TimeoutSeconds: 60,
      Retry: [
        { ErrorEquals: ['DataPipeline.InvalidTask', 'States.QueryEvaluationError'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 0, BackoffRate: 1 },
      ],
    });
  });
});

describe('preconditions', () => {
  const retry = (notYet: object) => [
    { ErrorEquals: ['DataPipeline.PreconditionTimedOut', 'DataPipeline.InvalidTask', 'States.QueryEvaluationError'], MaxAttempts: 0 },
    { ErrorEquals: ['DataPipeline.PreconditionNotHeld'], ...notYet },
    { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: 300, MaxAttempts: 8, JitterStrategy: 'FULL' },
  ];

  test('that AWS answers come first, one after the other, each with the results of those that are not asked if it fails', () => {
    const scope = pipeline({ failureAndRerunMode: FailureAndRerunMode.CASCADE });
    shell(scope, 'A', {
      preconditions: [
        new ShellCommandPrecondition(scope, 'Host', { runsOn: hosts(scope), command: 'test -f x', retryDelay: Duration.minutes(1), maximumRetries: 5 }),
        new S3KeyExistsPrecondition(scope, 'Key', { s3Key: 's3://data/key', preconditionTimeout: Duration.hours(1) }),
      ],
    });
    const deadline = '{% $fromMillis($ready_A + 3600000) %}';
    const States = objectStates(scope);
    expect(States['A: ready?']).toEqual({
      Type: 'Choice',
      Choices: [
        {
          Condition: '{% $exists($lookup($kept, "A")) %}',
          Assign: {
            r_Host: '{% $merge([$lookup($kept, "A"), $lookup($kept, "Host")]) %}',
            r_Key: '{% $merge([$lookup($kept, "A"), $lookup($kept, "Key")]) %}',
            r_A: '{% $lookup($kept, "A") %}',
          },
          Next: 'Run: result',
        },
      ],
      Assign: { ready_A: `{% $toMillis(${ENTERED}) %}` },
      Default: 'Key',
    });
    expect(States.Key).toEqual({
      Type: 'Task',
      Resource: sdk('lambda:invoke'),
      Arguments: { FunctionName: 'PRunPreconditionChecker.Arn', Payload: { kind: 's3KeyExists', uri: 's3://data/key', deadline } },
      Retry: retry({ IntervalSeconds: 30, BackoffRate: 1.5, MaxDelaySeconds: 300, MaxAttempts: 1_000_000 }),
      Catch: catchAll('Key: settle failure', {
        Assign: { r_Key: failed(CAUGHT, TRIES, REASON), r_A: held('CASCADE_FAILED', `"Key is " & ${CAUGHT}`), r_Host: untried('CANCELED') },
      }),
      Assign: { r_Key: finished(TRIES) },
      Output: {},
      Next: 'Key: settle',
    });
    const { Retry: _, ...task } = shellTask('Host', 'Host: settle');
    expect(States.Host).toEqual({
      ...task,
      Arguments: { ...task.Arguments as object, purpose: 'precondition', command: 'test -f x' },
      Retry: retry({ IntervalSeconds: 60, BackoffRate: 1, MaxAttempts: 5 }),
      Catch: catchAll('Host: settle failure', {
        Assign: { r_Host: failed(CAUGHT, TRIES, REASON), r_A: held('CASCADE_FAILED', `"Host is " & ${CAUGHT}`) },
      }),
    });
    expect(States['Key: settle']).toEqual(settle('Key', { Next: 'Host' }));
    expect(States['Key: settle failure']).toEqual(settle('Key', { Next: 'A: settle' }));
    expect(States['Host: settle']).toEqual(settle('Host', { Next: 'A' }));
    expect(States['Host: settle failure']).toEqual(settle('Host', { Next: 'A: settle' }));
    expect(Object.keys(States).sort()).toEqual([
      'A', 'A: ready?', 'A: settle', 'Host', 'Host: settle', 'Host: settle failure', 'Key', 'Key: settle', 'Key: settle failure',
    ]);
  });

  test('of a data node make it a gate, which has no work', () => {
    const scope = pipeline();
    const raw = new S3DataNode(scope, 'Raw', { directoryPath: 's3://data/raw/', preconditions: [new S3KeyExistsPrecondition(scope, 'Key', { s3Key: 's3://data/key' })] });
    shell(scope, 'A', { input: [raw] });
    const states = objectStates(scope);
    expect(states['Raw: ready?']).toMatchObject({ Assign: { r_Raw: { status: 'FINISHED', attempts: 1 } }, Default: 'Key' });
    expect(states['Key: settle']).toEqual(settle('Key', { Next: 'Raw: settle' }));
    expect(states['Raw: settle']).toEqual(settle('Raw', { Next: 'A: ready?' }, undefined, { Key: '$r_Key.status' }));
  });
});

describe('what an object that waits does', () => {
  const open = '"A is " & $r_A.status';
  const chain = (mode: FailureAndRerunMode) => {
    const scope = pipeline({ failureAndRerunMode: mode });
    shell(scope, 'B', { dependsOn: [shell(scope, 'A')] });
    return objectStates(scope)['B: ready?'];
  };
  const done = { Condition: '{% $exists($lookup($kept, "B")) %}', Assign: { r_B: '{% $lookup($kept, "B") %}' }, Next: 'Run: result' };
  const waits = { Condition: '{% $not($r_A.status = "FINISHED") %}', Assign: { r_B: held('WAITING_ON_DEPENDENCIES', open) }, Next: 'B: settle' };

  test('without cascade: it goes on waiting', () => {
    expect(chain(FailureAndRerunMode.NONE)).toEqual({ Type: 'Choice', Choices: [done, waits], Assign: {}, Default: 'B' });
  });

  test('with cascade: it fails with what it waits for', () => {
    const cascades = {
      Condition: '{% $not($r_A.status in ["FINISHED", "WAITING_ON_DEPENDENCIES"]) %}', Assign: { r_B: held('CASCADE_FAILED', open) }, Next: 'B: settle',
    };
    expect(chain(FailureAndRerunMode.CASCADE)).toEqual({ Type: 'Choice', Choices: [done, cascades, waits], Assign: {}, Default: 'B' });
  });
});

test('actions come between the result and its writing', () => {
  const scope = pipeline();
  const topic = new Topic(scope, 'T');
  shell(scope, 'A', {
    onSuccess: [new SnsAlarm({ topic, subject: 'done', message: 'ok' })],
    onFail: [new SnsAlarm({ topic }), new SnsAlarm({ topic, subject: 'two\nlines of #{node.name}', message: '#{node.@status} at #{@scheduledStartTime}' })],
  });
  const publish = (Subject: string, Message: string, next: string) => ({
    Type: 'Task',
    Resource: sdk('sns:publish'),
    Arguments: { TopicArn: 'PT', Subject, Message },
    Retry: [TRANSIENT],
    Catch: catchAll(next, { Assign: { r_A: '{% $merge([$r_A, {"actionError": $states.errorOutput.Error}]) %}' } }),
    Output: {},
    Next: next,
  });
  expect(objectStates(scope)).toEqual({
    'A: ready?': ready('A', 'A', 'Run: result'),
    'A': { ...shellTask('A', 'A: onSuccess 1'), Catch: catchAll('A: onFail 1', { Assign: { r_A: failed(CAUGHT, TRIES, REASON) } }) },
    'A: onSuccess 1': publish('done', 'ok', 'A: settle'),
    'A: onFail 1': publish('A failed (p)',
      '{% "A of p is " & $r_A.status & " in the run of " & $scheduledStartTime & ". " & ($r_A.reason & "") %}', 'A: onFail 2'),
    'A: onFail 2': publish('two lines of A', '{% $r_A.status & " at " & $scheduledStartTime %}', 'A: settle'),
    'A: settle': settle('A', { Next: 'Run: result' }),
  });
});

describe('an activity on a cluster', () => {
  const emr = (cluster: EmrClusterProps, steps: EmrStep[]) => {
    const scope = pipeline();
    new EmrActivity(scope, 'T', { runsOn: new EmrCluster(scope, 'Cluster', cluster), steps, output: [folder(scope, 'Clean')], attemptTimeout: Duration.hours(1) });
    return objectStates(scope);
  };
  const NAME = '"p/" & $run & "/Cluster/" & $string($l_Cluster)';
  const RUNNING = `{% {"status": "RUNNING", "attempts": $l_Cluster, "startTime": ${ENTERED}} %}`;
  const ACTIVE = '["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]';
  const mine = (field: string) => `([$states.result.Clusters[Name = ${NAME}]])[0].${field} & ""`;
  const addStep = (name: string, args: Json[], fields: { [name: string]: Json }) => ({
    Type: 'Task',
    Resource: sdk('elasticmapreduce:addStep.sync'),
    Arguments: {
      ClusterId: '{% $v_Cluster %}',
      Step: { Name: `{% "${name}" & " (attempt " & $string($a_T) & ")" %}`, ActionOnFailure: 'CONTINUE', HadoopJarStep: { Jar: 'command-runner.jar', Args: args } },
    },
    TimeoutSeconds: 3600,
    Catch: [{ ErrorEquals: ['States.ALL'], Assign: { e_T: expect.stringContaining(`"status": ${CAUGHT}`) }, Next: 'T: retry?' }],
    Output: {},
    ...fields,
  });

  test('launches the cluster, or adopts it; runs the step; ends the cluster', () => {
    const all = emr({}, [EmrStep.command(['sort', '#{@scheduledStartTime}'])]);
    const states = Object.fromEntries(Object.entries(all).filter(([name]) => !/step/.test(name)));
    expect(states).toEqual({
      'T: ready?': {
        Type: 'Choice',
        Choices: [{
          Condition: '{% $exists($lookup($kept, "T")) %}',
          Assign: {
            v_Cluster: '',
            l_Cluster: 1,
            lt_Cluster: '',
            m_Cluster: '',
            le_Cluster: '',
            cs_Cluster: '',
            r_Cluster: untried('WAITING_ON_DEPENDENCIES'),
            r_T: '{% $lookup($kept, "T") %}',
          },
          Next: 'Cluster: release?',
        }],
        Assign: { v_Cluster: '', l_Cluster: 1, lt_Cluster: '', m_Cluster: '', le_Cluster: '', cs_Cluster: '', r_Cluster: untried('WAITING_ON_DEPENDENCIES'), a_T: 1 },
        Default: 'T: acquire',
      },
      'T: acquire': {
        Type: 'Task',
        Resource: sdk('elasticmapreduce:createCluster.sync'),
        Arguments: {
          Name: `{% ${NAME} %}`,
          ReleaseLabel: 'emr-7.14.0',
          Applications: [{ Name: 'Hive' }, { Name: 'Pig' }],
          LogUri: 's3://logs/p/Cluster/',
          ServiceRole: 'PClusterServiceRole.Arn',
          JobFlowRole: 'PClusterInstanceProfile',
          VisibleToAllUsers: true,
          StepConcurrencyLevel: 1,
          AutoTerminationPolicy: { IdleTimeout: 3660 },
          Instances: {
            KeepJobFlowAliveWhenNoSteps: true, TerminationProtected: false, InstanceGroups: [{ InstanceRole: 'MASTER', InstanceType: 'm5.xlarge', InstanceCount: 1 }],
          },
          Tags: [
            { Key: 'datapipeline:pipeline', Value: 'p' },
            { Key: 'datapipeline:run', Value: '{% $run %}' },
            { Key: 'datapipeline:object', Value: 'Cluster' },
            { Key: 'for-use-with-amazon-emr-managed-policies', Value: 'true' },
          ],
        },
        TimeoutSeconds: 3600,
        Catch: catchAll('T: find', { Assign: { le_Cluster: `{% ${REASON} %}`, lt_Cluster: `{% ${ENTERED} %}`, m_Cluster: '' } }),
        Assign: {
          v_Cluster: '{% $exists($states.result.ClusterId) ? $states.result.ClusterId : $states.result.Cluster.Id %}', lt_Cluster: `{% ${ENTERED} %}`, r_Cluster: RUNNING,
        },
        Output: {},
        Next: 'T',
      },
      'T: find': {
        Type: 'Task',
        Resource: sdk('aws-sdk:emr:listClusters'),
        Arguments: `{% $merge([{"ClusterStates": ${ACTIVE}}, $m_Cluster = "" ? {} : {"Marker": $m_Cluster}]) %}`,
        Retry: [TRANSIENT],
        Catch: catchAll('T: found?', { Assign: { m_Cluster: '' } }),
        Assign: { m_Cluster: '{% $states.result.Marker & "" %}', v_Cluster: `{% ${mine('Id')} %}`, cs_Cluster: `{% ${mine('Status.State')} %}` },
        Output: {},
        Next: 'T: found?',
      },
      'T: found?': {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $v_Cluster != "" and $cs_Cluster in ["RUNNING", "WAITING"] %}', Assign: { r_Cluster: RUNNING }, Next: 'T' },
          { Condition: '{% $v_Cluster != "" and $millis() - $toMillis($lt_Cluster) > 3600000 %}', Next: 'T: abandon' },
          { Condition: '{% $v_Cluster != "" %}', Next: 'T: starting' },
          { Condition: '{% $m_Cluster != "" %}', Next: 'T: find' },
          { Condition: '{% $l_Cluster <= 3 %}', Next: 'T: launch delay' },
        ],
        Assign: {
          r_Cluster: failed('"FAILED"', '$l_Cluster', '$le_Cluster', '$lt_Cluster'),
          r_T: '{% $merge([{"status": "CANCELED", "attempts": $a_T - 1, "reason": "Cluster could not be launched: " & $le_Cluster}, '
            + '$a_T > 1 ? {"startTime": $e_T.startTime, "endTime": $now()} : {}]) %}',
        },
        Default: 'T: settle',
      },
      'T: starting': { Type: 'Wait', Seconds: 30, Assign: { m_Cluster: '' }, Next: 'T: find' },
      'T: abandon': {
        Type: 'Task',
        Resource: sdk('elasticmapreduce:terminateCluster'),
        Arguments: { ClusterId: '{% $v_Cluster %}' },
        Retry: [TRANSIENT],
        Catch: catchAll('T: found?', { Assign: { v_Cluster: '', m_Cluster: '' } }),
        Assign: { v_Cluster: '', m_Cluster: '' },
        Output: {},
        Next: 'T: found?',
      },
      'T: launch delay': { Type: 'Wait', Seconds: 60, Assign: { l_Cluster: '{% $l_Cluster + 1 %}' }, Next: 'T: acquire' },
      'T': addStep('T', ['sort', '{% $scheduledStartTime %}'], { Assign: { r_T: finished('$a_T') }, Next: 'T: settle' }),
      'T: retry?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $e_T.unsure %}', Assign: { f_T: {} }, Next: 'T: find step' }, { Condition: '{% $a_T <= 3 %}', Next: 'T: retry delay' }],
        Assign: { r_T: failed('$e_T.status', '$a_T', '$e_T.reason', '$e_T.startTime') },
        Default: 'T: settle',
      },
      'T: retry delay': { Type: 'Wait', Seconds: 60, Assign: { a_T: '{% $a_T + 1 %}' }, Next: 'T: check resource' },
      'T: check resource': {
        Type: 'Task',
        Resource: sdk('aws-sdk:emr:describeCluster'),
        Arguments: { ClusterId: '{% $v_Cluster %}' },
        Retry: [TRANSIENT],
        Catch: catchAll('T'),
        Assign: { s_T: '{% $states.result.Cluster.Status.State & "" %}' },
        Output: {},
        Next: 'T: alive?',
      },
      'T: alive?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $s_T in ["RUNNING", "WAITING"] %}', Next: 'T' }],
        Assign: { v_Cluster: '', l_Cluster: '{% $l_Cluster + 1 %}' },
        Default: 'T: acquire',
      },
      'T: settle': settle('T', { Next: 'Cluster: release?' }, undefined,
        { Clean: '$r_T.status in ["FINISHED", "WAITING_ON_DEPENDENCIES"] ? $r_T.status : "WAITING_ON_DEPENDENCIES"' }),
      'Cluster: release?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $v_Cluster != "" %}', Next: 'Cluster: release' }, { Condition: '{% $r_Cluster.status in ["FAILED", "CANCELED"] %}', Next: 'Cluster: settle' }],
        Assign: { r_Cluster: '{% {"status": $r_T.status = "WAITING_ON_DEPENDENCIES" ? "WAITING_ON_DEPENDENCIES" : "FINISHED", "attempts": 0} %}' },
        Default: 'Cluster: settle',
      },
      'Cluster: release': {
        Type: 'Task',
        Resource: sdk('elasticmapreduce:terminateCluster'),
        Arguments: { ClusterId: '{% $v_Cluster %}' },
        Retry: [TRANSIENT],
        Catch: catchAll('Cluster: settle', { Assign: { r_Cluster: '{% $merge([$r_Cluster, {"status": "FINISHED"}, {"endTime": $now()}]) %}' } }),
        Assign: { r_Cluster: '{% $merge([$r_Cluster, {"status": "FINISHED"}, {"endTime": $now()}]) %}' },
        Output: {},
        Next: 'Cluster: settle',
      },
      'Cluster: settle': settle('Cluster', { Next: 'Run: result' }),
    });
  });

  test('looks for a step whose task did not end by its own end: it is waited for, cancelled when it is late, or repeated', () => {
    const { 'T: retry?': retry, 'T: find step': find, 'T: step?': step, 'T: step wait': wait, 'T: cancel step': cancel } = emr({}, [EmrStep.command(['one'])]);
    expect((retry.Choices as State[])[0]).toEqual({ Condition: '{% $e_T.unsure %}', Assign: { f_T: {} }, Next: 'T: find step' });
    expect(find).toMatchObject({
      Resource: sdk('aws-sdk:emr:listSteps'),
      Arguments: '{% $merge([{"ClusterId": $v_Cluster}, $exists($f_T.marker) ? {"Marker": $f_T.marker} : {}]) %}',
      Next: 'T: step?',
    });
    expect(step).toMatchObject({
      Choices: [
        { Condition: '{% $f_T.state = "COMPLETED" %}', Assign: { r_T: finished('$a_T', '$e_T.startTime') }, Next: 'T: settle' },
        {
          Condition: '{% $f_T.state in ["PENDING", "RUNNING"] and ($e_T.status = "TIMEDOUT" or $millis() - $toMillis($e_T.startTime) >= 3600000) %}',
          Next: 'T: cancel step',
        },
        { Condition: '{% $f_T.state in ["PENDING", "RUNNING", "CANCEL_PENDING"] %}', Next: 'T: step wait' },
        { Condition: '{% $exists($f_T.marker) %}', Next: 'T: find step' },
      ],
      Default: 'T: retry?',
    });
    expect(wait).toEqual({ Type: 'Wait', Seconds: 30, Assign: { f_T: {} }, Next: 'T: find step' });
    expect(cancel).toMatchObject({ Arguments: { ClusterId: '{% $v_Cluster %}', StepId: '{% $f_T.id %}' }, Next: 'T: step wait' });
  });

  test('runs two steps one after the other; they are one attempt', () => {
    const states = emr({}, [EmrStep.command(['one']), EmrStep.jar({ jar: 's3://code/a.jar', mainClass: 'Main', properties: { day: '#{@scheduledEndTime}' } })]);
    expect(states.T).toEqual(addStep('T: step 1', ['one'], { Assign: { t_T: `{% ${ENTERED} %}` }, Next: 'T: step 2' }));
    const step = addStep('T: step 2', [], {
      // What the first step has left of the attempt.
      TimeoutSeconds: '{% $max([1, 3600 - $floor(($millis() - $toMillis($t_T)) / 1000)]) %}', Assign: { r_T: finished('$a_T', '$t_T') }, Next: 'T: settle',
    });
    const jar = { Jar: 's3://code/a.jar', MainClass: 'Main', Args: [], Properties: [{ Key: 'day', Value: '{% $scheduledEndTime %}' }] };
    expect(states['T: step 2']).toEqual({ ...step, Arguments: { ...step.Arguments, Step: { ...step.Arguments.Step, HadoopJarStep: jar } } });
  });

  test('leaves a guard behind for terminateAfter, and takes it away', () => {
    const states = emr({ terminateAfter: Duration.hours(1) }, [EmrStep.command(['one'])]);
    expect(states['T: acquire'].Next).toBe('T: guard');
    expect(states['T: guard']).toEqual({
      Type: 'Task',
      Resource: sdk('aws-sdk:scheduler:createSchedule'),
      Arguments: {
        Name: '{% $substring($run, 0, 44) & "." & $v_Cluster %}',
        GroupName: 'PRunGuards',
        ScheduleExpression: '{% "at(" & $fromMillis($max([$toMillis($lt_Cluster) + 3600000, $millis() + 60000]), "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]") & ")" %}',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:emr:terminateJobFlows', RoleArn: 'PRunGuardRole.Arn', Input: '{% $string({"JobFlowIds": [$v_Cluster]}) %}',
        },
      },
      Retry: [TRANSIENT],
      Catch: catchAll('T'),
      Output: {},
      Next: 'T',
    });
    expect(states['Cluster: release'].Next).toBe('Cluster: unguard');
    expect(states['Cluster: unguard']).toEqual({
      Type: 'Task',
      Resource: sdk('aws-sdk:scheduler:deleteSchedule'),
      Arguments: { Name: '{% $substring($run, 0, 44) & "." & $v_Cluster %}', GroupName: 'PRunGuards' },
      Retry: [{ ErrorEquals: ['Scheduler.ResourceNotFoundException'], MaxAttempts: 0 }, TRANSIENT],
      Catch: catchAll('Cluster: settle'),
      Output: {},
      Next: 'Cluster: settle',
    });
    expect((states['T: alive?'].Choices as State[])[1]).toEqual({
      Condition: '{% $millis() - $toMillis($lt_Cluster) >= 3600000 %}',
      Assign: { r_T: expect.stringContaining('"status": $a_T > 1 ? "FAILED" : "CANCELED", "attempts": $a_T - 1, "reason": "Cluster: terminateAfter of 1 hour passed"') },
      Next: 'T: settle',
    });
  });
});

test('a load is one transaction under a token of its attempt, asked for until it has ended', () => {
  const scope = pipeline();
  const database = new RedshiftDatabase(scope, 'Db', { clusterId: 'c', databaseName: 'dev', username: 'loader' });
  new RedshiftCopyActivity(scope, 'L', {
    input: new S3DataNode(scope, 'Raw', { directoryPath: 's3://data/#{@scheduledStartTime}/' }),
    output: new RedshiftDataNode(scope, 'Orders', { database, tableName: 'orders' }),
    insertMode: RedshiftInsertMode.TRUNCATE,
    attemptTimeout: Duration.hours(2),
    maximumRetries: 0,
  });
  const elapsed = '(($millis() - $toMillis($t_L)) / 1000)';
  const again = (startTime = ENTERED) => [{
    ErrorEquals: ['States.ALL'], Assign: { e_L: `{% {"status": ${CAUGHT}, "reason": ${REASON}, "startTime": ${startTime}} %}` }, Next: 'L: retry?',
  }];
  const late = { e_L: '{% {"status": "TIMEDOUT", "reason": "attemptTimeout of " & 7200 & " s passed", "startTime": $t_L} %}' };
  const { 'L: ready?': _, 'L: settle': __, ...states } = objectStates(scope);
  expect(states).toEqual({
    'L': {
      Type: 'Task',
      Resource: sdk('aws-sdk:redshiftdata:batchExecuteStatement'),
      Arguments: {
        Database: 'dev',
        ClusterIdentifier: 'c',
        DbUser: 'loader',
        Sqls: [
          'DELETE FROM "orders"',
          '{% "COPY \\"orders\\" FROM " & "\'" & $replace($replace(("s3://data/" & $scheduledStartTime & "/"), "\'", "\'\'"), "\\\\", "\\\\\\\\") & "\'" & " IAM_ROLE default" %}',
        ],
        StatementName: '{% $run & "/" & "L" & "/" & $string($a_L) %}',
        ClientToken: '{% $hash($states.context.Execution.Id & "/" & "L" & "/" & $string($a_L), "SHA-256") %}',
      },
      Retry: [TRANSIENT],
      Catch: again(),
      Assign: { id_L: '{% $states.result.Id %}', t_L: `{% ${ENTERED} %}`, tf_L: `{% $tf_L = "" ? ${ENTERED} : $tf_L %}` },
      Output: {},
      Next: 'L: wait',
    },
    'L: wait': { Type: 'Wait', Seconds: `{% $max([2, $min([$floor((($millis() - $toMillis($tf_L)) / 1000) * 0.100), $ceil(7200 - ${elapsed})])]) %}`, Next: 'L: describe' },
    'L: describe': {
      Type: 'Task',
      Resource: sdk('aws-sdk:redshiftdata:describeStatement'),
      Arguments: { Id: '{% $id_L %}' },
      Retry: [TRANSIENT],
      Catch: again('$t_L'),
      Assign: { d_L: '{% {"status": $states.result.Status, "error": $states.result.Error & ""} %}' },
      Output: {},
      Next: 'L: outcome?',
    },
    'L: outcome?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $d_L.status = "FINISHED" %}', Assign: { r_L: finished('$a_L', '$t_L') }, Next: 'L: settle' },
        {
          Condition: '{% $d_L.status in ["FAILED", "ABORTED"] %}',
          Assign: { e_L: '{% {"status": "FAILED", "reason": $substring("Redshift: " & $d_L.status & ": " & $d_L.error, 0, 500), "startTime": $t_L} %}' },
          Next: 'L: retry?',
        },
        { Condition: `{% ${elapsed} >= 7200 %}`, Next: 'L: cancel' },
      ],
      Default: 'L: wait',
    },
    'L: cancel': {
      Type: 'Task',
      Resource: sdk('aws-sdk:redshiftdata:cancelStatement'),
      Arguments: { Id: '{% $id_L %}' },
      Retry: [TRANSIENT],
      Catch: catchAll('L: retry?', { Assign: late }),
      Assign: late,
      Output: {},
      Next: 'L: retry?',
    },
    'L: retry?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $a_L <= 0 %}', Next: 'L: retry delay' }],
      Assign: { r_L: failed('$e_L.status', '$a_L', '$e_L.reason', '$e_L.startTime') },
      Default: 'L: settle',
    },
    'L: retry delay': { Type: 'Wait', Seconds: 60, Assign: { a_L: '{% $a_L + 1 %}' }, Next: 'L' },
  });
});

describe('nesting', () => {
  const leave = (...ids: string[]) => ({ End: true as const, Output: `{% {${ids.map((id) => `"${id}": $r_${id}`).join(', ')}} %}` });
  const branch = (id: string, end: string) => ({
    StartAt: `${id}: ready?`,
    States: {
      [`${id}: ready?`]: ready(id, id, end),
      [id]: shellTask(id, `${id}: settle`),
      [`${id}: settle`]: settle(id, leave(id), end),
      [end]: { Type: 'Pass', ...leave(id) },
    },
  });
  const parallel = (number: number, branches: Json[], next: string) => ({
    [`Run: parallel ${number}`]: {
      Type: 'Parallel', Arguments: {}, Branches: branches, Assign: { [`p_${number}`]: '{% $merge($states.result) %}' }, Output: {}, Next: next,
    },
  });

  test('a sequence is one state after the other', () => {
    const scope = pipeline();
    shell(scope, 'B', { dependsOn: [shell(scope, 'A')] });
    const states = objectStates(scope);
    expect(Object.keys(states)).toEqual(['A: ready?', 'A', 'A: settle', 'B: ready?', 'B', 'B: settle']);
    expect(states['A: settle']).toEqual(settle('A', { Next: 'B: ready?' }));
    expect(states['B: settle']).toEqual(settle('B', { Next: 'Run: result' }));
  });

  test('what waits for nothing runs side by side, and each branch returns its own results only', () => {
    const scope = pipeline();
    ['A', 'B'].forEach((id) => shell(scope, id));
    expect(objectStates(scope)).toEqual(parallel(1, [branch('A', 'Run: branch 1.1'), branch('B', 'Run: branch 1.2')], 'Run: result'));
    expect(runMachine(scope).States['Run: result'].Assign).toEqual({ result: expect.stringContaining('$activities := $merge([{}, $p_1]);') });
  });

  test('a parallel node within a branch merges into the results of the branch', () => {
    const scope = pipeline();
    const a = shell(scope, 'A');
    ['B', 'C'].forEach((id) => shell(scope, id, { dependsOn: [a] }));
    shell(scope, 'D');
    const [{ Branches: [first, second] }] = Object.values(objectStates(scope)) as unknown as [{ Branches: Definition[] }];
    expect(Object.keys(first.States)).toEqual(['A: ready?', 'A', 'A: settle', 'Run: parallel 2', 'Run: branch 1.1']);
    expect(first.States['A: settle']).toEqual(settle('A', { Next: 'Run: parallel 2' }));
    expect(first.States['Run: parallel 2']).toMatchObject({ Next: 'Run: branch 1.1', Assign: { p_2: '{% $merge($states.result) %}' } });
    expect(first.States['Run: branch 1.1']).toEqual({ Type: 'Pass', End: true, Output: '{% $merge([{"A": $r_A}, $p_2]) %}' });
    expect(second).toEqual(branch('D', 'Run: branch 1.2'));
  });

  test('who comes after a parallel node reads its results from there', () => {
    const scope = pipeline();
    shell(scope, 'Z', { dependsOn: ['A', 'B'].map((id) => shell(scope, id)) });
    const open = (id: string) => `$not($lookup($p_1, "${id}").status = "FINISHED")`;
    expect((objectStates(scope)['Z: ready?'].Choices as State[])[1].Condition).toBe(`{% ${open('A')} or ${open('B')} %}`);
  });
});
