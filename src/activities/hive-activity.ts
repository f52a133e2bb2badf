import { Construct } from 'constructs';
import { Activity } from './activity';
import { clusterWork, stepsHost } from './cluster-work';
import { stageInHive } from './hive-staging';
import { hiveStep } from './hive-step';
import type { ScriptProps } from './script-props';
import { scriptDefinitions } from './script-variables';
import { HiveScript } from '../compiler/hive-script';
import { checkText } from '../compiler/text';
import { Step, Work } from '../compiler/work';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';
import { inherited } from '../parent';

/** Props of a HiveActivity: exactly one of `hiveScript` and `scriptUri`. */
export interface HiveActivityProps extends ScriptProps {
  /**
   * Statements of HiveQL. Takes expressions: within quotes of HiveQL, whatever they come to stays within them; elsewhere they come to
   * letters, digits, `_`, `.`, `:`, `+` and `-`, or the attempt fails.
   *
   * @default - `scriptUri` is given
   */
  readonly hiveScript?: string;

  /**
   * Queue of YARN that the script's jobs are submitted to. Goes with the cluster's `hadoopSchedulerType`.
   *
   * @default - the scheduler's default queue
   */
  readonly hadoopQueue?: string;
}

/**
 * Runs a script of Hive on an EmrCluster, or on the hosts of a WorkerGroup. `${input1}`, `${input2}`, ... in it are tables of its inputs, `${output1}`, ... of its outputs,
 * with the columns of their `dataFormat`: one named `record`, the whole line, where there is none. Hive reads the columns of a CSV as
 * STRING, whatever their types. A table in DynamoDB has a column `item`, the whole item, unless its format is `DataFormat.dynamoDb`.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-hiveactivity.html
 */
export class HiveActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, props: HiveActivityProps) {
    props = inherited(scope, id, HiveActivity, props);
    super(scope, id, props, props.input ?? [], props.output ?? []);
    this.work = clusterWork(this, props, [this.step(props)]);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private step(props: HiveActivityProps): Step {
    const { hiveScript, scriptUri, hadoopQueue } = props;
    if ((hiveScript === undefined) === (scriptUri === undefined)) {
      throw invalid(this, 'hiveScript', `exactly one of hiveScript and scriptUri says what to run; got: ${hiveScript === undefined ? 'none' : 'both'}`);
    }
    if (hiveScript?.trim() === '') throw invalid(this, 'hiveScript', `is empty; got: "${hiveScript}"; give statements of HiveQL`);
    if (scriptUri !== undefined) S3Location.of(this, 'scriptUri', scriptUri).grantRead(stepsHost(this, props));
    const script = new HiveScript(this);
    const { tables, statements } = props.stage ?? true ? stageInHive(this, script) : { tables: {}, statements: [] };
    const own = hiveScript === undefined ? [] : [script.own('hiveScript', hiveScript)];
    const settings = hadoopQueue === undefined ? [] : ['mapreduce.job.queuename', 'tez.queue.name'].map((name) => `${name}=${hadoopQueue}`);
    const names = Object.entries(tables).map(([name, table]) => `${name}=${table}`);
    const definitions = [...names, ...scriptDefinitions(this, props, /^((in|out)put|datapipeline_)\d+$/)];
    return hiveStep(this, props, script, [...statements, ...own], {
      settings, definitions, scriptUri: scriptUri === undefined ? undefined : checkText(this, 'scriptUri', scriptUri),
    });
  }
}
