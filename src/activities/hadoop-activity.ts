import { Construct } from 'constructs';
import { Activity } from './activity';
import type { ClusterActivityProps } from './cluster-activity-props';
import { clusterWork, stepsHost } from './cluster-work';
import { checkList, checkText } from '../compiler/text';
import { Step, Work } from '../compiler/work';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import { inherited } from '../parent';

/** Props of a HadoopActivity. */
export interface HadoopActivityProps extends ClusterActivityProps {
  /** S3 URI of the jar, which the cluster may read, or the path of one on the cluster. Takes expressions. */
  readonly jarUri: string;

  /**
   * Main class.
   *
   * @default - the one that the jar names
   */
  readonly mainClass?: string;

  /**
   * Arguments. Take expressions; no shell reads them.
   *
   * @default - none
   */
  readonly argument?: string[];

  /**
   * Queue of YARN that the job is submitted to, by `-D mapreduce.job.queuename` before the arguments: for a jar that takes Hadoop's
   * generic options. Goes with the cluster's `hadoopSchedulerType`.
   *
   * @default - the scheduler's default queue
   */
  readonly hadoopQueue?: string;
}

/**
 * Runs a MapReduce job on an EmrCluster, or on the hosts of a WorkerGroup.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-hadoopactivity.html
 */
export class HadoopActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, props: HadoopActivityProps) {
    props = inherited(scope, id, HadoopActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    this.work = clusterWork(this, props, [this.job(props)]);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private job(props: HadoopActivityProps): Step {
    const { jarUri, mainClass, hadoopQueue, argument = [] } = props;
    const cluster = stepsHost(this, props);
    if (!/^(s3:|\/|[^:]+\.jar$)/.test(jarUri)) throw invalid(this, 'jarUri', `is an S3 URI, or a path on the cluster; got: "${jarUri}"; give "s3://<bucket>/<key>"`);
    if (jarUri.startsWith('s3:')) S3Location.of(this, 'jarUri', jarUri).grantRead(cluster);
    const queue = hadoopQueue === undefined ? [] : ['-D', `mapreduce.job.queuename=${hadoopQueue}`];
    const jar = checkText(this, 'jarUri', jarUri);
    const args = checkList(this, 'argument', [...queue, ...argument]);
    return (name) => ({ name, jar, mainClass, args, properties: {} });
  }
}
