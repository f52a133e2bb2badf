import { Duration } from 'aws-cdk-lib';
import type { ActivityProps } from './activity';
import type { ShellScriptConfig } from './shell-script-config';
import type { DataNode } from '../data-nodes/data-node';
import type { ITaskRunnerHost } from '../resources/task-runner-host';

/** Props of all that an EmrCluster does, or the hosts of a WorkerGroup that have Hadoop. */
export interface OnClusterProps extends ActivityProps {
  /**
   * What does the work: an EmrCluster, launched for the run and shared with the other activities that name it; or a WorkerGroup on whose
   * hosts are the programs that the steps call, such as the primary node of a cluster that is always there. Task Runner runs them there one
   * after the other, with the credentials and configuration of the host. Field `runsOn` or `workerGroup`.
   */
  readonly runsOn: ITaskRunnerHost;

  /**
   * How long the Task Runner of a WorkerGroup may be silent before the attempt counts as lost: TIMEDOUT, and it may be repeated. Task Runner
   * reports by itself while the steps run. At least 10 seconds; not with an EmrCluster, which the run itself asks.
   *
   * @default - Duration.minutes(5) with a WorkerGroup
   */
  readonly reportProgressTimeout?: Duration;

  /**
   * Script that runs on the cluster's primary node, or the host, before each attempt.
   *
   * @default - none
   */
  readonly preActivityTaskConfig?: ShellScriptConfig;

  /**
   * Script that runs on the cluster's primary node, or the host, after the work is done.
   *
   * @default - none
   */
  readonly postActivityTaskConfig?: ShellScriptConfig;

  /**
   * Whether core nodes are added to the cluster before each attempt: one for each 1,000 units of provisioned capacity that the work may take
   * of its tables in Amazon DynamoDB (`readThroughputPercent`, `writeThroughputPercent`). None is removed, and tables on demand ask for none.
   * The cluster is an EmrCluster with a `coreInstanceCount`.
   *
   * @default false
   */
  readonly resizeClusterBeforeRunning?: boolean;

  /**
   * How many core nodes that makes at most: 1 or more.
   *
   * @default - as many as it takes
   */
  readonly resizeClusterMaxInstances?: number;
}

/** Props of an activity on a cluster that reads and writes any data nodes. */
export interface ClusterActivityProps extends OnClusterProps {
  /**
   * Data nodes that are read; the cluster may read them.
   *
   * @default - none
   */
  readonly input?: DataNode[];

  /**
   * Data nodes that are written; the cluster may write them.
   *
   * @default - none
   */
  readonly output?: DataNode[];
}
