import { Construct } from 'constructs';
import { Activity } from './activity';
import type { ClusterActivityProps } from './cluster-activity-props';
import { clusterWork, shellStep, stepsHost } from './cluster-work';
import { EmrStep } from './emr-step';
import { Work } from '../compiler/work';
import { given, invalid } from '../errors';
import { inherited } from '../parent';

/** Props of an EmrActivity. The steps name the data nodes themselves (an S3DataNode's `uri`). */
export interface EmrActivityProps extends ClusterActivityProps {
  /** Steps, run one after the other; a repeated attempt runs all of them. Field `step`. */
  readonly steps: EmrStep[];

  /**
   * Commands for `bash` on the cluster's primary node, or the host, before the steps. Take expressions, which come to letters, digits and what else
   * has no meaning for a shell, or the attempt fails.
   *
   * @default - none
   */
  readonly preStepCommand?: string[];

  /**
   * The same after the steps.
   *
   * @default - none
   */
  readonly postStepCommand?: string[];
}

/**
 * Runs steps on a transient EMR cluster, or on the hosts of a WorkerGroup: `command-runner.jar` is its arguments there, run as a command,
 * and any other jar is run by `hadoop jar`.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-emractivity.html
 */
export class EmrActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, props: EmrActivityProps) {
    props = inherited(scope, id, EmrActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    stepsHost(this, props);
    if (!props.steps?.length) throw invalid(this, 'steps', `is empty; got: ${given(props.steps)}; give at least one EmrStep`);
    const steps = props.steps.flatMap((step) => step._bind(this));
    if (steps.length === 0) throw invalid(this, 'steps', 'is empty; got: an array parameter without values; give it one at least');
    this.work = clusterWork(this, props, [
      ...(props.preStepCommand ?? []).map((command) => shellStep(this, 'preStepCommand', command)),
      ...steps,
      ...(props.postStepCommand ?? []).map((command) => shellStep(this, 'postStepCommand', command)),
    ]);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }
}
