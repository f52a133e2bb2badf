/** What an execution is told that does the steps of one activity on a cluster. */
export interface ActivityJob {
  readonly object: string;
  readonly run: string;
  /** When the Run table forgets the run, in seconds since 1970, as text. */
  readonly expiresAt: string;
  /** The result that the activity has already, because it was held back; empty where it has none. */
  readonly held: object;
  /** Left out: the pipeline's. */
  readonly maximumRetries?: number;
  /** In seconds. Left out: the pipeline's. */
  readonly retryDelay?: number;
  /** In seconds. Left out: the pipeline's. */
  readonly attemptTimeout?: number;
  /** As AddJobFlowSteps takes them, but for what it does when one fails. */
  readonly steps: readonly object[];
}
