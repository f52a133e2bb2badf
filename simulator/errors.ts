/** A state machine's definition is not one that the simulator interprets, or not a valid one. */
export class DefinitionError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.length === 1 ? problems[0] : `${problems.length} problems:\n  ${problems.join('\n  ')}`);
    this.name = 'DefinitionError';
  }
}

/** An error that a run is made of. It has no stack trace: to make one takes longer than all else that comes of it. */
export class Answer extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A state failed with an error that Retry and Catch can name. */
export class StateError extends Answer {
  constructor(readonly error?: string, readonly cause?: string) {
    super([error, cause].filter(Boolean).join(': '));
    this.name = 'StateError';
  }
}

/** An error that ends the execution: no Retry or Catch sees it. */
export class FatalStateError extends StateError {
  constructor(error: string, cause: string) {
    super(error, cause);
    this.name = 'FatalStateError';
  }
}

/** Why a signal aborted: the work behind it no longer matters to anyone. */
export class Aborted extends Answer {
  constructor(reason: string) {
    super(reason);
    this.name = 'Aborted';
  }
}

/** An answer of the service's API that is an error: `ExecutionAlreadyExists`, `InvalidToken`, `TaskTimedOut`, ... */
export class ServiceError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
    this.name = code;
  }
}

export const TIMEOUT = 'States.Timeout';
export const HEARTBEAT_TIMEOUT = 'States.HeartbeatTimeout';
export const TASK_FAILED = 'States.TaskFailed';
export const ALL = 'States.ALL';
export const RUNTIME = 'States.Runtime';
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';
export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError';
