import { Duration } from 'aws-cdk-lib';

/** How Task Runner runs on the hosts of a WorkerGroup that AWS Systems Manager manages. */
export interface WorkerGroupHosts {
  /**
   * How many tasks a host does at a time: 1 to 100. (Task Runner's option `--tasks`.)
   *
   * @default 2
   */
  readonly tasks?: number;

  /**
   * User of the host that Task Runner and the commands of tasks run as, made where it is missing: a lower-case letter or `_`, then lower-case
   * letters, digits, `_` and `-`; 32 at most.
   *
   * @default - data-pipeline
   */
  readonly user?: string;

  /**
   * How long tasks may go on when the host shuts down or the service is stopped, before they fail, for a retry elsewhere: whole seconds,
   * one day at most. An upgrade of Task Runner does not hasten: it waits for the tasks, a day at most.
   *
   * @default Duration.minutes(5)
   */
  readonly drainTimeout?: Duration;

  /**
   * How often State Manager looks whether Task Runner is installed as it should be, and sets it right: `rate(30 minutes)` at the most often,
   * or a `cron(...)`. A deployment that changes it is applied at once.
   *
   * @default - rate(1 hour)
   */
  readonly scheduleExpression?: string;

  /**
   * How many hosts may register with one activation of AWS Systems Manager, to be of this group: 1 to 1000. An activation is renewed before
   * its 30 days end, and counts from none again.
   *
   * @default - 10; no activation where `role` is given
   */
  readonly registrationLimit?: number;
}
