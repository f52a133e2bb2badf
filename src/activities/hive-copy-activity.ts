import { Construct } from 'constructs';
import { Activity, dataNodes } from './activity';
import type { OnClusterProps } from './cluster-activity-props';
import { clusterWork } from './cluster-work';
import { Stageable, stageInHive } from './hive-staging';
import { hiveStep } from './hive-step';
import { HiveScript, withoutQuotes } from '../compiler/hive-script';
import { Work } from '../compiler/work';
import type { DataNode } from '../data-nodes/data-node';
import { DynamoDBDataNode } from '../data-nodes/dynamodb-data-node';
import { S3DataNode } from '../data-nodes/s3-data-node';
import { given, invalid } from '../errors';
import { inherited } from '../parent';

/** Props of a HiveCopyActivity. */
export interface HiveCopyActivityProps extends OnClusterProps {
  /** Where the items are: a DynamoDBDataNode, or an S3DataNode that such a copy has written. With `DataFormat.dynamoDbExport`. */
  readonly input: DataNode;

  /** Where they go: a DynamoDBDataNode, or, from one, an S3DataNode. With `DataFormat.dynamoDbExport()`. */
  readonly output: DataNode;

  /**
   * Predicates of HiveQL, without WHERE: which items are copied, by the columns of the input's format. Takes expressions, as a
   * HiveActivity's script does.
   *
   * @default - all
   */
  readonly filterSql?: string;
}

/**
 * Copies items between tables in Amazon DynamoDB, or between one and S3, on an EmrCluster, or on the hosts of a WorkerGroup. An item that is in the table already is
 * replaced.
 *
 * @see https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-object-hivecopyactivity.html
 */
export class HiveCopyActivity extends Activity {
  private readonly work: Work;

  constructor(scope: Construct, id: string, props: HiveCopyActivityProps) {
    props = inherited(scope, id, HiveCopyActivity, props);
    super(scope, id, props, dataNodes(props.input), dataNodes(props.output));
    this.check('input', props.input);
    this.checkOutput(props);
    const script = new HiveScript(this);
    const { tables, statements } = stageInHive(this, script);
    const copy = `INSERT OVERWRITE TABLE ${tables.output1} SELECT \`item\` FROM ${tables.input1}${this.filter(script, props.filterSql)}`;
    this.work = clusterWork(this, props, [hiveStep(this, props, script, [...statements, copy])]);
  }

  /** @internal */
  public _work(): Work {
    return this.work;
  }

  private checkOutput({ input, output }: HiveCopyActivityProps): void {
    const { _dataFormat: format } = this.check('output', output);
    if (format?._columns.length) throw invalid(this, 'output', `whole items are written; got: ${output.node.path} with columns; give it DataFormat.dynamoDbExport()`);
    if (!(input instanceof DynamoDBDataNode) && !(output instanceof DynamoDBDataNode)) {
      throw invalid(this, 'output', `items from S3 go to a table in DynamoDB; got: ${output.node.path}; give a DynamoDBDataNode`);
    }
  }

  private check(prop: string, node: DataNode): Stageable {
    if (!(node instanceof DynamoDBDataNode || node instanceof S3DataNode)) {
      throw invalid(this, prop, `items are in DynamoDB or S3; got: ${given(node)}; give a DynamoDBDataNode or an S3DataNode`);
    }
    if (node._dataFormat?._layout.kind !== 'dynamoDbExport') {
      throw invalid(this, prop, `items are whole; got: ${node.node.path} with ${node._dataFormat?._name ?? 'no dataFormat'}; give it DataFormat.dynamoDbExport()`);
    }
    return node;
  }

  /** On lines of its own: it may end in a comment. */
  private filter(script: HiveScript, filterSql?: string): string {
    if (filterSql === undefined) return '';
    if (/^\s*(where\b|$)/i.test(filterSql) || withoutQuotes(filterSql).includes(';')) {
      throw invalid(this, 'filterSql', `is predicates, without WHERE and ";"; got: ${JSON.stringify(filterSql)}`);
    }
    return ` WHERE (\n${script.own('filterSql', filterSql)}\n)`;
  }
}
