/** JSONata of an object's result, as `ObjectResult` of the contract. Evaluated in the Assign of the state that knows it. */
import { ObjectStatus } from '../../contract/run';
import { jsonataString } from '../../expression/value';
import { jsonata, jsonataObject, jsonataStrings, TIMEOUTS } from '../asl';

export const REASON_LENGTH = 500;

/** When the state began that evaluates it, or the last attempt at it. */
export const ENTERED = '$states.context.State.EnteredTime';

/** The attempt that a state's Retry has come to. */
export const RETRY_ATTEMPT = '($states.context.State.RetryCount + 1)';

/** The object never began. */
export function untried(status: ObjectStatus, reason?: string): object | string {
  return reason === undefined ? { status, attempts: 0 } : jsonata(jsonataObject({ status: `"${status}"`, attempts: '0', reason }));
}

/** JSONata of the result that an object keeps from an earlier execution of the run, where it does. `id` is its own. */
export function kept(id: string): string {
  return `$lookup($kept, ${jsonataString(id)})`;
}

export function finished(attempts: string, startTime = ENTERED): string {
  return jsonata(jsonataObject({ status: '"FINISHED"', attempts, startTime, endTime: '$now()' }));
}

/** In a Catch: the error that ended the last attempt. */
export function failed(attempts: string): string {
  return failedWith(CAUGHT_STATUS, CAUGHT_REASON, attempts);
}

export function failedWith(status: string, reason: string, attempts: string, startTime = ENTERED): string {
  return jsonata(jsonataObject({ status, attempts, reason, startTime, endTime: '$now()' }));
}

/** In a Catch: TIMEDOUT or FAILED. */
export const CAUGHT_STATUS = `($states.errorOutput.Error in ${jsonataStrings(TIMEOUTS)} ? "TIMEDOUT" : "FAILED")`;

/** In a Catch: `<error>: <cause>`. Some errors have no cause. */
export const CAUGHT_REASON = reasonOf('$states.errorOutput.Cause');

/** In a Catch of an EMR step, whose cause describes all of the step: what it says of the failure, where it says so. */
export const CAUGHT_STEP_REASON = `(
  $details := $match($states.errorOutput.Cause & "", /"FailureDetails":\\{.*?\\}/)[0].match;
  ${reasonOf('$exists($details) ? $details : $states.errorOutput.Cause')}
)`.replace(/\s+/g, ' ');

function reasonOf(cause: string): string {
  return `$substring($join([$states.errorOutput.Error, ${cause}], ": "), 0, ${REASON_LENGTH})`;
}
