/** The hourly log ETL of examples/, by hand: the same waits, retries, alarms and statuses, and an end for the cluster whatever happens. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Chain, Choice, Condition, IntegrationPattern, StateMachine, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService, EmrAddStep, EmrCreateCluster, EmrTerminateCluster, StepFunctionsInvokeActivity } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { ByHand } from './by-hand';

const CLUSTER = '{% $cluster %}';
const STEPS = [['hadoop', 'fs', '-rm', '-r', '-f', 's3://data/clean/'], ['hadoop-streaming', '-input', 's3://data/raw/', '-output', 's3://data/clean/']];

export function logEtlByHand(app = new App()): StateMachine {
  const byHand = new ByHand(new Stack(app, 'ByHand', { env: { account: '111111111111', region: 'us-east-1' } }));
  const { scope } = byHand;
  const waiting = StepFunctionsInvokeActivity.jsonata(scope, 'LogsWaiting', { activity: byHand.hosts, outputs: {} });
  waiting.addRetry({ errors: ['NotYet'], interval: Duration.seconds(30), backoffRate: 1.5, maxDelay: Duration.minutes(5), maxAttempts: 80 });
  return byHand.machine(byHand.settled('LogsWaiting', waiting)
    .next(byHand.command('Extract'))
    .next(transform(byHand))
    .next(complete(byHand))
    .next(load(byHand)));
}

/** Launches the cluster, carries out its steps, and ends it: then too when a step has failed for good. */
function transform(byHand: ByHand): Chain {
  const { scope } = byHand;
  const create = EmrCreateCluster.jsonata(scope, 'Create cluster', {
    name: 'log-etl',
    releaseLabel: 'emr-7.14.0',
    applications: [{ name: 'Hadoop' }],
    visibleToAllUsers: true,
    outputs: {},
    instances: { masterInstanceType: 'm5.xlarge', slaveInstanceType: 'm5.xlarge', instanceCount: 3 },
    autoTerminationPolicyIdleTimeout: Duration.hours(1),
    assign: { cluster: '{% $states.result.ClusterId %}' },
  });
  create.addRetry({ maxAttempts: 2 });
  create.addCatch(byHand.failed('Cluster'));
  const end = (id: string) => EmrTerminateCluster.jsonata(scope, id, {
    clusterId: CLUSTER, integrationPattern: IntegrationPattern.REQUEST_RESPONSE, outputs: {},
  });
  const failed = end('End cluster after a failure').next(byHand.failed('Transform'));
  const steps = STEPS.map(([jar, ...args], index) => {
    const step = EmrAddStep.jsonata(scope, `Step ${index + 1}`, {
      clusterId: CLUSTER, name: `step ${index + 1}`, jar: 'command-runner.jar', args: [jar, ...args], outputs: {},
    });
    step.addRetry({ maxAttempts: 2, interval: Duration.minutes(5), backoffRate: 1 });
    step.addCatch(failed);
    return step;
  });
  return Chain.start(create).next(steps[0]).next(steps[1]).next(end('End cluster'))
    .next(byHand.status('Transform', 'Transform status', 'FINISHED')).next(byHand.status('Cluster', 'Cluster status', 'FINISHED'));
}

function complete(byHand: ByHand): Chain {
  const head = CallAwsService.jsonata(byHand.scope, 'CleanComplete', {
    service: 's3', action: 'headObject', parameters: { Bucket: 'data', Key: 'clean/_SUCCESS' }, iamResources: ['arn:aws:s3:::data/*'], outputs: {},
  });
  head.addRetry({ errors: ['S3.NoSuchKeyException'], interval: Duration.seconds(30), backoffRate: 1.5, maxDelay: Duration.minutes(5), maxAttempts: 20 });
  return byHand.settled('CleanComplete', head);
}

/** Starts the statements and asks for their end. */
function load(byHand: ByHand): Chain {
  const { scope } = byHand;
  type Fields = { [name: string]: unknown };
  const call = (id: string, action: string, parameters: Fields, assign?: Fields) => CallAwsService.jsonata(scope, id, {
    service: 'redshiftdata', action, parameters, iamResources: ['*'], outputs: '{% $states.result %}', assign,
  });
  const start = call('Load', 'batchExecuteStatement', { Database: 'shop', WorkgroupName: 'analytics', Sqls: ['COPY ...'] }, { statement: '{% $states.result.Id %}' });
  const ask = call('Ask for the end', 'describeStatement', { Id: '{% $statement %}' });
  const failed = byHand.failed('Load');
  for (const task of [start, ask]) {
    task.addRetry({ maxAttempts: 2 });
    task.addCatch(failed);
  }
  const finished = byHand.status('Load', 'Load status', 'FINISHED');
  const wait = Wait.jsonata(scope, 'Wait for the end', { time: WaitTime.duration(Duration.seconds(10)) });
  const ended = Choice.jsonata(scope, 'Ended?')
    .when(Condition.jsonata('{% $states.input.Status = "FINISHED" %}'), finished)
    .when(Condition.jsonata('{% $states.input.Status in ["FAILED", "ABORTED"] %}'), failed)
    .otherwise(wait);
  start.next(wait).next(ask).next(ended);
  return Chain.sequence(start, finished);
}
