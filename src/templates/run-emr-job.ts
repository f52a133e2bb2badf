import { Construct } from 'constructs';
import { EmrActivity } from '../activities/emr-activity';
import { EmrStep } from '../activities/emr-step';
import { Pipeline, PipelineProps } from '../pipeline';
import { EmrCluster, EmrClusterProps } from '../resources/emr-cluster';

/** Props of RunEmrJob. */
export interface RunEmrJobProps extends PipelineProps {
  /** The steps, one after the other. */
  readonly steps: EmrStep[];

  /**
   * The cluster: its applications, nodes and bootstrap actions.
   *
   * @default - of EmrCluster
   */
  readonly emrCluster?: EmrClusterProps;
}

/**
 * Runs steps on an EMR cluster that is launched for them, and ended after.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-template-emr.html
 */
export class RunEmrJob extends Pipeline {
  /** The cluster; grant it what the steps read and write. */
  public readonly cluster: EmrCluster;

  /** The steps. */
  public readonly activity: EmrActivity;

  constructor(scope: Construct, id: string, props: RunEmrJobProps) {
    super(scope, id, props);
    this.cluster = new EmrCluster(this, 'Cluster', props.emrCluster);
    this.activity = new EmrActivity(this, 'Job', { runsOn: this.cluster, steps: props.steps });
  }
}
