/** JSONata of an object's result, as `ObjectResult` of the contract. Evaluated in the Assign of the state that knows it. */
import { ObjectStatus } from '../../contract/run';
import { jsonata, jsonataObject } from '../asl';

const REASON_LENGTH = 500;
const ENTERED = '$states.context.State.EnteredTime';

/** The attempt that a state's Retry has come to. */
export const RETRY_ATTEMPT = '($states.context.State.RetryCount + 1)';

/** The object never began, or had finished in an earlier execution. */
export function untried(status: ObjectStatus, reason?: string): object | string {
  return reason === undefined ? { status, attempts: 0 } : jsonata(jsonataObject({ status: `"${status}"`, attempts: '0', reason }));
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
export const CAUGHT_STATUS = '($states.errorOutput.Error in ["States.Timeout", "States.HeartbeatTimeout"] ? "TIMEDOUT" : "FAILED")';

/** In a Catch: `<error>: <cause>`. Some errors have no cause. */
export const CAUGHT_REASON = `$substring($join([$states.errorOutput.Error, $states.errorOutput.Cause], ": "), 0, ${REASON_LENGTH})`;
