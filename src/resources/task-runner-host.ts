import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import type { Pipeline } from '../pipeline';

/** Where Task Runner does tasks: the hosts of a WorkerGroup, an Ec2Resource, or the primary node of an EmrCluster. */
export interface ITaskRunnerHost extends IConstruct, IGrantable {
  /** The pipeline that it belongs to. */
  readonly pipeline: Pipeline;

  /** Its id in the pipeline. */
  readonly objectId: string;

  /** ARN of the Step Functions activity that its Task Runners poll, where they do.
   * @internal */
  readonly _queueArn?: string;
}
