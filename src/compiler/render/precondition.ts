/**
 * A precondition: one Task that is retried until it holds, one transition a check.
 *
 * Checks come with growing delays up to a ceiling that keeps all preconditions of a run within the history of an execution.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { INVALID_TASK, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../contract/errors';
import type { PipelineObject } from '../../pipeline-object';
import { Precondition } from '../../preconditions/precondition';
import { ANY_ERROR, Asl, jsonata, merged, States } from '../asl';
import { SHARE } from '../history';
import { stateName, variableName } from '../names';
import { Check } from '../work';
import { Exit, RunContext } from './context';
import { Deadline, race } from './deadline';
import { failed, finished, RETRY_ATTEMPT } from './result';
import { Settlement } from './settle';
import { queuedTask } from './task-runner';

const FIRST_DELAY = 30;
const GROWTH = 1.5;
const CEILING = 300;
const EVENTS_PER_CHECK = 4;
const UNLIMITED = 1_000_000;
const OTHER_ERRORS = 8;

/** What follows a precondition, and what becomes of the object that it guards if it fails. */
export interface Guard {
  readonly holds: Exit;
  readonly fails: Exit;
  /** What becomes of others when it has failed. */
  readonly onFailure: ReadonlyMap<PipelineObject, object | string>;
  /** By when it must hold, and where it goes on if it does not. */
  readonly until?: { readonly deadline: Deadline; readonly assign: Asl; readonly next: string };
  /** JSONata, in milliseconds: when the guarded object became ready. */
  readonly ready: string;
}

export function renderPrecondition(context: RunContext, precondition: Precondition, guard: Guard): { start: string; states: States } {
  const settings = context.settings(precondition._props);
  const settled = new Settlement(context, precondition, settings, { success: guard.holds, failure: guard.fails });
  context.askingEvents.push(EVENTS_PER_CHECK * checksAtMost(context, precondition, timeoutOf(precondition)));
  const name = stateName(precondition.objectId);
  const inside = guard.until ? context.inner() : context;
  const result = inside.result(precondition);
  const others = [...guard.onFailure].map(([object, value]) => [inside.result(object), value] as const);
  const timeout = timeoutOf(precondition);
  const deadline = timeout === undefined ? undefined : `$fromMillis(${guard.ready} + ${timeout * 1000})`;
  const task: Asl = {
    Type: 'Task',
    ...checkTask(context, precondition, precondition._check(), deadline),
    Retry: retries(context, precondition, timeout),
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: failed(RETRY_ATTEMPT), ...Object.fromEntries(others) }, Next: settled.failure }],
    Assign: { [result]: finished(RETRY_ATTEMPT) },
    Output: {},
    Next: settled.success,
  };
  const checked = { start: name, states: { [name]: task } };
  const { start, states } = guard.until ? race({
    context,
    inside,
    object: precondition,
    ways: [{ next: settled.success, results: [precondition] }, { next: settled.failure, results: [precondition, ...guard.onFailure.keys()] }],
    ...guard.until,
  }, checked) : checked;
  return { start, states: merged(states, settled.states) };
}

/** The variable that holds the time at which a guarded object became ready, in milliseconds. */
export function readyVariable(id: string): string {
  return variableName('ready', id);
}

function checkTask(context: RunContext, precondition: Precondition, check: Check, deadline?: string): Asl {
  const { attemptTimeout, reportProgressTimeout } = precondition._props;
  if (check.kind === 'taskRunner') return queuedTask(context, precondition, check, { deadline, attemptTimeout: attemptTimeout?.toSeconds() });
  const checker = context.pipeline._preconditionChecker(check.role);
  context.allow(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [checker.functionArn] }));
  const texts = Object.entries(check.texts).map(([name, text]) => [name, context.texts.field(text)]);
  const payload = { kind: check.check, ...Object.fromEntries(texts), ...(deadline ? { deadline: jsonata(deadline) } : {}) };
  const limits = [attemptTimeout, reportProgressTimeout].flatMap((each) => each?.toSeconds() ?? []);
  return {
    Resource: context.resource('lambda:invoke'),
    Arguments: { FunctionName: checker.functionArn, Payload: payload },
    ...limits.length ? { TimeoutSeconds: Math.min(...limits) } : {},
  };
}

function retries(context: RunContext, { _props: props }: Precondition, timeout?: number): Asl[] {
  const notYet = props.retryDelay
    ? { IntervalSeconds: props.retryDelay.toSeconds(), BackoffRate: 1 }
    : { IntervalSeconds: FIRST_DELAY, BackoffRate: GROWTH, MaxDelaySeconds: ceiling(context, timeout) };
  return [
    { ErrorEquals: [PRECONDITION_TIMED_OUT, INVALID_TASK, 'States.QueryEvaluationError'], MaxAttempts: 0 },
    { ErrorEquals: [PRECONDITION_NOT_HELD], ...notYet, MaxAttempts: props.maximumRetries ?? UNLIMITED },
    { ErrorEquals: ANY_ERROR, IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: CEILING, MaxAttempts: OTHER_ERRORS, JitterStrategy: 'FULL' },
  ];
}

function timeoutOf({ _props }: Precondition): number | undefined {
  return _props.preconditionTimeout?.toSeconds();
}

/** At least five minutes, or what keeps the checks of all preconditions within their share of the history if all wait to the end. */
function ceiling(context: RunContext, timeout?: number): number {
  const checks = SHARE.checks / EVENTS_PER_CHECK / context.asking.preconditions;
  return Math.max(CEILING, Math.ceil(longest(context, timeout) / checks));
}

function longest(context: RunContext, timeout?: number): number {
  return timeout ?? context.pipeline._defaults.runTimeout.toSeconds();
}

function checksAtMost(context: RunContext, { _props: { retryDelay, maximumRetries = Infinity } }: Precondition, timeout?: number): number {
  const delay = retryDelay?.toSeconds() ?? ceiling(context, timeout);
  return Math.min(maximumRetries, Math.ceil(longest(context, timeout) / delay));
}

/** The preconditions of an object one after the other: those that AWS answers first, then those that need a host. */
export function inOrder(preconditions: readonly Precondition[]): Precondition[] {
  const onHost = (precondition: Precondition) => Number(precondition._check().kind === 'taskRunner');
  return [...preconditions].sort((a, b) => onHost(a) - onHost(b));
}

