/**
 * A precondition: one Task that is retried until it holds, one transition a check; or a loop, where the resource may die that it is checked on.
 *
 * Checks come with growing delays up to a ceiling that keeps all preconditions of a run within the history of an execution.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { INVALID_TASK, PRECONDITION_NOT_HELD, PRECONDITION_TIMED_OUT } from '../../contract/errors';
import type { PipelineObject } from '../../pipeline-object';
import { Precondition } from '../../preconditions/precondition';
import { ANY_ERROR, Asl, Fragment, jsonata, merged, States } from '../asl';
import { SHARE } from '../history';
import { stateName, variableName } from '../names';
import { resourceOfCheck } from '../sharing';
import { Check } from '../work';
import { checkOnResource, EVENTS_PER_LOOP, growingDelay } from './check-on-resource';
import { Exit, goTo, RunContext } from './context';
import { Deadline, race } from './deadline';
import { failed, finished, RETRY_ATTEMPT } from './result';
import { Settlement } from './settle';
import { queuedTask } from './task-runner';
import { JobSite } from './work';

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
  /** What follows instead where it is CANCELED for want of its resource. */
  readonly canceled?: Pick<Guard, 'fails' | 'onFailure'>;
  /** By when it must hold, and where it goes on if it does not. */
  readonly until?: { readonly deadline: Deadline; readonly assign: Asl; readonly next: string };
  /** JSONata, in milliseconds: when the guarded object became ready. */
  readonly ready: string;
}

export function renderPrecondition(context: RunContext, precondition: Precondition, guard: Guard): { start: string; states: States } {
  const settings = context.settings(precondition._props);
  const resource = resourceOfCheck(precondition);
  const held = resource ? holdBack(context, precondition, guard) : { exit: guard.fails, states: {}, results: [...guard.onFailure.keys()] };
  const settled = new Settlement(context, precondition, settings, { success: guard.holds, failure: held.exit });
  context.askingEvents.push(eventsPerCheck(precondition) * checksAtMost(context, precondition, timeoutOf(precondition)));
  const inside = guard.until ? context.inner() : context;
  const checked = resource ? checkOnResource(loopSite(inside, precondition, settled, guard.ready), precondition, resource)
    : retriedCheck(inside, precondition, settled, guard);
  const { start, states } = guard.until ? race({
    context,
    inside,
    object: precondition,
    ways: [{ next: settled.success, results: [precondition] }, { next: settled.failure, results: [precondition, ...held.results] }],
    ...guard.until,
  }, checked) : checked;
  return { start, states: merged(states, settled.states, held.states) };
}

function retriedCheck(context: RunContext, precondition: Precondition, settled: Settlement, { ready, onFailure }: Guard): Fragment {
  const name = stateName(precondition.objectId);
  const result = context.result(precondition);
  const timeout = timeoutOf(precondition);
  const deadline = timeout === undefined ? undefined : `$fromMillis(${deadlineMillis(ready, timeout)})`;
  const task: Asl = {
    Type: 'Task',
    ...checkTask(context, precondition, precondition._check(), deadline),
    Retry: retries(context, precondition, timeout),
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [result]: failed(RETRY_ATTEMPT), ...assigned(context, onFailure) }, Next: settled.failure }],
    Assign: { [result]: finished(RETRY_ATTEMPT) },
    Output: {},
    Next: settled.success,
  };
  return { start: name, states: { [name]: task } };
}

/** A loop has no Catch that could say what becomes of others: a state after it does. */
function holdBack(context: RunContext, precondition: Precondition, { fails, onFailure, canceled }: Guard) {
  const name = stateName(precondition.objectId, 'hold back');
  const usual = { Assign: assigned(context, onFailure), Output: {} };
  const rule = canceled && {
    Condition: jsonata(`$${context.result(precondition)}.status = "CANCELED"`), Assign: assigned(context, canceled.onFailure), Output: {}, Next: canceled.fails.next,
  };
  const state: Asl = rule ? { Type: 'Choice', ...usual, Choices: [rule], Default: fails.next } : { Type: 'Pass', ...usual, Next: fails.next };
  return { exit: goTo(name), states: { [name]: state }, results: [] };
}

function assigned(context: RunContext, results: Guard['onFailure']): Asl {
  return Object.fromEntries([...results].map(([object, value]) => [context.result(object), value]));
}

function loopSite(context: RunContext, precondition: Precondition, settled: Settlement, ready: string): JobSite {
  const timeout = timeoutOf(precondition);
  const { retryDelay, maximumRetries = UNLIMITED } = precondition._props;
  const until = timeout === undefined ? undefined : deadlineMillis(ready, timeout);
  return {
    context,
    activity: precondition,
    settings: {
      maximumRetries: until === undefined ? maximumRetries : `($millis() >= ${until} ? 0 : ${maximumRetries})`,
      retryDelay: retryDelay?.toSeconds() ?? growingDelay(precondition, FIRST_DELAY, GROWTH, ceiling(context, precondition, timeout)),
    },
    deadline: until && `$fromMillis(${until})`,
    settled,
  };
}

function deadlineMillis(ready: string, timeout: number): string {
  return `${ready} + ${timeout * 1000}`;
}

/** The variable that holds the time at which a guarded object became ready, in milliseconds. */
export function readyVariable(id: string): string {
  return variableName('ready', id);
}

function checkTask(context: RunContext, precondition: Precondition, check: Check, deadline?: string): Asl {
  const { attemptTimeout, reportProgressTimeout } = precondition._props;
  if (check.kind === 'emrSteps') throw new Error(`${precondition.node.path} is checked on a cluster`);
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

function retries(context: RunContext, precondition: Precondition, timeout?: number): Asl[] {
  const { _props: props } = precondition;
  const notYet = props.retryDelay
    ? { IntervalSeconds: props.retryDelay.toSeconds(), BackoffRate: 1 }
    : { IntervalSeconds: FIRST_DELAY, BackoffRate: GROWTH, MaxDelaySeconds: ceiling(context, precondition, timeout) };
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
function ceiling(context: RunContext, precondition: Precondition, timeout?: number): number {
  const checks = SHARE.checks / eventsPerCheck(precondition) / context.asking.preconditions;
  return Math.max(CEILING, Math.ceil(longest(context, timeout) / checks));
}

function longest(context: RunContext, timeout?: number): number {
  return timeout ?? context.pipeline._defaults.runTimeout.toSeconds();
}

function eventsPerCheck(precondition: Precondition): number {
  return resourceOfCheck(precondition) ? EVENTS_PER_LOOP : EVENTS_PER_CHECK;
}

function checksAtMost(context: RunContext, precondition: Precondition, timeout?: number): number {
  const { retryDelay, maximumRetries = Infinity } = precondition._props;
  const delay = retryDelay?.toSeconds() ?? ceiling(context, precondition, timeout);
  return Math.min(maximumRetries, Math.ceil(longest(context, timeout) / delay));
}

/** The preconditions of an object one after the other: those that AWS answers first, then those that need a host. */
export function inOrder(preconditions: readonly Precondition[]): Precondition[] {
  const onHost = (precondition: Precondition) => Number(precondition._check().kind !== 'function');
  return [...preconditions].sort((a, b) => onHost(a) - onHost(b));
}

