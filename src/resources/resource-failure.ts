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
   *
   * Those that had finished run first, one after the other, in the order of their dependencies; those at work or still to come have the new
   * cluster then. They stay FINISHED, with the times that they have, and their actions are not repeated: what has begun after them elsewhere
   * goes on with what it saw, while their output may be written once more. So their steps must bear being run twice. If one of them fails
   * for good now, the others at work have FAILED and those to come are CANCELED. Nothing is launched where no activity needs the cluster
   * any more, nor more often than the cluster's `maximumRetries`: then it has FAILED.
   */
  RETRY_ALL = 'retryall',
  /** It is not launched again: the activities at work on it have FAILED, those still to come are CANCELED. */
  RETRY_NONE = 'retrynone',
}
