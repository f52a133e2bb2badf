/**
 * What becomes of a resource when an activity on it has failed.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-emrcluster.html
 */
export enum ActionOnTaskFailure {
  /** It goes on: other activities run on it. */
  CONTINUE = 'continue',
  /** The first activity that has failed for good ends it: activities that are at work on it or still to come are CANCELED. */
  TERMINATE = 'terminate',
}

/** What becomes of the activities of a run when the resource that they run on dies. */
export enum ActionOnResourceFailure {
  /**
   * It is launched again, and all its activities of the run run again, those that had finished too: what they left on it is gone.
   * The activities must come one right after the other in one sequence, without a Terminate: none can run again once others have gone on
   * with what it made.
   */
  RETRY_ALL = 'retryall',
  /** It is not launched again: the activities at work on it have FAILED, those still to come are CANCELED. */
  RETRY_NONE = 'retrynone',
}
