/**
 * Names of errors that cross a process. A Retry or Catch in a state machine names them; a Lambda function throws an Error
 * with that `name`; Task Runner answers SendTaskFailure with that `error`.
 */

/** A precondition that does not hold yet. Retried. */
export const PRECONDITION_NOT_HELD = 'DataPipeline.PreconditionNotHeld';
/** A precondition that did not hold before its preconditionTimeout. Not retried. */
export const PRECONDITION_TIMED_OUT = 'DataPipeline.PreconditionTimedOut';
/** A command that ended with an exit code other than 0, or by a signal. Retried. */
export const COMMAND_FAILED = 'DataPipeline.CommandFailed';
/** Copying inputs, outputs or a script between S3 and the host failed. Retried. */
export const STAGING_FAILED = 'DataPipeline.StagingFailed';
/** What a CopyActivity reads could not be read, or what it writes not be written. Retried. */
export const COPY_FAILED = 'DataPipeline.CopyFailed';
/** Task Runner was stopped before the work was done. Retried. */
export const TASK_RUNNER_STOPPED = 'DataPipeline.TaskRunnerStopped';
/** A task or request whose document is not one this version understands. Not retried. */
export const INVALID_TASK = 'DataPipeline.InvalidTask';
