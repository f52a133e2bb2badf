import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RUN_TASK } from './cluster-task-script';
import { TaskRunnerAsset } from './task-runner-asset';
import { ITaskRunnerHost } from './task-runner-host';
import { scriptAsset } from '../activities/script-asset';
import { S3Location } from '../data-nodes/s3-location';
import type { PipelineObject } from '../pipeline-object';

/** Task Runner for the steps of a cluster: the cluster may fetch it, and write the logs of tasks. */
export class ClusterTaskRunner extends Construct {
  /** URI of the script that runs it for one task. */
  public readonly scriptUri: string;
  /** Arguments of the script, before the task. */
  public readonly scriptArguments: string[];

  constructor(cluster: PipelineObject & ITaskRunnerHost, id: string) {
    super(cluster, id);
    const script = scriptAsset(cluster, 'sh', RUN_TASK);
    const asset = new TaskRunnerAsset(this, 'Bundle');
    script.grantRead(cluster);
    const bundle = S3Location.of(cluster, 'Task Runner', `s3://${asset.s3BucketName}/${asset.s3ObjectKey}`);
    bundle.grantRead(cluster);
    cluster.pipeline._logs.grantWrite(cluster);
    this.scriptUri = script.uri;
    this.scriptArguments = [bundle.uri, asset.checksum, Stack.of(this).region];
  }
}
