import { Clock } from './clock';
import { Answer } from './errors';
import { Signal } from './signals';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a Task state asks of a service. */
export interface TaskRequest {
  /** As in the definition: `arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken`. */
  readonly resource: string;
  /** `aws-sdk:dynamodb`, `elasticmapreduce`, `lambda`, `states`, `sns`, ... */
  readonly service: string;
  /** `updateItem`, `createCluster`, ... without the pattern. */
  readonly action: string;
  readonly pattern?: 'sync' | 'sync:2' | 'waitForTaskToken';
  /** Evaluated. */
  readonly arguments: Json;
  /** For waitForTaskToken. */
  readonly taskToken?: string;
  readonly executionArn: string;
  readonly stateName: string;
  readonly clock: Clock;
  /** Aborted when the state times out or its execution is stopped. */
  readonly signal: Signal;
  /** For sync: notes the service's immediate answer in the history, where the handler has one. */
  readonly submitted?: (answer: Json) => void;
}

/**
 * Answers a task. What it resolves to is the task's result (with waitForTaskToken: the answer to the submission, whose result
 * comes through the token).
 */
export type TaskHandler = (request: TaskRequest) => Promise<Json>;

/** How a handler fails a task: with the error name and the cause that the service integration would give. */
export class TaskFailure extends Answer {
  constructor(readonly error: string, readonly cause: string) {
    super(`${error}: ${cause}`);
    this.name = 'TaskFailure';
  }
}
