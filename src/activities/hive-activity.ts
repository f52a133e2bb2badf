import { Construct } from 'constructs';
import { Activity } from './activity';
import { clusterOf, clusterWork, commandStep } from './cluster-work';
import { stageInHive } from './hive-staging';
import { scriptAsset } from './script-asset';
import type { ScriptProps } from './script-props';
import { scriptDefinitions } from './script-variables';
import { HiveScript } from '../compiler/hive-script';
import { StepArgument } from '../compiler/step-argument';
import { EmrWork, Work } from '../compiler/work';
import { S3Location } from '../data-nodes/s3-location';
import { invalid } from '../errors';

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
 * Runs a script of Hive on an EmrCluster. `${input1}`, `${input2}`, ... in it are tables of its inputs, `${output1}`, ... of its outputs,
 * with the columns of their `dataFormat`: one named `record`, the whole line, where there is none. Hive reads the columns of a CSV as
 * STRING, whatever their types. A table in DynamoDB has a column `item`, the whole item, unless its format is `DataFormat.dynamoDb`.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-hiveactivity.html
 */
export class HiveActivity extends Activity {
  private readonly work: EmrWork;

  constructor(scope: Construct, id: string, props: HiveActivityProps) {
    super(scope, id, props, props.input ?? [], props.output ?? []);
    this.work = clusterWork(this, props, [commandStep(this, 'hiveScript', this.command(props))]);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  /** No wrapper stands between: Hive's command hands on its arguments as they are. */
  private command(props: HiveActivityProps): Array<string | StepArgument> {
    const { hiveScript, scriptUri, hadoopQueue } = props;
    if ((hiveScript === undefined) === (scriptUri === undefined)) {
      throw invalid(this, 'hiveScript', `exactly one of hiveScript and scriptUri says what to run; got: ${hiveScript === undefined ? 'none' : 'both'}`);
    }
    if (hiveScript?.trim() === '') throw invalid(this, 'hiveScript', `is empty; got: "${hiveScript}"; give statements of HiveQL`);
    const script = new HiveScript(this);
    const { tables, statements } = props.stage ?? true ? stageInHive(this, script) : { tables: {}, statements: [] };
    const generated = statements.map((statement) => `${statement};\n`).join('');
    const files = scriptUri === undefined ? ['-f', this.upload(props, generated + script.own('hiveScript', hiveScript!))]
      : [...generated === '' ? [] : ['-i', this.upload(props, generated)], '-f', this.readable(props, scriptUri)];
    return ['hive', ...queue(hadoopQueue), ...this.definitions(script, tables, props), ...files];
  }

  private definitions(script: HiveScript, tables: Record<string, string>, props: HiveActivityProps): Array<string | StepArgument> {
    const named = Object.entries(tables).map(([name, table]) => `${name}=${table}`);
    return [...script.definitions, ...named, ...scriptDefinitions(this, props, /^((in|out)put|datapipeline_)\d+$/)].flatMap((each) => ['-d', each]);
  }

  private upload(props: HiveActivityProps, text: string): string {
    const location = scriptAsset(this, 'q', text);
    location.grantRead(clusterOf(this, props));
    return location.uri;
  }

  private readable(props: HiveActivityProps, uri: string): string {
    S3Location.of(this, 'scriptUri', uri).grantRead(clusterOf(this, props));
    return uri;
  }
}

function queue(name?: string): string[] {
  return name === undefined ? [] : ['mapreduce.job.queuename', 'tez.queue.name'].flatMap((setting) => ['--hiveconf', `${setting}=${name}`]);
}
