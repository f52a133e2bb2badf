import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Order } from './orders';
import { Activity, FailureAndRerunMode, Pipeline, Schedule, ShellCommandActivity, SnsAlarm, WorkerGroup } from '../src';

/** A pipeline of commands on hosts, with retries, an alarm and a status for each. */
export function pipelineOf(order: Order, app = new App()): Pipeline {
  const stack = new Stack(app, 'Library', { env: { account: '111111111111', region: 'us-east-1' } });
  const pipeline = new Pipeline(stack, 'P', {
    schedule: Schedule.onDemand(),
    pipelineName: 'p',
    logBucket: Bucket.fromBucketName(stack, 'Logs', 'logs'),
    maximumRetries: 2,
    retryDelay: Duration.minutes(5),
    failureAndRerunMode: FailureAndRerunMode.CASCADE,
    onFail: [new SnsAlarm({ topic: new Topic(stack, 'Alarms') })],
  });
  const hosts = new WorkerGroup(pipeline, 'Hosts');
  const activities: Activity[] = [];
  order.forEach((before, index) => activities.push(new ShellCommandActivity(pipeline, `A${index}`, {
    runsOn: hosts, command: `do-${index}`, dependsOn: before.map((other) => activities[other]),
  })));
  return pipeline;
}
