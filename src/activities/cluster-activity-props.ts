import type { ActivityProps } from './activity';
import type { ShellScriptConfig } from './shell-script-config';
import type { DataNode } from '../data-nodes/data-node';
import type { EmrCluster } from '../resources/emr-cluster';

/** Props of all that an EmrCluster does. */
export interface OnClusterProps extends ActivityProps {
  /** The cluster that does the work; launched for the run, and shared with the other activities that name it. */
  readonly runsOn: EmrCluster;

  /**
   * Script that runs on the cluster's primary node before each attempt.
   *
   * @default - none
   */
  readonly preActivityTaskConfig?: ShellScriptConfig;

  /**
   * Script that runs on the cluster's primary node after the work is done.
   *
   * @default - none
   */
  readonly postActivityTaskConfig?: ShellScriptConfig;

  /**
   * Whether core nodes are added to the cluster before each attempt: one for each 1,000 units of provisioned capacity that the work may take
   * of its tables in Amazon DynamoDB (`readThroughputPercent`, `writeThroughputPercent`). None is removed, and tables on demand ask for none.
   * The cluster has a `coreInstanceCount`.
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

/** Props of an activity on an EmrCluster that reads and writes any data nodes. */
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
