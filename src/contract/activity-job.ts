/** What an execution is told that does the work of one activity. */
export interface ActivityJob {
  readonly object: string;
  readonly run: string;
  /** When the Run table forgets the run, in seconds since 1970, as text. */
  readonly expiresAt: string;
  /** The result that the activity has already, because it was held back; empty where it has none. */
  readonly held: object;
  /** By the ids of its preconditions: their statuses. Left out: it has none. */
  readonly preconditions?: object;
  /** By the ids of the data nodes that it writes: what they are if it fails. Left out: it writes none. */
  readonly output?: object;
  /** Whether these data nodes are CASCADE_FAILED if the activity is CANCELED. Left out: as if it had failed. */
  readonly cascadesWhenCanceled?: boolean;
  /** Left out: the pipeline's. */
  readonly maximumRetries?: number;
  /** In seconds. Left out: the pipeline's. */
  readonly retryDelay?: number;
  /** In seconds. Left out: the pipeline's. */
  readonly attemptTimeout?: number;
}

/** Steps on a cluster. */
export interface StepsJob extends ActivityJob {
  /** As AddJobFlowSteps takes them, but for what it does when one fails. */
  readonly steps: readonly object[];
}

/** Statements that are one transaction in a database. */
export interface LoadJob extends ActivityJob {
  /** Where the Redshift Data API finds the database. */
  readonly target: object;
  readonly statements: readonly string[];
}
