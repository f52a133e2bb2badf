import { Duration } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import type { Pipeline } from '../pipeline';

/** How long a Task Runner may be silent where nothing says so. */
export const REPORT_PROGRESS_TIMEOUT = Duration.minutes(5);

/** Where Task Runner does tasks: the hosts of a WorkerGroup, an Ec2Resource, or the primary node of an EmrCluster. */
export interface ITaskRunnerHost extends IConstruct, IGrantable {
  /** The pipeline that it belongs to. */
  readonly pipeline: Pipeline;

  /** Its id in the pipeline. */
  readonly objectId: string;

  /** ARN of the Step Functions activity that its Task Runners poll, where they do.
   * @internal */
  readonly _queueArn?: string;

  /** How long it may be silent at a task that does not say so.
   * @internal */
  readonly _reportProgressTimeout?: Duration;
}
