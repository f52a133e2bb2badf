import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Action } from './actions/action';
import { Terminate } from './actions/terminate';
import { given, invalid } from './errors';
import { PipelineObject } from './pipeline-object';
import type { ITaskRunnerHost } from './resources/task-runner-host';
import type { LateProps, OutcomeProps } from './runnable';

const MAXIMUM_RETRIES = 100;

/** Throws unless the number of retries is whole and within what Step Functions can count through in a run. */
export function checkRetries(object: Construct, props: { readonly maximumRetries?: number; readonly retryDelay?: Duration }): void {
  const { maximumRetries, retryDelay } = props;
  if (maximumRetries !== undefined && !(Number.isInteger(maximumRetries) && maximumRetries >= 0 && maximumRetries <= MAXIMUM_RETRIES)) {
    throw invalid(object, 'maximumRetries', `is a whole number from 0 to ${MAXIMUM_RETRIES}; got: ${maximumRetries}`);
  }
  checkDuration(object, 'retryDelay', retryDelay, 1);
}

/** Throws if what comes of an object is to be terminated: it has ended then. */
export function checkActions(object: Construct, { onFail = [], onSuccess = [], onLateAction = [] }: OutcomeProps & LateProps): void {
  for (const [prop, actions] of Object.entries({ onFail, onSuccess, onLateAction })) {
    const other: unknown = actions.find((action) => !(action instanceof Action));
    if (other !== undefined) throw invalid(object, prop, `takes actions; got: ${given(other)}; give an SnsAlarm`);
  }
  for (const [prop, actions] of Object.entries({ onFail, onSuccess })) {
    if (actions.some(isTerminate)) {
      throw invalid(object, prop, 'takes no Terminate, which ends what is late; got: Terminate; name it in onLateAction');
    }
  }
}

/** Throws unless an object has both a lateness and something to do about it, its own or the pipeline's, or gives none of them. */
export function checkLate(object: PipelineObject, own: LateProps, { lateAfterTimeout, onLateAction = [] }: LateProps): void {
  checkDuration(object, 'lateAfterTimeout', own.lateAfterTimeout, 1);
  if (!lateAfterTimeout && own.onLateAction?.length) {
    throw invalid(object, 'onLateAction', 'says what to do when the object is late; got: no lateAfterTimeout; give that too');
  }
  if (own.lateAfterTimeout && onLateAction.length === 0) {
    throw invalid(object, 'lateAfterTimeout', `got: ${own.lateAfterTimeout.toHumanString()}, and nothing to do then; give onLateAction`);
  }
  checkDue(object, own, object.pipeline._runs.due);
}

/** Throws if something is to be done about what is late where nothing is due. */
export function checkDue(object: Construct, { lateAfterTimeout, onLateAction = [] }: LateProps, due?: string): void {
  if (due || !lateAfterTimeout && onLateAction.length === 0) return;
  throw invalid(object, 'lateAfterTimeout', 'counts from the due time of an interval, and a pipeline on demand has none; leave it out, or give the pipeline a schedule');
}

export function isTerminate(action: Action): boolean {
  return action instanceof Terminate;
}

/** Throws unless a duration is a whole number of seconds, and no shorter than `least`. */
export function checkDuration(object: Construct, prop: string, duration: Duration | undefined, least: number): void {
  if (!duration || duration.isUnresolved()) return;
  const seconds = duration.toMilliseconds() / 1000;
  if (!Number.isInteger(seconds) || seconds < least) {
    throw invalid(object, prop, `is a whole number of seconds, at least ${least}; got: ${seconds} s`);
  }
}

const MAXIMUM_ACTIVE_INSTANCES = 100;

/** Throws unless the number of runs at work at a time is whole and what one decision of the Starter can start. */
export function checkActiveInstances(object: Construct, maxActiveInstances?: number): void {
  if (maxActiveInstances === undefined) return;
  if (Number.isInteger(maxActiveInstances) && maxActiveInstances >= 1 && maxActiveInstances <= MAXIMUM_ACTIVE_INSTANCES) return;
  throw invalid(object, 'maxActiveInstances', `is a whole number from 1 to ${MAXIMUM_ACTIVE_INSTANCES}; got: ${maxActiveInstances}`);
}

/** The host itself, if Task Runner does tasks there, in the same pipeline; else throws. `why` says what for. */
export function requireHost(object: PipelineObject, host: ITaskRunnerHost | undefined, why: string): ITaskRunnerHost {
  if (!(host instanceof PipelineObject && 'grantPrincipal' in host)) {
    throw invalid(object, 'runsOn', `${why}; got: ${given(host)}; give a WorkerGroup, an Ec2Resource or an EmrCluster`);
  }
  object._requireSamePipeline('runsOn', [host]);
  return host;
}
