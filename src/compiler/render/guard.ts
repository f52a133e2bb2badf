/**
 * One-time schedules that end a resource at its `terminateAfter`, or when it is late, even if the run no longer can. Each is named `<run>.<resource id>`, so
 * that whoever clears up after the run finds it when the resource is long gone.
 */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RunContext } from './context';
import { callsOf } from './resource-calls';
import { ResourceVariables } from './resource-variables';
import type { Pipeline } from '../../pipeline';
import { ANY_ERROR, Asl, jsonata, TRANSIENT_RETRY } from '../asl';
import { TransientResource } from '../work';

/** Not in the past, which Scheduler refuses. */
const SOONEST_MILLISECONDS = 60_000;
/** Of the 64 characters of a schedule's name, what the id of a resource leaves. */
const RUN_LENGTH = 44;

/** JSONata of what the names of a run's one-time schedules begin with. No `.` comes after it: those are of reruns. */
export function guardPrefix(run: string): string {
  return `$substring(${run}, 0, ${RUN_LENGTH}) & "."`;
}

/** `end` is JSONata of when, in milliseconds. */
export function guard(context: RunContext, resource: TransientResource, variables: ResourceVariables, end: string, next: string): Asl {
  const { group, role } = context.pipeline._guards();
  const { endAt } = callsOf(resource);
  const at = `$fromMillis($max([${end}, $millis() + ${SOONEST_MILLISECONDS}]), "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]")`;
  context.allow(
    new PolicyStatement({ actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'], resources: [schedulesOf(context.pipeline, group)] }),
    new PolicyStatement({
      actions: ['iam:PassRole'], resources: [role.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  );
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:scheduler:createSchedule'),
    Arguments: {
      Name: jsonata(guardName(variables)),
      GroupName: group,
      ScheduleExpression: jsonata(`"at(" & ${at} & ")"`),
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: `arn:${context.partition}:scheduler:::aws-sdk:${endAt.action}`,
        RoleArn: role.roleArn,
        Input: jsonata(`$string(${endAt.input(`$${variables.id}`)})`),
      },
    },
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

export function unguard(context: RunContext, variables: ResourceVariables, next: string): Asl {
  return {
    Type: 'Task',
    Resource: context.resource('aws-sdk:scheduler:deleteSchedule'),
    Arguments: { Name: jsonata(guardName(variables)), GroupName: context.pipeline._guards().group },
    Retry: [{ ErrorEquals: ['Scheduler.ResourceNotFoundException'], MaxAttempts: 0 }, TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Output: {},
    Next: next,
  };
}

function guardName(variables: ResourceVariables): string {
  return `${guardPrefix('$run')} & $${variables.id}`;
}

/** ARN of all one-time schedules of a pipeline. */
export function schedulesOf(pipeline: Pipeline, group: string): string {
  return Stack.of(pipeline).formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${group}/*` });
}
