/** One-time schedules that end a cluster at its `terminateAfter` even if the run no longer can. Each is named after its cluster. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ANY_ERROR, Asl, jsonata, TRANSIENT_RETRY } from '../asl';
import { RunContext } from './context';
import { ClusterVariables } from './emr-cluster';

/** Not in the past, which Scheduler refuses. */
const SOONEST_MILLISECONDS = 60_000;

export function guard(context: RunContext, variables: ClusterVariables, terminateAfter: number, next: string): Asl {
  const { group, role } = context.pipeline._guards();
  const at = `$fromMillis($max([$toMillis($${variables.launched}) + ${terminateAfter}, $millis() + ${SOONEST_MILLISECONDS}]), "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]")`;
  context.allow(
    new PolicyStatement({ actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'], resources: [scheduleArn(context, group)] }),
    new PolicyStatement({
      actions: ['iam:PassRole'], resources: [role.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  );
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:scheduler:createSchedule'),
    Arguments: {
      Name: jsonata(`$${variables.cluster}`),
      GroupName: group,
      ScheduleExpression: jsonata(`"at(" & ${at} & ")"`),
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: `arn:${context.partition}:scheduler:::aws-sdk:emr:terminateJobFlows`,
        RoleArn: role.roleArn,
        Input: jsonata(`$string({"JobFlowIds": [$${variables.cluster}]})`),
      },
    },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

export function unguard(context: RunContext, variables: ClusterVariables, next: string): Asl {
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:scheduler:deleteSchedule'),
    Arguments: { Name: jsonata(`$${variables.cluster}`), GroupName: context.pipeline._guards().group },
    Retry: [{ ErrorEquals: ['Scheduler.ResourceNotFoundException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

function scheduleArn(context: RunContext, group: string): string {
  return Stack.of(context.pipeline).formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${group}/*` });
}
