import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { invalid } from './errors';

const MAXIMUM_RETRIES = 100;

/** Throws unless the number of retries is whole and within what Step Functions can count through in a run. */
export function checkRetries(object: Construct, props: { readonly maximumRetries?: number; readonly retryDelay?: Duration }): void {
  const { maximumRetries, retryDelay } = props;
  if (maximumRetries !== undefined && !(Number.isInteger(maximumRetries) && maximumRetries >= 0 && maximumRetries <= MAXIMUM_RETRIES)) {
    throw invalid(object, 'maximumRetries', `is a whole number from 0 to ${MAXIMUM_RETRIES}; got: ${maximumRetries}`);
  }
  checkDuration(object, 'retryDelay', retryDelay, 1);
}

/** Throws unless a duration is a whole number of seconds, and no shorter than `least`. */
export function checkDuration(object: Construct, prop: string, duration: Duration | undefined, least: number): void {
  if (!duration || duration.isUnresolved()) return;
  const seconds = duration.toMilliseconds() / 1000;
  if (!Number.isInteger(seconds) || seconds < least) {
    throw invalid(object, prop, `is a whole number of seconds, at least ${least}; got: ${seconds} s`);
  }
}
