import { Construct } from 'constructs';
import { Activity, ActivityProps } from './activity';
import { EmrStep } from './emr-step';
import { EmrStepWork, Work } from '../compiler/work';
import { DataNode } from '../data-nodes/data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { invalid } from '../errors';
import { EmrCluster } from '../resources/emr-cluster';

/** Props of an EmrActivity. */
export interface EmrActivityProps extends ActivityProps {
  /** The cluster that the steps run on; launched for the run, and shared with the other activities that name it. */
  readonly runsOn: EmrCluster;

  /** Steps, run one after the other; a repeated attempt runs all of them. Field `step`. */
  readonly steps: EmrStep[];

  /**
   * Data nodes that the steps read. The cluster may read them; the steps name them (an S3DataNode's `uri`).
   *
   * @default - none
   */
  readonly input?: DataNode[];

  /**
   * Data nodes that the steps write. The cluster may write them; the steps name them.
   *
   * @default - none
   */
  readonly output?: DataNode[];
}

/**
 * Runs steps on a transient EMR cluster.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-emractivity.html
 */
export class EmrActivity extends Activity {
  private readonly cluster: EmrCluster;
  private readonly steps: EmrStepWork[];

  constructor(scope: Construct, id: string, props: EmrActivityProps) {
    super(scope, id, props, props.input ?? [], props.output ?? []);
    if (!props.runsOn) throw invalid(this, 'runsOn', 'steps need a cluster to run on; got: nothing; give an EmrCluster');
    this._requireSamePipeline('runsOn', [props.runsOn]);
    if (props.steps.length === 0) throw invalid(this, 'steps', 'is empty; got: []; give at least one EmrStep');
    this.cluster = props.runsOn;
    this.cluster._serve(props.maximumRetries);
    const name = (index: number): string => props.steps.length === 1 ? this.objectId : `${this.objectId}: step ${index + 1}`;
    this.steps = props.steps.map((step, index) => step._bind(this, name(index)));
    this.input.filter((node) => node instanceof S3DataNode).forEach((node) => node._location.grantRead(this.cluster));
    this.output.filter((node) => node instanceof S3DataNode).forEach((node) => node._location.grantCommit(this.cluster));
  }

  /** @internal */
  public _work(): Work {
    return { kind: 'emrSteps', cluster: this.cluster, steps: this.steps };
  }
}
