/** The document that Task Runner receives, and the Task that hands it over. */
import { Duration } from 'aws-cdk-lib';
import { INVALID_TASK } from '../../contract/errors';
import type { CommonTask } from '../../contract/task';
import { invalid } from '../../errors';
import type { PipelineObject } from '../../pipeline-object';
import { ANY_ERROR, Asl, field, jsonata } from '../asl';
import { listField } from '../list-field';
import { stateName } from '../names';
import { argumentField, isComposed, isSplit } from '../step-argument';
import { isText, TextRenderer } from '../text';
import { TaskArgument, TaskRunnerWork } from '../work';
import { RunContext } from './context';
import { failed, finished, RETRY_ATTEMPT } from './result';
import { JobSite, WorkFragment, WorkSite } from './work';

/** An activity's task for those that poll for it. */
export function renderQueued({ context, activity, settings, settled }: WorkSite, work: TaskRunnerWork, attemptTimeout?: number): WorkFragment {
  const name = stateName(activity.objectId);
  const result = context.result(activity);
  const task: Asl = {
    Type: 'Task',
    ...queuedTask(context, activity, work, { attemptTimeout }),
    Retry: [
      { ErrorEquals: [INVALID_TASK, 'States.QueryEvaluationError'], MaxAttempts: 0 },
      { ErrorEquals: ANY_ERROR, IntervalSeconds: settings.retryDelay, MaxAttempts: settings.maximumRetries, BackoffRate: 1 },
    ],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: failed(RETRY_ATTEMPT) }, Next: settled.failure }],
    Assign: { [result]: finished(RETRY_ATTEMPT) },
    Output: {},
    Next: settled.success,
  };
  return { start: name, states: { [name]: task }, assign: {} };
}

/** `deadline` is JSONata. */
export function queuedTask(
  context: RunContext, object: PipelineObject, work: TaskRunnerWork, { deadline, attemptTimeout }: { deadline?: string; attemptTimeout?: number },
): Asl {
  return {
    Resource: work.host._queueArn ?? noQueue(object, work),
    Arguments: taskDocument(context, object, work, RETRY_ATTEMPT, deadline),
    ...taskLimits(work.reportProgressTimeout, attemptTimeout),
  };
}

function noQueue(object: PipelineObject, { host, task }: TaskRunnerWork): never {
  throw invalid(object, 'runsOn', `no Task Runner polls there for a task of kind ${String(task.kind)}; got: ${host.node.path}; give a WorkerGroup`);
}

/** `attempt` and `deadline` are JSONata. */
export function taskDocument(
  context: RunContext, object: JobSite['activity'], { task, reportProgressTimeout }: TaskArgument, attempt: string, deadline?: string,
): Asl {
  const common: { readonly [name in keyof Omit<CommonTask, 'kind'>]: unknown } = {
    version: 1,
    pipeline: context.pipeline.pipelineName,
    object: object.objectId,
    run: jsonata('$run'),
    attempt: jsonata(attempt),
    logUri: context.logUri(object, attempt),
    reportProgressTimeoutSeconds: reportProgressTimeout.toSeconds(),
  };
  return { ...common, ...rendered(context.texts, task) as Asl, ...deadline ? { deadline: jsonata(deadline) } : {} };
}

function rendered(texts: TextRenderer, value: unknown): unknown {
  if (isText(value) || isComposed(value) || isSplit(value)) return argumentField(texts, value);
  if (typeof value === 'string') return field(value);
  if (Array.isArray(value)) return listField(texts, value, (item) => rendered(texts, item));
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(given.map(([name, part]) => [name, rendered(texts, part)]));
}

/** TimeoutSeconds and HeartbeatSeconds count from the moment that a Task Runner takes the task. */
export function taskLimits(reportProgressTimeout: Duration, attemptTimeout?: number): Asl {
  const heartbeat = reportProgressTimeout.toSeconds();
  return {
    ...(attemptTimeout === undefined ? {} : { TimeoutSeconds: attemptTimeout }),
    ...(attemptTimeout === undefined || heartbeat < attemptTimeout ? { HeartbeatSeconds: heartbeat } : {}),
  };
}
