import { Duration } from 'aws-cdk-lib';
import { Action } from './actions/action';

/**
 * What happens to the consumers of an object that fails.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-manage-cascade-failandrerun.html
 */
export enum FailureAndRerunMode {
  /** They stay WAITING_ON_DEPENDENCIES. */
  NONE = 'none',
  /** They become CASCADE_FAILED, and their `onFail` actions fire. */
  CASCADE = 'cascade',
}

/** Props of everything that may fail. Where one is left out, the pipeline's counts. */
export interface OutcomeProps {
  /**
   * What happens to the consumers if this object fails. On a cluster or an instance, CASCADE is for the consumers of activities that
   * are CANCELED, as they are where it could not be launched, has died or has been ended, whatever their own mode is.
   *
   * @default - the pipeline's: FailureAndRerunMode.NONE
   */
  readonly failureAndRerunMode?: FailureAndRerunMode;

  /**
   * What to do when the object has failed for good.
   *
   * @default - the pipeline's
   */
  readonly onFail?: Action[];

  /**
   * What to do when the object has finished.
   *
   * @default - the pipeline's
   */
  readonly onSuccess?: Action[];
}

/** Props of what has to finish in time. Where one is left out, the pipeline's counts. */
export interface LateProps {
  /**
   * How long after its due time the object must have finished: 1 second or longer. It is due at the start of the run's interval, or
   * at its end where the schedule has the type TIMESERIES; in a run that was asked for later, by a backfill, a rerun or as a missed
   * interval, when the run begins; a pipeline on demand has no due time. Goes with `onLateAction`.
   *
   * @default - the pipeline's: the object is never late
   */
  readonly lateAfterTimeout?: Duration;

  /**
   * What to do when the run is at work by then and the object has not finished: whether it waits, runs or is tried again.
   *
   * @default - the pipeline's: nothing
   */
  readonly onLateAction?: Action[];
}

/** Props of everything that is tried again when it fails. Where one is left out, the pipeline's counts. */
export interface RunnableProps extends OutcomeProps {
  /**
   * How often a failed attempt is repeated: 0 to 100.
   *
   * @default - the pipeline's: 3
   */
  readonly maximumRetries?: number;

  /**
   * Time between two attempts, 1 second or longer.
   *
   * @default - the pipeline's: 10 minutes
   */
  readonly retryDelay?: Duration;
}
