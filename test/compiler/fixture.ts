// Stack traces of constructs cost more than the constructs.
process.env.CDK_DISABLE_STACK_TRACE ??= '1';

import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Pipeline, PipelineProps, S3DataNode, Schedule, ShellCommandActivity, ShellCommandActivityProps, WorkerGroup } from '../../src';

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
export const LOG_BUCKET = 'logs';

/** A stack `Stack` with a pipeline `Stack/P` that makes as little as it can. */
export function pipeline(props: Partial<PipelineProps> = {}, stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } })): Pipeline {
  return new Pipeline(stack, 'P', {
    schedule: Schedule.onDemand(),
    pipelineName: 'p',
    logBucket: Bucket.fromBucketName(stack, 'Logs', LOG_BUCKET),
    retryDelay: Duration.minutes(1),
    ...props,
  });
}

/** The pipeline's worker group `Hosts`. */
export function hosts(scope: Pipeline): WorkerGroup {
  return scope.node.tryFindChild('Hosts') as WorkerGroup ?? new WorkerGroup(scope, 'Hosts');
}

export function shell(scope: Pipeline, id: string, props: Partial<ShellCommandActivityProps> = {}): ShellCommandActivity {
  return new ShellCommandActivity(scope, id, { runsOn: hosts(scope), ...props.scriptUri ? {} : { command: `do ${id}` }, ...props });
}

/** A data node at `s3://data/<id>/`. */
export function folder(scope: Pipeline, id: string): S3DataNode {
  return new S3DataNode(scope, id, { directoryPath: `s3://data/${id}/` });
}
